"""What whoever has the machine can do: `bin/tandem`, each command in a module with its words and its work."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from app import private
from app.archive import Unusable
from app.backup import CannotBackUp
from app.cli import backups, checkup, start, users
from app.domain.errors import Refusal
from app.migrating import CannotMigrate
from app.restore import CannotRestore
from app.serve import CannotStart
from app.setting import SettingsError

SENTENCES = (CannotBackUp, CannotMigrate, CannotRestore, CannotStart, Refusal, SettingsError, Unusable)
"""What says in one sentence what is in the way."""


@private.by_default()
def main(arguments: list[str]) -> int:
    """Exit status: 0, 1 when it could not be done, for a reason that was told, and 2 for what was not understood."""
    chosen = parser().parse_args(arguments)
    work: Callable[[argparse.Namespace], int] = chosen.work
    try:
        return work(chosen)
    except SENTENCES as reason:
        print(reason, file=sys.stderr)
    except OSError as error:
        print(f"{error.filename or 'A file'} cannot be used ({str(error.strerror).lower()}).", file=sys.stderr)
    except (KeyboardInterrupt, EOFError):
        print("\nStopped: nothing more was done.", file=sys.stderr)
    return 1


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="bin/tandem",
        description="Run Tandem and look after it. What it is told by environment variables is in docs/settings.md.",
    )
    commands = made.add_subparsers(title="commands", metavar="<command>", required=True)
    for module in (start, checkup, backups, users):
        module.add(commands)
    return made


def path(typed: str) -> Path:
    """A path as it was typed where the command was called from, which is not where the program runs."""
    if not typed:
        raise argparse.ArgumentTypeError("it is empty: a variable that is not set, perhaps")
    return Path(os.environ.get("CALLED_FROM", "")) / typed
