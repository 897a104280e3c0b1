"""What people do with their inbox, on its page and in its panel."""

from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import reflex as rx

from app.domain import inbox
from app.domain.access import Actor
from app.domain.drawings.inbox import PAGES, VIEWS
from app.domain.errors import Invalid
from app.domain.models import now
from app.domain.transaction import Transaction
from app.web import live
from app.web.command import Id, Word, command, local, opens
from app.web.feedback import Said
from app.web.session import me_at

MORNING = 8
"""The hour at which a day begins for what was put off until then."""


class Inbox(rx.State):
    @opens
    async def open(self, actor: Actor) -> None:
        given = self.router.url.query_parameters
        view, more = given.get("view", "all"), given.get("more", "1")
        place = VIEWS.index(view) if view in VIEWS else 0
        pages = min(int(more), PAGES) if more.isascii() and more.isdecimal() and 0 < len(more) < 4 else 1
        rooms = (f"home:{actor.id}", f"inbox:{actor.id}:{place}:{max(pages, 1)}")
        await live.current().tabs.enter(self.router.session.session_id, actor.id, *rooms)

    @local
    async def look(self, is_open: bool) -> None:
        """The panel was opened, or closed."""
        sid = self.router.session.session_id
        if is_open:
            await live.current().tabs.look_aside(sid, f"inbox:{(await me_at(self)).id}:0:1")
        else:
            await live.current().tabs.look_back(sid, "inbox")

    @command
    async def read(self, tx: Transaction, actor: Actor, news_id: Id) -> None:
        await inbox.read(tx, actor, news_id)

    @command
    async def unread(self, tx: Transaction, actor: Actor, news_id: Id) -> None:
        await inbox.unread(tx, actor, news_id)

    @command
    async def finish(self, tx: Transaction, actor: Actor, news_id: Id) -> Said:
        await inbox.finish(tx, actor, news_id)
        return Said("Done.", undo="news.finished", subject=news_id)

    @command
    async def take_back(self, tx: Transaction, actor: Actor, news_id: Id) -> None:
        await inbox.take_back(tx, actor, news_id)

    @command
    async def snooze(
        self,
        tx: Transaction,
        actor: Actor,
        news_id: Id,
        until: Literal["later", "tomorrow", "next-week"],
        zone: Word,
    ) -> Said:
        await inbox.snooze(tx, actor, news_id, _moment(until, zone))
        return Said("Put off.", undo="news.snoozed", subject=news_id)

    @command
    async def wake(self, tx: Transaction, actor: Actor, news_id: Id) -> None:
        await inbox.wake(tx, actor, news_id)

    @command
    async def read_all(self, tx: Transaction, actor: Actor) -> Said:
        if revision := await inbox.read_all(tx, actor):
            return Said("All marked as read.", undo="news.all_read", subject=revision)
        return Said("There was nothing unread.")


def _moment(until: str, zone: str) -> datetime:
    """When somebody's later, tomorrow or next week begins, in their time zone."""
    if until == "later":
        return now() + timedelta(hours=3)
    try:
        there = datetime.now(ZoneInfo(zone[:100]))
    except (ValueError, OSError, LookupError):
        raise Invalid("The time zone of this browser is not known here. Choose “In three hours”.") from None
    days = 1 if until == "tomorrow" else 7 - there.weekday()
    return (there + timedelta(days=days)).replace(hour=MORNING, minute=0, second=0, microsecond=0).astimezone(UTC)
