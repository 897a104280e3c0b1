"""The link at the end of a letter works for whoever has it, signed in or not, by a button or by a mail program."""

from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import select
from sqlmodel import col

from app import correspondence, settings
from app.db import Database
from app.domain.models import NewsPreference, Person
from app.web.unsubscribe import DONE, REFUSED
from tests.live.client import sign_up
from tests.support.server import Server
from tests.web.test_signing_in import typed


async def test_a_link_ends_letters_of_its_kind_and_opening_it_changes_nothing(
    program: Server, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    key = {"SECRET_KEY": (program.data_dir / "secret_key").read_text()}
    known = settings.load(key)
    monkeypatch.setattr(settings, "get", lambda: known)
    await sign_up(program.url, "Dora", "dora@unsubscribing.example", "a long password")
    db = Database(program.database_url)
    try:
        async with db.reading() as tx:
            found = select(col(Person.id)).where(col(Person.email) == "dora@unsubscribing.example")
            dora = (await tx.session.execute(found)).scalar_one()
        link = urlsplit(correspondence.ending_link("", dora, "assigned")).path
        answer = await browser.get(link)
        page = answer.headers["location"]
        assert answer.status_code == 303 and (await browser.get(page)).status_code == 200
        assert await ended(db, dora) == []

        async with httpx.AsyncClient(base_url=program.url, timeout=30) as mail_program:  # It has no Origin.
            answer = await mail_program.post(link, data={"List-Unsubscribe": "One-Click"})
            assert (answer.status_code, answer.text) == (200, DONE)
            assert await ended(db, dora) == ["assigned"]
            answer = await mail_program.post(f"{link[:-6]}AAAAAA")
            assert (answer.status_code, answer.text) == (404, REFUSED)

        digest = correspondence.ending_link("", dora, "digest").rpartition("/")[2]
        answer = await browser.post("/auth/unsubscribe", data={"token": digest})
        assert (typed(answer)["sentence"], typed(answer)["tone"]) == (DONE, "status")
        assert set(await ended(db, dora)) == {"assigned", "commented", "completed", "moved", "member"}
        answer = await browser.post("/auth/unsubscribe", data={"token": "x"})
        assert typed(answer)["sentence"] == REFUSED
    finally:
        await db.close()


async def ended(db: Database, person_id: int) -> list[str]:
    mine = (col(NewsPreference.person_id) == person_id) & col(NewsPreference.email).is_(False)
    async with db.reading() as tx:
        return list((await tx.session.execute(select(col(NewsPreference.kind)).where(mine))).scalars())
