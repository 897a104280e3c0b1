"""What a browser may be sent: frozen, flat, and just the fields that are drawn. Nothing else ever leaves the server."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PersonCard:
    """A member as their colleagues see them; `role` is theirs in the workspace at hand, `avatar` a key or empty."""

    id: int
    name: str
    initials: str
    color: str
    role: str = ""
    avatar: str = ""


@dataclass(frozen=True)
class TaskCard:
    """`due_on` is an ISO date or empty; `priority` an index into tasks.PRIORITIES."""

    id: int
    lane_id: int
    title: str
    is_done: bool
    priority: int
    due_on: str
    assignees: tuple[int, ...]
    has_description: bool
    files: int
    comments: int


@dataclass(frozen=True)
class LaneView:
    """`tasks` are the ids of the first tasks, in order; `count` counts all of them."""

    id: int
    name: str
    count: int
    tasks: tuple[int, ...]


@dataclass(frozen=True)
class BoardHeader:
    """`lanes`, `members` and `outsiders` are ids, in the order in which they are shown.

    `members` are those who can see the board, `outsiders` the others of its workspace.
    """

    id: int
    name: str
    is_archived: bool
    workspace_id: int
    workspace_name: str
    lanes: tuple[int, ...]
    members: tuple[int, ...]
    is_private: bool
    outsiders: tuple[int, ...]


@dataclass(frozen=True)
class FileView:
    """A file on a task; `added_at` is an ISO time, `size` in words."""

    id: int
    name: str
    size: str
    has_thumb: bool
    added_by_id: int
    added_by: str
    added_at: str


@dataclass(frozen=True)
class TaskDetail:
    """What only the open task shows. The versions go back with an edit, to notice that two people made one.

    `brought_by` is who has imported it, where that is not who made it; else empty.
    """

    id: int
    board_id: int
    title: str
    title_version: int
    description: str
    description_version: int
    created_by: str
    created_at: str
    is_trashed: bool
    files: tuple[FileView, ...]
    brought_by: str = ""


@dataclass(frozen=True)
class ReactionView:
    """Who answered with it: their ids, and who they are in words."""

    kind: str
    people: tuple[int, ...]
    names: str


@dataclass(frozen=True)
class CommentView:
    """`author` is their name, as they may have left; times are ISO, `edited_at` is empty for never.

    One that was imported is nobody's here: its `author_id` is 0, and `brought_by` who has imported it.
    """

    id: int
    author_id: int
    author: str
    body: str
    version: int
    at: str
    edited_at: str
    reactions: tuple[ReactionView, ...]
    brought_by: str = ""


@dataclass(frozen=True)
class TalkView:
    """The comments of a task on show, oldest first, of `count`; `is_cut` when more would be too long to be shown."""

    comments: tuple[int, ...]
    count: int
    is_cut: bool


@dataclass(frozen=True)
class BoardLink:
    id: int
    name: str
    is_archived: bool
    is_private: bool


@dataclass(frozen=True)
class WorkspaceView:
    """A workspace in a list or on top of its pages; `role` is that of the person who looks, or empty.

    `shows_people` says whether its members see where others are, and when they write.
    """

    id: int
    name: str
    description: str
    role: str
    boards: tuple[BoardLink, ...]
    members: tuple[int, ...]
    shows_people: bool


@dataclass(frozen=True)
class HomeView:
    """`workspaces` are the ids of those that the person is in, in order; `is_shown` if others see where they are."""

    workspaces: tuple[int, ...]
    is_shown: bool


@dataclass(frozen=True)
class InviteView:
    """An invitation that can still be used. `expires_at` is an ISO time, `email_domain` empty when it is for all."""

    id: int
    role: str
    uses: int
    max_uses: int
    expires_at: str
    created_by: str
    email_domain: str


@dataclass(frozen=True)
class InviteList:
    """`invites` are the ids of those that can still be used, newest first."""

    invites: tuple[int, ...]


@dataclass(frozen=True)
class DeviceView:
    """One sign-in, as its own person sees it. Times are ISO."""

    id: str
    device: str
    address: str
    started_at: str
    last_seen_at: str


@dataclass(frozen=True)
class DeviceList:
    """`devices` are the ids of sign-ins, the one that was used last first."""

    devices: tuple[str, ...]


@dataclass(frozen=True)
class AccountRow:
    """A person as those see them who look after this Tandem. Times are ISO; `last_seen_at` is empty for never."""

    id: int
    name: str
    email: str
    is_admin: bool
    has_second_factor: bool
    since: str
    last_seen_at: str


@dataclass(frozen=True)
class InstanceView:
    """`sign_up` is what an admin has set, or empty; `people` are the ids of those on show, by name, of `count`."""

    sign_up: str
    people: tuple[int, ...]
    count: int


@dataclass(frozen=True)
class AuditEntry:
    """A line of the audit log; `at` is an ISO time, `words` say the kind."""

    id: int
    at: str
    kind: str
    words: str
    actor: str
    person: str
    workspace: str
    subject: str
    details: str
    address: str
    device: str


@dataclass(frozen=True)
class ActivityEntry:
    """A change as people read it: `words` say what was done to `subject`; `at` is an ISO time.

    `revision` is that of its topic; `task_id` and `board_id` are 0 where it is about none that can be opened.
    """

    id: int
    revision: int
    kind: str
    words: str
    subject: str
    before: str
    after: str
    task_id: int
    board_id: int
    board: str
    at: str


@dataclass(frozen=True)
class ActivityGroup:
    """What one person did in a row, newest first; `id` is that of the newest."""

    id: int
    actor_id: int
    actor: str
    lines: tuple[ActivityEntry, ...]


@dataclass(frozen=True)
class TabView:
    """`revision` is the last one of its board that a tab was sent, 0 where it showed no board; `at` an ISO time."""

    at: str
    revision: int


@dataclass(frozen=True)
class ReceiptView:
    """What is known of the open tabs of somebody who was removed, taken off a list, or given the role `role`.

    `tabs` are those that a worker reported, `missing` counts those that were seen open and nobody has reported;
    `is_complete` says whether the tabs on every worker could be seen.
    """

    id: int
    actor: str
    person: str
    role: str
    at: str
    tabs: tuple[TabView, ...]
    missing: int
    is_complete: bool


@dataclass(frozen=True)
class ReceiptList:
    """Those of the workspace or private board `place`, a topic; the newest first."""

    place: str
    receipts: tuple[int, ...]


@dataclass(frozen=True)
class PrivateBoard:
    """A private board as the workspace's owners see it: that it exists, and the ids of those who can see it."""

    id: int
    name: str
    people: tuple[int, ...]


