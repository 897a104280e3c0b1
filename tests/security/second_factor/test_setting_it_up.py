"""Turning the second factor on and off: by its person alone, who sees what is secret once."""

import pytest

from tests.security.second_factor.conftest import PASSWORD, WRONG, Ana, set_up
from tests.security.visitor import Visitor
from tests.support.server import Server


async def test_it_is_turned_on_with_a_right_code_and_the_password_only(newcomer: Ana):
    visitor = newcomer.visitor
    newcomer.secret = await set_up(visitor)
    for code, password, sentence in (
        (newcomer.code(), "not the password", "The password is wrong."),
        (newcomer.code(), "", "The password is wrong."),
        (newcomer.code(5), PASSWORD, "This code is not right."),
        ("", PASSWORD, "This code is not right."),
    ):
        await visitor.post("/auth/second-factor/turn-on", code=code, password=password)
        assert visitor.went_to == "/settings/second-factor"
        assert visitor.sentence.startswith(sentence)
    await visitor.sign_out()
    await visitor.sign_in(newcomer.email, PASSWORD)
    assert await visitor.is_signed_in(), "It is off still."


async def test_a_secret_that_somebody_else_set_up_is_not_turned_on(newcomer: Ana, program: Server):
    """A slip planted in the victim's browser would have the attacker know the secret."""
    async with Visitor(program.url) as mallory:
        await mallory.sign_up("Mallory", "planting-" + newcomer.email, PASSWORD)
        newcomer.secret = await set_up(mallory)
        newcomer.visitor.browser.cookies.set("tandem_totp", mallory.browser.cookies.get("tandem_totp") or "")
    visitor = newcomer.visitor
    await visitor.post("/auth/second-factor/turn-on", code=newcomer.code(), password=PASSWORD)
    assert visitor.sentence == "Setting this up took too long. Please start again."


async def test_the_secret_and_the_codes_are_seen_once_and_by_nobody_else(ana: Ana, program: Server):
    await ana.show_password()
    await ana.show_code(ana.code())
    for path in ("secret", "picture", "recovery-codes"):
        answer = await ana.visitor.get(f"/auth/second-factor/{path}")
        assert (answer.status_code, answer.text) == (204, ""), path
    async with Visitor(program.url) as stranger:
        for path in ("secret", "picture", "recovery-codes"):
            assert (await stranger.get(f"/auth/second-factor/{path}")).status_code == 401


async def test_the_picture_is_an_image_that_is_kept_nowhere(newcomer: Ana):
    await set_up(newcomer.visitor)
    answer = await newcomer.visitor.get("/auth/second-factor/picture")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text.startswith("<svg") and "<script" not in answer.text


@pytest.mark.parametrize("act", ["turn-off", "renew-codes"])
async def test_turning_it_off_and_making_new_codes_take_the_password_and_a_code(ana: Ana, act: str):
    visitor, path = ana.visitor, f"/auth/second-factor/{act}"
    await ana.show_password()
    await ana.show_code(used := ana.code())
    for code, password, sentence in (
        (ana.recovery_codes[0], "not the password", "The password is wrong."),
        ("000000", PASSWORD, WRONG),
        (used, PASSWORD, WRONG),
    ):
        await visitor.post(path, code=code, password=password)
        assert (visitor.went_to, visitor.sentence) == ("/settings", sentence)
    await visitor.post(path, code=ana.recovery_codes[0], password=PASSWORD)
    if act == "turn-off":
        assert visitor.sentence == "The second factor is off. Your password is enough again."
        await visitor.sign_out()
        await visitor.sign_in(ana.email, PASSWORD)
        assert await visitor.is_signed_in()
    else:
        assert visitor.went_to == "/settings/second-factor"
        fresh = (await visitor.get("/auth/second-factor/recovery-codes")).text.splitlines()
        assert len(fresh) == 10 and not set(fresh) & set(ana.recovery_codes)
        await visitor.sign_out()
        await ana.show_password()
        await ana.show_code(ana.recovery_codes[1])
        assert not await visitor.is_signed_in()
        await ana.show_code(fresh[0])
        assert await visitor.is_signed_in()


@pytest.mark.parametrize("act", ["begin", "turn-on", "turn-off", "renew-codes"])
async def test_nobody_without_a_session_and_no_other_site_does_any_of_it(visitor: Visitor, act: str):
    await visitor.post(f"/auth/second-factor/{act}", code="000000", password=PASSWORD)
    assert visitor.went_to == "/sign-in"
    visitor.browser.headers["Origin"] = "https://evil.example"
    assert (await visitor.post(f"/auth/second-factor/{act}")).status_code == 403


async def test_it_cannot_be_set_up_over_one_that_is_on(ana: Ana):
    await ana.show_password()
    await ana.show_code(ana.code())
    await ana.visitor.post("/auth/second-factor/begin")
    assert (ana.visitor.went_to, ana.visitor.sentence) == ("/settings", "The second factor is on already.")


async def test_no_secret_code_or_password_is_in_the_log(ana: Ana, program: Server):
    await ana.show_password()
    for code in ("987654", "planted-reco-very-code", ana.code(), ana.recovery_codes[0]):
        await ana.show_code(code)
    log = program.log
    for secret in (ana.secret, *ana.recovery_codes, PASSWORD, "987654", "planted-reco", "otpauth", "eyJ"):
        assert secret not in log
