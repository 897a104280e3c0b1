"""Codes from an app, against the RFC's own figures, and what is encrypted, under one key and another."""

import base64
import re

import pytest

from app import second_factor, settings
from app.second_factor import step_of

SECRET = base64.b32encode(b"12345678901234567890").decode()
"""That of RFC 6238, appendix B."""


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch):
    def choose(key: str) -> None:
        monkeypatch.setattr(settings, "get", lambda: settings.load({"SECRET_KEY": key * 32}))

    choose("a")
    return choose


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(at: int, code: str):
    assert step_of(SECRET, code, at) == at // 30
    assert step_of(SECRET, f" {code[:3]} {code[3:]} ", at) == at // 30
    assert step_of(SECRET, code, at + 30) == step_of(SECRET, code, at - 30) == at // 30
    assert step_of(SECRET, code, at + 60) is None
    assert step_of(SECRET, code, at - 60) is None


@pytest.mark.parametrize(
    "typed", ["", "28708", "2870820", "287081", "28708\ud800", "\u0662\u0668\u0667\u0660\u0668\u0662"]
)
def test_what_is_no_code_is_of_no_step(typed: str):
    assert step_of(SECRET, typed, 59) is None


def test_what_is_sealed_is_read_with_the_same_key_only(key):
    sealed = second_factor.seal(SECRET)
    assert SECRET not in sealed and second_factor.seal(SECRET) != sealed
    assert second_factor.unseal(sealed) == SECRET
    assert second_factor.unseal(sealed[:-4] + "AAA=") is None
    assert second_factor.unseal("") is None
    key("b")
    assert second_factor.unseal(sealed) is None


def test_an_app_reads_who_it_is_for():
    read = second_factor.address(SECRET, "ana@tandem.example")
    assert read.startswith("otpauth://totp/Tandem:ana%40tandem.example?")
    assert f"secret={SECRET}" in read and "issuer=Tandem" in read


def test_ten_recovery_codes_of_eighty_bits():
    codes = second_factor.new_recovery_codes()
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"[a-z2-7]{4}(-[a-z2-7]{4}){3}", code) for code in codes)
    for typed in (codes[0].upper(), codes[0].replace("-", ""), f" {codes[0]} ".replace("-", " - ")):
        assert second_factor.hash_of(typed) == second_factor.hash_of(codes[0])
    assert second_factor.hash_of(codes[0]) != second_factor.hash_of(codes[1])
