"""A board or a workspace as it leaves the house: what its reader can see of it, as of one moment.

Not in it are what lies in the trash, what was removed, the bytes of files, and what is everybody's own: what they
watch, their reminders, their inboxes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select, union
from sqlmodel import col

from app.domain import access, carried, loading, locks, permissions
from app.domain.access import Actor
from app.domain.carried import Load, Someone
from app.domain.errors import NotFound
from app.domain.models import Board, Comment, Insider, Lane, Member, Mention, Person, Reaction, Task, Workspace
from app.domain.transaction import Transaction


@dataclass(frozen=True)
class Export:
    """`name` is what its file is called; `subject` what the log calls it, which those read who cannot see the board."""

    load: Load
    workspace_id: int
    name: str
    subject: str


async def of_board(tx: Transaction, actor: Actor, board_id: int) -> Export:
    """A board, archived or not, for those who may take it away."""
    query = select(Board, col(Member.role)).join(Member, col(Member.workspace_id) == col(Board.workspace_id))
    query = query.where(col(Board.id) == board_id, col(Member.person_id) == actor.id, _can_see(actor))
    row = (await tx.session.execute(query)).one_or_none()
    if row is None:
        raise NotFound("There is no such board, or it is not shared with you.")
    permissions.require(row[1], "export")
    board = row[0]
    load = await _load(tx, board.workspace_id, [board], row[1])
    return Export(load, board.workspace_id, board.name, f"board {board_id}" if board.is_private else board.name)


async def of_workspace(tx: Transaction, actor: Actor, workspace_id: int) -> Export:
    """A workspace with all of its boards that the actor can see, archived ones included."""
    role = await access.role_in(tx, actor.id, workspace_id)
    if role is None:
        raise NotFound("There is no such workspace, or you are not a member of it.")
    permissions.require(role, "export_workspace")
    workspace = await tx.session.get_one(Workspace, workspace_id)
    query = select(Board).where(col(Board.workspace_id) == workspace_id, _can_see(actor)).order_by(col(Board.id))
    boards = list((await tx.session.execute(query)).scalars())
    about = carried.Workspace(workspace.name, workspace.description, workspace.shows_people)
    load = await _load(tx, workspace_id, boards, role, about)
    return Export(load, workspace_id, about.name, about.name)


def _can_see(actor: Actor) -> Any:
    return locks.is_shared_with(actor.id) & locks.is_alive(col(Board.workspace_id))


async def _load(
    tx: Transaction, workspace_id: int, boards: Sequence[Board], role: str, about: carried.Workspace | None = None
) -> Load:
    people = await _people(tx, workspace_id, boards, role, everyone=about is not None)
    keys = {id: place for place, id in enumerate(sorted(people), 1)}
    lanes = {board.id: await _lanes(tx, board.id) for board in boards}
    inside = {board.id: await _insiders(tx, board) for board in boards}
    views = [
        carried.Board(
            name=board.name,
            lanes=tuple(lanes[board.id].values()),
            created_at=loading.utc(board.created_at),
            archived_at=loading.utc(board.archived_at),
            is_private=board.is_private,
            insiders=tuple(keys[id] for id in inside[board.id] if id in keys),
        )
        for board in boards
    ]
    tasks = loading.tasks(tx, [(board.id, [*lanes[board.id]]) for board in boards], keys)
    return Load("tandem", {keys[id]: people[id] for id in sorted(people)}, views, tasks, about)


async def _people(
    tx: Transaction, workspace_id: int, boards: Sequence[Board], role: str, everyone: bool
) -> dict[int, Someone]:
    """The members, or those who can see one of the boards, and whoever is mentioned there or has reacted; by id."""
    shows, among = permissions.may(role, "see_addresses"), col(Board.id).in_([board.id for board in boards])
    members = select(col(Member.person_id)).where(col(Member.workspace_id) == workspace_id)
    if not everyone:
        members = members.join(Board, among).where(locks.is_shared_with(col(Member.person_id)))
    found: list[Select[Any]] = [members]
    for part in (Mention, Reaction):
        said = select(col(part.person_id)).join(Comment, col(Comment.id) == col(part.comment_id))
        said = said.join(Task, col(Task.id) == col(Comment.task_id)).join(Board, col(Board.id) == col(Task.board_id))
        found.append(said.where(among, col(Comment.trashed_at).is_(None), col(Task.trashed_at).is_(None)))
    member = (col(Member.person_id) == col(Person.id)) & (col(Member.workspace_id) == workspace_id)
    query = select(col(Person.id), col(Person.name), col(Person.email), col(Member.role)).outerjoin(Member, member)
    rows = (await tx.session.execute(query.where(col(Person.id).in_(union(*found))))).all()
    return {row.id: Someone(row.name, row.email if shows and row.role else "", row.role or "") for row in rows}


async def _lanes(tx: Transaction, board_id: int) -> dict[int, str]:
    query = select(col(Lane.id), col(Lane.name)).where(col(Lane.board_id) == board_id).order_by(col(Lane.rank))
    return {row.id: row.name for row in (await tx.session.execute(query)).all()}


async def _insiders(tx: Transaction, board: Board) -> Sequence[int]:
    query = select(col(Insider.person_id)).where(col(Insider.board_id) == board.id).order_by(col(Insider.person_id))
    return (await tx.session.execute(query)).scalars().all() if board.is_private else ()
