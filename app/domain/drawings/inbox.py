"""A person's inbox: a row for each task that something happened to, the newest first, and how many are unread.

However many there are, it reads as many rows as it shows, from an index for each view. What the person may not see any
more is left out when it is read, so that nothing has to be taken out of inboxes when a board is closed to somebody.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, exists, func, select, true

from app.domain import audience, sentences
from app.domain.drawings import NEVER, Happening, Usual, touched_tasks
from app.domain.kinds import CHOICE_OF
from app.domain.models import Board, Member, News, NewsPreference, Person, Task, Watch, Workspace, now, table
from app.domain.snapshots import InboxView, NewsRow, PersonCard, Snapshot, initials
from app.domain.streams import topic
from app.domain.transaction import Transaction

VIEWS = ("all", "unread", "direct", "snoozed", "done")
"""What one can look at; a room of an inbox has an index into this in its name."""
WINDOW = 50
"""Rows that are shown at first, and how many "show more" adds."""
PAGES = 10
"""So many times that at most."""
COUNTED = 100
"""Unread rows are counted up to here: nobody asks how many more there are."""


class InboxDrawing(Usual):
    def __init__(self, person_id: int, view: int = 0, pages: int = 1) -> None:
        self.person_id, self.view, self._most = person_id, VIEWS[view], WINDOW * pages
        self.topics: tuple[str, ...] = (topic("inbox", person_id),)
        self.viewers: frozenset[int] = frozenset({person_id})
        self.holds_until = NEVER
        self._rows: tuple[NewsRow, ...] = ()
        self._has_more = False

    async def draw(self, tx: Transaction) -> bool:
        keys = {"person_id": self.person_id, "now": now(), "most": self._most + 1}
        rows = (await tx.session.execute(_ROWS[self.view], keys)).all()
        self._rows, self._has_more = tuple(_row(row) for row in rows[: self._most]), len(rows) > self._most
        self.holds_until = await next_return(tx, self.person_id)
        mine = (await tx.session.execute(_WORKSPACES, {"person_id": self.person_id})).scalars()
        boards = dict.fromkeys(topic("board", row.board_id) for row in rows[: self._most] if row.board_id)
        own = (topic("inbox", self.person_id), topic("person", self.person_id))
        self.topics = (*own, *(topic("workspace", id) for id in mine), *boards)
        return True

    async def redraw(self, tx: Transaction, changes: Sequence[Happening]) -> bool:
        return await self.draw(tx) if self.needs_snapshot(changes) else True

    def needs_snapshot(self, changes: Sequence[Happening]) -> bool:
        """Of what happens on the boards of its tasks it is news that one of them has another name now."""
        renamed = touched_tasks([change for change in changes if change.kind == "task.renamed"])
        is_called_otherwise = any(row.task_id in renamed for row in self._rows)
        return is_called_otherwise or any(not change.topic.startswith("board:") for change in changes)

    def entities(self) -> Mapping[str, Snapshot]:
        listed = InboxView(self.view, tuple(row.id for row in self._rows), self._has_more)
        return {"inbox": listed, **{f"n{row.id}": row for row in self._rows}}


async def count(tx: Transaction, person_id: int) -> int:
    """How many rows of an inbox are unread, up to COUNTED."""
    return (await tx.session.execute(_COUNT, {"person_id": person_id, "now": now()})).scalar_one()


async def next_return(tx: Transaction, person_id: int) -> datetime:
    """When the next of the rows that were put off comes back."""
    keys = {"person_id": person_id, "now": now()}
    return (await tx.session.execute(_NEXT_RETURN, keys)).scalar_one() or NEVER


async def for_digest(tx: Transaction, person_id: int, since: datetime, until: datetime) -> list[NewsRow]:
    """What was put off for somebody's digest and still matters: not seen, put off or muted since; the newest first."""
    keys = {"person_id": person_id, "now": until, "since": since, "most": WINDOW}
    return [_row(row) for row in (await tx.session.execute(_FOR_DIGEST, keys)).all()]


async def one(tx: Transaction, person_id: int, news_id: int) -> NewsRow | None:
    """A single row of somebody's news, for a letter about it; None if they cannot see what it is about any more."""
    keys = {"person_id": person_id, "news_id": news_id, "most": 1}
    row = (await tx.session.execute(_ONE, keys)).one_or_none()
    return _row(row) if row else None


