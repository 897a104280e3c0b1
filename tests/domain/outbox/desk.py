"""What the tests of the outbox write with: a clock to be turned, letters to Ben, a postman."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from app import seals
from app.correspondence import PURPOSE
from app.domain import outbox, tasks
from app.domain.models import Outgoing, now
from app.letter import Letter
from app.postman import Postman
from app.settings import Settings
from tests.support.world import World

BEN = "ben@tandem.example"
DARK = {"SMTP_PORT": "1"}
"""Where no server is."""


class Clock:
    """Says what time it is, and how much of it went by: as much more as the test wants."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    @property
    def at(self) -> datetime:
        return now() + self.ahead

    def __call__(self) -> datetime:
        return self.at

    def ticks(self) -> float:
        return self.at.timestamp()

    def on(self, **time: float) -> None:
        self.ahead += timedelta(**time)


def to_ben(number: int = 0, **about: int) -> outbox.Letter:
    letter = Letter(BEN, f"News {number}", "Hello Ben,", ("here is something.",))
    return outbox.Letter(None, "email", "test", None, now(), about, BEN, seals.seal(letter.to_json(), PURPOSE))


async def queue(world: World, *letters: outbox.Letter) -> list[int]:
    """Along with a change, as ever; their ids."""
    async with world.db.transaction() as tx:
        await tasks.add(tx, world.ana, world.lanes["To do"], ["Something worth a letter"])
        await outbox.queue(tx, list(letters))
    return await world.rows(select(Outgoing.id).order_by(col(Outgoing.id)))


async def the(world: World) -> Outgoing:
    [id] = await world.rows(select(Outgoing.id))
    return await world.row(Outgoing, id)


def postman(world: World, settings: Settings, clock: Clock, holder: str = "one") -> Postman:
    return Postman(world.db, settings, holder, clock)
