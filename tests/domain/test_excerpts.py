"""A comment as the one line that news and letters have of it."""

import pytest

from app.domain import excerpts


def test_a_line_about_a_comment_has_no_marks_and_no_quotes_unless_there_is_nothing_else():
    said = "> **Ana:**\n>\n> Too long?\n\n**No**, @[Ana](person:1):\n\n* [x] `2*3 * 4`\n# snake_case ~~no~~"
    assert excerpts.gist(said).split("\n") == ["", "", "", "", "No, @Ana:", "", "2*3 * 4", "snake_case no"]
    assert excerpts.gist("> Too long?") == "> Too long?"


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("_it_ is __very__ *easy*, **_really_** _**so**_", "it is very easy, really so"),
        ('see [the **plan**](https://x.example/a_(b)_c "Plan"), ![a map](map.png)', "see the plan, a map"),
        ("[](https://x.example) or <https://y.example/_z_>", "https://x.example or https://y.example/_z_"),
        ("at https://x.example/_next/a_b_", "at https://x.example/_next/a_b_"),
        ("`_it_` and `[a](b)`, a[0] (not one)", "_it_ and [a](b), a[0] (not one)"),
    ],
)
def test_a_line_about_a_comment_reads_as_the_comment_does(body: str, line: str):
    assert excerpts.gist(body) == line
