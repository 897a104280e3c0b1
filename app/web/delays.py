"""How long it takes from a change until it is sent, and until it is on the screens."""

import contextlib
from collections.abc import Iterable, Iterator
from datetime import datetime

from app.domain.models import now
from app.figures.declared import EMIT_SECONDS
from app.web.painting import Painting


class Delays:
    """Those of one room."""

    def __init__(self) -> None:
        self.painting = Painting()
        self._moments: list[datetime] = []

    def read(self, moments: Iterable[datetime]) -> None:
        """What was read just now, and is to be sent, are changes of these moments."""
        self._moments = list(moments)

    @contextlib.contextmanager
    def sending(self, revision: int | None) -> Iterator[None]:
        """Around the sending, as this revision of a board; None in other rooms, whose tabs do not tell what they drew.

        On a busy machine a tab may have drawn it before whoever sent it goes on.
        """
        if self._moments and revision is not None:
            self.painting.sent(revision, (now() - max(self._moments)).total_seconds())
        yield
        for moment in self._moments:
            EMIT_SECONDS.observe((now() - moment).total_seconds())
        self._moments = []
