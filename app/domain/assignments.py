"""Taking people off the tasks of boards that they lose."""

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from app.domain.access import Actor
from app.domain.models import Assignment, Board, Task
from app.domain.transaction import Transaction


async def clear(tx: Transaction, actor: Actor, found: ColumnElement[bool]) -> None:
    """End the assignments for which a condition on Assignment and Board holds; the caller holds the boards."""
    query = (
        select(Assignment, col(Task.board_id))
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .join(Board, col(Board.id) == col(Task.board_id))
        .where(found)
        .order_by(col(Task.board_id), col(Assignment.person_id), col(Task.id))
    )
    tasks: dict[tuple[int, int], list[int]] = {}
    for assignment, board_id in (await tx.session.execute(query)).all():
        tasks.setdefault((board_id, assignment.person_id), []).append(assignment.task_id)
        await tx.session.delete(assignment)
    for (board_id, person_id), task_ids in tasks.items():
        details = {"task_ids": task_ids, "person_id": person_id}
        await tx.record("board", board_id, "task.unassigned", actor.id, "task", task_ids[0], **details)
