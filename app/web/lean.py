"""What a tab's state takes in memory before anything has changed in it: all that leans on how Reflex notes changes.

Reflex keeps in every substate of every tab a set of its vars that have changed and one of its substates in which some
have. Most of ours have no substates, many have no vars, and a tab has some forty of them: two empty sets in each would
be a tenth of what an idle tab costs. `tests/live/test_wire_contract.py` holds what this relies on.
"""

import reflex as rx
from reflex.state import BaseState

NEVER: frozenset[str] = frozenset()
"""Nothing can be added to it: should Reflex try, it fails rather than that one tab sees what is another's."""


def note_only_what_can_change() -> None:
    """Have no sets made any more for what never changes."""
    rx.State._init_bookkeeping = _init_bookkeeping


def _init_bookkeeping(state: BaseState, parent_state: BaseState | None = None) -> None:
    BaseState._init_bookkeeping(state, parent_state)
    kind = type(state)
    if not kind.get_substates():
        object.__setattr__(state, "dirty_substates", NEVER)
    if not kind.computed_vars and all(field._owner is not kind for field in kind.get_fields().values()):
        object.__setattr__(state, "dirty_vars", NEVER)
