"""Whether what a Tandem stands on is there: each part is looked at by itself, and has a time limit of its own.

`Health` keeps what was found for a second and looks once for all who ask meanwhile. What it says in `words` is for
everybody and names no host, address or person; `reason` is for the log and for whoever runs this Tandem.
bin/tandem doctor (app/doctor) asks the running program for this, and looks at more, with more time.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from app import checks
from app.checks import Unwell

logger = logging.getLogger(__name__)

PATIENCE = 1.5
"""Seconds that each part has; all are looked at at once."""
KEPT = 1.0
"""Seconds for which what was found is good."""
LATE = "It did not answer in time."

Check = Callable[[], Awaitable[str]]
"""Looks at a part: what there is to say of it; Unwell, or what its library raises, if it is not well."""


@dataclass(frozen=True)
class Part:
    """`reason` is what was found, in the words of whoever found it; empty while all is well."""

    name: str
    is_well: bool
    words: str
    reason: str = ""
    is_expected: bool = False


class Health:
    """`checks` by the names of the parts, in the order in which they are shown."""

    def __init__(self, checks: Mapping[str, Check], clock: Callable[[], float] = time.monotonic) -> None:
        self._checks, self._clock = checks, clock
        self._found: list[Part] = []
        self._found_at: float | None = None
        self._looking: asyncio.Task[list[Part]] | None = None
        self._told: dict[str, bool] = {}
        self._late: set[str] = set()
        """Those that were late the last time."""

    async def parts(self) -> list[Part]:
        """All parts, as they were at most a second ago."""
        if self._found_at is None or self._clock() - self._found_at >= KEPT:
            if self._looking is None:
                self._looking = asyncio.ensure_future(self._look())
                self._looking.add_done_callback(self._looked)
            return await asyncio.shield(self._looking)
        return self._found

    async def _look(self) -> list[Part]:
        self._found = list(await asyncio.gather(*(_part(name, check) for name, check in self._checks.items())))
        self._found_at = self._clock()
        self._tell()
        return self._found

    def _tell(self) -> None:
        """Write down in the log what is unwell since the last time, and what is well again."""
        for part in self._found:
            if part.is_expected or (part.words == LATE and part.name not in self._late):
                continue  # A worker that is on its way, or a machine that is busy for a moment, is no news yet.
            if part.is_well != self._told.get(part.name, True):
                if part.is_well:
                    logger.info("Health: %s is well again", part.name)
                else:
                    logger.error("Health: %s is not well: %s", part.name, f"{part.words} {part.reason}".strip())
            self._told[part.name] = part.is_well
        self._late = {part.name for part in self._found if part.words == LATE}

    def _looked(self, _: object) -> None:
        self._looking = None


async def _part(name: str, check: Check) -> Part:
    try:
        async with asyncio.timeout(PATIENCE):
            return Part(name, True, await check())
    except TimeoutError:
        return Part(name, False, LATE)
    except Unwell as error:
        return Part(name, False, error.words, error.reason, error.is_expected)
    except Exception as error:  # Whatever a driver makes of a server that is away.
        return Part(name, False, "It could not be asked.", checks.why(error))
