"""What a tab's state in memory relies on in Reflex (app/web/lean.py, store.py): an upgrade fails here, and says why."""

import pytest
import reflex as rx
from reflex.constants.state import FIELD_MARKER
from reflex.istate.manager import _release_state_tree
from reflex.state import BaseState

from app.web import lean, store
from app.web.dialogs import Dialogs
from app.web.feedback import Feedback
from app.web.session import Me, Session
from app.web.toasts import Toasts


def tree() -> rx.State:
    """The whole state of a tab, as Reflex makes it when the tab connects."""
    return rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]  # None of its fields.


def test_all_tabs_of_a_worker_share_the_stores_and_nothing_can_be_kept_in_them():
    one, other = tree(), tree()
    name = store.Freshness.get_full_name()
    shared = one.get_substate(name.split("."))
    assert shared is other.get_substate(name.split(".")), (
        "A tab has stores of its own: each costs it hundreds of bytes."
    )
    assert shared.parent_state is None, "What all tabs share leads to the state of one of them."
    assert one.get_substate(Dialogs.get_full_name().split(".")).parent_state is one
    with pytest.raises(TypeError, match="send a patch"):
        shared.revision = 41
    _release_state_tree(one)
    assert other.dict(initial=True)[name]["revision" + FIELD_MARKER] == 0, "A tab that is let go takes a store along."


def test_what_never_changes_in_a_state_is_not_noted_and_what_changes_is(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rx.State, "_init_bookkeeping", BaseState._init_bookkeeping)
    kept = tree().get_substate(Toasts.get_full_name().split("."))
    assert kept.dirty_vars == kept.dirty_substates == set(), "Reflex makes no such sets any more: lean.py has no use."

    lean.begin()
    tab = tree()
    for state in tab.substates.values():
        assert state.dirty_substates is lean.NEVER, f"{type(state).__name__} has a set that stays empty."
    toasts, dialogs = (tab.get_substate(kind.get_full_name().split(".")) for kind in (Toasts, Dialogs))
    assert toasts.dirty_vars is lean.NEVER
    for name in ("invite", "rename"):  # Reflex makes new sets after each delta.
        dialogs.name = name
        assert tab.get_delta() == {Dialogs.get_full_name(): {"name" + FIELD_MARKER: name}}, "A change is lost."
        tab._clean()
    toasts.is_hydrated = True
    assert tab.get_delta() == {rx.State.get_full_name(): {"is_hydrated" + FIELD_MARKER: True}}
    assert not tree().get_delta(), "What changed in one tab is told to another."


def test_tabs_share_defaults_that_cannot_change_and_no_others():
    lean.begin()
    one, other = tree(), tree()
    session, feedback = Session.get_full_name().split("."), Feedback.get_full_name().split(".")
    assert one.get_substate(session).get_value("me") is other.get_substate(session).get_value("me")
    for name in ("toasts", "refused"):  # A list, and a dataclass with a dict.
        assert one.get_substate(feedback).get_value(name) is not other.get_substate(feedback).get_value(name)
    one.get_substate(session).me = Me(7)
    assert other.get_substate(session).me == Me(), "What one tab knows, another does."


def test_what_is_kept_in_the_browsers_storage_is_looked_for_only_if_there_is_any(monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patch:
        patch.setattr(rx.State, "_reset_client_storage", BaseState._reset_client_storage)
        patch.setattr(Dialogs, "_is_client_storage", classmethod(lambda kind, field: True))
        lean.begin()
        tab = tree()
        dialogs = tab.get_substate(Dialogs.get_full_name().split("."))
        dialogs.name = "invite"
        tab._reset_client_storage()
        assert dialogs.name == "", "What the browser's storage has is not looked for, though a state keeps something."
    lean.begin()
    assert rx.State._reset_client_storage is not BaseState._reset_client_storage, "It is looked for in vain."


def test_what_nobody_has_read_or_written_is_sent_as_it_is_and_stays_no_tabs_own(monkeypatch: pytest.MonkeyPatch):
    name, feedback = Dialogs.get_full_name(), Feedback.get_full_name()
    with monkeypatch.context() as patch:
        patch.setattr(rx.State, "dict", BaseState.dict)
        usual = tree().dict()
    lean.begin()
    tab, other = tree(), tree()
    assert tab.dict() == usual, "A browser is sent something else than Reflex would send."
    assert not vars(tab.get_substate(name.split("."))), "Reading all makes every var the tab's own: lean.py has no use."
    tab.get_substate(name.split(".")).name = "invite"
    tab.get_substate(feedback.split(".")).toasts.append("A list that is changed in place")
    assert tab.dict()[name]["name" + FIELD_MARKER] == "invite"
    assert tab.dict()[feedback]["toasts" + FIELD_MARKER]
    assert other.dict() == usual, "What one tab does, another is sent."
