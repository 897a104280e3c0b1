"""How people write days, priorities and names in a table. What cannot be understood is Invalid, and said so."""

import re
from datetime import UTC, date, datetime
from typing import Literal

from app.domain.errors import Invalid
from app.domain.models import now

Days = Literal["ymd", "dmy", "mdy"]
ORDERS: dict[Days, str] = {"ymd": "2027-03-31", "dmy": "31/3/2027", "mdy": "3/31/2027"}
"""An example for each order in which days are written."""
PRIORITIES = {
    "": 0,
    "none": 0,
    "no": 0,
    "low": 1,
    "lowest": 1,
    "minor": 1,
    "medium": 2,
    "normal": 2,
    "moderate": 2,
    "high": 3,
    "major": 3,
    "important": 3,
    "urgent": 4,
    "highest": 4,
    "critical": 4,
    "blocker": 4,
}
YES = {"yes", "y", "true", "1", "x", "✓", "done", "completed", "complete", "closed", "finished"}
NO = {"", "no", "n", "false", "0", "open", "-", "todo", "to do", "incomplete"}
_DAY = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[T ,].*)?", re.ASCII)


def day(written: str, order: Days) -> date | None:
    """The day that this says, with or without a time behind it; one that begins with the year is always understood."""
    if not written:
        return None
    if found := _DAY.fullmatch(written):
        first, second, third = (int(part) for part in found.groups())
        year, month, day = (first, second, third) if len(found[1]) == 4 else _turned(first, second, third, order)
        try:
            return date(year, month, day)
        except ValueError:
            pass
    raise Invalid(f"“{written[:40]}” is no day. Write it as {ORDERS[order]}.")


def _turned(first: int, second: int, third: int, order: Days) -> tuple[int, int, int]:
    year = third + 2000 if third < 100 else third
    if order == "ymd":
        return 0, 0, 0  # It should begin with the year.
    return (year, second, first) if order == "dmy" else (year, first, second)


def moment(written: str, order: Days) -> datetime | None:
    """A moment, or the beginning of a day in UTC."""
    try:
        found = datetime.fromisoformat(written) if written else None
    except ValueError:
        found = None
    if found is not None:
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    at = day(written, order)
    return at and datetime(at.year, at.month, at.day, tzinfo=UTC)


def completed(written: str, order: Days) -> datetime | None:
    """When it was done, by a day or a word for yes, which is now."""
    plain = written.casefold()
    if plain in NO:
        return None
    return now() if plain in YES else moment(written, order)


def priority(written: str) -> int:
    """An index into tasks.PRIORITIES, by words of several programs or by its number."""
    plain = written.casefold()
    if plain in PRIORITIES:
        return PRIORITIES[plain]
    if re.fullmatch("[0-4]", plain):
        return int(plain)
    raise Invalid(f"“{written[:40]}” is no priority. It is one of none, low, medium, high and urgent.")


def names(written: str) -> list[str]:
    """Several people in one cell, with semicolons, commas or lines between them."""
    return [name for part in re.split(r"[;,\n]", written) if (name := " ".join(part.split())[:200])]