def _row(row: Any) -> NewsRow:
    actor = row.actor or ""
    return NewsRow(
        id=row.id,
        kind=row.kind,
        title=row.title or row.board or row.workspace or row.details.get("board") or row.details.get("workspace", ""),
        place=" · ".join(part for part in (row.workspace, row.title and row.board) if part),
        path=_path(row),
        task_id=row.task_id or 0,
        words=sentences.happened(row.kind, actor, row.details),
        reason=sentences.because(row.kind, row.reason),
        actor=PersonCard(row.actor_id or 0, actor, initials(actor), row.color or "", "", row.avatar or ""),
        at=row.at.isoformat(),
        is_unread=row.read_at is None,
        unread=row.unread if row.read_at is None else 0,
        is_done=row.done_at is not None,
        until=row.shows_at.isoformat() if row.shows_at > row.at else "",
    )


def _path(row: Any) -> str:
    if row.board_id is not None:
        return f"/b/{row.board_id}" + (f"?task={row.task_id}" if row.task_id is not None else "")
    return f"/w/{row.workspace_id}/members" if row.workspace_id is not None else "/"


_news, _task, _board, _workspace, _actor = (table(model) for model in (News, Task, Board, Workspace, Person))
_member, _person_id = table(Member).c, bindparam("person_id")
_now = bindparam("now", type_=_news.c.shows_at.type)
_is_theirs = and_(_news.c.person_id == _person_id, _news.c.is_newest == true())
_is_waiting = and_(_is_theirs, _news.c.done_at.is_(None), _news.c.shows_at <= _now)
_can_see = audience.can_see(_person_id, _news.c.workspace_id, _news.c.board_id)
_place = (
    _news.outerjoin(_workspace, _workspace.c.id == _news.c.workspace_id)
    .outerjoin(_board, _board.c.id == _news.c.board_id)
    .outerjoin(_task, _task.c.id == _news.c.task_id)
    .outerjoin(_actor, _actor.c.id == _news.c.actor_id)
)


def _view(which: ColumnElement[bool], newest: ColumnElement[Any]) -> Select[Any]:
    return (
        select(
            _news,
            _task.c.title,
            _board.c.name.label("board"),
            _workspace.c.name.label("workspace"),
            _actor.c.name.label("actor"),
            _actor.c.color,
            _actor.c.avatar,
        )
        .select_from(_place)
        .where(which, _can_see)
        .order_by(newest, _news.c.id.desc())
        .limit(bindparam("most"))
    )


_latest = _news.c.shows_at.desc()
_ONE = _view((_news.c.id == bindparam("news_id")) & (_news.c.person_id == _person_id), _latest)
_ROWS = {
    "all": _view(_is_waiting, _latest),
    "unread": _view(and_(_is_waiting, _news.c.read_at.is_(None)), _latest),
    "direct": _view(and_(_is_waiting, _news.c.is_direct == true()), _latest),
    "snoozed": _view(and_(_is_theirs, _news.c.done_at.is_(None), _news.c.shows_at > _now), _news.c.shows_at),
    "done": _view(and_(_is_theirs, _news.c.done_at.is_not(None)), _news.c.done_at.desc()),
}
_watch, _preference = table(Watch).c, table(NewsPreference).c
_lane = select(_task.c.lane_id).where(_task.c.id == _news.c.task_id).correlate(_news).scalar_subquery()
_is_muted = exists().where(
    _watch.person_id == _person_id,
    _watch.level == "muted",
    audience.about(_news.c.task_id, _lane, _news.c.board_id, _news.c.workspace_id),
)
_is_off = exists().where(
    _preference.person_id == _person_id,
    _preference.kind == case(CHOICE_OF, value=_news.c.kind),
    _preference.email.is_(False),
)
_FOR_DIGEST = _view(
    and_(
        _is_waiting,
        _news.c.read_at.is_(None),
        _news.c.at > bindparam("since", type_=_news.c.at.type),
        _news.c.channels.contains("digest"),
        ~_is_muted,
        ~_is_off,
    ),
    _latest,
)
_COUNT = select(func.count()).select_from(
    select(_news.c.id).where(_is_waiting, _news.c.read_at.is_(None), _can_see).limit(COUNTED).subquery()
)
_NEXT_RETURN = select(func.min(_news.c.shows_at)).where(_is_theirs, _news.c.done_at.is_(None), _news.c.shows_at > _now)
_WORKSPACES = select(_member.workspace_id).where(_member.person_id == _person_id)
