"""How much one person may do, and how often one address may try to get in."""

import contextlib
import hashlib
from collections.abc import AsyncIterator

from redis.asyncio import Redis
from redis.asyncio.cluster import RedisCluster

from app import settings
from app.bus import Bus
from app.domain.errors import Busy
from app.limits import Limit, Limits, Shared
from app.web.address import home_of

TOO_FAST = "That was a lot in a short time. Please wait a few seconds and go on."
TOO_MANY = "Too many tries. Wait a minute, then try again."
LETTERS = 5
"""Letters that one mailbox is sent in a quarter of an hour because somebody has asked for them."""
INVITATIONS = 50
"""Invitations that one person may have posted in an hour."""
ACCOUNTS = 3
"""As many tries to sign in as one account has, so many times that in all has an address."""


class Door:
    """The limits on getting in, of which each counts the tries of one address."""

    def __init__(self, limits: Limits, a_minute: int) -> None:
        self._limits = limits
        self.account = Limit("account", a_minute)
        self.sign_in = Limit("sign-in", a_minute * ACCOUNTS)
        self.sign_up = Limit("sign-up", a_minute)
        self.reset = Limit("reset", a_minute)
        self.invitation = Limit("invitation", a_minute)
        self.letters = Limit("letters", LETTERS, 15 * 60.0)
        self.invitations = Limit("invitations", INVITATIONS, 3600.0)

    async def take(self, limit: Limit, address: str, whom: str = "") -> None:
        """Count a try from an address, at somebody's account if it is one; Busy when there were too many."""
        if not await self._limits.take(limit, _name(address, whom)):
            raise Busy(TOO_MANY)

    @contextlib.asynccontextmanager
    async def trying(self, limit: Limit, address: str, whom: str = "") -> AsyncIterator[None]:
        """Around something that may fail: a try counts only then, and from the start, however many come at once."""
        await self.take(limit, address, whom)
        yield
        await self._limits.give_back(limit, _name(address, whom))


def _name(address: str, whom: str) -> str:
    """Whom a try is about is counted by a hash: what people type into a form is kept nowhere."""
    about = hashlib.sha256(whom.encode("utf-8", "replace")).hexdigest()[:32] if whom else ""
    return f"{home_of(address)}:{about}"


_commands: Shared | None = None
_door: Door | None = None


def begin(redis: Redis | RedisCluster | None, bus: Bus) -> None:
    """Count for this worker."""
    global _commands, _door
    chosen = settings.get()
    _commands = Shared(redis, Limit("commands", chosen.message_rate_limit), lambda: bus.is_up)
    _door = Door(Limits(redis, lambda: bus.is_up), chosen.door_rate_limit)


def door() -> Door:
    assert _door is not None, "The worker has not started."
    return _door


def spend(person_id: int) -> None:
    """Count one command of this person; Busy when MESSAGE_RATE_LIMIT is used up."""
    assert _commands is not None, "The worker has not started."
    if not _commands.spend(str(person_id)):
        raise Busy(TOO_FAST)
