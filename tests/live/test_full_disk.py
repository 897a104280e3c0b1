"""A full disk and a mail server that is away are named everywhere; nothing is lost, and all is well without a restart.

Out of the box: SQLite and files on one small disk, one worker. Both fail at once, and the letter that was due meanwhile
goes out once.
"""

import asyncio
import contextlib
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from app.troubles import NO_ROOM
from app.web.recovery import ON_ITS_WAY
from tests.live.client import Client
from tests.live.story import Story
from tests.security.uploader import Uploader, kept, rows, until, until_nothing_arrives
from tests.support.disk import Disk, mounted
from tests.support.log import troubles
from tests.support.mailbox import Post
from tests.support.server import UNHURRIED, Server, at_its_address, plain_environment
from tests.support.stores import ROOT
from tests.web.test_signing_in import typed

BEN, CLEO = "ben@tandem.example", "cleo@tandem.example"
SENT = "SELECT id FROM outgoing WHERE kind = 'reset' AND sent_at IS NOT NULL"
MOST = 100
"""Commands that may still fit into what SQLite has set aside on the disk."""


class Impatient(Server):
    """It asks after the mail server more often, and tries sooner again to write a letter, and to send it."""

    program = (
        "-c",
        "import runpy, app.checks, app.domain.sending, app.web.background; from datetime import timedelta; "
        "app.checks.MAIL_KEPT = 0.5; app.web.background.AGAIN = (0.5,) * 120; "
        "app.domain.sending.PAUSES = (timedelta(seconds=1),) * 60; runpy.run_module('app.serve', run_name='__main__')",
    )


@pytest.fixture(scope="module")
def post() -> Iterator[Post]:
    post = Post()
    yield post
    post.end()


@pytest.fixture(scope="module")
def settings(post: Post) -> dict[str, str]:
    return at_its_address() | post.settings | UNHURRIED


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disk]:
    with mounted(tmp_path_factory.mktemp("program") / "data") as disk:
        yield disk


@pytest.fixture(scope="module")
def server(disk: Disk, settings: dict[str, str]) -> Iterator[Server]:
    server = Impatient(disk.folder.parent, "--demo", **settings)
    assert server.data_dir == disk.folder
    yield server
    server.stop()


async def test_a_full_disk_and_a_mail_server_that_is_away_are_named_and_nothing_is_lost(
    story: Story, disk: Disk, post: Post, settings: dict[str, str]
):
    ana, workers = await story.tab("Ana"), story.server.workers
    browser = Uploader(story.server, ana.cookie, story.tasks[0])
    before = await browser.added(b"as it was" * 10_000)
    assert await named(browser) == set()

    await asyncio.to_thread(post.end)
    await ask_for_a_link(browser, BEN)
    await until(lambda: "A letter was not taken" in story.server.log, "The letter was due, and not taken.")
    read(story, "PRAGMA wal_checkpoint(TRUNCATE)")  # What SQLite has set aside would do for some commands more.
    await asyncio.to_thread(disk.fill)
    await until_named(browser, {"disk", "mail"})

    said = await asyncio.to_thread(doctor, disk, settings)
    assert said["folder"] == ("✗", f"The disk is full: make room on that of DATA_DIR, {disk.folder}.")
    assert said["mail"][0] == "✗" and "could not be reached" in said["mail"][1]
    assert said["program"][0] == "✗" and "disk: The disk is full. Make room on it" in said["program"][1]
    assert said["database"][0] == "✓"

    await ask_for_a_link(browser, CLEO)
    kept_before = kept(story.server)
    for content in (b"x", b"x" * 3_000_000):
        answer = await browser.post(content)
        assert (answer.status_code, answer.json()["sentence"]) == (507, NO_ROOM)
    await until_nothing_arrives(story.server)
    assert kept(story.server) == kept_before == rows(story.server)
    assert (await browser.got(before)).content == b"as it was" * 10_000, "What is there can be had."

    added, refused = await add_until_refused(ana, story)
    assert ana.toasts[-1] == NO_ROOM
    assert set(added) <= titles(story) and refused not in titles(story)
    await story.all_equal(ana)

    await asyncio.to_thread(post.begin)
    await until_named(browser, {"disk"})
    await asyncio.to_thread(disk.make_room)
    await until_named(browser, set())
    await ana.do("add_tasks", lane_id=story.lanes["Doing"], titles=[refused])
    await until(lambda: refused in titles(story), "What was refused is there at the second try.")
    assert set(added) <= titles(story)
    await browser.added(b"x" * 3_000_000)

    await until(lambda: len(read(story, SENT)) == 2, "Both letters are sent.")
    letters = [letter["To"] for letter in post.mailbox.letters if "/reset/" in letter.as_string()]
    assert sorted(letters) == [BEN, CLEO], (
        "Each went once: the one that was not taken, and the one that was not written."
    )
    said = await asyncio.to_thread(doctor, disk, settings)
    assert {mark for part, (mark, _) in said.items() if part != "pages"} == {"✓"}, said
    assert story.server.workers == workers and ana.connections == 1, "Nothing was started again."

    log = story.server.log
    for words in (
        "Health: disk is not well: The disk is full. Make room on it.",
        "Health: disk is well again",
        "Health: mail is not well: The mail server cannot be reached",
        "Health: mail is well again",
        "A file could not be kept: the disk of DATA_DIR is full",
        "Database busy or away: its disk is full",
    ):
        assert words in log, troubles(log)
    assert "Traceback" not in log, troubles(log)


