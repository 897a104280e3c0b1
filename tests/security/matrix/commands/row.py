"""What is asked about a command, and how the rows of these tables are written."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal

from tests.live.client import ROOT
from tests.security.matrix.place import Place
from tests.security.matrix.standings import EVERYBODY, MEMBERS

Sends = Callable[[Place, Place], dict[str, Any]]
_numbers = count(1)


def fresh() -> int:
    """A number that no other row has sent."""
    return next(_numbers)


def nothing(p: Place, q: Place) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Row:
    """`does` says what it means that somebody may: it "writes" a change of theirs, it "shows" a page, or it touches
    this tab alone. `is_about` says whether it names an object of a place, `is_pair` whether a second one."""

    name: str
    may: frozenset[str]
    sends: Sends = nothing
    does: Literal["writes", "shows", "tab"] = "writes"
    path: Callable[[Place], str] = field(default=lambda p: "/sign-in")
    is_about: bool = True
    is_pair: bool = False
    already: frozenset[str] = frozenset()
    """Those of `may` for whom it is done already."""
    reveals: frozenset[str] = MEMBERS
    """Who may be shown texts of the place."""

    @property
    def handler(self) -> str:
        return f"{ROOT}.{self.name}"


def page(name: str, may: frozenset[str], path: Callable[[Place], str], **more: Any) -> Row:
    return Row(name, may, does="shows", path=path, **more)


def tab(name: str, sends: Sends = nothing, **more: Any) -> Row:
    return Row(name, EVERYBODY, sends, does="tab", is_about=False, **more)
