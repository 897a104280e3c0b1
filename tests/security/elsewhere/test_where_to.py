"""Where one ends up after signing in elsewhere: here, in a new session, whatever was asked for."""

import pytest

from tests.security.visitor import Visitor

ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "https:evil.example",
    "HTTPS://evil.example/",
    "javascript:alert(1)",
    "/\tevil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "evil.example",
    "@evil.example",
    ".evil.example",
    "/ /evil.example",
    "//evil.example%2f@127.0.0.1",
    "/auth/oidc/1",
    "/" + "x" * 5000,
    "",
]


@pytest.mark.parametrize("next_path", ELSEWHERE, ids=lambda path: repr(path[:40]))
async def test_whoever_signs_in_ends_up_here_whatever_comes_next(visitor: Visitor, next_path: str):
    await visitor.sign_in_elsewhere(next_path)
    assert visitor.went_to == "/"
    assert await visitor.is_signed_in()


async def test_whoever_asked_for_a_page_is_brought_to_it(visitor: Visitor):
    await visitor.sign_in_elsewhere("/settings?x=1")
    assert visitor.went_to == "/settings?x=1"


async def test_a_session_that_was_there_before_is_not_the_one_afterwards(visitor: Visitor):
    await visitor.sign_in_elsewhere()
    planted = visitor.browser.cookies.get("tandem")
    await visitor.sign_in_elsewhere()
    assert visitor.browser.cookies.get("tandem") not in ("", None, planted)
    assert await visitor.is_signed_in()
