"""What is in a file that is to be imported, and what would come of it: nothing is written."""

import asyncio
from dataclasses import dataclass

from app.domain import acquaintances, importing
from app.domain.access import Actor
from app.domain.errors import Invalid
from app.domain.importing import Survey
from app.formats.opening import opened
from app.formats.sheet import Reading
from app.formats.source import Source
from app.web import live
from app.web.imports.tickets import GONE, Ticket

turn = asyncio.Semaphore(1)
"""A worker reads one file after the other, as it has other people to serve."""


@dataclass(frozen=True)
class Found:
    source: Source
    survey: Survey


async def look(actor: Actor, ticket: Ticket, workspace_id: int | None, how: Reading) -> Found:
    """Read a file to its end, as it would come into a workspace or (None) a new one; the caller has the turn."""
    async with live.current().db.reading() as tx:
        here = await acquaintances.around(tx, actor, workspace_id)
    try:
        source = await asyncio.to_thread(opened, ticket.path, ticket.name, how)
        found = await asyncio.to_thread(importing.survey, source.boards, source.people, source.rows(), here)
    except FileNotFoundError:
        raise Invalid(GONE) from None
    return Found(source, found)
