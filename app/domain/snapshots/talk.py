"""What people say about a task."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReactionView:
    """Who answered with it: their ids, and who they are in words."""

    kind: str
    people: tuple[int, ...]
    names: str


@dataclass(frozen=True)
class CommentView:
    """`author` is their name, as they may have left; times are ISO, `edited_at` is empty for never.

    One that was imported is nobody's here: its `author_id` is 0, and `brought_by` who has imported it.
    """

    id: int
    author_id: int
    author: str
    body: str
    version: int
    at: str
    edited_at: str
    reactions: tuple[ReactionView, ...]
    brought_by: str = ""


@dataclass(frozen=True)
class TalkView:
    """The comments of a task on show, oldest first, of `count`; `is_cut` when more would be too long to be shown."""

    comments: tuple[int, ...]
    count: int
    is_cut: bool
