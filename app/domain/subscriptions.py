"""Browsers that show their person's news also when no tab is open: turned on and off in each of them."""

import base64
from collections.abc import Sequence
from urllib.parse import urlsplit

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Actor
from app.domain.errors import Invalid
from app.domain.models import PushSubscription
from app.domain.transaction import Transaction

MOST = 20
"""Browsers of one person; past that the one that was turned on first is forgotten."""
POINT, SECRET = 65, 16
"""Bytes of the two keys of a browser."""
UNKNOWN = "This browser has its pushes sent by a service that this Tandem does not know."


async def turn_on(
    tx: Transaction, actor: Actor, endpoint: str, p256dh: str, auth: str, device: str, services: Sequence[str]
) -> None:
    """Push to this browser. `services` are the hosts that may be pushed to: nobody has us ask any address they like."""
    if len(endpoint) > 1000 or not is_known(endpoint, services):
        raise Invalid(UNKNOWN)
    if not _is_key(p256dh, POINT) or not _is_key(auth, SECRET):
        raise Invalid("This browser's keys for pushes could not be read. Turn them off and on again.")
    await tx.advance("person", actor.id)
    query = select(PushSubscription).where(col(PushSubscription.endpoint) == endpoint)
    row = (await tx.session.execute(query)).scalar_one_or_none()
    if row and (row.person_id, row.p256dh, row.auth) == (actor.id, p256dh, auth):
        return
    if row is None:
        row = PushSubscription(person_id=actor.id, endpoint=endpoint, p256dh=p256dh, auth=auth)
        tx.session.add(row)
    row.person_id, row.p256dh, row.auth, row.device = actor.id, p256dh, auth, device[:300]
    await tx.session.flush()
    await _forget_the_oldest(tx, actor.id)
    await tx.record("person", actor.id, "push.turned_on", actor.id, "subscription", row.id)


async def turn_off(tx: Transaction, actor: Actor, endpoint: str) -> None:
    await tx.advance("person", actor.id)
    mine = (col(PushSubscription.endpoint) == endpoint) & (col(PushSubscription.person_id) == actor.id)
    ending = delete(PushSubscription).where(mine).returning(col(PushSubscription.id))
    for id in (await tx.session.execute(ending)).scalars().all():
        await tx.record("person", actor.id, "push.turned_off", actor.id, "subscription", id)


async def of(tx: Transaction, person_id: int) -> list[PushSubscription]:
    query = select(PushSubscription).where(col(PushSubscription.person_id) == person_id)
    return list((await tx.session.execute(query.order_by(col(PushSubscription.id)))).scalars())


async def forget(session: AsyncSession, ids: Sequence[int]) -> None:
    """Their push services say that these browsers are gone."""
    await session.execute(delete(PushSubscription).where(col(PushSubscription.id).in_(ids)))


def is_known(endpoint: str, services: Sequence[str]) -> bool:
    """Whether it lies at one of these hosts, `*.` standing for any in front; https, but on this very machine."""
    try:
        parts = urlsplit(endpoint)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.username or parts.password or not endpoint.isascii() or not endpoint.isprintable():
        return False
    if parts.scheme == "http" and host == "127.0.0.1":
        return parts.netloc in services
    return parts.scheme == "https" and any(
        host == service or (service.startswith("*.") and host.endswith(service[1:]))
        for service in services
        if parts.port in (None, 443)
    )


async def _forget_the_oldest(tx: Transaction, person_id: int) -> None:
    mine = col(PushSubscription.person_id) == person_id
    held = (await tx.session.execute(select(func.count()).select_from(PushSubscription).where(mine))).scalar_one()
    if held > MOST:
        first = select(col(PushSubscription.id)).where(mine).order_by(col(PushSubscription.id)).limit(held - MOST)
        await forget(tx.session, list((await tx.session.execute(first)).scalars()))


def _is_key(typed: str, length: int) -> bool:
    """Whether it is so many bytes in the way in which browsers write them."""
    try:
        return len(base64.b64decode(typed + "=" * (-len(typed) % 4), altchars=b"-_", validate=True)) == length
    except ValueError:
        return False
