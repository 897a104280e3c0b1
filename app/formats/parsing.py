"""JSON that is too large to be in memory at once: walked through from its beginning, value by value."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import ijson
from ijson import ObjectBuilder

from app.domain.errors import Invalid

DEEPEST = 64
"""How many lists and objects may stand in each other; Tandem's own file has eight. A place is named by
all that it stands in, so that a small file could fill the memory with names of places."""
DEEP = (
    f"In this file more than {DEEPEST} lists or objects stand in each other: it is none of those that can be imported."
)
BROKEN = "This file is no JSON, or not all of it is there. Save it anew, and try again."
BOM = b"\xef\xbb\xbf"


def values(path: Path, wanted: Collection[str], marks: Collection[str] = ()) -> Iterator[tuple[str, Any]]:
    """The values at these places, such as `boards.item.name`, in the order of the file.

    Where something begins that is in `marks`, its place comes with None.
    """
    with path.open("rb") as file:
        events = _events(file)
        for place, event, value in events:
            if place in wanted and event not in ("map_key", "end_map", "end_array"):
                yield place, _whole(events, event, value)
            elif place in marks and event == "start_map":
                yield place, None


def top(path: Path) -> Iterator[tuple[str, Any]]:
    """What the file holds at its top, as it comes: names, and the values of those that are no lists or objects."""
    name = ""
    with path.open("rb") as file:
        for place, event, value in _events(file):
            if place == "" and event == "map_key":
                name = value
            elif name and place == name and event not in ("map_key", "end_map", "end_array"):
                yield name, value


def _events(file: BinaryIO) -> Iterator[tuple[str, str, Any]]:
    if file.read(len(BOM)) != BOM:
        file.seek(0)
    try:
        yield from ijson.parse(_shallow(ijson.basic_parse(file, use_float=True)))
    except (ijson.JSONError, ValueError, OverflowError) as error:
        raise Invalid(BROKEN) from error


def _shallow(events: Iterator[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    depth = 0
    for event in events:
        depth += _step(event[0])
        if depth > DEEPEST:
            raise Invalid(DEEP)
        yield event


def _step(event: str) -> int:
    """How much deeper it is after this."""
    return (event in ("start_map", "start_array")) - (event in ("end_map", "end_array"))


def _whole(events: Iterator[tuple[str, str, Any]], event: str, value: Any) -> Any:
    """The value that begins with this event."""
    if event not in ("start_map", "start_array"):
        return value
    builder, depth = ObjectBuilder(), 1
    builder.event(event, value)
    while depth:
        _, event, value = next(events)
        builder.event(event, value)
        depth += _step(event)
    return builder.value
