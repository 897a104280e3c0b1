"""Looks at everything that a Tandem stands on, from outside: what `bin/tandem doctor` prints.

A check says what it found, or raises Unwell with what to do. Each has a time limit, so that one that hangs hides no
other; and what a check did not foresee is a finding, too.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from app import reasons
from app.doctor import kept, ways
from app.doctor.finding import Noted, Unwell
from app.settings import Settings

PATIENCE = 10.0
"""Seconds for each check."""

CHECKS: dict[str, Callable[[Settings], Awaitable[str]]] = {
    "folder": kept.folder,
    "database": kept.database,
    "files": kept.files,
    "Redis": ways.redis,
    "pages": kept.pages,
    "mail": ways.mail_server,
    "program": ways.program,
    "address": ways.address,
}


@dataclass(frozen=True)
class Finding:
    part: str
    mark: Literal["well", "note", "unwell"]
    words: str


async def findings(here: Settings) -> AsyncIterator[Finding]:
    """One of each part, as they are found."""
    for part, check in CHECKS.items():
        yield await _find(part, check, here)


async def _find(part: str, check: Callable[[Settings], Awaitable[str]], here: Settings) -> Finding:
    try:
        return Finding(part, "well", await asyncio.wait_for(check(here), PATIENCE))
    except Noted as noted:
        return Finding(part, "note", str(noted))
    except Unwell as unwell:
        return Finding(part, "unwell", str(unwell))
    except TimeoutError:
        return Finding(part, "unwell", f"It did not answer within {PATIENCE:.0f} s.")
    except Exception as error:
        return Finding(part, "unwell", f"It could not be checked ({type(error).__name__}: {reasons.of(error)}).")
