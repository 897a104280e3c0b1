"""docs/import.md knows every kind of column, every field of our file, and every limit that it names."""

from app.domain import limits, text
from app.formats.sheet import MEANINGS
from app.formats.tandem import _Board, _Comment, _File, _Person, _Reaction, _Task, _Workspace
from app.formats.written import VERSION
from app.web.imports.columns import MEANINGS as WORDS
from tests.support.stores import ROOT

DOCS = (ROOT / "docs/import.md").read_text()


def test_the_docs_name_every_meaning_and_every_field():
    assert set(WORDS) == set(MEANINGS)
    missing = [word for meaning, words in WORDS.items() for word in (words, f"`{meaning}`") if word not in DOCS]
    for part in (_Board, _Comment, _File, _Person, _Reaction, _Task, _Workspace):
        missing += [name for name in part.model_fields if f'"{name}"' not in DOCS]
    assert missing == []
    assert f"version {VERSION}." in DOCS


def test_the_limits_are_those_that_the_docs_have():
    said = [
        f"{limits.OPEN_TASKS:,} tasks and {limits.LANES} lanes a board",
        f"{limits.BOARDS} boards a workspace",
        f"{text.TITLE} characters a title",
        f"{text.TEXT:,} a text",
        f"{limits.COMMENTS:,} comments and {limits.ASSIGNEES} people a task",
    ]
    assert [words for words in said if words not in " ".join(DOCS.split())] == []
