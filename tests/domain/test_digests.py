"""E-mail about news: at once when it was not seen for two minutes, or in the digest at its person's hour; each once."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from app import correspondence
from app.domain import clocks, inbox, members, preferences, tasks
from app.domain.models import Outgoing, now
from app.postman import Postman
from app.reminder import remind
from app.settings import Settings, load
from tests.support.mailbox import Mailbox, receiving
from tests.support.world import World

BEN = "ben@tandem.example"


@pytest.fixture(scope="module")
def receiver() -> Iterator[tuple[Mailbox, Settings]]:
    with receiving() as (mailbox, settings):
        yield mailbox, load(settings | {"PUBLIC_URL": "https://tandem.example"})


@pytest.fixture
def mail(receiver: tuple[Mailbox, Settings]) -> tuple[Mailbox, Settings]:
    receiver[0].letters.clear()
    return receiver


async def post(world: World, settings: Settings, at: datetime) -> None:
    for holder in ("one", "two"):
        await Postman(world.db, settings, holder, lambda: at).round()


async def bens_hour(world: World) -> datetime:
    """The next moment that is his, at least an hour from now; until now he has seen everything.

    It is at three in the night or in the afternoon: at eight others have theirs, at nine all are told what is due.
    """
    await world.do(inbox.read_all, world.ben)
    first = (now() + timedelta(hours=2)).replace(minute=0, second=0, microsecond=0)
    hour = next(at for ahead in range(12) if (at := first + timedelta(hours=ahead)).hour in (3, 15))
    await world.do(clocks.set_clock, world.ben, "UTC", hour.hour)
    await remind(world.db, hour - timedelta(minutes=1))
    return hour


async def digests(world: World) -> list[str]:
    """Why those that there were did not go; empty for those that did."""
    of_kind = select(Outgoing.skipped).where(col(Outgoing.kind) == "digest")
    return await world.rows(of_kind.order_by(col(Outgoing.id)))


async def test_what_waits_for_it_comes_at_the_hour_that_was_chosen_once(world: World, mail: tuple[Mailbox, Settings]):
    box, settings = mail
    hour = await bens_hour(world)
    await world.do(tasks.complete, world.ana, world.task_id)
    await remind(world.db, hour - timedelta(seconds=1))
    await post(world, settings, hour)
    assert box.letters == []
    for at in (hour, hour, hour + timedelta(minutes=1), hour + timedelta(hours=1)):
        await remind(world.db, at)
        await post(world, settings, at)
    [letter] = box.letters
    assert (letter["To"], letter["Subject"]) == (BEN, "What happened on Tandem")
    text, html = (part.get_content() for part in letter.iter_parts())
    for words in ("Check every page with a screen reader", "Ana completed it", f"/b/1?task={world.task_id}"):
        assert words in text and words in html
    token = letter["List-Unsubscribe"].strip("<>").rpartition("/")[2]
    assert correspondence.what_it_ends(token) == (world.ben.id, "digest")


async def test_nobody_is_written_to_without_a_reason(world: World, mail: tuple[Mailbox, Settings]):
    box, settings = mail
    hour = await bens_hour(world)
    await world.do(tasks.complete, world.ana, world.task_id)
    await world.do(inbox.read_task, world.ben, world.task_id)
    await remind(world.db, hour)
    await post(world, settings, hour)
    assert await digests(world) == [] and box.letters == [], "He has seen it."


@pytest.mark.parametrize("what", ["removed", "seen", "turned off"])
async def test_what_happens_before_it_goes_counts(world: World, mail: tuple[Mailbox, Settings], what: str):
    box, settings = mail
    hour = await bens_hour(world)
    await world.do(tasks.complete, world.ana, world.task_id)
    await remind(world.db, hour)
    assert len(await digests(world)) == 1
    if what == "removed":
        await world.do(members.remove, world.ana, world.workspace_id, world.ben.id)
    elif what == "seen":
        await world.do(inbox.read_task, world.ben, world.task_id)
    else:
        await world.do(preferences.turn_off_email, world.ben.id, "digest")
    await post(world, settings, hour)
    assert box.letters == [] and all(await digests(world))


async def test_an_assignment_that_was_not_seen_is_written_about_after_two_minutes(
    world: World, mail: tuple[Mailbox, Settings]
):
    box, settings = mail
    task_id = world.tasks["Order stickers"]
    await world.do(tasks.assign, world.ana, task_id, world.ben.id)
    await post(world, settings, now() + timedelta(minutes=1))
    assert box.letters == []
    await post(world, settings, now() + timedelta(minutes=3))
    [letter] = box.letters
    assert (letter["To"], letter["Subject"]) == (BEN, "Order stickers: Ana assigned it to you")
    text = letter.get_body(("plain",))
    assert text and "because you were assigned" in text.get_content()
    await world.do(tasks.assign, world.ana, world.tasks["Draw the new logo"], world.ben.id)
    await world.do(inbox.read_task, world.ben, world.tasks["Draw the new logo"])
    await post(world, settings, now() + timedelta(minutes=10))
    assert len(box.letters) == 1, "He has seen that one."
