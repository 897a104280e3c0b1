"""What some tabs want to be shown beyond what everybody is: more tasks of a lane, people that somebody searched for."""

from collections.abc import Iterable


class Wants:
    """Those of the tabs of one room: by the id of what is wanted, how much of it."""

    def __init__(self) -> None:
        self._of: dict[str, dict[int, int]] = {}

    def only(self, sid: str, ids: Iterable[int]) -> None:
        """The tab wants these, and nothing else any more."""
        self._of[sid] = dict.fromkeys(ids, 1)

    def more(self, sid: str, id: int, wanted: int) -> None:
        self._of[sid] = self._of.get(sid, {}) | {id: wanted}

    def forget(self, sid: str) -> bool:
        """The tab has gone; whether it had wanted anything."""
        return bool(self._of.pop(sid, None))

    def most(self) -> dict[int, int]:
        """As much of each as the tab wants that wants most."""
        most: dict[int, int] = {}
        for id, wanted in (each for wants in self._of.values() for each in wants.items()):
            most[id] = max(wanted, most.get(id, 0))
        return most
