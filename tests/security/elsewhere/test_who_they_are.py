"""Who somebody is, as a provider says: an address counts only if it is verified, and alone it opens no account."""

from typing import Any

import pytest

from tests.security.elsewhere.sentences import UNVERIFIED
from tests.security.visitor import Visitor
from tests.support.provider import Provider
from tests.support.server import Server


@pytest.mark.parametrize("odd", ["\x00", "x" * 300 + "@corp.example", 7, ["a@b.de"]], ids=lambda odd: repr(odd)[:9])
async def test_an_address_or_name_that_is_none_is_a_sentence(visitor: Visitor, provider: Provider, odd: Any):
    provider.ways.claims = {"email": odd}
    await visitor.sign_in_elsewhere()
    assert visitor.went_to == "/sign-in"
    assert visitor.sentence.endswith((".", "?"))
    assert not await visitor.is_signed_in()
    provider.ways.claims = {"name": odd}
    await visitor.sign_in_elsewhere()
    assert await visitor.is_signed_in(), "A name can be chosen later."


@pytest.mark.parametrize("verified", [False, None, "true", 1, "yes"], ids=repr)
async def test_an_address_that_is_not_verified_makes_no_account(visitor: Visitor, provider: Provider, verified: Any):
    provider.ways.claims = {"email_verified": verified}
    await visitor.sign_in_elsewhere()
    assert visitor.went_to == "/sign-in"
    assert UNVERIFIED in visitor.sentence
    assert not await visitor.is_signed_in()


async def test_an_address_that_is_not_verified_is_nobodys(visitor: Visitor, provider: Provider, door: Server):
    """A provider where one can type any address must not let one into the account that has it here."""
    provider.knows |= {"email": "admin@tandem.example"}
    provider.ways.claims = {"email_verified": False}
    await visitor.sign_in_elsewhere()
    assert UNVERIFIED in visitor.sentence
    await visitor.sign_in("admin@tandem.example", "not the admin's password")
    assert not await visitor.is_signed_in()


async def test_a_verified_address_alone_does_not_let_into_the_account_that_has_it(visitor: Visitor, provider: Provider):
    provider.knows |= {"email": "admin@tandem.example"}
    await visitor.sign_in_elsewhere()
    assert visitor.went_to == "/sign-in"
    assert visitor.sentence.startswith("There is an account with the address admin@tandem.example already.")
    assert not await visitor.is_signed_in()
    await visitor.sign_in_elsewhere()
    assert not await visitor.is_signed_in(), "Nor the second time."
