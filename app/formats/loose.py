"""Values of JSON that somebody else's program has written: each as what it should be, or as nothing at all."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any


def text(value: Mapping[str, Any], name: str) -> str:
    found = value.get(name)
    return found if isinstance(found, str) else ""


def line(value: Mapping[str, Any], name: str) -> str:
    return " ".join(text(value, name).split())


def part(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def several(value: Mapping[str, Any], name: str) -> Sequence[Any]:
    found = value.get(name)
    return found if isinstance(found, list) else ()


def moment(value: Mapping[str, Any], name: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text(value, name))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def position(value: Mapping[str, Any]) -> float:
    """Where it stands among its like, in Trello's own words."""
    found = value.get("pos")
    return float(found) if isinstance(found, int | float) and abs(found) < 1e300 else 0.0
