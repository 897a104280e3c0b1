"""Join links: create, revoke, look at, accept. Only the SHA-256 of a token is ever kept.

One may be for the addresses of one e-mail domain: a fence against links that go astray, as good as what is known of
people's addresses.
"""

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, and_, bindparam, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain import access, people
from app.domain.access import Actor
from app.domain.errors import Invalid, NotFound
from app.domain.models import Invite, Member, Person, Workspace, now, table
from app.domain.permissions import Role
from app.domain.streams import counting_up
from app.domain.transaction import Transaction

InvitedRole = Literal["admin", "member", "commenter", "viewer"]
REFUSED = "This invitation is not valid any more, or not for you. Ask whoever sent it for a new one."
"""The one answer to a token that is unknown, expired, used up, revoked or for other people's addresses."""
LONGEST = timedelta(days=365)
MOST_USES = 1_000
MOST_ADDRESSES = 20
"""That are invited by e-mail in one go."""
_DOMAIN = re.compile(r"[\w-]+(\.[\w-]+)+")


async def create(
    tx: Transaction,
    actor: Actor,
    workspace_id: int,
    role: InvitedRole,
    lasts: timedelta,
    max_uses: int,
    email_domain: str = "",
) -> str:
    """Create a join link, perhaps for the addresses of one domain; its token, which cannot be read again later."""
    if role not in ("admin", "member", "commenter", "viewer"):
        raise Invalid("An invitation makes somebody an admin, member, commenter or viewer.")
    if not timedelta(minutes=1) <= lasts <= LONGEST:
        raise Invalid("An invitation lasts between a minute and a year.")
    if not 1 <= max_uses <= MOST_USES:
        raise Invalid(f"An invitation can be used 1 to {MOST_USES:,} times.")
    email_domain = domain(email_domain)
    await access.workspace_for(tx, actor, workspace_id, "invite")
    token = secrets.token_urlsafe(16)
    invite = Invite(
        workspace_id=workspace_id,
        token_hash=_hash(token),
        role=role,
        max_uses=max_uses,
        created_by=actor.id,
        expires_at=now() + lasts,
        email_domain=email_domain,
    )
    tx.session.add(invite)
    await tx.session.flush()
    await tx.record("workspace", workspace_id, "invite.created", actor.id, "invite", invite.id, role=role)
    return token


async def revoke(tx: Transaction, actor: Actor, workspace_id: int, invite_id: int) -> None:
    await access.workspace_for(tx, actor, workspace_id, "invite")
    invite = await tx.session.get(Invite, invite_id)
    if invite is None or invite.workspace_id != workspace_id:
        raise NotFound("There is no such invitation.")
    if invite.revoked_at is None:
        invite.revoked_at = now()
        await tx.record("workspace", workspace_id, "invite.revoked", actor.id, "invite", invite_id)


def addresses(typed: str) -> list[str]:
    """The e-mail addresses in a text, each once; commas, semicolons or white space stand between them."""
    found = list(dict.fromkeys(_address(part) for part in re.split(r"[\s,;]+", typed) if part))
    if not 1 <= len(found) <= MOST_ADDRESSES:
        raise Invalid(f"Type 1 to {MOST_ADDRESSES} e-mail addresses, with commas between them.")
    return found


def _address(typed: str) -> str:
    try:
        return people.address(typed)
    except Invalid:
        raise Invalid(f"“{typed[:100]}” does not look like an e-mail address.") from None


def domain(typed: str) -> str:
    """An e-mail domain as we keep it, with or without an @ before it; empty for none."""
    name = typed.strip().lower().removeprefix("@")
    if typed.strip() and not (_DOMAIN.fullmatch(name) and len(name) <= 200):
        raise Invalid("An e-mail domain is what stands behind the @, such as example.com.")
    return name


async def id_of(tx: Transaction, token: str) -> int:
    """That of an invitation that was just made."""
    return (await tx.session.execute(select(col(Invite.id)).where(col(Invite.token_hash) == _hash(token)))).scalar_one()


async def look(tx: Transaction, token: str, person_id: int | None = None) -> tuple[str, str, str]:
    """What the link is for: the workspace's name, who invites, and the role; `person_id` is who looks, if known."""
    query = (
        select(col(Workspace.name), col(Person.name), col(Invite.role))
        .join(Invite, col(Invite.workspace_id) == col(Workspace.id))
        .join(Person, col(Person.id) == col(Invite.created_by))
        .where(col(Invite.token_hash) == _hash(token), *_is_usable(now()), col(Workspace.deleted_at).is_(None))
    )
    if person_id is not None:
        query = query.where(_is_for(await _domain_of(tx, person_id)))
    row = (await tx.session.execute(query)).one_or_none()
    if row is None:
        raise NotFound(REFUSED)
    return row[0], row[1], row[2]


async def accept(tx: Transaction, actor: Actor, token: str) -> int:
    """Join the workspace with the invitation's role, using it once; the workspace's id.

    Somebody who is a member already keeps their role and uses nothing up.
    """
    keys = {"token_hash": _hash(token), "actor_id": actor.id, "at": now()}
    workspace_id = await tx.advance("workspace", _LOCK_WORKSPACE, **keys)
    if workspace_id is None:
        raise NotFound(REFUSED)
    if await tx.session.get(Member, (workspace_id, actor.id)):
        return workspace_id
    role = await _use(tx, token, await _domain_of(tx, actor.id))
    tx.session.add(Member(workspace_id=workspace_id, person_id=actor.id, role=role))
    await tx.record("workspace", workspace_id, "member.joined", actor.id, "member", actor.id, role=role)
    await tx.record("person", actor.id, "member.joined", actor.id, "workspace", workspace_id, role=role)
    return workspace_id


async def purge(session: AsyncSession, before: datetime) -> None:
    """Forget those that ran out before then."""
    await session.execute(delete(Invite).where(col(Invite.expires_at) < before))


async def _use(tx: Transaction, token: str, email_domain: str) -> Role:
    statement = (
        update(Invite)
        .where(col(Invite.token_hash) == _hash(token), *_is_usable(now()), _is_for(email_domain))
        .values(uses=col(Invite.uses) + 1)
        .returning(col(Invite.role))
        .execution_options(synchronize_session=False)
    )
    role = (await tx.session.execute(statement)).scalar_one_or_none()
    if role is None:
        raise NotFound(REFUSED)
    return cast(Role, role)


def _is_usable(at: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Invite.revoked_at).is_(None),
        col(Invite.expires_at) > at,
        col(Invite.uses) < col(Invite.max_uses),
    )


def _is_for(email_domain: str) -> ColumnElement[bool]:
    return col(Invite.email_domain).in_(["", email_domain])


async def _domain_of(tx: Transaction, person_id: int) -> str:
    """What stands behind the @ of somebody's address."""
    email = (await tx.session.execute(select(col(Person.email)).where(col(Person.id) == person_id))).scalar_one()
    return email.rpartition("@")[2]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


_invite, _member, _workspace = table(Invite).c, table(Member).c, table(Workspace).c
_is_member = exists().where(_member.workspace_id == _invite.workspace_id, _member.person_id == bindparam("actor_id"))
_its_workspace = select(_invite.workspace_id).where(
    _invite.token_hash == bindparam("token_hash"), and_(*_is_usable(bindparam("at"))) | _is_member
)
_LOCK_WORKSPACE = counting_up(
    "workspace", (_workspace.id == _its_workspace.scalar_subquery()) & _workspace.deleted_at.is_(None)
)
"""Finds nothing, and so makes nobody wait, where it is plain that the link does not work."""
