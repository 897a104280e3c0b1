"""Passwords: Argon2id, in two threads of their own: a rush of sign-ins takes neither the loop nor the memory."""

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.domain.errors import Invalid

T = TypeVar("T")

SHORTEST, LONGEST = 12, 128
"""The length of a password, in characters."""

_hasher = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="password")
_NOBODY = _hasher.hash("")
"""Stands in for the hash of somebody unknown, so that the answer takes as long as for everyone else."""


def check(password: str) -> None:
    """Raise Invalid unless the password may be chosen."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(f"A password has {SHORTEST} to {LONGEST} characters; this one has {len(password):,}.")
    if not password.strip():
        raise Invalid("A password has letters, digits or signs; this one has spaces alone.")


async def hash(password: str) -> str:
    """The hash to keep; Invalid if the password may not be chosen."""
    check(password)
    return await _apart(_hasher.hash, _bytes(password))


async def verify(kept: str | None, password: str) -> bool:
    """Whether the password made the hash; never for a person who is unknown (None), and just as slowly."""
    return await _apart(_matches, kept or _NOBODY, _bytes(password[: LONGEST + 1])) and bool(kept)


def _matches(kept: str, password: bytes) -> bool:
    try:
        return _hasher.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def _bytes(password: str) -> bytes:
    """The same bytes for the same characters, however the keyboard composed them."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


async def _apart(work: Callable[..., T], *arguments: object) -> T:
    return await asyncio.get_running_loop().run_in_executor(_threads, work, *arguments)
