"""Moments on somebody's clock: what a day and a time in a time zone come to in UTC, also where clocks are changed.

A time that does not exist, in the hour that is left out in spring, is as much later as the clocks go forward. A time
that there is twice, in autumn, is the first of the two. So every day and time is one moment, and only one.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from app.domain.errors import Invalid

MORNING = 9
"""The hour at which people are told of due dates, which are days."""


def zone(name: str) -> ZoneInfo:
    """Somebody's time zone; UTC as long as it is not known."""
    return ZoneInfo(name if name in zones() else "UTC")


@cache
def zones() -> frozenset[str]:
    return frozenset(available_timezones())


def require_zone(name: str) -> str:
    """The name of a time zone, as its users write it in whatever letters."""
    wanted = name.strip().replace(" ", "_")
    found = next((known for known in zones() if known.lower() == wanted.lower()), None)
    try:
        return ZoneInfo(found or "").key
    except (ZoneInfoNotFoundError, ValueError):
        raise Invalid("There is no such time zone. It is a name such as Europe/Berlin or America/New_York.") from None


def moment(local: datetime, where: ZoneInfo) -> datetime:
    """What a time on the clocks there, which says no zone, comes to in UTC."""
    return local.replace(tzinfo=where, fold=0).astimezone(UTC)


def at_hour(day: date, hour: int, where: ZoneInfo) -> datetime:
    return moment(datetime.combine(day, time(hour)), where)


def days_with_hour_in(after: datetime, until: datetime, hour: int, where: ZoneInfo) -> list[date]:
    """The days there on which the clocks come to the hour after the one moment, and not after the other."""
    first, last = (at.astimezone(where).date() for at in (after, until))
    days = [first + timedelta(days=number) for number in range(-1, (last - first).days + 2)]
    return [day for day in days if after < at_hour(day, hour, where) <= until]


def local_time(typed: str) -> datetime:
    """A day and a time as a browser sends them, such as 2027-03-28T02:30; Invalid for anything else."""
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None or len(typed) != 16:
        raise Invalid("Choose a day and a time, such as 2027-03-31 14:30.")
    if not 1970 <= found.year <= 2199:
        raise Invalid("A reminder lies between the years 1970 and 2199.")
    return found
