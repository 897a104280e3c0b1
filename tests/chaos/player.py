"""Somebody at a board who does what comes to mind: a tab, a die, and a note of everything that was sent."""

import time
from random import Random
from typing import Any

from tests.chaos.ledger import Ledger
from tests.live.client import BOARD, ROOT, Client, Gone, Store

EDITORS = ("owner", "admin", "member")
CHANGE_ROLE = f"{ROOT}.app___web___members___state____members.change_role"
MOST_WAITING, LONGEST_WAIT = 3, 5.0
"""Texts that somebody waits to see before sending more, and for how many seconds."""
FULL = 40
"""Tasks of a lane from which on they are thrown away rather than added, so that all are on show (drawings/board.py)."""
FEW = 4

ACTS = {
    "add": 22,
    "rename": 14,
    "describe": 10,
    "open": 5,
    "tick": 13,
    "shift": 12,
    "send": 10,
    "prioritise": 3,
    "assign": 3,
    "trash": 6,
    "restore": 3,
    "change_role": 2,
}
"""What people do, and how often."""


class Player:
    def __init__(
        self, number: int, name: str, person_id: int, board_id: int, client: Client, ledger: Ledger, dice: Random
    ):
        self.number, self.name, self.person_id, self.board_id = number, name, person_id, board_id
        self.client, self.ledger = client, ledger
        self.open_task: int | None = None
        self._dice = dice
        self._trashed: list[int] = []
        self._waiting: dict[str, float] = {}
        client.on_delta = self._note

    @property
    def path(self) -> str:
        return f"/b/{self.board_id}" + (f"?task={self.open_task}" if self.open_task else "")

    @property
    def role(self) -> str:
        person = self.client.store.get("people", {}).get(f"p{self.person_id}")
        return person["role"] if person else ""

    def is_ready(self) -> bool:
        """Whether they see their board and do not wait for too much already."""
        overdue = time.monotonic() - LONGEST_WAIT
        self._waiting = {text: since for text, since in self._waiting.items() if since > overdue}
        return self.client.is_drawn and bool(self.client.board) and len(self._waiting) < MOST_WAITING

    async def act(self) -> bool:
        """Do something; False if it came to nothing, as when there is no task to do it to."""
        if self.role not in EDITORS and self._dice.random() > 0.01:
            return False
        [act] = self._dice.choices(list(ACTS), list(ACTS.values()))
        try:
            return await getattr(self, f"_{act}")()
        except Gone:
            return False

    async def _add(self) -> bool:
        lane_id, count = self._dice.choice(self._lanes())
        if count > FULL:
            return await self._trash()
        return await self._do("add_tasks", lane_id=lane_id, titles=[self._text("task.added")])

    async def _rename(self) -> bool:
        if (detail := self._detail()) is None:
            return await self._open()
        based_on, title = detail["title_version"], self._text("task.renamed")
        return await self._do("rename_task", task_id=detail["id"], title=title, based_on=based_on)

    async def _describe(self) -> bool:
        if (detail := self._detail()) is None:
            return await self._open()
        based_on, description = detail["description_version"], self._text("task.described")
        return await self._do("describe_task", task_id=detail["id"], description=description, based_on=based_on)

    async def _open(self) -> bool:
        self.open_task = self._any_task()
        await self.client.go(self.path)
        return False

    async def _tick(self) -> bool:
        task_id = self._any_task()
        card = self.client.board.get(f"t{task_id}")
        return await self._on(task_id, "reopen_task" if card and card["is_done"] else "complete_task")

    async def _shift(self) -> bool:
        return await self._on(self._any_task(), "shift_task", where=self._dice.choice(("top", "up", "down", "bottom")))

    async def _send(self) -> bool:
        lane_id, count = self._dice.choice(self._lanes())
        return count <= FULL and await self._on(self._any_task(), "send_task", lane_id=lane_id)

    async def _prioritise(self) -> bool:
        return await self._on(self._any_task(), "set_priority", priority=str(self._dice.randrange(5)))

    async def _assign(self) -> bool:
        person_id = self._dice.choice(self.client.board["h"]["members"])
        return await self._on(self._any_task(), self._dice.choice(("assign", "unassign")), person_id=person_id)

    async def _trash(self) -> bool:
        task_id = self._any_task()
        if task_id is None or sum(count for _, count in self._lanes()) < FEW:
            return await self._add()
        self._trashed.append(task_id)
        return await self._on(task_id, "trash_task")

    async def _restore(self) -> bool:
        task_id = self._trashed.pop(self._dice.randrange(len(self._trashed))) if self._trashed else None
        return await self._on(task_id, "restore_task")

    async def _change_role(self) -> bool:
        board = self.client.board
        others = [id for id in board["h"]["members"] if board[f"p{id}"] and board[f"p{id}"]["role"] != "owner"]
        if self.role != "owner" or not others:
            return False
        [role] = self._dice.choices(("admin", "member", "commenter", "viewer"), (3, 6, 1, 1))
        changed = {"workspace_id": board["h"]["workspace_id"], "person_id": self._dice.choice(others), "role": role}
        return await self._send_out(CHANGE_ROLE, **changed)

    def _lanes(self) -> list[tuple[int, int]]:
        return [(int(key[1:]), lane["count"]) for key, lane in self.client.board.items() if key[0] == "l" and lane]

    def _any_task(self) -> int | None:
        ids = [int(key[1:]) for key in self.client.board if key.startswith("t")]
        return self._dice.choice(ids) if ids else None

    def _detail(self) -> dict[str, Any] | None:
        """The open task, if it is there and not in the trash."""
        detail = self.client.store.get("detail", {}).get(f"d{self.open_task}")
        return detail if detail and not detail["is_trashed"] else None

    def _text(self, kind: str) -> str:
        text = self.ledger.write(kind, self.number)
        self._waiting[text] = time.monotonic()
        return text

    async def _on(self, task_id: int | None, command: str, **arguments: Any) -> bool:
        return task_id is not None and await self._do(command, task_id=task_id, **arguments)

    async def _do(self, command: str, **arguments: Any) -> bool:
        return await self._send_out(f"{BOARD}.{command}", **arguments)

    async def _send_out(self, handler: str, **arguments: Any) -> bool:
        await self.client.send(handler, **arguments)
        self.ledger.sent += 1
        return True

    def _note(self, delta: Store, _: int) -> None:
        """Whatever the tab is sent may be what it waits for."""
        for card in delta.get("cards", {}).values():
            if isinstance(card, dict):
                self._see(card["title"])
        for detail in delta.get("detail", {}).values():
            if isinstance(detail, dict):
                self._see(detail["title"])
                self._see(detail["description"])
        feedback = delta.get("feedback", {})
        arguments = feedback.get("refused", {}).get("arguments", {})
        for text in [arguments.get("title"), arguments.get("description"), *arguments.get("titles", ())]:
            if text is not None:
                self.ledger.refused(text)
                self._waiting.pop(text, None)
        self.ledger.told.update(toast["text"] for toast in feedback.get("toasts", ()))

    def _see(self, text: str) -> None:
        self.ledger.seen(text, self.number)
        self._waiting.pop(text, None)
