"""What a Tandem tells of itself, as it is asked; and work that counts there, of which the clients keep count too."""

import asyncio
import time
from contextlib import suppress

import httpx
from prometheus_client.parser import text_string_to_metric_families

from app.domain.text import TITLE
from app.figures.shared import EVERY
from tests.live.client import Client
from tests.live.story import Story

DONE, INVALID, NOT_ALLOWED, NOT_FOUND = 12, 3, 2, 4
"""How often each comes out of `work`."""
Figures = dict[str, float]
"""By series, as Prometheus has it: `tandem_commands_total{outcome=done}`."""


async def reports(browser: httpx.AsyncClient, admin: Client, board_id: int) -> float:
    """How many there were of this board in the last hour."""
    stats = (await browser.get("/api/admin/websocket/stats", headers={"Cookie": admin.cookie})).json()
    return {row["board"]: row["count"] for row in stats["painted_ms_by_board"]}.get(board_id, 0)


async def work(story: Story, ana: Client, ben: Client, cleo: Client) -> list[float]:
    """Ana and Ben take turns at what goes well; what does not is refused. How long each waited, in seconds."""
    waited = []
    for number in range(DONE):
        tab, is_done = (ana, ben)[number % 2], number % 2 == 0
        command = "complete_task" if is_done else "reopen_task"
        started = time.monotonic()
        await tab.do(command, task_id=story.tasks[0])
        for other in (ana, ben):
            await other.until(lambda s, d=is_done: s["cards"][f"t{story.tasks[0]}"]["is_done"] == d, command)
        waited.append(time.monotonic() - started)
    too_long = {"task_id": story.tasks[1], "title": "x" * (TITLE + 1), "based_on": 0}
    for _ in range(INVALID):
        waited.append(await refused(ana, "rename_task", **too_long))
    for _ in range(NOT_ALLOWED):
        waited.append(await refused(cleo, "complete_task", task_id=story.tasks[1]))
    for _ in range(NOT_FOUND):
        waited.append(await refused(ben, "complete_task", task_id=900_000_000))
    return waited


async def refused(tab: Client, command: str, **arguments: object) -> float:
    before, started = tab.store["feedback"]["refused"]["number"], time.monotonic()
    await tab.do(command, **arguments)
    await tab.until(lambda store: store["feedback"]["refused"]["number"] != before, f"{command} is refused")
    return time.monotonic() - started


async def back(tab: Client) -> None:
    """Knock until a worker that is not dead opens."""
    tab.connections = 1
    while not tab.is_connected:
        with suppress(AssertionError):
            await tab.reconnect()


async def scraped(browser: httpx.AsyncClient) -> Figures:
    """/metrics as Prometheus reads it; the gauges of workers are summed."""
    answer = await browser.get("/metrics")
    assert answer.status_code == 200, answer.text
    found: Figures = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            labels = {key: value for key, value in sample.labels.items() if key not in ("instance_id", "worker")}
            name = sample.name + (f"{{{','.join(f'{k}={v}' for k, v in labels.items())}}}" if labels else "")
            found[name] = found.get(name, 0.0) + sample.value
    return found


async def until(browser: httpx.AsyncClient, wanted: Figures) -> Figures:
    """What is passing is shared every few seconds."""
    deadline = time.monotonic() + EVERY + 15
    while {name: (found := await scraped(browser))[name] for name in wanted} != wanted:
        assert time.monotonic() < deadline, {name: found[name] for name in wanted}
        await asyncio.sleep(0.1)
    return found


def by_outcome(figures: Figures) -> dict[str, float]:
    prefix = "tandem_commands_total{outcome="
    return {name[len(prefix) : -1]: count for name, count in figures.items() if name.startswith(prefix) and count}


async def health(browser: httpx.AsyncClient) -> tuple[int, set[str]]:
    answer = await browser.get("/health")
    return answer.status_code, set(answer.json().get("parts", ()))


async def until_health(browser: httpx.AsyncClient, missing: set[str]) -> float:
    """Wait until exactly these parts are named; the longest time, in seconds, that an answer took."""
    deadline, longest = time.monotonic() + 20, 0.0
    while True:
        started = time.monotonic()
        found = await health(browser)
        longest = max(longest, time.monotonic() - started)
        if found == (503 if missing else 200, missing):
            return longest
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.1)
