"""What people answer to a comment with, without words: one of a few, each once a person."""

from app.domain.access import Actor
from app.domain.comments import comment_for
from app.domain.errors import Invalid
from app.domain.models import Reaction, Task
from app.domain.transaction import Transaction

KINDS = ("thumbs_up", "heart", "party", "laugh", "eyes", "sad")


async def add(tx: Transaction, actor: Actor, comment_id: int, kind: str) -> None:
    """React to a comment with one of KINDS."""
    if kind not in KINDS:
        raise Invalid("There is no such reaction.")
    comment, task = await comment_for(tx, actor, comment_id)
    if await tx.session.get(Reaction, (comment.id, kind, actor.id)) is None:
        tx.session.add(Reaction(comment_id=comment.id, kind=kind, person_id=actor.id))
        await _record(tx, actor, task, "comment.reacted_to", comment.id, kind)


async def remove(tx: Transaction, actor: Actor, comment_id: int, kind: str) -> None:
    """Take one's reaction back."""
    comment, task = await comment_for(tx, actor, comment_id)
    if reaction := await tx.session.get(Reaction, (comment.id, kind, actor.id)):
        await tx.session.delete(reaction)
        await _record(tx, actor, task, "comment.reaction_removed", comment.id, kind)


async def _record(tx: Transaction, actor: Actor, task: Task, kind: str, comment_id: int, reaction: str) -> None:
    details = {"comment_id": comment_id, "reaction": reaction}
    await tx.record("board", task.board_id, kind, actor.id, "task", task.id, **details)
