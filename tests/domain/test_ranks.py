"""Ranks: there is always room between two, and they stay short."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ranks import between


@given(st.lists(st.integers(0, 1_000), max_size=200))
def test_every_place_in_a_row_has_a_rank(places: list[int]):
    row: list[str] = []
    for place in places:
        at = place % (len(row) + 1)
        row.insert(at, between(row[at - 1] if at else None, row[at] if at < len(row) else None))
    assert all(before < after for before, after in pairwise(row))


@pytest.mark.parametrize("at_end", [True, False])
def test_a_row_that_grows_at_one_end_keeps_its_ranks_short(at_end: bool):
    row = [between(None, None)]
    for _ in range(20_000):
        row.append(between(row[-1], None) if at_end else between(None, row[-1]))
    assert all((before < after) == at_end for before, after in pairwise(row))
    assert max(map(len, row)) <= 4


def test_a_row_that_grows_at_one_place_lengthens_slowly():
    low, high = between(None, None), between(between(None, None), None)
    for _ in range(200):
        high = between(low, high)
        assert low < high
    assert len(high) <= 45


@pytest.mark.parametrize("before, after", [("a1", "a0"), ("a0", "a0"), ("a0V", "a0")])
def test_no_rank_lies_between_the_wrong_way_round(before: str, after: str):
    with pytest.raises(ValueError, match="is not below"):
        between(before, after)
