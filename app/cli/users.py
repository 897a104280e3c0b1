"""user: for whoever cannot get in, or looks after others who cannot. It goes into the audit log, as done by nobody."""

import argparse
import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

from app import passwords, settings
from app.cli.ready import ready
from app.db import Database
from app.domain import accounts, instance, people, second_factors
from app.domain.errors import Invalid, NotFound
from app.domain.models import Person
from app.domain.transaction import Transaction

T = TypeVar("T")
WITH = "bin/tandem"
"""What the audit log shows as the device."""


def add(commands) -> None:
    user = commands.add_parser("user", help="accounts: create, reset, admin", description=__doc__)
    doing = user.add_subparsers(title="commands", metavar="<command>", required=True)
    creating = _command(doing, "create", create, "make an account, whoever may sign up")
    creating.add_argument("--name", help="how others see them; without it, what stands before the @")
    creating.add_argument(
        "--admin", action="store_true", help="as an admin of this Tandem; the first one is in any case"
    )
    resetting = _command(doing, "reset", reset, "print a link to choose a new password with")
    resetting.add_argument("--second-factor", action="store_true", help="turn their second factor off, too")
    appointing = _command(doing, "admin", appoint, "make somebody an admin of this Tandem")
    appointing.add_argument("--remove", action="store_true", help="or let them be one no longer")


def _command(doing, name: str, work: Callable[[argparse.Namespace], int], words: str) -> argparse.ArgumentParser:
    made = doing.add_parser(name, help=words, description=work.__doc__)
    made.add_argument("email", help="their e-mail address")
    made.set_defaults(work=work)
    return made


def create(chosen: argparse.Namespace) -> int:
    """Make an account, whatever SIGN_UP says. The password is asked for on a terminal; elsewhere it is read from the
    standard input, as its first line: bin/tandem user create ana@example.com < file."""
    email = people.address(chosen.email)

    async def look(tx: Transaction) -> None:
        if await people.with_email(tx, email) is not None:
            raise Invalid(
                f"There is an account with the e-mail address {email} already. `{WITH} user reset {email}` prints a "
                "link to choose a new password with."
            )

    async def work(tx: Transaction) -> str:
        await look(tx)  # Once more: somebody may have signed up meanwhile.
        person = await people.sign_up(tx, chosen.name or email.partition("@")[0], email, hashed)
        if chosen.admin:
            await instance.appoint(tx, person.id, True)
        return f"{person.name} can sign in as {person.email}{', and is an admin' if person.is_admin else ''}."

    _in_a_transaction(look)
    hashed = asyncio.run(passwords.hash(_password()))
    return _do(work)


def reset(chosen: argparse.Namespace) -> int:
    """Print a link with which somebody chooses a new password. It works once, for an hour: hand it to nobody else."""

    async def work(tx: Transaction) -> str:
        person = await _person(tx, chosen.email)
        if chosen.second_factor and await second_factors.of(tx, person.id) is not None:
            await second_factors.lift(tx, person.id)
        token = await accounts.offer_reset(tx, person.id)
        here = settings.get()
        return f"{here.public_url or f'http://localhost:{here.port}'}/reset/{token}"

    return _do(work)


def appoint(chosen: argparse.Namespace) -> int:
    """Make somebody an admin of this Tandem, or let them be one no longer. One person always is."""

    async def work(tx: Transaction) -> str:
        person = await _person(tx, chosen.email)
        await instance.appoint(tx, person.id, not chosen.remove)
        return f"{person.name} is {'no admin any more' if chosen.remove else 'an admin of this Tandem'}."

    return _do(work)


async def _person(tx: Transaction, email: str) -> Person:
    if (person := await people.with_email(tx, email)) is None:
        raise NotFound(f"There is no account with the e-mail address {email}.")
    return person


def _password() -> str:
    if sys.stdin is None or not sys.stdin.isatty():
        return _first_line()
    while True:
        typed = getpass.getpass("Password: ")
        passwords.check(typed)
        if getpass.getpass("And again: ") == typed:
            return typed
        print("The two are not the same. Once more.", file=sys.stderr)


def _first_line() -> str:
    """Of the standard input, for those who type nothing: a script, or a pipe."""
    print("The password is read from the standard input: its first line.", file=sys.stderr, flush=True)
    try:
        line = sys.stdin.readline().rstrip("\r\n") if sys.stdin else ""
    except UnicodeDecodeError:
        raise Invalid("The first line of the standard input is no text in UTF-8. No account was made.") from None
    if not line:
        raise Invalid(
            "There was no password on the standard input, so no account was made: give it one line, or type the "
            "password on a terminal."
        )
    return line


def _do(work: Callable[[Transaction], Awaitable[str]]) -> int:
    """In one transaction, and say what came of it. A program that runs hears of it within two seconds."""
    print(_in_a_transaction(work))
    return 0


def _in_a_transaction(work: Callable[[Transaction], Awaitable[T]]) -> T:
    async def do() -> T:
        db = Database(settings.get().database_url)
        try:
            async with db.transaction() as tx:
                tx.device = WITH
                return await work(tx)
        finally:
            await db.close()

    with ready(settings.get()):
        return asyncio.run(do())
