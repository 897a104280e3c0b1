"""People say something about a task, and the talk as it is shown."""

from app.domain import comments
from app.domain.access import Actor
from app.domain.drawings.talk import TalkDrawing
from app.domain.snapshots import CommentView, TalkView
from tests.support.world import World, drawn

_numbers = iter(range(10_000_000, 99_999_999))


async def say(world: World, who: Actor, body: str, task_id: int = 0, key: str = "") -> int:
    return await world.do(comments.add, who, task_id or world.task_id, body, key or str(next(_numbers)))


async def talk(world: World, drawing: type[TalkDrawing] = TalkDrawing) -> tuple[TalkView, list[CommentView]]:
    """The list of comments, and those that it shows."""
    shown = await drawn(world.db, drawing(world.task_id)) or {}
    view = shown[f"talk{world.task_id}"]
    return view, [shown[f"c{id}"] for id in view.comments]
