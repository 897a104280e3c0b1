"""News in words: what happened, why somebody is told, and how that went. For the inbox, for letters and the ledger."""

from collections.abc import Mapping
from typing import Any

from app.domain.kinds import WITHHELD

_HAPPENED = {
    "assigned": "{who} assigned it to {whom}",
    "unassigned": "{who} took {whom} off it",
    "mentioned": "{who} mentioned {whom}",
    "commented": "{who} commented",
    "completed": "{who} completed it",
    "reopened": "{who} reopened it",
    "moved": "{who} moved it to {lane}",
    "due_soon": "It is due soon",
    "overdue": "It is overdue",
    "reminded": "A reminder",
    "invited": "{who} invited {whom} to {workspace}",
    "added": "{who} let {whom} into this board",
    "role_changed": "{who} made {whom} {role}",
    "removed": "{who} removed {whom} from {place}",
}
_ABOUT_THEM = {
    "assigned": "because {they} were assigned",
    "unassigned": "because {they} were assigned",
    "mentioned": "because {they} were mentioned",
    "due_soon": "because {they} are on it",
    "overdue": "because {they} are on it",
    "reminded": "because {they} asked for it",
}
_BECAUSE = {
    "mentioned": "because {they} were mentioned",
    "assigned": "because {they} were assigned",
    "created": "because {they} created it",
    "commented": "because {they} commented",
    "watching": "because {they} watch it",
    "watching_lane": "because {they} watch its lane",
    "watching_board": "because {they} watch its board",
    "watching_workspace": "because {they} watch its workspace",
}
_WAYS = {"inbox": "inbox", "email": "e-mail", "digest": "digest", "push": "push"}


def happened(kind: str, actor: str, details: Mapping[str, Any], whom: str = "you") -> str:
    """What happened, about a task, board or workspace that is named beside it: "Ben moved it to Doing"."""
    role = details.get("role", "")
    words = {
        "who": actor or "Somebody",
        "whom": whom,
        "lane": details.get("lane") or "another lane",
        "workspace": details.get("workspace") or "a workspace",
        "place": details.get("board") or details.get("workspace") or "a workspace",
        "role": ("an " if role[:1] in ("a", "o") else "a ") + role,
    }
    return _HAPPENED[kind].format(**words)


def because(kind: str, reason: str, they: str = "you") -> str:
    """Why somebody is told of it; `they` when it is said of somebody else."""
    words = _BECAUSE.get(reason) or _ABOUT_THEM.get(kind, "because it is about {they}")
    return words.format(they=they).replace("about they", "about them")


def how(channels: str, withheld: str) -> str:
    """In which ways somebody was told, and why in no others."""
    ways = ", ".join(_WAYS[way] for way in channels.split())
    if withheld:
        return f"{ways}: {WITHHELD[withheld]}" if ways else f"not told: {WITHHELD[withheld]}"
    return ways
