"""Who may sign up holds for those who come from a provider too, whatever it says of them."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest

from app.db import Database
from app.domain import invites, people, workspaces
from app.domain.access import Actor
from tests.security.elsewhere.conftest import ADMIN
from tests.security.visitor import Visitor
from tests.support.provider import Provider
from tests.support.server import UNHURRIED, Server, at_its_address, serving

INVITED = "Signing up here takes an invitation: open the link that somebody has sent you."
DOMAINS = "Signing up here takes an e-mail address at corp.example or tandem.example."


@pytest.fixture(scope="module", params=["invited", "corp.example, tandem.example"])
def rule(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def closed(rule: str, running_provider: Provider) -> Iterator[Server]:
    settings = UNHURRIED | at_its_address() | running_provider.settings()
    with serving(SIGN_UP=rule, **settings) as server:
        yield server
        assert "Traceback" not in server.log, server.log


@pytest.fixture
async def dora(closed: Server, provider: Provider) -> AsyncIterator[Visitor]:
    """Somebody new, whom the provider knows, on a Tandem that has its admin."""
    async with Visitor(closed.url) as admin:
        await admin.sign_in(*ADMIN)
        if not await admin.is_signed_in():
            await admin.sign_up("Ada", *ADMIN)
    async with Visitor(closed.url) as visitor:
        yield visitor


async def invitation(server: Server, uses: int = 1) -> str:
    db = Database(server.database_url)
    async with db.transaction() as tx:
        person = await people.with_email(tx, ADMIN[0])
        assert person is not None
        ada = Actor(person.id, person.name)
        workspace_id, _ = await workspaces.create(tx, ada, "Launch team")
        token = await invites.create(tx, ada, workspace_id, "member", timedelta(days=1), uses)
    await db.close()
    return token


async def test_whoever_is_not_meant_gets_no_account(dora: Visitor, provider: Provider, rule: str):
    provider.knows |= {"sub": "dora-elsewhere", "email": "dora@elsewhere.example"}
    for next_path in ("/", "/join/", "/join/no-such-invitation", "/settings"):
        await dora.sign_in_elsewhere(next_path)
        assert dora.went_to == "/sign-in"
        assert dora.sentence == (INVITED if rule == "invited" else DOMAINS)
        assert not await dora.is_signed_in()


async def test_who_is_invited_or_has_the_right_address_does(
    dora: Visitor, provider: Provider, closed: Server, rule: str
):
    next_path = "/"
    if rule == "invited":
        next_path = f"/join/{await invitation(closed)}"
        provider.knows |= {"sub": "dora-invited", "email": "dora@invited.example"}
    else:
        provider.knows |= {"sub": "dora-at-corp", "email": "dora@corp.example"}
    await dora.sign_in_elsewhere(next_path)
    assert dora.went_to == next_path
    assert await dora.is_signed_in()
    await dora.sign_out()
    await dora.sign_in_elsewhere()
    assert await dora.is_signed_in(), "Who has an account is asked no more."


@pytest.mark.parametrize("verified", [False, None, "true"], ids=repr)
async def test_an_address_that_is_not_verified_fits_no_domain(
    dora: Visitor, provider: Provider, closed: Server, verified: object
):
    provider.knows |= {"sub": f"eve-{verified}", "email": "eve@corp.example"}
    provider.ways.claims = {"email_verified": verified}
    await dora.sign_in_elsewhere()
    assert "does not say that your e-mail address is verified" in dora.sentence
    assert not await dora.is_signed_in()
