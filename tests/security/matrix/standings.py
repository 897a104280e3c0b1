"""Who asks: what somebody can be to a workspace, from its owner to nobody at all."""

from collections.abc import Mapping
from dataclasses import dataclass

ALIVE = ("stranger", "removed", "viewer", "commenter", "member", "admin", "owner")
"""Those with a session."""
DEAD = ("anonymous", "expired", "revoked")
"""Those without one that holds, of whom the latter two would be owners."""
STANDINGS = (*DEAD, *ALIVE)
OUTSIDE = (*DEAD, "stranger", "removed")

EVERYBODY = frozenset(STANDINGS)
SIGNED_IN = frozenset(ALIVE)
MEMBERS = frozenset(ALIVE[2:])
COMMENTERS = frozenset(ALIVE[3:])
EDITORS = frozenset(ALIVE[4:])
ADMINS = frozenset(ALIVE[5:])
OWNERS = frozenset(ALIVE[6:])
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Somebody:
    """`cookie` is what their browser sends; `roles` are for the places that are theirs."""

    standing: str
    id: int
    cookie: str


ROLES: Mapping[str, str] = {
    "expired": "owner",
    "revoked": "owner",
    "removed": "owner",
    "viewer": "viewer",
    "commenter": "commenter",
    "member": "member",
    "admin": "admin",
    "owner": "owner",
}
"""What each is in the places that are theirs; who was removed is taken out again."""
