"""The docs have fallen behind when they do not tell of a command, or of a page of docs."""

import argparse
import re
from collections.abc import Iterator

from app import cli
from tests.support.stores import ROOT

PAGES = {path.name: path.read_text() for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]}


def commands(parser: argparse.ArgumentParser, words: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Each that does something, as it is typed."""
    inside = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    for action in inside:
        for name, inner in action.choices.items():
            yield from commands(inner, f"{words} {name}".strip())
    if not inside:
        yield words, parser


def test_every_command_and_what_it_takes_is_in_the_docs():
    text = "\n".join(PAGES.values())
    found = dict(commands(cli.parser()))
    assert {"start", "doctor", "backup", "restore", "user create", "user reset", "user admin", "demo"} == set(found)
    for words, parser in found.items():
        assert re.search(rf"tandem {words}\b", text), f"No page of the docs tells of bin/tandem {words}."
        for action in parser._actions:
            for option in action.option_strings:
                told = option in ("-h", "--help") or re.search(rf"tandem {words}[^\n]*{option}\b", text)
                assert told, f"No page of the docs tells of bin/tandem {words} {option}."


def test_every_page_is_reached_from_another():
    for name in PAGES.keys() - {"README.md"}:
        others = "\n".join(text for other, text in PAGES.items() if other != name)
        assert f"docs/{name}" in others, f"docs/{name} is named nowhere."


def test_what_the_docs_name_is_there():
    for page, text in PAGES.items():
        for path in re.findall(r"\b((?:docs|app|bench|tests|container)/[\w/.-]+\.(?:md|py|yaml|png))", text):
            assert (ROOT / path).exists(), f"{page} names {path}, which is not there."
