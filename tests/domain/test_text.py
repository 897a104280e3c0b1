"""What people type, made fit to keep."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import text
from app.domain.errors import Invalid

anything = st.text(st.characters(exclude_categories=()), max_size=200)


@given(anything)
def test_a_line_is_one_clean_line_whatever_was_typed(typed: str):
    try:
        kept = text.line(typed, "A title", 200)
    except Invalid as refusal:
        assert refusal.sentence == "A title needs at least one character."
    else:
        assert kept.splitlines() == [kept] and kept == kept.strip()
        assert "\x00" not in kept
        assert kept.encode().decode() == kept
        assert text.line(kept, "A title", 200) == kept


@given(anything)
def test_a_text_can_always_be_kept_and_is_not_changed_twice(typed: str):
    kept = text.text(typed, "A description")
    assert "\x00" not in kept and "\r" not in kept
    assert kept.encode().decode() == kept
    assert text.text(kept, "A description") == kept


def test_lines_and_paragraphs_stay_as_they_were_typed():
    assert text.text("\n  * one\n\n  * two  \n", "A description") == "  * one\n\n  * two  "


@pytest.mark.parametrize("length", [501, 1_000_000])
def test_a_line_that_is_too_long_is_refused_by_name_and_length(length: int):
    with pytest.raises(Invalid, match=rf"^A title can have 500 characters at most; this one has {length:,}\.$"):
        text.line("x" * length, "A title", text.TITLE)
