"""NiceGUI as its documentation has it: a page for each person, elements that are moved, one process.

It runs in a virtual environment of its own. Making lanes anew with `ui.refreshable`, the other documented way, took it
8 ms for each viewer and move; `Element.move` is the quicker one.
"""

import os

from nicegui import context, ui

from bench.rivals.database import Pool, lanes

pool = Pool()
boards: dict[int, "Board"] = {}


class Page:
    """What one person has on the screen."""

    def __init__(self, board: "Board") -> None:
        self.columns: list[ui.column] = []
        self.cards: dict[int, ui.label] = {}
        with ui.row():
            for lane, ids in board.lanes.items():
                ui.label(f"Lane {lane}")
                with ui.column() as column:
                    self.cards |= {id: ui.label(f"{id}. {board.titles[id]}") for id in ids}
                self.columns.append(column)
        self.revision = ui.label(f"Revision {board.revision}.")


class Board:
    def __init__(self, id: int) -> None:
        self.id, self.revision = id, 0
        self.lanes: dict[int, list[int]] = {}
        self.titles: dict[int, str] = {}
        self.pages: dict[str, Page] = {}

    async def load(self) -> None:
        if not self.lanes:
            self.revision, tasks = await pool.board(self.id)
            self.titles = {id: title for id, (_, _, title) in tasks.items()}
            self.lanes = {int(lane): ids for lane, ids in lanes(tasks).items()}

    async def move(self, task: int, lane: int) -> None:
        self.revision, _ = await pool.move(self.id, task, lane)
        for ids in self.lanes.values():
            if task in ids:
                ids.remove(task)
        self.lanes[lane].append(task)
        for page in self.pages.values():
            page.cards[task].move(page.columns[lane])
            page.revision.set_text(f"Revision {self.revision}.")


@ui.page("/b/{id}")
async def show(id: int) -> None:
    board = boards.setdefault(id, Board(id))
    await board.load()
    client = context.client
    board.pages[client.id] = Page(board)
    client.on_delete(lambda: board.pages.pop(client.id))
    ui.on("move", lambda event: board.move(event.args["task"], event.args["lane"]))


if __name__ in {"__main__", "__mp_main__"}:
    # So that no heartbeat falls into what is measured, as for all variants.
    ui.run(host="127.0.0.1", port=int(os.environ["PORT"]), reload=False, show=False, reconnect_timeout=750)
