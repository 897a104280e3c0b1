"""A tab's token is no key: with somebody else's, one gets nothing of theirs, however one hurries."""

import asyncio
import uuid

from websockets.exceptions import ConnectionClosed

from tests.live.client import ROOT, Client
from tests.live.faults import sized
from tests.security.conftest import Crowd
from tests.security.sockets import GREETING, event, is_let_in, socket
from tests.support.server import Server

ROUNDS = sized(20, 100)
SAVE = f"{ROOT}.app___web___account___state____account.save"
LOAD = event(f"{ROOT}.reflex___state____on_load_internal_state.on_load_internal", at="/settings")


async def everything_sent_to(program: Server, token: str, cookie: str, *frames: str) -> str:
    """What a socket with this token and cookie is sent, word for word, until it was quiet for a moment."""
    received = []
    try:
        headers = {"Cookie": cookie} if cookie else {}
        opened = await socket(program, token=token, additional_headers=headers)
        for frame in (GREETING, *frames):
            await opened.send(frame)
        while True:
            received.append(str(await asyncio.wait_for(opened.recv(), 0.3)))
    except (TimeoutError, ConnectionClosed):
        pass
    await opened.close()
    return "\n".join(received)


async def with_a_secret(people: Crowd) -> tuple[Client, str]:
    """Ana's tab, open, in whose state there is something that nobody else may read."""
    ana, secret = await people.tab(), f"secret-{uuid.uuid4().hex}"
    await ana.open("/settings")
    await ana.send(SAVE, name=secret, color="teal")
    await ana.reload()
    await ana.until(lambda store: store["people"]["me"]["name"] == secret, "her state has the secret")
    return ana, secret


async def test_the_token_of_somebody_elses_tab_shows_nothing_of_theirs(people: Crowd, program: Server):
    ana, secret = await with_a_secret(people)
    mallory = await people.cookie()
    assert secret in await everything_sent_to(program, ana.token, ana.cookie, LOAD), "The premise: it is there for her."
    for cookie in (mallory, "", "tandem=forged.by.mallory", ana.cookie[:-3]):
        for token in (ana.token, ana.token.upper()):
            received = await everything_sent_to(program, token, cookie, LOAD)
            assert received.startswith("0{"), "The premise: somebody was answered."
            assert secret not in received
            assert ana.cookie not in received
    await ana.send(SAVE, name="still served", color="sky")
    await ana.until(lambda store: "Saved." in ana.toasts, "Ana's own tab is not disturbed")


async def test_a_race_for_one_token_shows_neither_anything_of_the_other(people: Crowd, program: Server):
    ana, ben = [await with_a_secret(people) for _ in range(2)]
    served = 0
    for _ in range(ROUNDS):
        token = str(uuid.uuid4())
        of_ana, of_ben = await asyncio.gather(
            everything_sent_to(program, token, ana[0].cookie, LOAD),
            everything_sent_to(program, token, ben[0].cookie, LOAD),
        )
        served += ana[1] in of_ana and ben[1] in of_ben
        assert ben[1] not in of_ana
        assert ana[1] not in of_ben
    assert served == ROUNDS, "The premise: both were shown their own every time."


async def test_names_that_link_states_and_tokens_as_long_as_books_are_no_tokens(program: Server):
    good = str(uuid.uuid4())
    assert await is_let_in(program, token=good), "The premise: a token of ours gets in."
    for token in (
        "x" * 60_000,
        good + "x" * 60_000,
        f"{good}_reflex___state____state",
        f"shared:{good}",
        f"reflex___istate___shared____shared_state_base_internal_{good}",
        f"{good}%00",
        f"{good}%0a{good}",
        f"{{{good}}}",
        f"urn:uuid:{good}",
        good.replace("-", ""),
    ):
        assert not await is_let_in(program, token=token), token[:80]
    assert await is_let_in(program, token=f"{good}&token={uuid.uuid4()}_state"), "Of two, the first counts."


async def test_of_two_tokens_in_one_address_only_the_one_that_was_checked_is_used(people: Crowd, program: Server):
    ana, secret = await with_a_secret(people)
    mallory = await people.cookie()
    for address in (f"{uuid.uuid4()}&token={ana.token}", f"{uuid.uuid4()};token={ana.token}"):
        if await is_let_in(program, token=address):
            assert secret not in await everything_sent_to(program, address, mallory, LOAD)
