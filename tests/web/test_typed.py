"""Whatever stands where a number should, what is made of it is a number that the database takes."""

import pytest

from app.web.typed import number


@pytest.mark.parametrize(("typed", "found"), [("7", 7), ("007", 7), ("0", 0), ("999999999", 999_999_999)])
def test_a_number_is_read(typed: str, found: int):
    assert number(typed, otherwise=-1) == found


@pytest.mark.parametrize("typed", ["", "x", "-1", "1.5", " 7", "7\n", "²", "\u0667", "1_000", "9999999999", "9" * 5000])
def test_what_is_no_number_of_a_row_is_none(typed: str):
    assert number(typed) == 0
    assert number(typed, otherwise=-1) == -1
