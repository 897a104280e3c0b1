"""Verbs on one's own inbox, and on what comes into it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.domain import inbox, preferences, tasks, watching
from app.domain.models import News, now
from tests.domain.calls.call import ANYBODY, EVERYONE, Call, board, just, noted, on_board, task
from tests.support.world import World

NEXT_MONTH = now() + timedelta(days=30)


async def tell_ana(w: World) -> None:
    """Ben completes a task of hers; she has a row about it in her inbox."""
    await w.do(tasks.complete, w.ben, w.task_id)
    newest = select(News.id).where(News.person_id == w.ana.id, News.is_newest).order_by(News.id)
    w.notes["news"] = (await w.rows(newest))[-1]


async def read_hers(w: World) -> None:
    await tell_ana(w)
    await w.do(inbox.read, w.ana, w.notes["news"])


async def finish_hers(w: World) -> None:
    await tell_ana(w)
    await w.do(inbox.finish, w.ana, w.notes["news"])


async def snooze_hers(w: World) -> None:
    await tell_ana(w)
    await w.do(inbox.snooze, w.ana, w.notes["news"], NEXT_MONTH)


async def read_all_hers(w: World) -> None:
    await tell_ana(w)
    w.notes["read"] = await w.do(inbox.read_all, w.ana)


def in_inbox(verb: Callable[..., Any], *arguments: Callable[[World], Any], **options: Any) -> Call:
    """A verb on one's own inbox, which needs no role: Ana's."""
    return on_board(verb, *arguments, **{"touches": {"inbox"}, "may": ANYBODY, "first": tell_ana} | options)


IN_INBOXES = [
    in_inbox(inbox.read, noted("news")),
    in_inbox(inbox.read_task, task),
    in_inbox(inbox.read_all),
    in_inbox(inbox.unread_all, noted("read"), first=read_all_hers),
    in_inbox(inbox.unread, noted("news"), first=read_hers),
    in_inbox(inbox.finish, noted("news")),
    in_inbox(inbox.take_back, noted("news"), first=finish_hers),
    in_inbox(inbox.snooze, noted("news"), just(NEXT_MONTH)),
    in_inbox(inbox.wake, noted("news"), first=snooze_hers),
    in_inbox(watching.choose, just("board"), board, just("muted"), may=EVERYONE),
    in_inbox(preferences.choose, just("moved"), just("email"), just(False)),
    in_inbox(preferences.keep_quiet, just(22 * 60), just(7 * 60)),
]
