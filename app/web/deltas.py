"""What browsers are sent for their stores (store.py): patches of what is drawn, and what a worker says besides."""

from collections.abc import Mapping
from typing import Any

from reflex.constants.state import FIELD_MARKER

from app.domain.snapshots import (
    AccountRow,
    Bell,
    BoardHeader,
    ChoiceView,
    Clock,
    CommentView,
    DeviceList,
    DeviceView,
    HomeView,
    InboxView,
    InstanceView,
    InviteList,
    InviteView,
    LaneView,
    Muted,
    NewsRow,
    PersonCard,
    PrivateBoard,
    PrivateBoardList,
    QuietHours,
    ReceiptList,
    ReceiptView,
    ReminderList,
    Snapshot,
    TalkView,
    TaskCard,
    TaskDetail,
    WatchView,
    WorkspaceView,
)
from app.web.store import (
    Accounts,
    Bells,
    Cards,
    Choices,
    Comments,
    Detail,
    Devices,
    Door,
    Freshness,
    Header,
    Inboxes,
    Invites,
    Lanes,
    Looking,
    Mutes,
    Nearby,
    Own,
    People,
    PrivateBoards,
    Receipts,
    Store,
    Watches,
    Workspaces,
    Writers,
)
from app.web.wire import Delta

HOMES: dict[type[Snapshot], type[Store]] = {
    BoardHeader: Header,
    LaneView: Lanes,
    TaskCard: Cards,
    PersonCard: People,
    TaskDetail: Detail,
    TalkView: Comments,
    CommentView: Comments,
    WorkspaceView: Workspaces,
    HomeView: Workspaces,
    InviteView: Invites,
    InviteList: Invites,
    DeviceView: Devices,
    DeviceList: Devices,
    AccountRow: Accounts,
    InstanceView: Accounts,
    ReceiptView: Receipts,
    ReceiptList: Receipts,
    PrivateBoard: PrivateBoards,
    PrivateBoardList: PrivateBoards,
    Bell: Bells,
    Muted: Mutes,
    NewsRow: Inboxes,
    InboxView: Inboxes,
    WatchView: Watches,
    ChoiceView: Choices,
    QuietHours: Choices,
    Clock: Own,
    ReminderList: Own,
}
"""In which store the entities of each kind live."""


def patch(changed: Mapping[str, Snapshot], gone: Mapping[str, Snapshot], revision: int | None) -> Delta:
    """The delta that brings browsers from one drawing to the next; `gone` are the last drawings of what left.

    `revision` is that of the board, if it is one.
    """
    delta: dict[str, dict[str, Any]] = {}
    for key, snapshot in changed.items():
        delta.setdefault(HOMES[type(snapshot)].get_full_name(), {})[key] = snapshot
    for key, snapshot in gone.items():
        delta.setdefault(HOMES[type(snapshot)].get_full_name(), {})[key] = None
    if revision is not None:
        delta[Freshness.get_full_name()] = {"revision" + FIELD_MARKER: revision}
    return delta


def door(sentence: str, is_resting: bool = False) -> Delta:
    """Show a tab out, with a sentence that says why; an empty one lets it back in."""
    said = {"sentence": sentence, "is_resting": is_resting}
    return {Door.get_full_name(): {name + FIELD_MARKER: value for name, value in said.items()}}


def nearby(person_ids: list[int], tasks: Mapping[str, list[int]]) -> Delta:
    """Who has a board open, and by the id of a task, who has that open."""
    return {
        Nearby.get_full_name(): {"people" + FIELD_MARKER: person_ids},
        Looking.get_full_name(): {"tasks" + FIELD_MARKER: tasks},
    }


def writers(task_id: int, person_ids: list[int]) -> Delta:
    """Who is writing a comment on a task."""
    return {Writers.get_full_name(): {f"w{task_id}": person_ids}}


def delivery(is_slow: bool) -> Delta:
    """Tell a tab whether doorbells ring."""
    return {Freshness.get_full_name(): {"is_slow" + FIELD_MARKER: is_slow}}


def opened(is_slow: bool, is_waiting: bool) -> Delta:
    """Tell a tab how its page was opened: it may hold what another worker told it, before a connection broke."""
    flags = {"is_slow": is_slow, "is_waiting": is_waiting}
    return {Freshness.get_full_name(): {name + FIELD_MARKER: value for name, value in flags.items()}}
