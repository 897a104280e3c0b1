"""A forgotten password: a link by e-mail, to a real SMTP server, or from whoever looks after this Tandem."""

import asyncio
import itertools
import statistics
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest

from app.domain import proofs
from app.web.recovery import NO_MAIL, ON_ITS_WAY
from app.web.signing_in import WRONG
from tests.live.client import ROOT, Client
from tests.support.mailbox import Mailbox, receiving
from tests.support.server import Server, free_port, serving
from tests.web.test_signing_in import PASSWORD, typed

NEW = "a new and longer password"
numbers = itertools.count()
Post = tuple[Server, Mailbox]


@pytest.fixture(scope="module")
def post() -> Iterator[Post]:
    """A program that sends e-mail, and the mailbox of everybody."""
    port = str(free_port())
    with (
        receiving() as (mailbox, settings),
        serving(PORT=port, PUBLIC_URL=f"http://127.0.0.1:{port}", **settings) as it,
    ):
        yield it, mailbox
        assert "Traceback" not in it.log, it.log


@asynccontextmanager
async def browser_at(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=server.url, headers={"Origin": server.url}, timeout=30) as browser:
        yield browser


@pytest.fixture
async def here(post: Post) -> AsyncIterator[httpx.AsyncClient]:
    async with browser_at(post[0]) as browser:
        yield browser


async def account(browser: httpx.AsyncClient, **changes: str) -> str:
    """The address of somebody who has just signed up with this browser."""
    email = f"dora{next(numbers)}@tandem.example"
    form = {"name": "Dora", "email": email, "password": PASSWORD} | changes
    answer = await browser.post("/auth/sign-up", data=form)
    assert answer.headers["location"] == "/", typed(answer)
    return form["email"]


async def is_in(browser: httpx.AsyncClient) -> bool:
    return (await browser.get("/")).status_code == 200


async def signs_in(server: Server, email: str, password: str) -> bool:
    async with browser_at(server) as browser:
        return (await browser.post("/auth/sign-in", data={"email": email, "password": password})).headers[
            "location"
        ] == "/"


async def test_a_link_by_mail_sets_a_new_password_ends_every_sign_in_and_begins_one(
    here: httpx.AsyncClient, post: Post
):
    server, mailbox = post
    email = await account(here)
    async with browser_at(server) as elsewhere:
        answer = await elsewhere.post("/auth/forgot", data={"email": f" {email.upper()} "})
        assert answer.headers["location"] == "/forgot"
        assert (typed(answer)["sentence"], typed(answer)["tone"]) == (ON_ITS_WAY, "status")
        link = await mailbox.link(email)
        assert (await elsewhere.get(link)).status_code == 200, "The page is for people who are not signed in."
        assert await is_in(here), "Opening the link changes nothing."
        form = {"token": link.rpartition("/")[2], "new_password": NEW}
        answer = await elsewhere.post("/auth/reset", data=form | {"new_password": "short"})
        assert answer.headers["location"] == link and "12 to 128" in typed(answer)["sentence"]
        answer = await elsewhere.post("/auth/reset", data=form)
        assert answer.headers["location"] == "/"
        assert await is_in(elsewhere)
        assert not await is_in(here)
        assert [await signs_in(server, email, password) for password in (PASSWORD, NEW)] == [False, True]
        answer = await elsewhere.post("/auth/reset", data=form | {"new_password": PASSWORD})
        assert typed(answer)["sentence"] == proofs.REFUSED
    assert not await signs_in(server, email, PASSWORD)


async def test_known_and_unknown_addresses_get_one_answer_in_the_same_time(here: httpx.AsyncClient, post: Post):
    known = await account(here)
    took: dict[str, list[float]] = {known: [], "nobody@tandem.example": []}
    answers = set()
    for _ in range(15):
        for email, times in took.items():
            began = time.monotonic()
            answer = await here.post("/auth/forgot", data={"email": email})
            times.append(time.monotonic() - began)
            answers.add((answer.status_code, answer.headers["location"], typed(answer)["sentence"]))
    assert len(answers) == 1
    medians = [statistics.median(times) for times in took.values()]
    assert abs(medians[0] - medians[1]) < max(0.5 * min(medians), 0.005), medians


async def test_a_mailbox_is_not_filled_however_often_it_is_asked_for(here: httpx.AsyncClient, post: Post):
    email = await account(here)
    for _ in range(12):
        await here.post("/auth/forgot", data={"email": email})
    marker = await account(here)
    await here.post("/auth/forgot", data={"email": marker})
    await post[1].next(marker)
    assert 1 <= len([letter for letter in post[1].letters if letter["To"] == email]) <= 5


async def test_a_new_address_counts_once_its_link_was_used_and_the_old_one_is_told(here: httpx.AsyncClient, post: Post):
    server, mailbox = post
    was, new = await account(here), f"new{next(numbers)}@tandem.example"
    answer = await here.post("/auth/email", data={"email": new, "password": "wrong " + PASSWORD})
    assert typed(answer)["sentence"] == "The password is wrong."
    assert typed(answer)["about"] == "email"
    answer = await here.post("/auth/email", data={"email": new, "password": PASSWORD})
    assert typed(answer)["tone"] == "status", typed(answer)
    link = await mailbox.link(new)
    assert (await here.get(link)).status_code == 200
    assert [await signs_in(server, email, PASSWORD) for email in (was, new)] == [True, False]
    async with browser_at(server) as elsewhere:
        answer = await elsewhere.post("/auth/confirm", data={"token": link.rpartition("/")[2]})
    assert answer.headers["location"] == "/sign-in" and new in typed(answer)["sentence"]
    assert [await signs_in(server, email, PASSWORD) for email in (was, new)] == [False, True]
    assert (await mailbox.next(was))["Subject"] == "Your e-mail address was changed"
    assert await is_in(here), "Whoever is signed in stays so."


