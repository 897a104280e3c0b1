"""Whatever dies or sleeps while it sends, nothing is sent twice, and nothing is lost but what nobody can know."""

from datetime import timedelta

import pytest

from app.domain import sending
from app.domain.leases import BEAT, LAPSE
from app.mail import Counter
from app.postman import Postman
from app.scheduler import Scheduler
from app.settings import Settings, load
from tests.domain.outbox.desk import Clock, postman, queue, the, to_ben
from tests.support.mailbox import Mailbox
from tests.support.world import World


class Killed(BaseException):
    """What a killed worker does from here on: nothing."""


async def die(*_: object) -> None:
    raise Killed


@pytest.mark.parametrize("moment", ["before it connects", "before the last line"])
async def test_who_dies_before_it_is_let_go_loses_nothing(
    world: World, box: Mailbox, mail: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch, moment: str
):
    await queue(world, to_ben())
    with monkeypatch.context() as patch:
        patch.setattr(*((Counter, "_connected") if moment == "before it connects" else (Postman, "_let_go")), die)
        with pytest.raises(Killed):
            await postman(world, mail, clock, "one").round()
    assert box.taken == []
    await postman(world, mail, clock, "two").round()
    assert len(box.taken) == 1


async def test_who_dies_while_it_is_handed_over_sends_nothing_twice_and_admins_see_it(
    world: World, box: Mailbox, mail: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    await queue(world, to_ben())
    with monkeypatch.context() as patch:
        patch.setattr(Postman, "_settle", die)
        with pytest.raises(Killed):
            await postman(world, mail, clock, "one").round()
    assert len(box.taken) == 1, "The premise: the server has it, and nobody wrote that down."
    await postman(world, mail, clock, "two").round()
    assert len(box.taken) == 1
    assert (await the(world)).why == sending.UNSURE and (await the(world)).given_up_at


async def test_who_slept_while_another_took_over_sends_nothing(
    world: World, box: Mailbox, mail: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    await queue(world, to_ben())
    let_go = Postman._let_go

    async def sleep(sleeper: Postman, parcel: sending.Parcel) -> bool:
        monkeypatch.setattr(Postman, "_let_go", let_go)
        await postman(world, mail, clock, "two").round()
        return await let_go(sleeper, parcel)

    monkeypatch.setattr(Postman, "_let_go", sleep)
    await postman(world, mail, clock, "one").round()
    assert len(box.taken) == 1
    assert (await the(world)).sent_at


async def test_one_of_several_schedulers_is_the_one_and_another_takes_over(world: World, clock: Clock):
    one, two = (Scheduler(world.db, load({}), clock, clock.ticks) for _ in range(2))
    for scheduler in (one, two, one, two):
        await scheduler.beat()
    assert (one.is_the_one, two.is_the_one) == (True, False)
    for _ in range(20):  # As long as it beats, it stays.
        clock.on(seconds=BEAT)
        await one.beat()
        await two.beat()
    assert (one.is_the_one, two.is_the_one) == (True, False)
    died_at = clock.at
    while not two.is_the_one:
        clock.on(seconds=BEAT)
        await two.beat()
    assert timedelta(seconds=LAPSE) <= clock.at - died_at < timedelta(seconds=30)
    await one.beat()
    assert not one.is_the_one, "Who merely slept sees that it was replaced."
    await two.end(0)
    await one.beat()
    assert one.is_the_one, "Who ends in peace makes nobody wait."
