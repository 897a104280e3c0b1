"""What a browser may be sent: frozen, flat, and just the fields that are drawn. Nothing else ever leaves the server."""

from app.domain.snapshots.accounts import AccountRow, DeviceList, DeviceView, InstanceView
from app.domain.snapshots.activity import ActivityEntry, ActivityGroup, AuditEntry
from app.domain.snapshots.boards import BoardHeader, FileView, LaneView, PersonCard, TaskCard, TaskDetail
from app.domain.snapshots.news import (
    Bell,
    ChoiceView,
    Clock,
    InboxView,
    Muted,
    NewsRow,
    QuietHours,
    ReminderList,
    ReminderView,
    Told,
    WatchView,
)
from app.domain.snapshots.talk import CommentView, ReactionView, TalkView
from app.domain.snapshots.workspaces import (
    BoardLink,
    HomeView,
    InviteList,
    InviteView,
    PrivateBoard,
    PrivateBoardList,
    ReceiptList,
    ReceiptView,
    TabView,
    WorkspaceView,
)

__all__ = [
    "AccountRow",
    "ActivityEntry",
    "ActivityGroup",
    "AuditEntry",
    "Bell",
    "BoardHeader",
    "BoardLink",
    "ChoiceView",
    "Clock",
    "CommentView",
    "DeviceList",
    "DeviceView",
    "FileView",
    "HomeView",
    "InboxView",
    "InstanceView",
    "InviteList",
    "InviteView",
    "LaneView",
    "Muted",
    "NewsRow",
    "PersonCard",
    "PrivateBoard",
    "PrivateBoardList",
    "QuietHours",
    "ReactionView",
    "ReceiptList",
    "ReceiptView",
    "ReminderList",
    "ReminderView",
    "Snapshot",
    "TabView",
    "TalkView",
    "TaskCard",
    "TaskDetail",
    "Told",
    "WatchView",
    "WorkspaceView",
]

Snapshot = (
    PersonCard
    | TaskCard
    | LaneView
    | BoardHeader
    | TaskDetail
    | TalkView
    | CommentView
    | WorkspaceView
    | HomeView
    | InviteView
    | InviteList
    | DeviceView
    | DeviceList
    | AccountRow
    | InstanceView
    | ReceiptView
    | ReceiptList
    | PrivateBoard
    | PrivateBoardList
    | Bell
    | Muted
    | NewsRow
    | InboxView
    | WatchView
    | ChoiceView
    | QuietHours
    | Clock
    | ReminderList
)


def initials(name: str) -> str:
    """One or two letters for an avatar: the first of the first and of the last word."""
    words = name.split()
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else "?"
