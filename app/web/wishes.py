"""Where each tab wants to be, so that what broke off its way there can be made up for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Wish:
    """In the rooms `names`, and in those `aside` if its person may look at them."""

    person_id: int
    names: tuple[str, ...]
    aside: tuple[str, ...]

    @property
    def all(self) -> set[str]:
        return {*self.names, *self.aside}


class Wishes:
    """By the id of a connection; a newer wish takes the place of an older one."""

    def __init__(self) -> None:
        self._wishes: dict[str, Wish] = {}

    def want(self, sid: str, wish: Wish) -> None:
        self._wishes[sid] = wish

    def add(self, sid: str, aside: str) -> None:
        """This room too, for a tab that wants to be somewhere."""
        if (wish := self._wishes.get(sid)) and aside not in wish.aside:
            self._wishes[sid] = replace(wish, aside=(*wish.aside, aside))

    def of(self, sid: str) -> Wish | None:
        return self._wishes.get(sid)

    def give_up(self, sid: str, aside: Collection[str]) -> None:
        """These rooms are not for this tab."""
        if wish := self._wishes.get(sid):
            self._wishes[sid] = replace(wish, aside=tuple(name for name in wish.aside if name not in aside))

    def forget(self, sid: str) -> None:
        self._wishes.pop(sid, None)

    def unfulfilled(self, places: Mapping[str, set[str]]) -> list[str]:
        """The tabs that are not in just the rooms in which they want to be."""
        return [sid for sid, wish in self._wishes.items() if wish.all != places.get(sid, set())]
