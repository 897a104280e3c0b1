"""A board and its tasks."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PersonCard:
    """A member as their colleagues see them; `role` is theirs in the workspace at hand, `avatar` a key or empty."""

    id: int
    name: str
    initials: str
    color: str
    role: str = ""
    avatar: str = ""


@dataclass(frozen=True)
class TaskCard:
    """`due_on` is an ISO date or empty; `priority` an index into tasks.PRIORITIES."""

    id: int
    lane_id: int
    title: str
    is_done: bool
    priority: int
    due_on: str
    assignees: tuple[int, ...]
    has_description: bool
    files: int
    comments: int


@dataclass(frozen=True)
class LaneView:
    """`tasks` are the ids of the first tasks, in order; `count` counts all of them."""

    id: int
    name: str
    count: int
    tasks: tuple[int, ...]


@dataclass(frozen=True)
class BoardHeader:
    """`lanes`, `members` and `outsiders` are ids, in the order in which they are shown.

    `members` are those who can see the board, `outsiders` the others of its workspace.
    """

    id: int
    name: str
    is_archived: bool
    workspace_id: int
    workspace_name: str
    lanes: tuple[int, ...]
    members: tuple[int, ...]
    is_private: bool
    outsiders: tuple[int, ...]


@dataclass(frozen=True)
class FileView:
    """A file on a task; `added_at` is an ISO time, `size` in words."""

    id: int
    name: str
    size: str
    has_thumb: bool
    added_by_id: int
    added_by: str
    added_at: str


@dataclass(frozen=True)
class TaskDetail:
    """What only the open task shows. The versions go back with an edit, to notice that two people made one.

    `brought_by` is who has imported it, where that is not who made it; else empty.
    """

    id: int
    board_id: int
    title: str
    title_version: int
    description: str
    description_version: int
    created_by: str
    created_at: str
    is_trashed: bool
    files: tuple[FileView, ...]
    brought_by: str = ""
