"""The audit log: who did what to whom, and from where. Written in the transaction that does it, never changed.

What is recorded on a workspace, a person or the instance is noted by `Transaction.record` itself, from ON: a verb that
records one of these kinds needs nothing more. Everything else calls `note`. It is written again, though `change` has
much of it: `change` serves the screens, has no address, and is counted by topic, while this is read by person, kind
and day.
"""

import ipaddress
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.models import Audit, now, table

KINDS = {
    "session.started": "Signed in",
    "session.refused": "Failed to sign in",
    "session.ended": "Signed out, here or elsewhere",
    "person.signed_up": "Created an account",
    "person.password_refused": "Typed a wrong password where one is asked for again",
    "person.password_changed": "Changed the password",
    "person.reset_asked_for": "Asked for a link to reset the password",
    "person.reset_made": "Made a link to reset a password",
    "person.password_reset": "Reset the password",
    "person.email_proposed": "Asked to change the e-mail address",
    "person.email_changed": "Changed the e-mail address",
    "person.second_factor_turned_on": "Turned on the second factor",
    "person.second_factor_turned_off": "Turned off the second factor",
    "person.recovery_codes_renewed": "Made new recovery codes",
    "identity.linked": "Linked a sign-in provider",
    "identity.unlinked": "Unlinked a sign-in provider",
    "workspace.created": "Created a workspace",
    "workspace.handed_over": "Handed over the workspace",
    "workspace.deleted": "Deleted a workspace",
    "member.joined": "Joined by an invitation",
    "member.role_changed": "Changed a role",
    "member.removed": "Removed somebody",
    "member.left": "Left the workspace",
    "invite.created": "Made an invitation",
    "invite.revoked": "Revoked an invitation",
    "board.archived": "Archived a board",
    "board.restored": "Restored a board",
    "board.imported": "Brought in a board from a file",
    "board.shared": "Changed who sees a private board",
    "file.removed": "Removed a file",
    "comment.removed": "Removed a comment of somebody else",
    "export.made": "Exported data",
    "instance.sign_up_set": "Changed who may sign up",
    "instance.admins_changed": "Changed who is an admin",
}
"""Every kind, in words; the page offers them as filters."""

ON = {
    noun: frozenset(kind for kind in KINDS if kind.partition(".")[0] in prefixes)
    for noun, prefixes in {
        "workspace": ("workspace", "member", "invite", "board"),
        "person": ("session", "person", "identity"),
        "instance": ("instance",),
    }.items()
}
"""What is noted by itself when it is recorded on a workspace, on a person, on the instance."""

SECRETS = ("password", "token", "secret", "hash", "recovery_code", "otp", "cookie")
"""No detail has a name with one of these in it."""

_INSERT = insert(table(Audit))


async def note(
    session: AsyncSession,
    kind: str,
    actor_id: int | None,
    address: str = "",
    *,
    person_id: int | None = None,
    workspace_id: int | None = None,
    subject: str = "",
    device: str = "",
    **details: Any,
) -> None:
    """Write down that `actor_id` did something of this kind: `note(tx.session, "export.made", me, tx.address)`.

    `person_id` is whom it was done to, `subject` what, in words; without `workspace_id` it concerns the whole instance.
    `details` is JSON, and holds no secret.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind} is no kind of audit entry: give it words in KINDS.")
    if hidden := [name for name in details if any(secret in name for secret in SECRETS)]:
        raise ValueError(f"The audit log holds no secrets: {hidden}")
    await session.flush()
    await session.execute(
        _INSERT,
        {
            "at": now(),
            "kind": kind,
            "actor_id": actor_id,
            "person_id": person_id,
            "workspace_id": workspace_id,
            "subject": subject[:300],
            "address": _plain(address),
            "device": device[:300],
            "details": details,
        },
    )


async def note_change(
    session: AsyncSession,
    noun: str,
    id: int,
    kind: str,
    actor_id: int | None,
    where: tuple[str, str],
    entity: str,
    entity_id: int,
    details: dict[str, Any],
) -> None:
    """Note a change that was recorded on a workspace, a person or the instance; `where` is address and device."""
    address, device = where
    is_person = entity in ("member", "person")
    await note(
        session,
        kind,
        actor_id,
        address,
        person_id=entity_id if is_person else None,
        workspace_id=id if noun == "workspace" else None,
        subject=str(details.get("name", "")) or ("" if is_person or noun == "instance" else f"{entity} {entity_id}"),
        device=device,
        **{name: value for name, value in details.items() if name in ("role", "from", "to", "rule", "count")},
    )


def _plain(address: str) -> str:
    """An IPv4 address as everybody writes it, also where it comes by way of IPv6."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    return str(getattr(known, "ipv4_mapped", None) or known)
