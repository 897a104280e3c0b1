"""Who may do what: the one table of it."""

from datetime import datetime
from typing import Literal

from app.domain.errors import NotAllowed

Role = Literal["owner", "admin", "member", "commenter", "viewer"]
ROLES: tuple[Role, ...] = ("owner", "admin", "member", "commenter", "viewer")
"""From the most to the least that one may do."""

Permission = Literal[
    "view",
    "comment",
    "moderate",
    "attach",
    "edit_tasks",
    "edit_lanes",
    "edit_boards",
    "share_boards",
    "close_boards",
    "archive_boards",
    "take_over_boards",
    "edit_workspace",
    "invite",
    "manage_members",
    "read_audit",
    "export",
    "export_workspace",
    "see_addresses",
    "hand_over",
    "delete_workspace",
]

EVERYONE: tuple[Role, ...] = ROLES
NOT_VIEWERS = ROLES[:4]
EDITORS = ROLES[:3]
ADMINS = ROLES[:2]
OWNERS = ROLES[:1]

# fmt: off
PERMISSIONS: dict[Permission, tuple[tuple[Role, ...], str]] = {
    # what               who may        and what the others are told
    "view":             (EVERYONE,    "You are not a member of this workspace."),
    "comment":          (NOT_VIEWERS, "Viewers can look at this board, not comment on it."),
    "moderate":         (ADMINS,      "Only owners and admins can remove what others have said."),
    "attach":           (NOT_VIEWERS, "Viewers can look at this board, not add files to it."),
    "edit_tasks":       (EDITORS,     "Your role here lets you look at tasks, not change them."),
    "edit_lanes":       (EDITORS,     "Your role here lets you look at lanes, not change them."),
    "edit_boards":      (EDITORS,     "Your role here lets you look at boards, not change them."),
    "share_boards":     (EDITORS,     "Your role here does not let you choose who can see this board."),
    "close_boards":     (ADMINS,      "Only owners and admins can make a board private."),
    "archive_boards":   (ADMINS,      "Only owners and admins can archive boards."),
    "take_over_boards": (OWNERS,      "Only an owner can get access to a private board."),
    "edit_workspace":   (ADMINS,      "Only owners and admins can change the workspace."),
    "invite":           (ADMINS,      "Only owners and admins can invite people."),
    "manage_members":   (ADMINS,      "Only owners and admins can change who is a member."),
    "read_audit":       (ADMINS,      "Only owners and admins can read the audit log."),
    "export":           (EDITORS,     "Your role here lets you look at this board, not take it away as a file."),
    "export_workspace": (ADMINS,      "Only owners and admins can take the whole workspace away as a file."),
    "see_addresses":    (ADMINS,      "Only owners and admins can see the e-mail addresses of members."),
    "hand_over":        (OWNERS,      "Only an owner can hand over the workspace."),
    "delete_workspace": (OWNERS,      "Only an owner can delete the workspace."),
}
# fmt: on


def may(role: str, permission: Permission) -> bool:
    return role in PERMISSIONS[permission][0]


def require(role: str, permission: Permission) -> None:
    """Raise NotAllowed, with the sentence from the table, unless the role has the permission."""
    if not may(role, permission):
        raise NotAllowed(PERMISSIONS[permission][1])


def require_on(archived_at: datetime | None, role: str, permission: Permission) -> None:
    """As `require`, on a board that may be archived."""
    require(role, permission)
    if archived_at is not None and permission != "archive_boards":
        raise NotAllowed("This board is archived. Restore it to change it.")
