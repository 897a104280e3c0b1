"""What a change costs does not depend on the size of the board."""

from app.domain.drawings.board import WINDOW
from tests.live import story as stories
from tests.live.client import BOARD, Client, Store
from tests.live.story import Story
from tests.support.server import Server

LARGE, SMALL = 2_000, 20


async def bytes_of(client: Client, command: str, **arguments: object) -> int:
    """The size of the frame with which a change arrives at its author's tab."""
    sizes: list[int] = []

    def note(delta: Store, size: int) -> None:
        if "freshness" in delta:
            sizes.append(size)

    client.on_delta = note
    await client.do(command, **arguments)
    await client.until(lambda _: sizes, f"{command} is done")
    return sizes[0]


async def on_a_board_of(count: int, server: Server) -> tuple[int, int, int]:
    """Bytes of one task done, of one moved to the top, and of the first drawing."""
    story = await stories.begin(server, first=SMALL)
    try:
        await story.fill("To do", count - SMALL)
        client = await story.tab("Ana")
        drawing = client.received
        lane = client.board[f"l{story.lanes['To do']}"]
        assert lane["count"] == count
        assert len(lane["tasks"]) == min(count, WINDOW)
        await story.all_equal(client)
        one = await bytes_of(client, "complete_task", task_id=story.tasks[0])
        move = await bytes_of(client, "shift_task", task_id=story.tasks[SMALL - 1], where="top")
        return one, move, drawing
    finally:
        await story.end()


async def test_a_change_sends_no_more_on_a_large_board_than_on_a_small_one(story: Story, server: Server):
    large = await on_a_board_of(LARGE, server)
    small = await on_a_board_of(SMALL, server)
    assert WINDOW < LARGE, "More tasks than are shown."
    assert large[0] <= small[0] <= 512
    assert large[1] <= 2_048
    assert large[2] < small[2] * 3, "The first drawing shows a window, not everything."


async def test_a_lane_that_somebody_widened_is_narrow_again_when_they_leave(story: Story):
    await story.fill("To do", 2 * WINDOW)
    ana, lane = await story.tab("Ana"), f"l{story.lanes['To do']}"
    ben = await story.tab("Ben", on=ana.worker)
    await ben.send(f"{BOARD}.show_more", board_id=story.board_id, lane_id=story.lanes["To do"], wanted=2 * WINDOW)
    await ana.until(lambda store: len(store["lanes"][lane]["tasks"]) == 2 * WINDOW, "the lane is wide for all")
    await ben.drop()
    await ben.reconnect()
    if ben.worker == ana.worker:  # Another one starts with a narrow lane, and the page knows it.
        await ben.until(
            lambda store: len(store["lanes"][lane]["tasks"]) == 2 * WINDOW, "it is as wide as the page says"
        )
    assert ben.store["board_page"]["shown"] == (
        {str(story.lanes["To do"]): 2 * WINDOW} if ben.worker == ana.worker else {}
    )
    await ben.close()
    await ana.until(lambda store: len(store["lanes"][lane]["tasks"]) == WINDOW, "it is narrow again")
