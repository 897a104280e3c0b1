"""What a form is answered is said once, on its page, and stays with what was typed when a connection breaks."""

from collections.abc import AsyncIterator

import httpx
import pytest

from app.web.signing_in import WRONG
from tests.live.client import Client
from tests.support.server import Server

EMAIL = "dora@tandem.example"


@pytest.fixture
async def refused(program: Server) -> AsyncIterator[Client]:
    """A tab on the sign-in page, after a wrong password."""
    async with httpx.AsyncClient(base_url=program.url, headers={"Origin": program.url}, timeout=30) as browser:
        answer = await browser.post("/auth/sign-in", data={"email": EMAIL, "password": "not the right one"})
    tab = await Client(program.url, f"tandem_flash={answer.cookies['tandem_flash']}").open("/sign-in")
    yield tab
    await tab.close()


def said(tab: Client) -> tuple[str, str]:
    flash = tab.store.get("flash", {})
    return flash.get("sentence", ""), flash.get("email", "")


async def test_it_is_said_on_its_page_and_not_on_the_next_one(refused: Client):
    assert said(refused) == (WRONG, EMAIL)
    await refused.close()  # Links in front of the door load the page that they lead to.
    refused.path = "/sign-up"
    await refused.reconnect()
    assert said(refused) == ("", "")
    await refused.close()
    refused.path = "/sign-in"
    await refused.reconnect()
    assert said(refused) == ("", ""), "It was said before."


async def test_it_stays_when_the_connection_breaks_also_once_the_cookie_has_run_out(refused: Client):
    await refused.close()
    await refused.reconnect()
    assert said(refused) == (WRONG, EMAIL)
    await refused.close()
    refused.cookie = ""
    await refused.reconnect()
    assert said(refused) == ("", EMAIL), "What came back stays in the form."


async def test_a_newer_one_takes_its_place(refused: Client, program: Server):
    async with httpx.AsyncClient(base_url=program.url, headers={"Origin": program.url}, timeout=30) as browser:
        answer = await browser.post("/auth/sign-in", data={"email": "eve@tandem.example", "password": "wrong again"})
    await refused.close()
    refused.cookie = f"tandem_flash={answer.cookies['tandem_flash']}"
    await refused.reconnect()
    assert said(refused) == (WRONG, "eve@tandem.example")
