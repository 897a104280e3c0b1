"""Which version this is, and what is new in it: CHANGES.md says."""

import re
from functools import cache
from pathlib import Path

CHANGES = Path(__file__).parents[1] / "CHANGES.md"


@cache
def newest() -> tuple[str, tuple[str, ...]]:
    """The version, and what it brought, a sentence each."""
    _, version, notes = re.split(r"^## (.+)$", CHANGES.read_text(), maxsplit=1, flags=re.M)
    lines = re.split(r"^\* ", notes.partition("\n## ")[0], flags=re.M)[1:]
    return version.strip(), tuple(" ".join(line.replace("`", "").split()) for line in lines)