@dataclass(frozen=True)
class PrivateBoardList:
    boards: tuple[int, ...]


@dataclass(frozen=True)
class Bell:
    """`unread` counts rows of the inbox, up to inbox.COUNTED."""

    unread: int


@dataclass(frozen=True)
class Muted:
    """`places` are what the person has muted but for single tasks, as `board:12`; `watched` the same of watching."""

    places: tuple[str, ...]
    watched: tuple[str, ...]


@dataclass(frozen=True)
class NewsRow:
    """A row of an inbox: the newest of a task, or of what has none.

    Times are ISO; `until` is when it comes or came back, where it was put off. `unread` counts what is new of the task,
    `path` is where it happened, or home.
    """

    id: int
    kind: str
    title: str
    place: str
    path: str
    task_id: int
    words: str
    reason: str
    actor: PersonCard
    at: str
    is_unread: bool
    unread: int
    is_done: bool
    until: str


@dataclass(frozen=True)
class InboxView:
    """`rows` are the ids of those on show, in order; `view` is one of drawings.inbox.VIEWS."""

    view: str
    rows: tuple[int, ...]
    has_more: bool


@dataclass(frozen=True)
class WatchView:
    """How the person stands to the open task: whether they watch it and why, or by what it is muted."""

    task_id: int
    is_watching: bool
    reason: str
    muted_by: tuple[str, ...]


@dataclass(frozen=True)
class ChoiceView:
    """By which ways the person is told of a kind of news, a key of kinds.CHOICES."""

    kind: str
    inbox: bool
    email: bool
    push: bool


@dataclass(frozen=True)
class QuietHours:
    """As `22:00`, or empty where there are none; on the clock of the person."""

    begins: str
    ends: str


@dataclass(frozen=True)
class Told:
    """A line of the ledger: what somebody was told of a change, or why they were not; `at` is an ISO time."""

    id: int
    at: str
    person: str
    what: str
    how: str
    why: str


@dataclass(frozen=True)
class Clock:
    """A person's time zone, empty as long as it is not known, and the hour at which they want their digest."""

    zone: str
    digest_hour: int


@dataclass(frozen=True)
class ReminderView:
    """`minutes_before` its task is due, or else, where that is -1, the time `at` on its person's clock."""

    id: int
    task_id: int
    minutes_before: int
    at: str


@dataclass(frozen=True)
class ReminderList:
    """Those of one person that have not fired."""

    reminders: tuple[ReminderView, ...]


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
