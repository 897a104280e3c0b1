"""Reminders fire once, at the right moment on their person's clock, whatever clocks, restarts and schedulers do."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.domain import clocks, members, moments, reminders, tasks
from app.domain.access import Actor
from app.domain.errors import Invalid, NotFound
from app.domain.models import Change, Outgoing, Person, Reminder
from app.reminder import remind
from tests.support.world import World

BERLIN, NEW_YORK, AUCKLAND = "Europe/Berlin", "America/New_York", "Pacific/Auckland"


def utc(typed: str) -> datetime:
    return datetime.fromisoformat(typed).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "local", "moment"),
    [
        (BERLIN, "2031-03-30T01:59", "2031-03-30T00:59"),
        (BERLIN, "2031-03-30T02:30", "2031-03-30T01:30"),  # There is no such time: 3:30, an hour after 1:30.
        (BERLIN, "2031-03-30T03:00", "2031-03-30T01:00"),
        (BERLIN, "2031-10-26T02:30", "2031-10-26T00:30"),  # There are two: the first.
        (BERLIN, "2031-10-26T03:00", "2031-10-26T02:00"),
        (NEW_YORK, "2031-03-09T02:30", "2031-03-09T07:30"),
        (NEW_YORK, "2031-11-02T01:30", "2031-11-02T05:30"),
        (AUCKLAND, "2031-09-28T02:30", "2031-09-27T14:30"),
        (AUCKLAND, "2031-04-06T02:30", "2031-04-05T13:30"),
        ("", "2031-04-06T02:30", "2031-04-06T02:30"),
    ],
)
async def test_a_time_on_somebodys_clock_is_one_moment(zone: str, local: str, moment: str):
    assert moments.moment(moments.local_time(local), moments.zone(zone)) == utc(moment)


@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK, AUCKLAND])
@pytest.mark.parametrize("hour", [0, 2, 9])
@pytest.mark.parametrize("step", [timedelta(minutes=17), timedelta(hours=31)])
def test_every_day_has_its_hour_once_however_often_one_looks(zone: str, hour: int, step: timedelta):
    where = ZoneInfo(zone)
    for begin in (utc("2031-03-08T20:00"), utc("2031-10-25T20:00"), utc("2031-04-05T10:00")):
        at, found = begin, list[date]()
        while at < begin + timedelta(days=2):
            found += moments.days_with_hour_in(at, at + step, hour, where)
            at += step
        assert found == sorted(set(found)), "None twice."
        first = begin.astimezone(where).date()
        expected = [first + timedelta(days=number) for number in range(-1, 6)]
        assert found == [day for day in expected if begin < moments.at_hour(day, hour, where) <= at]


async def fired(world: World, *kinds: str) -> list[tuple[str, int | None]]:
    """What the clock told people, in order: the kind, and to whom."""
    told = select(Change.kind, Change.topic).where(col(Change.kind).in_(kinds or ("reminder.fired",)))
    async with world.db.reading() as tx:
        rows = (await tx.session.execute(told.order_by(col(Change.id)))).all()
    return [(kind, int(topic.partition(":")[2])) for kind, topic in rows]


async def live_through(world: World, moments: Iterable[datetime], schedulers: int = 1) -> None:
    for at in moments:
        for _ in range(schedulers):
            await remind(world.db, at)


def minutes(first: str, last: str, every: int = 10) -> Iterable[datetime]:
    at = utc(first)
    while at <= utc(last):
        yield at
        at += timedelta(minutes=every)


async def test_three_people_in_three_zones_are_each_reminded_once_across_both_changes_of_the_clocks(world: World):
    people = {BERLIN: world.ana, NEW_YORK: world.ben, AUCKLAND: world.cleo}
    springs = {BERLIN: "2031-03-30", NEW_YORK: "2031-03-09", AUCKLAND: "2031-09-28"}
    autumns = {BERLIN: "2031-10-26", NEW_YORK: "2031-11-02", AUCKLAND: "2031-04-06"}
    for zone, person in people.items():
        await world.do(clocks.set_clock, person, zone, 8)
        for day in (springs[zone], autumns[zone]):
            await world.do(reminders.add_at, person, world.task_id, f"{day}T02:30")
    rows = await world.rows(select(Reminder.fires_at))
    for number, at in enumerate(sorted(rows)):
        around = [at - timedelta(hours=2), at - timedelta(seconds=1)]
        await live_through(world, around, schedulers=2)
        assert len(await fired(world)) == number, at
        after = [at, at + timedelta(hours=1), at + timedelta(hours=2)]
        await live_through(world, after, schedulers=2)
        assert len(await fired(world)) == number + 1, at
    assert sorted(await fired(world)) == sorted(("reminder.fired", person.id) for person in [*people.values()] * 2)


async def test_before_it_is_due_goes_by_the_calendar_and_moves_with_the_day_and_the_zone(world: World):
    await world.do(clocks.set_clock, world.ana, BERLIN, 8)
    await world.do(tasks.set_due, world.ana, world.task_id, date(2031, 3, 31))
    for before in (0, 60, 24 * 60, 7 * 24 * 60):
        await world.do(reminders.add_before, world.ana, world.task_id, before)
    assert await world.do(reminders.add_before, world.ana, world.task_id, 60) == 2, "It is there already."
    query = select(Reminder.fires_at).order_by(col(Reminder.id))
    #           The clocks go forward on the 30th: nine o'clock is two hours from UTC after it, and one before.
    assert await world.rows(query) == [
        *map(utc, ("2031-03-31T07:00", "2031-03-31T06:00", "2031-03-30T07:00", "2031-03-24T08:00"))
    ]
    await world.do(tasks.set_due, world.ben, world.task_id, date(2031, 3, 30))
    assert (await world.rows(query))[:3] == [*map(utc, ("2031-03-30T07:00", "2031-03-30T06:00", "2031-03-29T08:00"))]
    await world.do(clocks.set_clock, world.ana, NEW_YORK, 8)
    assert (await world.rows(query))[0] == utc("2031-03-30T13:00")
    await world.do(tasks.set_due, world.ben, world.task_id, None)
    assert await world.rows(query) == [None] * 4
    await live_through(world, [utc("2032-01-01T00:00")])
    assert await fired(world) == []


async def test_one_that_has_fired_fires_again_only_when_the_day_is_put_off(world: World):
    day = (datetime.now(UTC) + timedelta(days=3)).date()
    await world.do(tasks.set_due, world.ana, world.task_id, day)
    await world.do(reminders.add_before, world.ana, world.task_id, 60)
    after = datetime.now(UTC) + timedelta(days=4)
    await live_through(world, [after, after])
    assert len(await fired(world)) == 1
    await world.do(tasks.set_due, world.ana, world.task_id, day - timedelta(days=30))
    await live_through(world, [after])
    assert len(await fired(world)) == 1
    await world.do(tasks.set_due, world.ana, world.task_id, day + timedelta(days=7))
    await live_through(world, [after, after + timedelta(days=10)])
    assert len(await fired(world)) == 2


async def test_what_is_missed_while_nothing_runs_is_told_once_when_it_runs_again(world: World):
    await world.do(reminders.add_at, world.ana, world.task_id, "2031-05-17T09:30")
    await live_through(world, [utc("2031-05-17T09:00")])
    await live_through(world, [utc("2031-05-18T06:00"), utc("2031-05-18T06:01")], schedulers=2)
    assert await fired(world) == [("reminder.fired", world.ana.id)]


async def test_nothing_is_told_of_what_is_done_or_not_shared_any_more(world: World):
    await world.do(reminders.add_at, world.ana, world.task_id, "2031-05-17T09:30")
    await world.do(reminders.add_at, world.cleo, world.task_id, "2031-05-17T09:30")
    await world.do(tasks.complete, world.ana, world.task_id)
    await world.do(members.remove, world.ana, world.workspace_id, world.cleo.id)
    before = await queued(world)
    await live_through(world, [utc("2031-05-17T09:30")])
    assert len(await fired(world)) == 2, "They are over and done with."
    assert await queued(world) == before


async def queued(world: World) -> int:
    return len(await world.rows(select(Outgoing.id)))


async def test_what_is_due_is_told_at_nine_to_who_is_on_it_and_again_the_day_after_if_it_is_not_done(
    world: World,
):
    await world.do(clocks.set_clock, world.ben, NEW_YORK, 8)
    other = world.tasks["Order stickers"]
    for task_id in (world.task_id, other):
        await world.do(tasks.set_due, world.ana, task_id, date(2031, 11, 2))  # The clocks go back on that day.
        await world.do(tasks.assign, world.ana, task_id, world.ben.id)
    await live_through(world, minutes("2031-11-02T13:00", "2031-11-02T13:50"), schedulers=2)
    told = ("task.due_soon", "task.overdue")
    assert await fired(world, *told) == []
    await live_through(world, minutes("2031-11-02T14:00", "2031-11-02T15:00"), schedulers=2)
    assert await fired(world, *told) == [("task.due_soon", world.ben.id)] * 2
    await world.do(tasks.complete, world.ben, other)
    await live_through(world, minutes("2031-11-02T20:00", "2031-11-05T20:00", every=60), schedulers=2)
    assert (await fired(world, *told))[2:] == [("task.overdue", world.ben.id)]


@pytest.mark.parametrize("typed", ["", "soon", "0000-01-01T09:00", "2031-02-30T09:00", "2031-05-17", "2500-01-01T09"])
async def test_what_is_no_time_is_refused_with_a_sentence(world: World, typed: str):
    with pytest.raises(Invalid):
        await world.do(reminders.add_at, world.ana, world.task_id, typed)


async def test_what_cannot_be_is_refused(world: World):
    with pytest.raises(Invalid, match="in the past"):
        await world.do(reminders.add_at, world.ana, world.task_id, "2001-05-17T09:00")
    for minutes in (-1, reminders.LONGEST + 1):
        with pytest.raises(Invalid, match="at most a year"):
            await world.do(reminders.add_before, world.ana, world.task_id, minutes)
    for number in range(reminders.MOST):
        await world.do(reminders.add_at, world.ana, world.task_id, f"2031-05-{number + 1:02}T09:00")
    with pytest.raises(Invalid, match="Remove one first"):
        await world.do(reminders.add_at, world.ana, world.task_id, "2031-06-17T09:00")
    with pytest.raises(NotFound):
        await world.do(reminders.remove, world.ben, 1)
    with pytest.raises(NotFound, match="not shared with you"):
        await world.do(reminders.add_at, Actor(99_999, "Nobody"), world.task_id, "2031-05-17T09:00")
    with pytest.raises(Invalid, match="no such time zone"):
        await world.do(clocks.set_clock, world.ana, "Mars/Olympus_Mons", 8)
    with pytest.raises(Invalid, match="an hour from 0 to 23"):
        await world.do(clocks.set_clock, world.ana, "UTC", 24)


async def test_a_browser_says_where_it_is_only_as_long_as_nobody_knows(world: World):
    await world.do(clocks.learn_zone, world.ana, "europe/berlin")
    await world.do(clocks.learn_zone, world.ana, NEW_YORK)
    assert (await world.row(Person, world.ana.id)).zone == BERLIN
