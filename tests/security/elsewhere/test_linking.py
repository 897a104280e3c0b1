"""Accounts elsewhere and here become one only for whoever has shown that both are theirs."""

import pytest

from tests.security.visitor import Visitor, payload
from tests.support.provider import Provider
from tests.support.server import Server

PASSWORD = "a password of twelve"


async def test_whoever_has_an_account_with_that_address_signs_in_once_more_and_is_linked(
    visitor: Visitor, provider: Provider
):
    email = provider.knows["email"]
    await visitor.sign_up("Ana", email, PASSWORD)
    await visitor.sign_out()
    await visitor.sign_in_elsewhere("/settings?x=1")
    assert visitor.went_to == "/sign-in?next=%2Fsettings%3Fx%3D1"
    assert visitor.told["email"] == email
    assert "Sign in with its password once, and it will be linked with Corp." in visitor.sentence
    await visitor.sign_in(email, "not the password")
    assert not await visitor.is_signed_in()
    await visitor.sign_in(email, PASSWORD)
    assert await visitor.is_signed_in()
    await visitor.sign_out()
    await visitor.sign_in_elsewhere()
    assert visitor.went_to == "/" and await visitor.is_signed_in(), "From now on the provider is enough."
    provider.knows |= {"email": "moved@corp.example"}
    await visitor.sign_out()
    await visitor.sign_in_elsewhere()
    assert await visitor.is_signed_in(), "It is the subject that counts, whatever address comes with it."


async def test_somebody_else_who_signs_in_then_is_not_linked(visitor: Visitor, provider: Provider, door: Server):
    email = provider.knows["email"]
    await visitor.sign_up("Ana", email, PASSWORD)
    await visitor.sign_out()
    async with Visitor(door.url) as mallory:
        await mallory.sign_up("Mallory", "m-" + email, PASSWORD)
        await mallory.sign_out()
        await mallory.sign_in_elsewhere()
        assert "already" in mallory.sentence
        await mallory.sign_in("m-" + email, PASSWORD)
        assert await mallory.is_signed_in()
        await mallory.sign_out()
        await mallory.sign_in_elsewhere()
        assert not await mallory.is_signed_in()


async def test_whoever_is_signed_in_links_in_the_settings(visitor: Visitor, provider: Provider):
    email = "here-" + provider.knows["email"]
    await visitor.sign_up("Ana", email, PASSWORD)
    provider.ways.claims = {"email_verified": False, "email": None}
    provider.ways.userinfo = {"sub": provider.knows["sub"]}
    await visitor.come_back(await visitor.consent(await visitor.leave("/auth/oidc/1/link")))
    assert visitor.went_to == "/settings"
    assert visitor.sentence == "Corp is linked. You can sign in with it from now on."
    await visitor.sign_out()
    await visitor.sign_in_elsewhere()
    assert await visitor.is_signed_in()


async def test_an_identity_that_is_somebodys_is_linked_with_nobody_else(
    visitor: Visitor, provider: Provider, door: Server
):
    await visitor.sign_in_elsewhere()
    assert await visitor.is_signed_in()
    async with Visitor(door.url) as mallory:
        await mallory.sign_up("Mallory", "m-" + provider.knows["email"], PASSWORD)
        await mallory.come_back(await mallory.consent(await mallory.leave("/auth/oidc/1/link")))
        assert mallory.went_to == "/settings"
        assert "linked with another account of this Tandem already" in mallory.sentence


async def test_linking_counts_for_whoever_began_it(visitor: Visitor, provider: Provider, door: Server):
    """An attacker who gets the victim's browser to end what the attacker began links nothing with the victim."""
    async with Visitor(door.url) as mallory:
        await mallory.sign_up("Mallory", "m-" + provider.knows["email"], PASSWORD)
        address = await mallory.consent(await mallory.leave("/auth/oidc/1/link"))
        slip = mallory.browser.cookies.get("tandem_oidc") or ""
        others = [payload(mallory.browser.cookies.get("tandem") or "")["sub"]]
    await visitor.sign_up("Ana", "a-" + provider.knows["email"], PASSWORD)
    others.append(payload(visitor.browser.cookies.get("tandem") or "")["sub"])
    visitor.browser.cookies.set("tandem_oidc", slip)
    await visitor.come_back(address)
    assert visitor.went_to == "/settings"
    assert "begun too long ago" in visitor.sentence
    await visitor.sign_out()
    await visitor.sign_in_elsewhere()
    known = [payload(visitor.browser.cookies.get("tandem") or "")["sub"], *others]
    assert len(set(known)) == 3, "The identity was linked with neither of them: this is somebody new."


@pytest.mark.parametrize("path", ["/auth/oidc/1/link", "/auth/oidc/1/trial", "/auth/identities/unlink"])
async def test_another_site_begins_nothing_and_nobody_without_a_session_does(visitor: Visitor, path: str):
    await visitor.post(path, identity="1")
    assert visitor.went_to == "/sign-in"
    await visitor.sign_in_elsewhere()
    visitor.browser.headers["Origin"] = "https://evil.example"
    assert (await visitor.post(path)).status_code == 403
    assert (await visitor.browser.get(path)).status_code in (404, 405), "Nor does a link."


@pytest.mark.parametrize("identity", ["", "0", "999999", "-1", "1 OR 1=1", "\u0661", "9" * 400])
async def test_what_is_no_identity_is_a_sentence(visitor: Visitor, identity: str):
    await visitor.sign_in_elsewhere()
    await visitor.post("/auth/identities/unlink", identity=identity)
    assert (visitor.went_to, visitor.sentence) == ("/settings", "This identity is not linked with your account.")


async def test_nobody_unlinks_what_is_somebody_elses(visitor: Visitor, provider: Provider, door: Server):
    await visitor.sign_in_elsewhere()
    await visitor.sign_out()
    async with Visitor(door.url) as mallory:
        await mallory.sign_up("Mallory", "m-" + provider.knows["email"], PASSWORD)
        for identity in range(1, 60):
            await mallory.post("/auth/identities/unlink", identity=str(identity))
            assert mallory.sentence == "This identity is not linked with your account."
    await visitor.sign_in_elsewhere()
    assert await visitor.is_signed_in()
    assert visitor.went_to == "/"


async def test_only_an_admin_tries_whether_signing_in_works(visitor: Visitor):
    await visitor.sign_in_elsewhere()
    await visitor.post("/auth/oidc/1/trial")
    assert (visitor.went_to, visitor.sentence) == (
        "/admin/sign-in-check",
        "Only an admin of this Tandem can check how people sign in.",
    )


async def test_a_trial_signs_nobody_in_and_links_nothing(admin: Visitor, visitor: Visitor, door: Server):
    before = admin.browser.cookies.get("tandem")
    await admin.come_back(await admin.consent(await admin.leave("/auth/oidc/1/trial")))
    assert admin.went_to == "/admin/sign-in-check"
    assert admin.browser.cookies.get("tandem") == before
    await visitor.sign_in_elsewhere()
    assert await visitor.is_signed_in(), "The identity was nobody's still."


async def test_an_account_made_elsewhere_has_no_password_that_is_right(visitor: Visitor, provider: Provider):
    await visitor.sign_in_elsewhere()
    await visitor.sign_out()
    for password in ("", "x", "no password", PASSWORD):
        await visitor.sign_in(provider.knows["email"], password)
        assert visitor.sentence == "The e-mail address or the password is wrong."
        assert not await visitor.is_signed_in()
