"""What is said about the open task: the newest comments, or as many as there are for those who ask for more.

Each comment is an entity of its own, and a change draws just the one that it is about.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from app.domain import limits
from app.domain.drawings import Happening, Usual
from app.domain.drawings.people import members_around
from app.domain.models import Board, Comment, Person, Reaction, Task
from app.domain.reactions import KINDS
from app.domain.snapshots import CommentView, ReactionView, Snapshot, TalkView
from app.domain.streams import topic
from app.domain.transaction import Transaction

NEWEST = 50
"""Comments that are shown at first."""
MOST_CHARACTERS = 200_000
"""Of the texts on show together: a tab that is sent much more at once is cut off."""
NAMED = 20
"""People who are named on a reaction."""


class TalkDrawing(Usual):
    most = NEWEST

    def __init__(self, task_id: int) -> None:
        self.task_id = task_id
        self.topics: tuple[str, ...] = ()
        self.viewers: frozenset[int] = frozenset()
        self._comments: dict[int, CommentView] = {}
        self._shown: list[CommentView] = []

    async def draw(self, tx: Transaction) -> bool:
        query = select(col(Task.board_id), col(Board.workspace_id)).join(Board, col(Board.id) == col(Task.board_id))
        row = (await tx.session.execute(query.where(col(Task.id) == self.task_id))).one_or_none()
        if row is None:
            self.viewers = frozenset()
            return False
        self.topics = (topic("board", row.board_id), topic("workspace", row.workspace_id))
        self.viewers = frozenset((await members_around(tx, row.board_id))[1])
        self._comments = await _read(tx, self.task_id)
        self._choose()
        return bool(self.viewers)

    async def redraw(self, tx: Transaction, changes: Sequence[Happening]) -> bool:
        if self.needs_snapshot(changes):
            return await self.draw(tx)
        if touched := self._touched(changes):
            found = await _read(tx, self.task_id, touched)
            kept = {id: comment for id, comment in self._comments.items() if id not in touched}
            self._comments = dict(sorted((kept | found).items()))
            self._choose()
        return True

    def needs_snapshot(self, changes: Sequence[Happening]) -> bool:
        return any(change.entity in ("member", "workspace", "board") for change in changes)

    def entities(self) -> Mapping[str, Snapshot]:
        is_cut = len(self._shown) < min(self.most, len(self._comments))
        ids = tuple(comment.id for comment in self._shown)
        shown: dict[str, Snapshot] = {f"talk{self.task_id}": TalkView(ids, len(self._comments), is_cut)}
        shown.update((f"c{comment.id}", comment) for comment in self._shown)
        return shown

    def _touched(self, changes: Sequence[Happening]) -> set[int]:
        mine = (change for change in changes if change.entity == "task" and change.entity_id == self.task_id)
        return {change.details["comment_id"] for change in mine if change.kind.startswith("comment.")}

    def _choose(self) -> None:
        """The newest that are not too many, nor too much."""
        self._shown, characters = [], 0
        for comment in reversed(self._comments.values()):
            characters += len(comment.body)
            if len(self._shown) == self.most or (self._shown and characters > MOST_CHARACTERS):
                break
            self._shown.append(comment)
        self._shown.reverse()


class WholeTalkDrawing(TalkDrawing):
    most = limits.COMMENTS


async def _read(tx: Transaction, task_id: int, ids: set[int] | None = None) -> dict[int, CommentView]:
    """The comments of a task, oldest first: all, or those of `ids` that are there."""
    query = (
        select(Comment, col(Person.name))
        .join(Person, col(Person.id) == col(Comment.created_by))
        .where(col(Comment.task_id) == task_id, col(Comment.trashed_at).is_(None))
        .order_by(col(Comment.id))
        .execution_options(populate_existing=True)
    )
    if ids is not None:
        query = query.where(col(Comment.id).in_(ids))
    rows = (await tx.session.execute(query)).all()
    reactions = await _reactions(tx, task_id, ids) if rows else {}
    return {comment.id: _view(comment, name, reactions.get(comment.id, ())) for comment, name in rows}


async def _reactions(tx: Transaction, task_id: int, ids: set[int] | None) -> dict[int, tuple[ReactionView, ...]]:
    """By comment, in the order of KINDS."""
    query = (
        select(col(Reaction.comment_id), col(Reaction.kind), col(Reaction.person_id), col(Person.name))
        .join(Comment, col(Comment.id) == col(Reaction.comment_id))
        .join(Person, col(Person.id) == col(Reaction.person_id))
        .where(col(Comment.task_id) == task_id)
        .order_by(col(Reaction.at), col(Reaction.person_id))
    )
    if ids is not None:
        query = query.where(col(Reaction.comment_id).in_(ids))
    found: dict[tuple[int, str], list[Any]] = {}
    for row in (await tx.session.execute(query)).all():
        found.setdefault((row.comment_id, row.kind), []).append(row)
    views: dict[int, tuple[ReactionView, ...]] = {}
    for (comment_id, kind), rows in sorted(found.items(), key=lambda item: KINDS.index(item[0][1])):
        view = ReactionView(kind, tuple(row.person_id for row in rows), in_words([row.name for row in rows]))
        views[comment_id] = (*views.get(comment_id, ()), view)
    return views


def in_words(names: Sequence[str]) -> str:
    """Ana, Ben and Cleo; of very many the first."""
    if len(names) > NAMED:
        return f"{', '.join(names[:NAMED])} and {len(names) - NAMED} others"
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def _view(comment: Comment, author: str, reactions: tuple[ReactionView, ...]) -> CommentView:
    return CommentView(
        id=comment.id,
        author_id=0 if comment.author else comment.created_by,
        author=comment.author or author,
        body=comment.body,
        version=comment.version,
        at=comment.created_at.isoformat(),
        edited_at=comment.edited_at.isoformat() if comment.edited_at else "",
        reactions=reactions,
        brought_by=author if comment.author else "",
    )
