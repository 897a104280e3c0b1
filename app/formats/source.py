"""A file that is to be imported, whatever kind it is. It is read part by part, from the disk, as often as need be."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from typing import Literal, Protocol

from app.domain.carried import Board, Load, Row, Someone, Workspace
from app.domain.errors import Invalid

Kind = Literal["tandem", "trello", "csv"]
AT_ONCE, COMMENTS_AT_ONCE = 200, 1_000
"""Tasks, and comments on them, that are in memory together; a task is not cut in two."""


class Source(Protocol):
    """A file whose frame was read: what boards there are, and who is in it. Reading it further is Invalid for a file
    that is broken there; a row that cannot be a task comes as the reason."""

    @property
    def kind(self) -> Kind: ...
    @property
    def people(self) -> Mapping[int, Someone]: ...
    @property
    def boards(self) -> Sequence[Board]: ...
    @property
    def workspace(self) -> Workspace | None: ...
    @property
    def remarks(self) -> Sequence[str]:
        """What of it does not come along, in sentences."""
        ...

    def rows(self) -> Iterator[Row]: ...


def load(source: Source, told: Callable[[int], None] = lambda count: None) -> Load:
    """What a file holds, for domain/importing.py; `told` is called with how many rows were read so far."""
    return Load(source.kind, source.people, source.boards, _parts(source, told), source.workspace)


async def _parts(source: Source, told: Callable[[int], None]) -> AsyncIterator[Sequence[Row]]:
    rows, count = source.rows(), 0
    while part := await asyncio.to_thread(_some, rows):
        yield part
        count += len(part)
        told(count)


def _some(rows: Iterator[Row]) -> list[Row]:
    part: list[Row] = []
    comments = 0
    for row in rows:
        part.append(row)
        comments += 0 if isinstance(row, Invalid) else len(row.comments)
        if len(part) == AT_ONCE or comments >= COMMENTS_AT_ONCE:
            break
    return part