async def ask_for_a_link(browser: Uploader, email: str) -> None:
    answer = await browser.http.post("/auth/forgot", data={"email": email})
    assert typed(answer)["sentence"] == ON_ITS_WAY


async def add_until_refused(ana: Client, story: Story) -> tuple[list[str], str]:
    """What was acknowledged before a command was refused, and what that would have added."""
    added: list[str] = []
    for number in range(MOST):
        batch = [f"{number}.{item} ".ljust(450, "x") for item in range(10)]
        before = answers(ana)
        await ana.do("add_tasks", lane_id=story.lanes["To do"], titles=batch)
        await ana.until(lambda _, before=before: answers(ana) != before, "the command is answered")
        if answers(ana)[1] != before[1]:
            return added, batch[0]
        added += batch
    raise AssertionError(f"{MOST} commands found room on a full disk.")


def answers(tab: Client) -> tuple[int, int]:
    """Numbers of the last command that was done, and of the last that was refused."""
    return tab.store["feedback"]["receipt"]["number"], tab.store["feedback"]["refused"]["number"]


def titles(story: Story) -> set[str]:
    """Those of all tasks in the database."""
    return set(read(story, "SELECT title FROM task"))


def read(story: Story, statement: str) -> list[Any]:
    """The first column of what the database answers."""
    with contextlib.closing(sqlite3.connect(story.server.database_url.partition(":///")[2], timeout=10)) as db:
        return [row[0] for row in db.execute(statement)]


def doctor(disk: Disk, settings: dict[str, str]) -> dict[str, tuple[str, str]]:
    """What bin/tandem doctor prints of each part: its mark, and the words."""
    chosen = plain_environment() | settings | {"DATA_DIR": str(disk.folder)}
    ended = subprocess.run(
        [sys.executable, "-m", "app", "doctor"], env=chosen, cwd=ROOT, capture_output=True, text=True
    )
    assert not ended.stderr, ended.stderr
    found = [re.fullmatch(r"(.) (\w+) +(.+)", line) for line in ended.stdout.splitlines()]
    return {line[2]: (line[1], line[3]) for line in found if line}


async def named(browser: Uploader) -> set[str]:
    """The parts that /health names; a scheduler that cannot write may be among them after a while."""
    answer = await browser.http.get("/health")
    parts = set(answer.json().get("parts", ()))
    assert answer.status_code == (503 if parts else 200)
    return parts


async def until_named(browser: Uploader, wanted: set[str]) -> None:
    deadline = time.monotonic() + 30
    while (found := await named(browser)) - ({"scheduler"} if wanted else set()) != wanted:
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.1)
