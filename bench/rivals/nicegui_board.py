"""NiceGUI as its documentation has it: a page, refreshable parts, one process. It runs in a venv of its own."""

import os

from nicegui import ui

from bench.rivals.database import Pool, lanes

pool = Pool()
boards: dict[int, "Board"] = {}


class Board:
    """Shared by everyone who has the page open; a lane that changed is made anew for each of them."""

    def __init__(self, id: int) -> None:
        self.id, self.revision = id, 0
        self.lanes: dict[int, list[int]] = {}
        self.titles: dict[int, str] = {}
        self.columns = [ui.refreshable(self._column) for _ in range(3)]
        self.header = ui.refreshable(self._header)

    async def load(self) -> None:
        if not self.lanes:
            self.revision, tasks = await pool.board(self.id)
            self.titles = {id: title for id, (_, _, title) in tasks.items()}
            self.lanes = {int(lane): ids for lane, ids in lanes(tasks).items()}

    def draw(self) -> None:
        with ui.row():
            for lane, column in enumerate(self.columns):
                with ui.column():
                    column(lane)
        self.header()

    async def move(self, task: int, lane: int) -> None:
        self.revision, _ = await pool.move(self.id, task, lane)
        source = next(lane for lane, ids in self.lanes.items() if task in ids)
        self.lanes[source].remove(task)
        self.lanes[lane].append(task)
        for changed in {source, lane}:
            self.columns[changed].refresh()
        self.header.refresh()

    def _column(self, lane: int) -> None:
        for task in self.lanes[lane]:
            ui.label(f"lane {lane}: {task} {self.titles[task]}")

    def _header(self) -> None:
        ui.label(f"Revision {self.revision}.")


@ui.page("/b/{id}")
async def page(id: int) -> None:
    board = boards.setdefault(id, Board(id))
    await board.load()
    board.draw()
    ui.on("move", lambda event: board.move(event.args["task"], event.args["lane"]))


if __name__ in {"__main__", "__mp_main__"}:
    # So that no heartbeat falls into what is measured, as for all variants.
    ui.run(host="127.0.0.1", port=int(os.environ["PORT"]), reload=False, show=False, reconnect_timeout=750)
