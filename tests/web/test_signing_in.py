"""Signing up, in and out over HTTP: what each form answers, and what comes back when it cannot be taken."""

import itertools
import json
import sqlite3
from base64 import urlsafe_b64decode

import httpx
import pytest

from app.web.signing_in import WRONG
from tests.live.client import Client
from tests.support.server import Server

PASSWORD = "correct horse battery"
numbers = itertools.count()


def somebody(**changes: str) -> dict[str, str]:
    """A form that can be taken, of a person nobody has seen yet."""
    return {"name": "Ana", "email": f"ana{next(numbers)}@example.com", "password": PASSWORD} | changes


def typed(answer: httpx.Response) -> dict[str, str]:
    """What came back with a form that was refused."""
    payload = answer.cookies["tandem_flash"].strip('"').split(".")[1]
    return json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


async def test_signing_up_signs_in_and_leads_home(browser: httpx.AsyncClient):
    answer = await browser.post("/auth/sign-up", data=somebody())
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = next(line for line in answer.headers.get_list("set-cookie") if line.startswith("tandem="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert (await browser.get("/")).status_code == 200


async def test_the_first_person_and_nobody_else_is_the_admin(browser: httpx.AsyncClient, program: Server):
    admins = []
    for _ in range(2):
        browser.cookies.clear()
        await browser.post("/auth/sign-up", data=somebody())
        client = Client(program.url, f"tandem={browser.cookies['tandem']}")
        await client.open("/")
        admins.append(client.store["session"]["me"]["is_admin"])
        await client.close()
    assert admins[1] is False


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " "}, "A name needs at least one character."),
        ({"name": "x" * 101}, "A name can have 100 characters at most; this one has 101."),
        ({"email": "not an address"}, "This does not look like an e-mail address."),
        ({"email": "a@b"}, "This does not look like an e-mail address."),
        ({"password": "short"}, "A password has 12 to 128 characters; this one has 5."),
        ({"password": "x" * 129}, "this one has 129."),
    ],
)
async def test_a_refused_sign_up_comes_back_with_a_sentence_and_what_was_typed(
    browser: httpx.AsyncClient, changes: dict[str, str], sentence: str
):
    form = somebody(**changes)
    answer = await browser.post("/auth/sign-up", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-up")
    assert sentence in typed(answer)["sentence"]
    assert typed(answer)["email"] == form["email"]
    assert typed(answer)["name"] == form["name"][:100]
    assert form["password"] not in json.dumps(typed(answer))
    assert "tandem" not in answer.cookies


async def test_an_address_that_is_taken_is_said_to_be_in_any_spelling(browser: httpx.AsyncClient):
    form = somebody()
    await browser.post("/auth/sign-up", data=form)
    answer = await browser.post("/auth/sign-up", data=form | {"email": f" {form['email'].upper()} "})
    assert "already" in typed(answer)["sentence"]


async def test_a_wrong_password_and_an_unknown_address_get_one_answer(browser: httpx.AsyncClient):
    form = somebody()
    await browser.post("/auth/sign-up", data=form)
    browser.cookies.clear()
    for attempt in (form | {"password": "wrong " + PASSWORD}, somebody(), form | {"password": ""}, {}):
        answer = await browser.post("/auth/sign-in", data=attempt)
        assert answer.headers["location"] == "/sign-in"
        assert typed(answer)["sentence"] == WRONG
        assert typed(answer)["email"] == attempt.get("email", "")


async def test_signing_in_gives_a_new_session_each_time(browser: httpx.AsyncClient):
    form = somebody()
    cookies = set()
    await browser.post("/auth/sign-up", data=form)
    cookies.add(browser.cookies["tandem"])
    for _ in range(2):
        await browser.post("/auth/sign-in", data=form)
        cookies.add(browser.cookies["tandem"])
    assert len(cookies) == 3


async def test_signing_out_ends_the_session_wherever_its_cookie_is(browser: httpx.AsyncClient):
    await browser.post("/auth/sign-up", data=somebody())
    kept = browser.cookies["tandem"]
    answer = await browser.post("/auth/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert "tandem" not in browser.cookies
    browser.cookies.set("tandem", kept)
    assert (await browser.get("/")).headers["location"] == "/sign-in"


async def test_who_is_not_signed_in_is_led_to_the_sign_in_page_and_back(browser: httpx.AsyncClient):
    answer = await browser.get("/b/12?task=3")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Fb%2F12%3Ftask%3D3"
    answer = await browser.post("/auth/sign-up", data=somebody(next="/b/12?task=3"))
    assert answer.headers["location"] == "/b/12?task=3"


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "/\\evil.example", "https://evil.example", "evil", "/\tevil", "/ evil", "javascript:x"],
)
async def test_signing_in_never_leads_off_the_site(browser: httpx.AsyncClient, elsewhere: str):
    answer = await browser.post("/auth/sign-up", data=somebody(next=elsewhere))
    assert answer.headers["location"] == "/"


async def test_a_forged_or_expired_cookie_is_no_session(browser: httpx.AsyncClient):
    await browser.post("/auth/sign-up", data=somebody())
    head, payload, signature = browser.cookies["tandem"].split(".")
    for forged in (f"{head}.{payload}.", f"{head}.{payload}.{signature[:-2]}AA", "x", f"{head}.{head}.{signature}"):
        browser.cookies.clear()
        browser.cookies.set("tandem", forged)
        assert (await browser.get("/")).status_code == 303, forged


async def test_a_huge_form_gets_an_answer_without_being_read(browser: httpx.AsyncClient):
    answer = await browser.post("/auth/sign-up", data=somebody(name="x" * 2_000_000))
    assert answer.headers["location"] == "/sign-up"


async def test_a_database_that_is_busy_is_said_to_be_and_what_was_typed_comes_back(
    browser: httpx.AsyncClient, program: Server
):
    known = somebody()
    await browser.post("/auth/sign-up", data=known)
    file = sqlite3.connect(program.database_url.partition(":///")[2], isolation_level=None)
    file.execute("BEGIN IMMEDIATE")
    try:
        for path, form in (("/auth/sign-in", known), ("/auth/sign-up", somebody())):
            browser.cookies.clear()
            answer = await browser.post(path, data=form)
            assert "could not be saved just now" in typed(answer)["sentence"]
            assert typed(answer)["email"] == form["email"]
    finally:
        file.close()
    answer = await browser.post("/auth/sign-in", data=known)
    assert answer.headers["location"] == "/"
