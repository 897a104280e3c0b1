"""Invitations by e-mail: a letter for each address, with a link that works once."""

from collections.abc import AsyncIterator, Iterator
from itertools import count

import pytest

from tests.live.client import ROOT, Client, sign_up
from tests.support.mailbox import Mailbox, receiving
from tests.support.server import Server, free_port, serving

PASSWORD = "a long password"
HOME, INVITE, JOIN = (f"{ROOT}.app___web___{name}____{name}" for name in ("home", "invite", "join"))
FOUNDERS = count(1)
Post = tuple[Server, Mailbox]


@pytest.fixture(scope="module")
def post() -> Iterator[Post]:
    port = str(free_port())
    with receiving() as (box, settings), serving(PORT=port, PUBLIC_URL=f"http://127.0.0.1:{port}", **settings) as it:
        yield it, box
        assert "Traceback" not in it.log, it.log


@pytest.fixture
async def ana(post: Post) -> AsyncIterator[Client]:
    client = await founder(post[0])
    yield client
    await client.close()


async def founder(server: Server) -> Client:
    """Somebody new with a workspace of their own, on their home page."""
    cookie = await sign_up(server.url, "Ana", f"ana{next(FOUNDERS)}@tandem.example", PASSWORD)
    client = await Client(server.url, cookie).open("/")
    await client.send(f"{HOME}.create_workspace", workspace_name="Orbit")
    await client.until(lambda store: store["workspaces"].get("home", {}).get("workspaces"), "the workspace is there")
    return client


def workspace_of(client: Client) -> int:
    return client.store["workspaces"]["home"]["workspaces"][0]


async def invite(client: Client, emails: str) -> str:
    """What is said to it."""
    said = client.store.get("feedback", {}).get("toasts")
    await client.send(f"{INVITE}.post", workspace_id=workspace_of(client), role="commenter", days="7", emails=emails)
    await client.until(lambda store: store.get("feedback", {}).get("toasts") != said, "it is answered")
    return client.toasts[-1]


async def test_everybody_who_is_invited_gets_a_letter_with_a_link_that_works_once(post: Post, ana: Client):
    server, box = post
    assert await invite(ana, "Ben@tandem.example,\n cleo@tandem.example; ben@tandem.example") == "2 are on their way."
    links = {email: await box.link(email) for email in ("ben@tandem.example", "cleo@tandem.example")}
    assert len(set(links.values())) == 2
    for email, path in links.items():
        client = Client(server.url, await sign_up(server.url, "Guest", email, PASSWORD))
        await client.open(path)
        await client.send(f"{JOIN}.join", token=path.rpartition("/")[2])
        await client.until(lambda store: store["workspaces"].get(f"w{workspace_of(ana)}"), "the guest is in")
        assert client.store["workspaces"][f"w{workspace_of(ana)}"]["role"] == "commenter"
        await client.close()
    late = Client(server.url, await sign_up(server.url, "Late", "late@tandem.example", PASSWORD))
    await late.open(links["ben@tandem.example"])
    await late.send(f"{JOIN}.join", token=links["ben@tandem.example"].rpartition("/")[2])
    await late.until(lambda _: late.toasts, "it is refused")
    assert "not valid any more" in late.toasts[-1]
    await late.close()


@pytest.mark.parametrize(
    ("emails", "words"),
    [
        ("", "Type 1 to 20 e-mail addresses"),
        (" ,; ", "Type 1 to 20 e-mail addresses"),
        (", ".join(f"p{n}@tandem.example" for n in range(21)), "Type 1 to 20 e-mail addresses"),
        ("dora@tandem.example, dora", "“dora” does not look like an e-mail address."),
        ("dora@tandem.example\r\nBcc: eve@tandem.example", "“Bcc:” does not look like an e-mail address."),
    ],
)
async def test_what_is_no_list_of_addresses_is_refused_whole(post: Post, ana: Client, emails: str, words: str):
    assert words in await invite(ana, emails)
    assert not [letter for letter in post[1].letters if "dora" in letter["To"]]


async def test_nobody_is_sent_letter_after_letter(post: Post, ana: Client):
    said = [await invite(ana, f"eve@tandem.example, other{number}@tandem.example") for number in range(6)]
    assert said[:5] == ["2 are on their way."] * 5
    assert "Too many tries" in said[5]
    assert not [letter for letter in post[1].letters if letter["To"] == "other5@tandem.example"]


async def test_without_a_server_for_e_mail_the_sentence_says_what_to_do(program: Server):
    ana = await founder(program)
    assert await invite(ana, "ben@tandem.example") == "This Tandem sends no e-mail. Make a link and send it yourself."
    await ana.close()
