"""Verbs on people: who they are, their ways in, their clocks and reminders; and on this Tandem as a whole."""

from datetime import timedelta

from sqlalchemy import select

from app.domain import (
    accounts,
    clocks,
    identities,
    instance,
    outbox,
    people,
    reminders,
    second_factors,
    sessions,
    subscriptions,
    tasks,
)
from app.domain.errors import Invalid, NotFound
from app.domain.models import Identity, Outgoing, Person, now
from tests.domain.calls.call import (
    ANYBODY,
    EVERYONE,
    Call,
    ana,
    everywhere,
    just,
    noted,
    on_account,
    on_board,
    task,
    with_own,
)
from tests.support.world import World

MONTH = timedelta(days=30)
BROWSER = ("https://push.example/ana", "B" + "A" * 86, "A" * 22, "Firefox", ("push.example",))


async def sign_in(w: World) -> None:
    w.notes["session"] = await w.do(sessions.start, w.ana.id, "Firefox", "192.0.2.7", MONTH)


async def look_at_hash(w: World) -> None:
    w.notes["hash"] = (await w.row(Person, w.ana.id)).password_hash


async def ask_for_reset(w: World) -> None:
    _, w.notes["reset"] = await w.do(accounts.ask_for_reset, "ana@tandem.example")


async def propose_email(w: World) -> None:
    w.notes["proposal"] = await w.do(accounts.propose_email, w.ana, "ana@example.com")


async def link_hers(w: World) -> None:
    await w.do(identities.link, w.ana, "https://corp.example", "ana", "ana@corp.example")
    w.notes["identity_id"] = (await w.rows(select(Identity.id)))[-1]


async def turn_on_hers(w: World) -> None:
    await w.do(second_factors.turn_on, w.ana, "sealed", 1, ["0" * 64])


async def turn_on_bens(w: World) -> None:
    await w.do(second_factors.turn_on, w.ben, "sealed", 1, ["0" * 64])


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


OF_PEOPLE = [
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
]
