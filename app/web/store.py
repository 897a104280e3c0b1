"""The browser's side of a room: substates that hold entities by key, and Vars over them.

The server only ever sends patches to a store (room.py); it keeps nothing in it and reads nothing from it, so that all
tabs of a worker share one. The browser merges a patch by key, and entities that are equal keep their identity, so that
just the changed ones are drawn again. Each kind of entity has a substate of its own, because a substate is what a
component subscribes to.
"""

import builtins
import functools
from typing import Any, Self, TypeVar

import reflex as rx
from reflex.state import BaseState, _override_base_method
from reflex.vars import ArrayVar, ObjectVar

from app.web import lean

T = TypeVar("T")


class Store(rx.State, mixin=True):
    """A substate that patches alone fill."""

    seat: int = 0
    """Every store declares one var, through which Vars over the whole of it are made."""

    def __new__(cls, *_: Any, **__: Any) -> Self:
        return _shared(cls)

    @_override_base_method
    def _init_bookkeeping(self, parent_state: BaseState | None = None) -> None:
        """Extends BaseState._init_bookkeeping: what all tabs share has none of their states as its parent."""
        super()._init_bookkeeping()

    def __setattr__(self, name: str, value: Any) -> None:
        raise TypeError(f"All tabs share {type(self).__name__}, so {name} cannot be set: send a patch (deltas.py).")

    @_override_base_method
    def dict(self, include_computed: bool = True, initial: bool = False, **kwargs: Any) -> builtins.dict[str, Any]:
        """Overrides BaseState.dict: a (re)connecting tab must not be sent defaults over what it shows."""
        return super().dict(include_computed, initial, **kwargs) if initial else {}


@functools.cache
def _shared(kind: type[T]) -> T:
    return object.__new__(kind)


class Kept(rx.State, mixin=True):
    """A substate that stays as it is on the screen when a tab comes back to a worker that does not know it."""

    @_override_base_method
    def dict(self, include_computed: bool = True, initial: bool = False, **kwargs: Any) -> builtins.dict[str, Any]:
        """Overrides BaseState.dict: what is as new here says nothing about what the tab shows."""
        told = super().dict(include_computed, initial, **kwargs)
        if initial:
            return told
        new = lean.as_new(type(self))
        return {
            state: {name: value for name, value in values.items() if name not in new or value != new[name]}
            for state, values in told.items()
        }


class Header(Store, rx.State):
    """The board on show."""


class Lanes(Store, rx.State):
    """Its lanes."""


class Cards(Store, rx.State):
    """Its tasks."""


class People(Store, rx.State):
    """The members of the workspace on show."""


class Detail(Store, rx.State):
    """The open task."""


class Comments(Store, rx.State):
    """What is said about it."""


class Workspaces(Store, rx.State):
    """The workspace on show, or all of the person's."""


class Invites(Store, rx.State):
    """Its invitations."""


class Receipts(Store, rx.State):
    """What became of the tabs of those who were removed from it or given a lesser role."""


class PrivateBoards(Store, rx.State):
    """Its private boards, for its owners."""


class Nearby(Store, rx.State):
    """Who has the board open now, by id."""

    people: list[int] = []


class Looking(Store, rx.State):
    """Who has which of its tasks open now: ids of people, by the id of the task."""

    tasks: dict[str, list[int]] = {}


class Writers(Store, rx.State):
    """Who is writing a comment now: ids of people, by `w` and the id of the task."""


class Freshness(Store, rx.State):
    """How new what this tab shows is."""

    revision: int = 0
    """The newest one of the board on show that it was sent."""
    is_slow: bool = False
    """Doorbells do not ring: what others do arrives up to two seconds later."""
    is_waiting: bool = False
    """The page could not be drawn yet, and is tried again."""


class Devices(Store, rx.State):
    """Where the person is signed in."""


class Own(Store, rx.State):
    """The person's clock and reminders."""


class Accounts(Store, rx.State):
    """Everybody on this Tandem, for those who look after it."""


class Bells(Store, rx.State):
    """How much news the person has."""


class Mutes(Store, rx.State):
    """What they have muted, and what they watch."""


class Inboxes(Store, rx.State):
    """Their inbox, as they look at it."""


class Watches(Store, rx.State):
    """Whether they watch the open task."""


class Choices(Store, rx.State):
    """What they want to be told, and how."""


class Door(Store, rx.State):
    """Why somebody was shown out of what they were looking at; empty for everyone else."""

    sentence: str = ""
    is_resting: bool = False
    """They may go on here whenever they like, so that what is on the screen, and typed there, stays."""


def open_by(task_id: rx.Var[int]) -> ArrayVar[list[int]]:
    """The ids of those who have a task open; undefined when nobody has."""
    tasks: Any = Looking.tasks
    return tasks[task_id.to_string()]


def over(state: type[Store], shape: type[T]) -> ObjectVar[dict[str, T]]:
    """A Var over everything in a store, to be indexed by key."""
    seat = state.seat
    return rx.Var(  # type: ignore[return-value]  # guess_type() makes it an ObjectVar.
        _js_expr=seat._js_expr.rsplit(".", 1)[0],
        _var_type=dict[str, shape],
        _var_data=seat._get_all_var_data(),
    ).guess_type()
