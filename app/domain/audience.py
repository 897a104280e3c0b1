"""Whom something concerns: who watches it, who can see it. Parts of the statements that tell people (telling.py)."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from app.domain.kinds import REASONS
from app.domain.models import Assignment, Board, Insider, Member, News, Person, Task, Watch, Workspace, table

ITSELF, MENTIONED, ASSIGNED, CREATED = (REASONS.index(reason) for reason in REASONS[:4])
_news, _watch, _task, _board = table(News).c, table(Watch).c, table(Task).c, table(Board).c
_person, _assignment = table(Person).c, table(Assignment).c
_is_theirs = _task.author == ""
"""Whoever has brought in a board from a file has not made its tasks, and does not watch them all."""


def about(task_id: Any, lane_id: Any, board_id: Any, workspace_id: Any) -> ColumnElement[bool]:
    """Whether a row of `watch` is about this task or where it is."""
    places = {"task": task_id, "lane": lane_id, "board": board_id, "workspace": workspace_id}
    return or_(*(and_(_watch.noun == noun, _watch.subject_id == id) for noun, id in places.items()))


def can_see(person_id: Any, workspace_id: Any, board_id: Any) -> ColumnElement[bool]:
    """Whether a person can see where something happened: they are in the workspace, and the board is shared with them.

    What names no workspace is theirs to see, what names no board is for all members.
    """
    member, alive, board, insider = (table(model).alias().c for model in (Member, Workspace, Board, Insider))
    is_member = exists().where(
        member.workspace_id == workspace_id,
        member.person_id == person_id,
        alive.id == member.workspace_id,
        alive.deleted_at.is_(None),
    )
    is_open = exists().where(board.id == board_id, board.is_private.is_(False))
    is_inside = exists().where(insider.board_id == board_id, insider.person_id == person_id)
    return or_(workspace_id.is_(None), and_(is_member, or_(board_id.is_(None), is_open, is_inside)))


def anybody() -> ColumnElement[bool]:
    """For a query on a task and its board: whether somebody but `actor_id` watches it."""
    others = [
        exists().where(
            about(_task.id, _task.lane_id, _board.id, _board.workspace_id),
            _watch.level == "watching",
            _watch.person_id != bindparam("actor_id"),
        ),
        exists().where(_assignment.task_id == _task.id, _assignment.person_id != bindparam("actor_id")),
    ]
    rest = (other.correlate(table(Task), table(Board)) for other in others)
    return or_(_is_theirs & (_task.created_by != bindparam("actor_id")), *rest)


def named() -> Select[Any, Any]:
    """Those whom the verb names."""
    are = _person.id.in_(bindparam("also", expanding=True))
    return select(_person.id.label("person_id"), cast(literal(ITSELF), Integer).label("strength")).where(are)


def watching() -> CompoundSelect[Any, Any]:
    """Everybody who watches the task, each perhaps for several reasons."""
    strength = case(
        {"mentioned": MENTIONED, "assigned": ASSIGNED, "commented": REASONS.index("commented")},
        value=_watch.reason,
        else_=case(
            {noun: REASONS.index(f"watching_{noun}") for noun in ("lane", "board", "workspace")},
            value=_watch.noun,
            else_=REASONS.index("watching"),
        ),
    )
    is_it = _task.id == given("task")
    return union_all(
        select(_watch.person_id, strength.label("strength")).where(_watch.level == "watching", here()),
        select(_task.created_by, literal(CREATED)).where(is_it, _is_theirs),
        select(_assignment.person_id, literal(ASSIGNED)).where(_assignment.task_id == given("task")),
    )


def here() -> ColumnElement[bool]:
    """Whether a row of `watch` is about where it happened."""
    return about(given("task"), lane(), given("board"), workspace())


def workspace() -> ColumnElement[int]:
    """The one that was given, or else that of the board."""
    of_board = select(_board.workspace_id).where(_board.id == given("board")).correlate(None).scalar_subquery()
    return func.coalesce(given("workspace"), of_board)


def lane() -> ScalarSelect[int]:
    """The one that the task is in now."""
    return select(_task.lane_id).where(_task.id == given("task")).scalar_subquery()


def given(name: str) -> Any:
    """The parameter for a column of `news`, or for the noun whose id is in one; its own name would be the column's."""
    return bindparam(f"the_{name}", type_=_news[name if name in _news else f"{name}_id"].type)
