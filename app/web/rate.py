"""How much one person may do: a bucket that holds a minute's worth of commands and fills up evenly."""

import time
from dataclasses import dataclass, field

from app import settings
from app.domain.errors import Busy

TOO_FAST = "That was a lot in a short time. Please wait a few seconds and go on."
MOST = 10_000


@dataclass
class Bucket:
    left: float
    at: float = field(default_factory=time.monotonic)


_buckets: dict[int, Bucket] = {}


def spend(person_id: int) -> None:
    """Count one command of this person on this worker; Busy when MESSAGE_RATE_LIMIT is used up."""
    a_minute = settings.get().message_rate_limit
    if len(_buckets) > MOST:
        _buckets.clear()
    bucket = _buckets.setdefault(person_id, Bucket(a_minute))
    now = time.monotonic()
    bucket.left = min(a_minute, bucket.left + (now - bucket.at) * a_minute / 60)
    bucket.at = now
    if bucket.left < 1:
        raise Busy(TOO_FAST)
    bucket.left -= 1
