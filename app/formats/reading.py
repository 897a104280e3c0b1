"""How people write days, priorities and names in a table. What cannot be understood is Invalid, and said so."""

import re
from datetime import UTC, date, datetime, time
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
_DAY = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[T ,]+(.*))?", re.ASCII)
_TIME = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)? *(?:([ap])\.?m\.?)? *(Z|UTC|[+-]\d{2}:?\d{2})?", re.A | re.I
)


def day(written: str, order: Days) -> date | None:
    """The day that this says, with or without a time behind it; one that begins with the year is always understood."""
    if not written:
        return None
    if found := _DAY.fullmatch(written):
        first, second, third = (int(part) for part in found.groups()[:3])
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


def order_of(written: str) -> Days | None:
    """The order that a day's own numbers tell: one above 12 is no month."""
    found = _DAY.fullmatch(written)
    if not found or len(found[1]) > 2:
        return None
    return "dmy" if int(found[1]) > 12 else "mdy" if int(found[2]) > 12 else None


def moment(written: str, order: Days) -> datetime | None:
    """A moment, in UTC where no zone is named; or the beginning of a day."""
    try:
        found = datetime.fromisoformat(written)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except ValueError:
        pass  # It is written as people do.
    if not (at := day(written, order)):
        return None
    found = _DAY.fullmatch(written)
    return datetime.combine(at, _time(found[4], written) if found and found[4] else time(tzinfo=UTC))


def _time(clock: str, written: str) -> time:
    """Such as 22:00, 10:00:30 PM or 22:00+02:00."""
    if found := _TIME.fullmatch(clock):
        hour, half, zone = int(found[1]), (found[4] or "").lower(), (found[5] or "Z").upper().replace("UTC", "Z")
        try:
            if half and not 1 <= hour <= 12:
                raise ValueError
            hour = hour % 12 + 12 * (half == "p") if half else hour
            return time.fromisoformat(f"{hour:02}:{found[2]}:{found[3] or '00'}{zone}")
        except ValueError:
            pass
    raise Invalid(f"“{written[:40]}” is no moment. Write it as 2027-03-31 22:00, or as a day alone.")


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
