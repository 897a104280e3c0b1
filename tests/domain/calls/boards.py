"""Verbs on what a board has: tasks, files, comments, lanes, and who may see it."""

from datetime import date
from uuid import uuid4

from app.domain import attachments, boards, comments, lanes, moving, reactions, sharing, tasks
from app.domain.attachments import Stored
from app.domain.errors import NotFound
from tests.domain.calls.call import ADMINS, COMMENTERS, board, both, done, just, lane, on_board, task, told
from tests.support.world import World

KEY = "11111111-2222-4333-8444-555555555555"
LOGO = Stored("logo.png", 12_000, "image/png", "5" * 64, "a" * 32, "b" * 32)
ROOM = 100_000


async def trash_it(w: World) -> None:
    await w.do(tasks.trash, w.ana, w.task_id)


async def archive_it(w: World) -> None:
    await w.do(boards.archive, w.ana, w.board_id)


async def close_it(w: World) -> None:
    """Private, with everyone on its list."""
    await w.do(sharing.close, w.ana, w.board_id, "everyone")


async def close_it_without_ben(w: World) -> None:
    await close_it(w)
    await w.do(sharing.remove, w.ana, w.board_id, w.ben.id)


async def attach(w: World) -> None:
    w.notes["file"], _ = await w.do(attachments.add, w.ana, w.task_id, LOGO, ROOM)


async def attach_and_remove(w: World) -> None:
    await attach(w)
    await w.do(attachments.remove, w.ana, w.notes["file"])


async def cleo_comments(w: World) -> None:
    await w.give_role(w.cleo, "commenter")
    w.notes["comment"] = await w.do(comments.add, w.cleo, w.task_id, "Which one?", str(uuid4()))


async def ana_comments(w: World) -> None:
    w.notes["comment"] = await w.do(comments.add, w.ana, w.task_id, "NVDA first.", str(uuid4()))


async def ana_comments_and_removes(w: World) -> None:
    await ana_comments(w)
    await w.do(comments.remove, w.ana, w.notes["comment"])


async def ana_comments_and_all_react(w: World) -> None:
    await w.give_role(w.cleo, "commenter")
    await ana_comments(w)
    for person in (w.ana, w.cleo):
        await w.do(reactions.add, person, w.notes["comment"], "heart")


def file(w: World) -> int:
    """In another world there is none."""
    return w.notes.get("file", 99_999)


def comment(w: World) -> int:
    """In another world there is none."""
    return w.notes.get("comment", 99_999)


ON_BOARDS = [
    on_board(tasks.add, lane("To do"), just(["Book the venue", "Print the badges"]), again="more"),
    on_board(tasks.rename, task, just("Check every page with two screen readers"), just(0)),
    on_board(tasks.describe, task, just("NVDA and VoiceOver."), just(0)),
    on_board(tasks.complete, task, touches=told),
    on_board(tasks.reopen, done, touches=told, by="ben"),
    on_board(tasks.set_due, task, just(date(2031, 5, 17))),
    on_board(tasks.set_priority, task, just(4)),
    on_board(tasks.assign, task, lambda w: w.cleo.id, touches=told),
    on_board(tasks.unassign, task, lambda w: w.ben.id, touches=told),
    on_board(tasks.trash, task, again=NotFound),
    on_board(tasks.restore, task, first=trash_it, again=NotFound),
    on_board(attachments.add, task, just(LOGO), just(ROOM), may=COMMENTERS),
    on_board(attachments.remove, file, first=attach),
    on_board(attachments.restore, file, first=attach_and_remove),
    on_board(moving.move, task, lane("Doing"), just(None), touches=told),
    on_board(moving.send, task, lane("Doing"), touches=told),
    on_board(comments.add, task, just("NVDA, @[Ben](person:2)?"), just(KEY), touches=told, may=COMMENTERS),
    on_board(comments.edit, comment, just("Which ones?"), just(0), may=COMMENTERS, first=cleo_comments, by="cleo"),
    on_board(comments.remove, comment, may=ADMINS, first=ana_comments),
    on_board(comments.restore, comment, may=ADMINS, first=ana_comments_and_removes),
    on_board(reactions.add, comment, just("party"), may=COMMENTERS, first=ana_comments),
    on_board(reactions.remove, comment, just("heart"), may=COMMENTERS, first=ana_comments_and_all_react),
    on_board(moving.shift, task, just("top")),
    on_board(lanes.add, board, just("Review"), again="more"),
    on_board(lanes.rename, lane("To do"), just("Next")),
    on_board(lanes.move, lane("Done"), just(None)),
    on_board(lanes.shift, lane("Done"), just("left"), again="more"),
    on_board(lanes.delete, lane("Doing"), lane("To do"), touches=told, again=NotFound),
    on_board(boards.rename, board, just("Lift-off"), touches=both),
    on_board(boards.archive, board, touches=both, may=ADMINS),
    on_board(boards.restore, board, touches=both, may=ADMINS, first=archive_it),
    on_board(sharing.close, board, just("me"), touches=both | told, may=ADMINS),
    on_board(sharing.open_up, board, touches=both, first=close_it),
    on_board(sharing.add, board, lambda w: w.ben.id, touches=both | told, first=close_it_without_ben),
    on_board(sharing.remove, board, lambda w: w.ben.id, touches=both | told, first=close_it),
]
