"""The outbox: what is written with what caused it goes out once, and is kept until it can."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from app import seals
from app.correspondence import PURPOSE
from app.domain import accounts, instance, invites, outbox, proofs, sending, tasks
from app.domain.errors import Invalid, NotFound
from app.domain.models import Invite, Outgoing, Proof, now
from app.letter import Letter
from app.postman import NO_MAIL
from app.scheduler import Scheduler
from app.settings import Settings, load
from tests.domain.outbox.desk import BEN, Clock, postman, queue, the, to_ben
from tests.support.mailbox import Mailbox
from tests.support.statements import sent
from tests.support.world import World


async def test_two_hundred_letters_are_one_statement_and_none_without_its_change(world: World):
    costs = []
    for many in (2, 200):
        async with world.db.transaction() as tx:
            await tasks.complete(tx, world.ana, world.task_id)
            await tasks.reopen(tx, world.ana, world.task_id)
            with sent(world.db) as statements:
                await outbox.queue(tx, [to_ben(number) for number in range(many)])
            costs.append(len(statements))
    assert costs == [1, 1]
    with pytest.raises(ZeroDivisionError):
        async with world.db.transaction() as tx:
            await tasks.complete(tx, world.ana, world.task_id)
            await outbox.queue(tx, [to_ben()])
            raise ZeroDivisionError
    assert await world.rows(select(func.count()).select_from(Outgoing)) == [202]


async def test_what_is_due_goes_once_in_order_and_leaves_nothing_to_read(
    world: World, box: Mailbox, mail: Settings, clock: Clock
):
    late = outbox.Letter(None, "email", "test", None, now() + timedelta(hours=1), {}, BEN, to_ben(9).sealed)
    await queue(world, *(to_ben(number) for number in range(sending.BATCH + 2)), late)
    kept = await world.rows(select(Outgoing.sealed))
    assert not any("Hello Ben" in sealed or "News" in sealed for sealed in kept), "Nobody reads it in the database."
    for _ in range(2):
        await postman(world, mail, clock).round()
    assert [letter["Subject"] for letter in box.letters] == [f"News {number}" for number in range(sending.BATCH + 2)]
    assert len(await world.rows(select(Outgoing.sealed).where(col(Outgoing.sealed) != ""))) == 1
    clock.on(hours=1.01)
    await postman(world, mail, clock).round()
    assert box.letters[-1]["Subject"] == "News 9" and len(set(box.taken)) == len(box.taken)


async def test_a_server_that_is_down_for_an_hour_loses_none(
    world: World, box: Mailbox, mail: Settings, dark: Settings, clock: Clock, caplog: pytest.LogCaptureFixture
):
    person, token = await world.do(accounts.ask_for_reset, BEN)
    async with world.db.transaction() as tx:
        await tasks.complete(tx, world.ana, world.task_id)
        await outbox.queue(tx, [to_ben(0, proof_id=await proofs.id_of(tx, token)), *map(to_ben, range(1, 6))])
    began = clock.at
    with caplog.at_level(logging.WARNING, logger="app"):
        while clock.at - began < timedelta(hours=1):
            await postman(world, dark, clock).round()
            clock.on(minutes=10)
    assert "A letter was not taken (The mail server could not be reached" in caplog.text and BEN not in caplog.text
    assert "given up" not in caplog.text
    while len(box.letters) < 6 and clock.at - began < timedelta(hours=3):
        await postman(world, mail, clock).round()
        clock.on(minutes=5)
    assert sorted(letter["Subject"] for letter in box.letters) == sorted(f"News {number}" for number in range(6))
    async with world.db.reading() as tx:
        assert (await proofs.look(tx, token, "password"))[0].id == person.id, "Its hour began when it was sent."
    proof = await world.rows(select(Proof.expires_at))
    assert timedelta(minutes=50) < proof[0] - clock.at + timedelta(minutes=10) < timedelta(minutes=75)


async def test_it_is_given_up_after_two_days_with_a_line_in_the_log_and_can_be_tried_again(
    world: World, box: Mailbox, mail: Settings, dark: Settings, clock: Clock, caplog: pytest.LogCaptureFixture
):
    [id] = await queue(world, to_ben())
    began = clock.at
    while (await the(world)).given_up_at is None:
        await postman(world, dark, clock).round()
        clock.ahead += max((await the(world)).not_before - clock.at, timedelta(seconds=1))
        assert clock.at - began < timedelta(days=3)
    assert clock.at - began > timedelta(days=2)
    assert "could not be reached" in (await the(world)).why
    assert caplog.text.count("it is given up") == 1
    with pytest.raises(NotFound, match=instance.MISSING):
        await world.do(outbox.retry, world.ben, id)
    await world.do(outbox.retry, world.ana, id)
    await postman(world, mail, clock).round()
    assert len(box.letters) == 1
    with pytest.raises(Invalid, match="seen to already"):
        await world.do(outbox.retry, world.ana, id)
    with pytest.raises(NotFound, match="not in the outbox any more"):
        await world.do(outbox.retry, world.ana, 99_999)


async def test_an_address_that_bounces_is_given_up_at_once_and_holds_up_nobody(
    world: World, box: Mailbox, mail: Settings, clock: Clock
):
    box.bounces = {"gone@tandem.example"}
    sealed = seals.seal(Letter("gone@tandem.example", "Hello", "Hello,", ()).to_json(), PURPOSE)
    gone = outbox.Letter(None, "email", "test", None, now(), {}, "gone@tandem.example", sealed)
    await queue(world, gone, to_ben())
    await postman(world, mail, clock).round()
    assert [letter["To"] for letter in box.letters] == [BEN]
    why = await world.rows(select(Outgoing.why).where(col(Outgoing.given_up_at).is_not(None)))
    assert why == ["The mail server does not take this address (550)."]


async def test_what_does_not_matter_any_more_is_not_sent(world: World, box: Mailbox, mail: Settings, clock: Clock):
    _, token = await world.do(accounts.ask_for_reset, BEN)
    async with world.db.reading() as tx:
        proof_id = await proofs.id_of(tx, token)
    await world.do(invites.create, world.ana, world.workspace_id, "member", timedelta(days=1), 1)
    [invite_id] = await world.rows(select(Invite.id).order_by(col(Invite.id).desc()).limit(1))
    await queue(world, to_ben(proof_id=proof_id), to_ben(invite_id=invite_id))
    await world.do(accounts.reset_password, token, "another hash")
    await world.do(invites.revoke, world.ana, world.workspace_id, invite_id)
    await postman(world, mail, clock).round()
    assert box.taken == []
    skipped = await world.rows(select(Outgoing.skipped).order_by(col(Outgoing.id)))
    assert skipped == [
        "Its link was used, or replaced by a newer one.",
        "The invitation was revoked, used or has run out.",
    ]


async def test_without_a_server_nothing_piles_up_and_old_rows_are_forgotten(world: World, clock: Clock):
    await queue(world, to_ben())
    await postman(world, load({}), clock).round()
    assert (await the(world)).skipped == NO_MAIL and (await the(world)).sealed == ""
    await world.do(accounts.ask_for_reset, BEN)
    await world.do(invites.create, world.ana, world.workspace_id, "member", timedelta(days=1), 1)
    clock.on(days=40)
    await Scheduler(world.db, load({}), clock)._forget()
    for table in (Outgoing, Proof, Invite):
        assert await world.rows(select(table.id)) == []
