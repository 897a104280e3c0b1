"""What happened, for people and for those who look it up."""

from dataclasses import dataclass


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
