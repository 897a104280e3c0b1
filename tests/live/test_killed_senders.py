"""The worker that sends the e-mail is killed, again and again, while it sends: no letter goes twice, and none is lost.

Where it dies between the last line of a letter and its note that the server has it, nobody can know: such a letter is
not sent again, and an admin is told of it, so that none is lost without a word.
"""

import asyncio
import os
import random
import signal
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlmodel import col

from app import seals, settings
from app.correspondence import PURPOSE
from app.db import Database
from app.domain import boards, outbox, sending
from app.domain.access import Actor
from app.domain.models import Lease, Outgoing, now
from app.letter import Letter
from tests.live.faults import sized, wait_until
from tests.support.mailbox import Mailbox, receiving
from tests.support.server import Server, free_port, serving
from tests.support.services import RedisServer
from tests.support.stores import PostgreSQLStore

KILLS = sized(3, 20)
LETTERS = 12
"""That are written before each kill."""
SECRET = "a secret of forty characters or some more"


@pytest.fixture
def post(
    postgresql_store: PostgreSQLStore, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Server, Mailbox]]:
    url, port = postgresql_store.create("seeded"), str(free_port())
    with receiving() as (mailbox, smtp):
        ours = {"SECRET_KEY": SECRET, "PORT": port, "PUBLIC_URL": f"http://127.0.0.1:{port}", **smtp}
        known = settings.load(ours)
        monkeypatch.setattr(settings, "get", lambda: known)
        with serving(DATABASE_URL=url, REDIS_URL=redis_server.url, WORKERS="2", **ours) as server:
            yield server, mailbox
    postgresql_store.drop(url)


async def test_no_letter_goes_twice_and_none_is_lost_however_often_its_sender_is_killed(post: tuple[Server, Mailbox]):
    server, mailbox = post
    db, ana, dice = Database(server.database_url), Actor(1, "Ana"), random.Random(7)
    killed: list[int] = []
    for round in range(KILLS):
        await another_sends(db, killed)
        arrived = len(mailbox.taken)
        async with db.transaction() as tx:
            await boards.rename(tx, ana, 1, f"Launch {round}")
            await outbox.queue(tx, [to_ben(round * LETTERS + number) for number in range(LETTERS)])
        enough = arrived + dice.randint(1, LETTERS // 2)
        await wait_until(lambda enough=enough: len(mailbox.taken) >= enough, "some have gone", 30)
        await asyncio.sleep(dice.random() * 0.02)
        killed.append(await sender(db))
        os.kill(killed[-1], signal.SIGKILL)
    waiting = select(col(Outgoing.id)).where(col(Outgoing.sent_at).is_(None), col(Outgoing.given_up_at).is_(None))
    for _ in range(300):
        if not await rows(db, waiting):
            break
        await asyncio.sleep(0.2)
    assert not await rows(db, waiting)
    unsure = await rows(db, select(col(Outgoing.key)).where(col(Outgoing.why) == sending.UNSURE))
    written = await rows(db, select(col(Outgoing.key)))
    await db.close()
    assert len(set(killed)) == KILLS, "The premise: it was another one every time."
    taken = [message_id[1:33] for message_id in mailbox.taken]
    assert len(taken) == len(set(taken)), "A letter went twice."
    assert len(written) == KILLS * LETTERS
    assert set(written) - set(taken) <= set(unsure), "A letter was lost without a word."
    assert len(unsure) <= KILLS
    assert "Traceback" not in server.log, server.log


def to_ben(number: int) -> outbox.Letter:
    letter = Letter("ben@tandem.example", f"News {number}", "Hello Ben,", ("here is something.",))
    return outbox.Letter(None, "email", "test", None, now(), {}, letter.to, seals.seal(letter.to_json(), PURPOSE))


async def another_sends(db: Database, killed: list[int]) -> None:
    """Wait until somebody else has taken over: what still arrives may be the last of who was killed."""
    for _ in range(300):
        if await sender(db) not in killed:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("Nobody took over within 30 s.")


async def sender(db: Database) -> int:
    """The process that has the lease."""
    [holder] = await rows(db, select(col(Lease.holder)))
    return int(holder.partition("-")[0])


async def rows(db: Database, query) -> list:
    async with db.reading() as tx:
        return list((await tx.session.execute(query)).scalars())
