"""What a tab's state takes in memory and time before anything has changed in it: all that leans on Reflex's inside.

Reflex keeps in every substate of every tab a set of its vars that have changed, and one of its substates in which some
have; most of ours have no substates, and many no vars. It also copies the default of a var for every tab, unless it is
of the simplest kinds. Together that would be a seventh of what an idle tab costs. And whenever a tab connects it reads
every var, which makes it one of this tab's own, and looks for those that are kept in the browser's storage, of which
there are none. `tests/live/test_lean_contract.py` holds what this relies on.
"""

import copy
import functools
from typing import Any

import reflex as rx
from reflex.constants.state import FIELD_MARKER
from reflex.state import BaseState

NEVER: frozenset[str] = frozenset()
"""Nothing can be added to it: should Reflex try, it fails rather than that one tab sees what is another's."""


def begin() -> None:
    """Called when all states are declared, and before there are tabs."""
    rx.State._init_bookkeeping = _init_bookkeeping
    rx.State.dict = _dict
    if not _keeps_in_the_browser(rx.State):
        rx.State._reset_client_storage = _nothing_to_reset
    for kind in rx.State.get_substates():
        for field in kind.get_fields().values():
            made = field.default_factory
            is_copied = isinstance(made, functools.partial) and made.func is copy.deepcopy
            if is_copied and _is_frozen(default := field.default_value()):
                field.default, field.default_factory = default, None


def _init_bookkeeping(state: BaseState, parent_state: BaseState | None = None) -> None:
    BaseState._init_bookkeeping(state, parent_state)
    kind = type(state)
    if not kind.get_substates():
        object.__setattr__(state, "dirty_substates", NEVER)
    if not kind.computed_vars and all(field._owner is not kind for field in kind.get_fields().values()):
        object.__setattr__(state, "dirty_vars", NEVER)


def _dict(state: BaseState, include_computed: bool = True, initial: bool = False, **options: Any) -> dict[str, Any]:
    """Of a substate in which nothing was ever read or written, what is known of its kind."""
    kind = type(state)
    if vars(state) or state.substates or kind.computed_vars:
        return BaseState.dict(state, include_computed, initial, **options)
    return {kind.get_full_name(): as_new(kind).copy()}


@functools.cache
def as_new(kind: type[BaseState]) -> dict[str, Any]:
    """The vars of a substate as they are before anything has happened to it, as a browser is sent them."""
    fields = kind.get_fields()
    return {name + FIELD_MARKER: fields[name].default_value() for name in sorted(kind.base_vars)}


def _keeps_in_the_browser(kind: type[BaseState]) -> bool:
    """Whether a state, or one below it, has a var that is kept in the browser's storage."""
    return any(map(kind._is_client_storage, kind.get_fields().values())) or any(
        map(_keeps_in_the_browser, kind.get_substates())
    )


def _nothing_to_reset(state: BaseState) -> None:
    """No var is kept in the browser's storage."""


def _is_frozen(value: object) -> bool:
    """Whether it is a frozen dataclass, and all that is in it is as lasting: then it has a hash."""
    if not (parameters := getattr(value, "__dataclass_params__", None)) or not parameters.frozen:
        return False
    try:
        hash(value)
    except TypeError:
        return False
    return True
