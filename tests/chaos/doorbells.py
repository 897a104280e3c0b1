"""Whether doorbells ring when nothing is wrong any more.

If they do, a change is on all tabs of its board before the safety query, which comes every two seconds, could bring it.
"""

import time
from collections.abc import Sequence

from app.web import live
from tests.chaos.player import EDITORS, Player
from tests.live.client import Client

TRIES = 4
QUICK = live.SAFETY / 2


async def silent(players: Sequence[Player]) -> list[str]:
    """The boards on which a change is slow to arrive every time."""
    complaints = []
    for board_id in sorted({player.board_id for player in players}):
        here = [player for player in players if player.board_id == board_id]
        author = next((player for player in here if player.role in EDITORS), None)
        task_id = next((int(key[1:]) for key in here[0].client.board if key[0] == "t"), None)
        if author is not None and task_id is not None:
            tabs = [player.client for player in here]
            waits = [await _seconds(author.client, tabs, task_id) for _ in range(TRIES)]
            if min(waits) > QUICK:
                complaints.append(f"board {board_id}: {TRIES} changes took {min(waits):.1f} s and more to all tabs")
    return complaints


async def _seconds(author: Client, tabs: Sequence[Client], task_id: int) -> float:
    """From sending a change to the last tab's having it."""
    wanted = not author.board[f"t{task_id}"]["is_done"]
    started = time.monotonic()
    await author.do("complete_task" if wanted else "reopen_task", task_id=task_id)
    for tab in tabs:
        await tab.until(lambda _, tab=tab: tab.board[f"t{task_id}"]["is_done"] == wanted, "a change is there")
    return time.monotonic() - started
