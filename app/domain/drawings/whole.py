"""What is read whole whatever has changed, because it is small or changes seldom."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from app.domain.drawings import Happening, Usual
from app.domain.drawings.people import members
from app.domain.permissions import Permission, may
from app.domain.snapshots import PersonCard, Snapshot
from app.domain.streams import topic
from app.domain.transaction import Transaction


class Whole(Usual, ABC):
    """A drawing without a way to draw a part of it."""

    @abstractmethod
    async def draw(self, tx: Transaction) -> bool: ...

    async def redraw(self, tx: Transaction, changes: Sequence[Happening]) -> bool:
        return await self.draw(tx)

    def needs_snapshot(self, changes: Sequence[Happening]) -> bool:
        return True


class ListAside(Whole):
    """A list beside a page, for those among some people who have a permission."""

    permission: ClassVar[Permission]
    name: ClassVar[str]
    """The key of the list itself."""
    letter: ClassVar[str]
    """What the keys of its entries begin with; each has an id."""

    topics: tuple[str, ...] = ()
    viewers: frozenset[int] = frozenset()
    _entries: Sequence[Any] = ()

    async def draw(self, tx: Transaction) -> bool:
        people = await self._people(tx)
        self.viewers = frozenset(id for id, person in people.items() if may(person.role, self.permission))
        self._entries = await self._read(tx)
        return bool(self.viewers)

    @abstractmethod
    async def _people(self, tx: Transaction) -> Mapping[int, PersonCard]: ...

    @abstractmethod
    async def _read(self, tx: Transaction) -> Sequence[Any]: ...

    @abstractmethod
    def _list(self, ids: tuple[int, ...]) -> Snapshot: ...

    def entities(self) -> Mapping[str, Snapshot]:
        listed = self._list(tuple(entry.id for entry in self._entries))
        return {self.name: listed, **{f"{self.letter}{entry.id}": entry for entry in self._entries}}


class WorkspaceList(ListAside):
    """One beside a workspace's page."""

    def __init__(self, workspace_id: int) -> None:
        self.workspace_id = workspace_id
        self.topics = (topic("workspace", workspace_id),)

    async def _people(self, tx: Transaction) -> Mapping[int, PersonCard]:
        return await members(tx, self.workspace_id)
