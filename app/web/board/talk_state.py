"""What people do with comments. Each handler says who, does one thing, and answers."""

from dataclasses import dataclass

import reflex as rx

from app.domain import comments, reactions
from app.domain.access import Actor
from app.domain.transaction import Transaction
from app.web import live
from app.web.command import Id, Text, Word, command, local
from app.web.dialogs import Dialogs
from app.web.feedback import Receipt, Said
from app.web.session import actor, me_at


@dataclass(frozen=True)
class Quote:
    """The comment that shall be quoted; a number for each time that this was asked for."""

    number: int = 0
    comment_id: int = 0


@dataclass(frozen=True)
class EarlierText:
    """What a comment said until then, an ISO time."""

    body: str
    until: str


class Talk(rx.State):
    editing: int = 0
    """The comment that this tab edits, or 0."""
    quote: Quote = Quote()
    earlier: list[EarlierText] = []
    """Of the comment whose history is on show, newest first."""

    @command
    async def add_comment(self, tx: Transaction, actor: Actor, task_id: Id, body: Text, key: Word) -> Receipt:
        await comments.add(tx, actor, task_id, body, key)
        return Receipt()

    @command
    async def edit_comment(self, tx: Transaction, actor: Actor, comment_id: Id, body: Text, version: int) -> None:
        await comments.edit(tx, actor, comment_id, body, version)

    @command
    async def remove_comment(self, tx: Transaction, actor: Actor, comment_id: Id) -> Said:
        await comments.remove(tx, actor, comment_id)
        return Said("Comment removed.", undo="comment.removed", subject=comment_id)

    @command
    async def react(self, tx: Transaction, actor: Actor, comment_id: Id, kind: Word) -> None:
        await reactions.add(tx, actor, comment_id, kind)

    @command
    async def take_back(self, tx: Transaction, actor: Actor, comment_id: Id, kind: Word) -> None:
        await reactions.remove(tx, actor, comment_id, kind)

    @local
    async def write(self, task_id: Id, is_writing: bool) -> None:
        await live.current().write(self.router.session.session_id, task_id, is_writing)

    @local
    def begin_edit(self, comment_id: Id) -> None:
        self.editing = comment_id

    @local
    def end_edit(self) -> None:
        self.editing = 0

    @local
    def begin_quote(self, comment_id: Id) -> None:
        self.quote = Quote(self.quote.number + 1, comment_id)

    @local
    async def show_earlier(self, comment_id: Id) -> rx.event.EventSpec:
        me = actor(await me_at(self))
        async with live.current().db.reading() as tx:
            texts = await comments.earlier(tx, me, comment_id)
        self.earlier = [EarlierText(text.body, text.until.isoformat()) for text in texts]
        return Dialogs.open("earlier-texts", comment_id)
