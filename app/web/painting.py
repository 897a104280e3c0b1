"""When what was sent is on the screens: tabs report what they have drawn, and no two clocks are compared.

A tab says which revision it has drawn, and how many milliseconds it took from the frame's arrival. How old the change
was when it was sent, and how long ago that is, the worker knows; what is left of that is the way there and back, and
half of it is the way there. Of many revisions in a short time a tab tells of one.
"""

import time
from collections.abc import Callable

REMEMBERED = 256
"""Revisions of a board of which tabs may still tell."""
LONGEST = 60.0
"""Seconds after which a report tells of a laptop that was shut, not of us."""


class Painting:
    """Of one board."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._sent: dict[int, tuple[float, float]] = {}

    def sent(self, revision: int, age: float) -> None:
        """The tabs are being sent this revision, whose newest change is so many seconds old."""
        self._sent[revision] = (age, self._clock())
        if len(self._sent) > REMEMBERED:
            del self._sent[next(iter(self._sent))]

    def seconds(self, revision: int, drawing: float, since: float) -> float | None:
        """From the change to the screen of a tab that took `drawing` seconds; None for what cannot be told.

        A tab that came after it was sent, at `since`, has drawn it with all the rest, as its first drawing.
        """
        age, sent_at = self._sent.get(revision, (0.0, 0.0))
        elapsed = self._clock() - sent_at
        if revision not in self._sent or sent_at < since or not 0 <= drawing <= elapsed <= LONGEST:
            return None
        return max(age, 0.0) + (elapsed - drawing) / 2 + drawing
