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


@pytest.mark.parametrize(
    ("size", "said"),
    [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1 KB"), (25_000_000, "25 MB"), (1_234_567, "1.2 MB")],
)
def test_sizes_in_words(size: int, said: str):
    assert text.size(size) == said


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\notes.txt", "notes.txt"),
        ("a\x00b.png", "ab.png"),
        ("evil\r\nSet-Cookie: a=b.txt", "evil Set-Cookie: a=b.txt"),
        ("\u202egpj.exe", "gpj.exe"),
        ("..", "file"),
        ("", "file"),
        ("///", "file"),
        ("\u200b", "file"),
        ("Zażółć gęślą jaźń 🦊.txt", "Zażółć gęślą jaźń 🦊.txt"),
        ("x" * 300 + ".jpeg", "x" * 195 + ".jpeg"),
        ("x" * 300, "x" * 200),
        (".env", ".env"),
    ],
)
def test_the_name_of_a_file_becomes_one_that_can_be_shown_and_kept(given: str, kept: str):
    assert text.file_name(given) == kept
