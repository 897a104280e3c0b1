"""A question to the audit log, as it stands in an address: `?kind=…&person=…&since=…&until=…&zone=…&before=…`."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from app.domain.drawings.audit import Question
from app.domain.errors import Invalid
from app.web.typed import number

FILTERS = ("kind", "person", "since", "until", "zone")


def question(workspace_id: int | None, given: Mapping[str, str]) -> Question:
    """Days are those of the reader's time zone, the last one included. Invalid, with a sentence, for nonsense."""
    if len(given.get("person", "")) > 100:
        raise Invalid("A name can have 100 characters at most.")
    since, until = (_day(given.get(name, ""), zone_of(given)) for name in ("since", "until"))
    return Question(
        workspace_id=workspace_id,
        kind=given.get("kind", ""),
        person=given.get("person", "").strip(),
        since=since,
        until=until and until + timedelta(days=1),
    )


def before(given: Mapping[str, str]) -> int:
    """The entry behind which the page begins; 0 for the newest."""
    typed = given.get("before", "")
    if not typed:
        return 0
    if (entry := number(typed, otherwise=-1)) < 0:
        raise Invalid("This page of the log does not exist. Begin with the newest one.")
    return entry


def address(path: str, given: Mapping[str, str], **changes: str) -> str:
    """The address with the filters as they are given, and what is changed."""
    filters = {name: given.get(name, "") for name in FILTERS} | changes
    kept = {name: value for name, value in filters.items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path


def zone_of(given: Mapping[str, str]) -> tzinfo:
    name = given.get("zone", "")
    if not name:
        return UTC
    try:
        return ZoneInfo(name[:100])
    except (ValueError, OSError, LookupError):  # Whatever is no name of a zone, or of no zone that we know.
        raise Invalid("This time zone is not known here. Leave the days out, or choose another zone.") from None


def _day(typed: str, zone: tzinfo) -> datetime | None:
    """The beginning of the day."""
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        day = date.min
    if not 1970 <= day.year <= 2199:
        raise Invalid(f"“{typed[:30]}” is no day of the calendar. Write it as 2027-03-31.")
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
