"""One call of every writing verb: what several tests ask of all of them. A new verb gets its row here."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import select

from app.domain import (
    accounts,
    attachments,
    boards,
    clocks,
    comments,
    identities,
    importing,
    inbox,
    instance,
    invites,
    lanes,
    members,
    moving,
    outbox,
    people,
    preferences,
    reactions,
    receipts,
    reminders,
    second_factors,
    sessions,
    sharing,
    subscriptions,
    tasks,
    watching,
    workspaces,
)
from app.domain.access import Actor
from app.domain.attachments import Stored
from app.domain.carried import Board, Load, Task
from app.domain.errors import Invalid, NotAllowed, NotFound, Refusal
from app.domain.models import Identity, Invite, News, Outgoing, Person, Workspace, now
from app.domain.transaction import Transaction
from tests.support.world import World

EVERYONE = {"owner", "admin", "member", "commenter", "viewer"}
COMMENTERS = {"owner", "admin", "member", "commenter"}
EDITORS = {"owner", "admin", "member"}
ADMINS = {"owner", "admin"}
OWNERS = {"owner"}
ANYBODY: set[str] = set()
"""What needs no role."""

Do = Callable[[Transaction, World, Actor], Awaitable[Any]]
Prepare = Callable[[World], Awaitable[Any]]


@dataclass(frozen=True)
class Call:
    """`touches` are the nouns of the topics that get a change, `may` the roles that may make the call.

    `again` is what the same call finds the second time: nothing to do, more to do, or a refusal.
    """

    verb: Callable[..., Any]
    do: Do
    touches: set[str]
    may: set[str]
    again: Literal["nothing", "more"] | type[Refusal]
    first: Prepare | None = None
    by: str = "ana"

    @property
    def name(self) -> str:
        return f"{self.verb.__module__.rpartition('.')[2]}.{self.verb.__name__}"

    async def prepare(self, world: World) -> Actor:
        """Make the call possible; who is to make it."""
        if self.first:
            await self.first(world)
        return world.notes.get(self.by) or getattr(world, self.by)

    async def make(self, world: World, actor: Actor) -> None:
        async with world.db.transaction() as tx:
            await self.do(tx, world, actor)


def on_board(verb: Callable[..., Any], *arguments: Callable[[World], Any], **options: Any) -> Call:
    """A verb that concerns nothing but the board."""
    options = {"touches": {"board"}, "may": EDITORS, "again": "nothing"} | options
    return Call(verb, lambda tx, w, actor: verb(tx, actor, *(argument(w) for argument in arguments)), **options)


def in_workspace(verb: Callable[..., Any], *arguments: Callable[[World], Any], **options: Any) -> Call:
    """A verb on the workspace, which comes right after the actor."""
    return on_board(verb, lambda w: w.workspace_id, *arguments, **{"touches": {"workspace"}, "may": ADMINS} | options)


def on_account(
    verb: Callable[..., Any],
    *arguments: Callable[[World], Any],
    subject: Callable[[World], Any] | None = None,
    **options: Any,
) -> Call:
    """A verb on somebody's own account: Ana's, who looks after this Tandem. `subject` stands in the actor's place."""
    options = {"touches": {"person"}, "may": ANYBODY, "again": NotFound} | options
    given = subject or (lambda w: w.ana)
    return Call(verb, lambda tx, w, actor: verb(tx, given(w), *(argument(w) for argument in arguments)), **options)


def ana(w: World) -> int:
    return w.ana.id


def noted(name: str) -> Callable[[World], Any]:
    return lambda w: w.notes[name]


def just(value: Any) -> Callable[[World], Any]:
    return lambda w: value


def task(w: World) -> int:
    return w.task_id


def done(w: World) -> int:
    return w.tasks["Set up the mailing list"]


def board(w: World) -> int:
    return w.board_id


def lane(name: str) -> Callable[[World], int]:
    return lambda w: w.lanes[name]


async def trash_it(w: World) -> None:
    await w.do(tasks.trash, w.ana, w.task_id)


