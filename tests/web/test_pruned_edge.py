"""A room that was away for longer than history is kept draws everything anew."""

from datetime import timedelta
from typing import Any, cast

from app.domain import tasks
from app.domain.drawings.board import BoardDrawing
from app.domain.models import now
from app.domain.pruning import prune_changes
from app.web.feed import Feed
from app.web.room import Room
from app.web.wire import Wire
from tests.support.world import World


class Silence:
    """A wire with nobody at its other end."""

    async def enter(self, sid: str, room: str) -> None: ...

    def pack(self, patch: dict[str, Any]) -> bytes:
        return b""

    def send(self, sid: str, packed: bytes) -> None: ...

    def send_room(self, room: str, patch: dict[str, Any]) -> None: ...

    def session_of(self, sid: str) -> str:
        return ""


async def test_a_change_that_was_forgotten_is_on_the_screen_all_the_same(world: World):
    drawing = BoardDrawing(world.board_id)
    wire = cast(Wire, Silence())
    room = Room(f"board:{world.board_id}", drawing, world.db, Feed(), wire, lambda _: None, lambda *_: None)
    await room.join("a tab", world.ana.id)
    other = world.tasks["Order stickers"]

    await world.do(tasks.set_priority, world.ana, world.task_id, 4)
    await world.do(tasks.set_priority, world.ana, other, 3)
    async with world.db.unrecorded() as session:
        await prune_changes(session, now() + timedelta(days=1), 0)
    assert len(await world.changes(room.name)) == 1, "Only the other one is known any more."

    await room.refresh(anew=True)
    shown = cast(dict[str, Any], drawing.entities())
    assert (shown[f"t{world.task_id}"].priority, shown[f"t{other}"].priority) == (4, 3)
    assert room.revision == (await world.revisions())[room.name]
