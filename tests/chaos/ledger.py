"""What was sent in texts that are unlike any other, and what became of each as far as its author was told."""

import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import count


@dataclass
class Entry:
    """`kind` is that of the change that it should become."""

    kind: str
    text: str
    by: int
    sent_at: float = field(default_factory=time.monotonic)
    acknowledged_at: float = 0.0
    is_refused: bool = False


class Ledger:
    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.sent = 0
        """Commands of all kinds."""
        self.told: Counter[str] = Counter()
        """The toasts that people saw."""
        self._numbers = count(1)

    def write(self, kind: str, by: int) -> str:
        """A text for a change of that kind by that client, which no other change has."""
        text = f"{kind.partition('.')[2]} {next(self._numbers)} by {by}"
        self.entries[text] = Entry(kind, text, by)
        return text

    def seen(self, text: str, by: int) -> bool:
        """A tab was sent this text: whether that acknowledges something of its own that was not known yet."""
        entry = self.entries.get(text)
        if entry is None or entry.by != by or entry.acknowledged_at:
            return False
        entry.acknowledged_at = time.monotonic()
        return True

    def refused(self, text: str) -> None:
        if entry := self.entries.get(text):
            entry.is_refused = True

    @property
    def acknowledged(self) -> list[Entry]:
        return [entry for entry in self.entries.values() if entry.acknowledged_at]
