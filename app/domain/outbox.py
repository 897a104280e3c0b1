"""What is to go out to people by e-mail or push: rows, written in the transaction of what caused them.

The scheduler sends them later (sending.py); whoever looks after this Tandem sees what waits and what was given up, and
can have it tried again.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import insert, select
from sqlmodel import col

from app.domain import instance
from app.domain.access import Actor
from app.domain.errors import Invalid, NotFound
from app.domain.models import Outgoing, now, table
from app.domain.transaction import Transaction

Channel = Literal["email", "push"]


@dataclass(frozen=True)
class Letter:
    """`details` name what it is about by ids: what is written is made from them when it is sent, if it still matters.

    One that is for an address, of somebody who may have no account, or whose words are settled, has `address` and
    `sealed`, the words encrypted (app/seals.py); a `proof_id` or `invite_id` in its details is what its link is.
    """

    person_id: int | None
    channel: Channel
    kind: str
    news_id: int | None
    not_before: datetime
    details: dict[str, Any] = field(default_factory=dict)
    address: str = ""
    sealed: str = ""


async def queue(tx: Transaction, letters: list[Letter]) -> None:
    """Have these sent once this transaction is committed, in one statement however many they are."""
    if not letters:
        return
    await tx.session.flush()
    at = now()
    rows = [
        {
            "channel": letter.channel,
            "person_id": letter.person_id,
            "address": letter.address,
            "kind": letter.kind,
            "news_id": letter.news_id,
            "details": letter.details,
            "sealed": letter.sealed,
            "key": secrets.token_hex(16),
            "created_at": at,
            "not_before": letter.not_before,
            "tries": 0,
            "holder": "",
            "why": "",
            "skipped": "",
        }
        for letter in letters
    ]
    await tx.session.execute(insert(table(Outgoing)).values(rows))


async def retry(tx: Transaction, actor: Actor, outgoing_id: int) -> None:
    """Have something that waits, or was given up, tried at once, and then for as long as when it was new."""
    await instance.require_admin(tx, actor)
    await tx.advance("instance", instance.ID)
    query = select(Outgoing).where(col(Outgoing.id) == outgoing_id).with_for_update()
    row = (await tx.session.execute(query)).scalar_one_or_none()
    if row is None:
        raise NotFound("This is not in the outbox any more.")
    if row.sent_at is not None or row.skipped:
        raise Invalid("This has been seen to already.")
    if row.given_up_at is None and row.handed_at is not None:
        raise Invalid("This is being sent at this moment.")
    row.not_before, row.tries, row.given_up_at, row.handed_at, row.why = now(), 0, None, None, ""
    await tx.record("instance", instance.ID, "outgoing.retried", actor.id, "outgoing", outgoing_id)
