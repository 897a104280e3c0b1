"""doctor: prints what app/doctor.py finds."""

import argparse
import asyncio
import sys

from app import doctor, settings

MARKS = {"well": "✓", "note": "·", "unwell": "✗"}
COLORS = {"well": "\033[32m", "note": "\033[33m", "unwell": "\033[31m"}


def add(commands) -> None:
    checking = commands.add_parser("doctor", help="check every part, and say what to do", description=check.__doc__)
    checking.add_argument("--settings", action="store_true", help="only whether every setting can be understood")
    checking.set_defaults(work=check)


def check(chosen: argparse.Namespace) -> int:
    """Check every part: settings, folder, database, Redis, pages, mail, the running program and the way to it through a
    proxy. Says of each that is not well what to do. Changes nothing. Exit status: 0 when all is well."""
    here = settings.get()
    return 0 if chosen.settings else asyncio.run(_print_all(here))


async def _print_all(here: settings.Settings) -> int:
    is_well = True
    async for finding in doctor.findings(here):
        is_well &= finding.mark != "unwell"
        mark = MARKS[finding.mark]
        if sys.stdout.isatty():
            mark = f"{COLORS[finding.mark]}{mark}\033[0m"
        print(f"{mark} {finding.part:<9} {finding.words}", flush=True)
    return 0 if is_well else 1