async def archive_it(w: World) -> None:
    await w.do(boards.archive, w.ana, w.board_id)


async def invite(w: World) -> None:
    w.notes["token"] = await w.do(invites.create, w.ana, w.workspace_id, "member", timedelta(days=1), 5)
    w.notes["invite_id"] = (await w.rows(select(Invite.id).order_by(Invite.id)))[-1]


async def close_it(w: World) -> None:
    """Private, with everyone on its list."""
    await w.do(sharing.close, w.ana, w.board_id, "everyone")


async def close_it_without_ana(w: World) -> None:
    """Private, with everyone but Ana on its list, as Ben saw to."""
    await close_it(w)
    await w.do(sharing.remove, w.ben, w.board_id, w.ana.id)


async def close_it_without_ben(w: World) -> None:
    await close_it(w)
    await w.do(sharing.remove, w.ana, w.board_id, w.ben.id)


async def lower_ben(w: World) -> None:
    await w.do(members.change_role, w.ana, w.workspace_id, w.ben.id, "viewer")
    w.notes["cause"] = (await w.revisions())[f"workspace:{w.workspace_id}"]


async def take_ben_off(w: World) -> None:
    await close_it_without_ben(w)
    w.notes["cause"] = (await w.revisions())[f"board:{w.board_id}"]


async def invite_dora(w: World) -> None:
    await invite(w)
    w.notes["dora"] = await w.newcomer("Dora")


async def sign_in(w: World) -> None:
    w.notes["session"] = await w.do(sessions.start, w.ana.id, "Firefox", "192.0.2.7", MONTH)


async def look_at_hash(w: World) -> None:
    w.notes["hash"] = (await w.row(Person, w.ana.id)).password_hash


async def ask_for_reset(w: World) -> None:
    _, w.notes["reset"] = await w.do(accounts.ask_for_reset, "ana@tandem.example")


async def propose_email(w: World) -> None:
    w.notes["proposal"] = await w.do(accounts.propose_email, w.ana, "ana@example.com")


def with_own(verb: Callable[..., Any], *arguments: Callable[[World], Any], **options: Any) -> Call:
    """A verb on the person's own account, which needs no role."""
    return on_board(verb, *arguments, **{"touches": {"person"}, "may": ANYBODY} | options)


async def link_hers(w: World) -> None:
    await w.do(identities.link, w.ana, "https://corp.example", "ana", "ana@corp.example")
    w.notes["identity_id"] = (await w.rows(select(Identity.id)))[-1]


async def turn_on_hers(w: World) -> None:
    await w.do(second_factors.turn_on, w.ana, "sealed", 1, ["0" * 64])


async def turn_on_bens(w: World) -> None:
    await w.do(second_factors.turn_on, w.ben, "sealed", 1, ["0" * 64])


async def attach(w: World) -> None:
    w.notes["file"], _ = await w.do(attachments.add, w.ana, w.task_id, LOGO, ROOM)


async def attach_and_remove(w: World) -> None:
    await attach(w)
    await w.do(attachments.remove, w.ana, w.notes["file"])


async def remind_ana(w: World) -> None:
    w.notes["reminder"] = await w.do(reminders.add_at, w.ana, w.task_id, "2031-05-17T09:00")


async def push_to_ana(w: World) -> None:
    await w.do(subscriptions.turn_on, w.ana, *BROWSER)


async def put_into_outbox(w: World) -> None:
    letter = outbox.Letter(w.ben.id, "email", "test", None, now())
    async with w.db.transaction() as tx:
        await tasks.add(tx, w.ana, w.lanes["To do"], ["Something worth a letter"])
        await outbox.queue(tx, [letter])
    w.notes["outgoing"] = (await w.rows(select(Outgoing.id)))[-1]


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


def file(w: World) -> int:
    """In another world there is none."""
    return w.notes.get("file", 99_999)


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


def comment(w: World) -> int:
    """In another world there is none."""
    return w.notes.get("comment", 99_999)


