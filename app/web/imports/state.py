"""What a tab knows of the file that it is about to import; each change of mind is looked through anew."""

import json
from typing import Annotated, Any, get_args

import reflex as rx
from pydantic import Field

from app import settings
from app.domain.access import Actor
from app.domain.errors import Invalid, Refusal
from app.formats.reading import Days
from app.formats.sheet import GUESSED, MEANINGS, Reading, Sheet
from app.web import live, rate
from app.web.command import Text, Word, local, opens
from app.web.imports import looking, tickets
from app.web.imports.looking import Found
from app.web.imports.shown import Column, Coming
from app.web.session import actor, me_at
from app.web.typed import number

SHOWN = 20
"""Boards, lanes and names of people that are listed; the others are counted."""


class Import(rx.State):
    ticket: str = ""
    """For the file that was sent; empty before there is one."""
    kind: str = ""
    """tandem, trello or csv, once it was looked at."""
    file_name: str = ""
    is_looking: bool = False
    workspace_id: str = ""
    """Where it is to go; 0 is a new workspace."""
    name: str = ""
    """What that is to be called."""
    seen_by: str = "file"
    days: str = "ymd"
    _chosen_days: str = ""
    """What of that was chosen and not guessed."""
    columns: list[Column] = []
    boards: list[Coming] = []
    more_boards: int = 0
    tasks: int = 0
    comments: int = 0
    unknown: list[str] = []
    more_unknown: int = 0
    remarks: list[str] = []
    wrong: list[str] = []
    more_wrong: int = 0
    sentence: str = ""
    """Why the file cannot be imported at all, or was not."""
    order: str = ""
    """What is being carried out, for importer.jsx, in JSON."""
    most_bytes: int = 0
    is_open: bool = False
    asked: str = ""
    """The workspace that the address names."""

    @opens
    async def open(self, actor: Actor) -> Any:
        await live.current().tabs.enter(self.router.session.session_id, actor.id, f"home:{actor.id}")
        self.most_bytes = settings.get().max_import_mb * 1_000_000
        asked = self.router.url.query_parameters.get("workspace", "")
        has_moved, self.is_open = asked != self.asked, True
        if has_moved:  # Else its connection broke, or somebody comes back to the file that they have sent.
            self.asked = self.workspace_id = asked if number(asked) else ""
        return Import.find_out() if has_moved or self.is_looking else None

    @local
    async def look(self, ticket: Text) -> Any:
        """A file was sent."""
        self._forget()
        self.ticket, self.is_looking = ticket, True
        return Import.find_out()

    @local
    async def mean(self, place: Annotated[int, Field(ge=0, lt=100)], meaning: Word) -> Any:
        """Choose what a column means."""
        self.columns = [
            Column(it.place, it.name, it.example, meaning if it.place == place else it.meaning) for it in self.columns
        ]
        self.is_looking = True
        return Import.find_out()

    @local
    async def settle(self, what: Word, choice: Word) -> Any:
        """Choose where it goes, what that is called, who sees it, or how days are written."""
        if what not in ("workspace_id", "name", "seen_by", "days"):
            raise Invalid("This could not be understood. Reload the page and try again.")
        setattr(self, what, choice)
        if what == "days":
            self._chosen_days = choice
        if what in ("name", "seen_by") or not self.ticket:
            return None
        self.is_looking = True
        return Import.find_out()

    @local
    async def find_out(self) -> None:
        """Look through the file with what is chosen so far."""
        self.is_looking = False
        if not self.ticket:
            return
        me = actor(await me_at(self))
        rate.spend(me.id)
        try:
            held = tickets.read(me, self.ticket)
            self.file_name = held.name
            async with looking.turn:
                found = await looking.look(me, held, number(self.workspace_id) or None, self._how())
        except Refusal as refusal:
            self.sentence, self.boards, self.wrong = refusal.sentence, [], []
            return
        self.sentence = ""
        self._show(found)

    @local
    async def begin(self) -> None:
        """Have it brought in: importer.jsx asks for that, and says how far it is."""
        self.sentence = ""
        self.order = json.dumps(
            {
                "ticket": self.ticket,
                "workspace_id": number(self.workspace_id),
                "name": self.name,
                "seen_by": self.seen_by,
                "meanings": [column.meaning for column in self.columns],
                "days": self.days,
            }
        )

    @local
    async def arrive(self, path: Word) -> Any:
        """It was brought in."""
        self._forget()
        return rx.redirect(path if path.startswith("/b/") else "/")

    @local
    async def stop(self, sentence: Text) -> None:
        """It was not brought in after all."""
        self.order, self.sentence = "", sentence

    @local
    async def start_over(self) -> None:
        self._forget()

    def _forget(self) -> None:
        kept = (self.workspace_id, self.asked, self.most_bytes)
        self.reset()
        self.workspace_id, self.asked, self.most_bytes = kept
        self.is_open = True

    def _how(self) -> Reading:
        if not self.columns:
            return GUESSED
        meanings = [_one_of(MEANINGS, column.meaning) for column in self.columns]
        days: Days | None = _one_of(get_args(Days), self._chosen_days) if self._chosen_days else None
        return Reading(tuple(meanings), days)

    def _show(self, found: Found) -> None:
        source, survey = found.source, found.survey
        self.kind = source.kind
        if isinstance(source, Sheet):
            parts = zip(source.header, source.example, source.meanings, strict=True)
            self.columns = [Column(place, *part) for place, part in enumerate(parts)]
            self.days = source.days
        self.boards = [
            Coming(
                board.name,
                [f"{name} ({survey.tally.tasks[place, lane]:,})" for lane, name in enumerate(board.lanes[:SHOWN])],
                survey.tally.of(place),
            )
            for place, board in enumerate(source.boards[:SHOWN])
        ]
        self.more_boards = max(len(source.boards) - SHOWN, 0)
        self.tasks, self.comments = sum(survey.tally.tasks.values()), survey.tally.comments
        self.unknown, self.more_unknown = survey.unknown[:SHOWN], max(len(survey.unknown) - SHOWN, 0)
        self.remarks = list(source.remarks)
        self.wrong, self.more_wrong = survey.wrong, survey.count - len(survey.wrong)
        if not self.name:
            first = source.boards[0].name if source.boards else ""
            self.name = source.workspace.name if source.workspace else first


def _one_of(known: Any, chosen: str) -> Any:
    if chosen not in known:
        raise Invalid("This could not be understood. Reload the page and try again.")
    return chosen
