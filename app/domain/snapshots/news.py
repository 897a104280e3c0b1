"""What people are told, what they watch, and of what they want to be reminded."""

from dataclasses import dataclass

from app.domain.snapshots.boards import PersonCard


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