def a_file(w: World) -> Load:
    async def tasks() -> AsyncIterator[list[Task]]:
        yield [Task("Row 2", 0, 0, 0, "Book the venue")]

    return Load("csv", {}, [Board("Beta", ("Now", "Later"))], tasks())


KEY = "11111111-2222-4333-8444-555555555555"
LOGO = Stored("logo.png", 12_000, "image/png", "5" * 64, "a" * 32, "b" * 32)
ROOM = 100_000
both = {"workspace", "board"}
told = {"board", "inbox"}
"""A board, and the inboxes of those who are told."""
everywhere = {"person", "instance"}
MONTH = timedelta(days=30)
NEXT_MONTH = now() + MONTH
BROWSER = ("https://push.example/ana", "B" + "A" * 86, "A" * 22, "Firefox", ("push.example",))
TAB = receipts.Tab("one", "board:1", 7, "2031-05-17T12:00:00+00:00")

CALLS = [
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
    in_workspace(sharing.take_over, board, touches=both, may=OWNERS, first=close_it_without_ana),
    in_workspace(boards.create, just("Beta"), may=EDITORS, again="more"),
    in_workspace(boards.start, just("Beta"), may=ANYBODY, again="more"),
    in_workspace(importing.add, a_file, just("everyone"), touches=both, may=EDITORS, again="more"),
    Call(
        importing.start,
        lambda tx, w, actor: importing.start(tx, actor, "Side project", a_file(w), "everyone"),
        touches={"workspace", "person", "board"},
        may=ANYBODY,
        again="more",
    ),
    Call(
        workspaces.found,
        lambda tx, w, actor: workspaces.found(tx, actor, Workspace(name="Side project")),
        touches={"workspace", "person"},
        may=ANYBODY,
        again="more",
    ),
    Call(
        workspaces.create,
        lambda tx, w, actor: workspaces.create(tx, actor, "Side project"),
        touches={"workspace", "person"},
        may=ANYBODY,
        again="more",
    ),
    in_workspace(workspaces.rename, just("Tandem crew")),
    in_workspace(workspaces.describe, just("We meet on Mondays.")),
    in_workspace(workspaces.show_people, just(False)),
    in_workspace(workspaces.delete, just("Tandem team"), may=OWNERS, again=NotFound),
    in_workspace(members.change_role, lambda w: w.ben.id, just("commenter"), touches={"workspace", "inbox"}),
    in_workspace(members.remove, lambda w: w.ben.id, touches=both | told, again=NotFound),
    in_workspace(members.hand_over, lambda w: w.ben.id, touches={"workspace", "inbox"}, may=OWNERS, again=NotAllowed),
    in_workspace(members.leave, touches=both, may=EVERYONE, again=NotFound, by="ben"),
    in_workspace(invites.create, just("member"), just(timedelta(days=1)), just(5), again="more"),
    in_workspace(invites.revoke, lambda w: w.notes["invite_id"], first=invite),
    Call(
        invites.accept,
        lambda tx, w, actor: invites.accept(tx, actor, w.notes["token"]),
        touches={"workspace", "person"},
        may=ANYBODY,
        again="nothing",
        first=invite_dora,
        by="dora",
    ),
    Call(
        receipts.report,
        lambda tx, w, actor: receipts.report(tx, w.workspace_id, w.ben.id, w.notes["cause"], [TAB]),
        touches={"workspace"},
        may=ANYBODY,
        again="more",
        first=lower_ben,
    ),
    Call(
        receipts.report_on_board,
        lambda tx, w, actor: receipts.report_on_board(tx, w.board_id, w.ben.id, w.notes["cause"], [TAB]),
        touches=both,
        may=ANYBODY,
        again="more",
        first=take_ben_off,
    ),
    Call(
        people.sign_up,
        lambda tx, w, actor: people.sign_up(tx, "Eve", "eve@tandem.example", "a hash"),
        touches={"person", "instance"},
        may=ANYBODY,
        again=Invalid,
    ),
    Call(
        people.change_profile,
        lambda tx, w, actor: people.change_profile(tx, actor, "Ana Maria", "rose"),
        touches={"person", "workspace", "instance"},
        may=ANYBODY,
        again="nothing",
    ),
    on_account(
        sessions.start, just("Firefox"), just("192.0.2.7"), just(MONTH), subject=ana, touches=everywhere, again="more"
    ),
    on_account(sessions.end, noted("session"), first=sign_in),
    on_account(sessions.end_others, just(""), first=sign_in, again="nothing"),
    on_account(
        accounts.change_password, noted("hash"), just("another hash"), just(""), first=look_at_hash, again=Invalid
    ),
    on_account(accounts.ask_for_reset, subject=just("ana@tandem.example"), again="more"),
    on_account(accounts.make_reset, lambda w: w.ben.id, again="more"),
    on_account(accounts.offer_reset, subject=lambda w: w.ben.id, again="more"),
    on_account(accounts.reset_password, just("another hash"), subject=noted("reset"), first=ask_for_reset),
    on_account(accounts.propose_email, just("ana@example.com"), again="more"),
    on_account(accounts.confirm_email, subject=noted("proposal"), first=propose_email, touches=everywhere),
    on_account(accounts.change_email, just("ana@example.com"), touches=everywhere, again=Invalid),
    on_account(instance.set_sign_up, just("invited"), touches={"instance"}, again="nothing"),
    Call(
        identities.sign_up,
        lambda tx, w, actor: identities.sign_up(tx, "Eve", "eve@tandem.example", "https://corp.example", "eve"),
        touches={"person", "instance"},
        may=ANYBODY,
        again=Invalid,
    ),
    with_own(identities.link, just("https://corp.example"), just("ana"), just("ana@corp.example")),
    with_own(identities.unlink, lambda w: w.notes["identity_id"], first=link_hers, again=NotFound),
    with_own(second_factors.turn_on, just("sealed"), just(1), just(["0" * 64]), touches=everywhere, again=Invalid),
    with_own(second_factors.renew_codes, just(["1" * 64]), first=turn_on_hers, again="more"),
    with_own(second_factors.turn_off, first=turn_on_hers, touches=everywhere, again=Invalid),
    with_own(second_factors.turn_off_for, lambda w: w.ben.id, first=turn_on_bens, touches=everywhere, again=Invalid),
    on_account(second_factors.lift, subject=lambda w: w.ben.id, first=turn_on_bens, touches=everywhere, again=Invalid),
    on_account(instance.set_admin, lambda w: w.ben.id, just(True), touches=everywhere, again="nothing"),
    on_account(instance.appoint, just(True), subject=lambda w: w.ben.id, touches=everywhere, again="nothing"),
    Call(
        people.show,
        lambda tx, w, actor: people.show(tx, actor, False),
        touches={"person", "workspace", "instance"},
        may=ANYBODY,
        again="nothing",
    ),
    Call(
        people.change_avatar,
        lambda tx, w, actor: people.change_avatar(tx, actor, "c" * 32),
        touches={"person", "workspace", "instance"},
        may=ANYBODY,
        again="nothing",
    ),
    with_own(clocks.set_clock, just("Europe/Berlin"), just(7)),
    with_own(clocks.learn_zone, just("Europe/Berlin")),
    on_board(reminders.add_before, task, just(60), touches={"person"}, may=EVERYONE),
    on_board(reminders.add_at, task, just("2031-05-17T09:00"), touches={"person"}, may=EVERYONE),
    with_own(reminders.remove, noted("reminder"), first=remind_ana, again=NotFound),
    with_own(subscriptions.turn_on, *(just(value) for value in BROWSER)),
    with_own(subscriptions.turn_off, just(BROWSER[0]), first=push_to_ana),
    on_account(outbox.retry, noted("outgoing"), first=put_into_outbox, touches={"instance"}, again="more"),
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
