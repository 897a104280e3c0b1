"""Passwords: hashed slowly, compared in the dark."""

import asyncio

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type

from app import passwords
from app.domain.errors import Invalid


async def test_the_right_password_and_no_other_opens():
    kept = await passwords.hash("ana launches tandem")
    assert await passwords.verify(kept, "ana launches tandem")
    for wrong in ("Ana launches tandem", "ana launches tande", "", "\x00", "\ud800", "x" * 100_000):
        assert not await passwords.verify(kept, wrong)


async def test_the_hash_is_as_costly_as_we_say():
    cost = extract_parameters(await passwords.hash("ana launches tandem"))
    assert (cost.type, cost.memory_cost, cost.time_cost, cost.parallelism) == (Type.ID, 19_456, 2, 1)


async def test_the_same_password_has_another_hash_each_time():
    assert await passwords.hash("ana launches tandem") != await passwords.hash("ana launches tandem")


async def test_a_password_has_12_to_128_characters():
    for length in (12, 128):
        assert await passwords.verify(await passwords.hash("é" * length), "é" * length)
    for length in (0, 11, 129):
        with pytest.raises(Invalid, match=rf"A password has 12 to 128 characters; this one has {length}\."):
            await passwords.hash("é" * length)


async def test_spaces_alone_are_no_password():
    with pytest.raises(Invalid, match="spaces alone"):
        await passwords.hash(" " * 12)


async def test_however_the_keyboard_composes_a_letter_it_is_the_same_password():
    assert await passwords.verify(
        await passwords.hash("caf\u00e9 caf\u00e9 caf\u00e9"), "cafe\u0301 " * 2 + "cafe\u0301"
    )


async def test_for_nobody_as_much_is_computed_as_for_somebody(monkeypatch: pytest.MonkeyPatch):
    kept, verified = await passwords.hash("ana launches tandem"), []
    matches = passwords._matches
    monkeypatch.setattr(passwords, "_matches", lambda kept, typed: verified.append(kept) or matches(kept, typed))
    for nobody in (kept, None, ""):
        assert not await passwords.verify(nobody, "a wrong password")
    assert [extract_parameters(hash) for hash in verified] == [extract_parameters(kept)] * 3


async def test_a_rush_of_sign_ins_leaves_the_loop_alone():
    kept = await passwords.hash("ana launches tandem")
    rush = [asyncio.create_task(passwords.verify(kept, "ana launches tandem")) for _ in range(8)]
    turns = 0
    while not all(task.done() for task in rush):
        await asyncio.sleep(0)
        turns += 1
    assert turns > 100
    assert all(task.result() for task in rush)