async def test_a_new_password_needs_the_current_one_and_signs_out_elsewhere(here: httpx.AsyncClient, post: Post):
    server, mailbox = post
    email = await account(here)
    async with browser_at(server) as elsewhere:
        await elsewhere.post("/auth/sign-in", data={"email": email, "password": PASSWORD})
        for form, sentence in [
            ({"password": "wrong", "new_password": NEW}, "The password is wrong."),
            ({"password": PASSWORD, "new_password": "short"}, "A password has 12 to 128 characters"),
        ]:
            answer = await here.post("/auth/password", data=form)
            assert sentence in typed(answer)["sentence"] and typed(answer)["about"] == "password"
        assert await is_in(elsewhere)
        answer = await here.post("/auth/password", data={"password": PASSWORD, "new_password": NEW})
        assert typed(answer)["tone"] == "status", typed(answer)
        assert await is_in(here)
        assert not await is_in(elsewhere)
    assert [await signs_in(server, email, password) for password in (PASSWORD, NEW)] == [False, True]
    assert (await mailbox.next(email))["Subject"] == "Your password was changed"


async def test_nobody_who_is_not_signed_in_changes_anything(here: httpx.AsyncClient, post: Post):
    email = await account(here)
    kept = here.cookies["tandem"]
    await here.post("/auth/sign-out-everywhere")
    for cookie in ("", kept, "x.y.z"):
        here.cookies.clear()
        if cookie:
            here.cookies.set("tandem", cookie)
        for path in ("/auth/password", "/auth/email"):
            form = {"password": PASSWORD, "new_password": NEW, "email": "taken@tandem.example"}
            answer = await here.post(path, data=form)
            assert answer.headers["location"] == "/sign-in?next=/settings"
    assert await signs_in(post[0], email, PASSWORD)


async def test_without_mail_the_page_says_who_helps_and_an_admin_can():
    with serving() as server:
        async with browser_at(server) as ana, browser_at(server) as ben:
            await account(ana, name="Ana")
            email = await account(ben, name="Ben")
            answer = await ben.post("/auth/forgot", data={"email": email})
            assert typed(answer)["sentence"] == NO_MAIL
            tabs = [await Client(server.url, f"tandem={who.cookies['tandem']}").open("/admin") for who in (ana, ben)]
            assert tabs[1].store["door"]["sentence"] == "This is gone, or it is not shared with you."
            assert not tabs[1].store.get("accounts")
            await tabs[0].until(lambda store: store.get("accounts", {}).get("instance"), "the people are there")
            row = next(row for row in tabs[0].store["accounts"].values() if row and row.get("email") == email)
            for tab in reversed(tabs):
                await tab.send(f"{ROOT}.app___web___admin___state____admin.make_reset", person_id=row["id"])
            await tabs[1].until(lambda _: tabs[1].toasts, "Ben is refused")
            assert tabs[1].toasts == ["This is gone, or it is not shared with you."]
            await tabs[0].until(lambda store: store["admin"].get("link"), "the link is shown")
            link = tabs[0].store["admin"]["link"]
            assert link.startswith(f"{server.url}/reset/")
            for tab in tabs:
                await tab.close()
            answer = await ana.post("/auth/reset", data={"token": link.rpartition("/")[2], "new_password": NEW})
            assert answer.headers["location"] == "/"
            assert await signs_in(server, email, NEW)
            answer = await ben.post("/auth/email", data={"email": "ben@tandem.example", "password": NEW})
            assert answer.headers["location"] == "/sign-in?next=/settings", "All of Ben's sign-ins have ended."
            assert "Traceback" not in server.log and link.rpartition("/")[2] not in server.log


async def test_a_sign_up_by_domain_is_proven_by_a_letter(post: Post):
    with receiving() as (mailbox, settings):
        port = str(free_port())
        settings |= {"PORT": port, "PUBLIC_URL": f"http://127.0.0.1:{port}", "SIGN_UP": "tandem.example"}
        with serving(**settings) as server:
            async with browser_at(server) as ana, browser_at(server) as dora:
                await account(ana, email="ana@elsewhere.example")
                form = {"name": "Dora", "email": "dora@elsewhere.example", "password": PASSWORD}
                answer = await dora.post("/auth/sign-up", data=form)
                assert typed(answer)["sentence"] == "Signing up here takes an e-mail address at tandem.example."
                answer = await dora.post("/auth/sign-up", data=form | {"email": "dora@tandem.example"})
                assert answer.headers["location"] == "/sign-in" and "tandem" not in answer.cookies
                assert not await signs_in(server, "dora@tandem.example", PASSWORD)
                assert typed(await dora.post("/auth/sign-in", data=form))["sentence"] == WRONG
                token = (await mailbox.link("dora@tandem.example")).rpartition("/")[2]
                answer = await dora.post("/auth/reset", data={"token": token, "new_password": NEW})
                assert answer.headers["location"] == "/" and await is_in(dora)
            await asyncio.sleep(0)
