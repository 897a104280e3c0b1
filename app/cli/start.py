"""start, and the demo world."""

import argparse
import asyncio

from app import seeds, serve, settings
from app.cli.ready import ready


def add(commands) -> None:
    starting = commands.add_parser("start", help="start Tandem, here, until it is stopped", description=start.__doc__)
    starting.add_argument("--demo", action="store_true", help="with a demo team, whose sign-ins are printed")
    starting.set_defaults(work=start)
    showing = commands.add_parser("demo", help="add a demo team", description=demo.__doc__)
    showing.set_defaults(work=demo)


def start(chosen: argparse.Namespace) -> int:
    """Start Tandem: wait for the database, bring it to the newest schema, and serve until SIGTERM or Ctrl-C."""
    return serve.main(["--demo"] if chosen.demo else [])


def demo(_: argparse.Namespace) -> int:
    """Add the demo team (Ana, Ben and Cleo, and their board "Launch"), unless it is there; print its sign-ins."""
    with ready(settings.get()):
        asyncio.run(seeds.main())
    return 0
