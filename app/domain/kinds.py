"""What kinds of news there are, for what reasons they are told, and in which ways unless somebody chose otherwise."""

from dataclasses import dataclass
from typing import Literal

NewsKind = Literal[
    "assigned",
    "unassigned",
    "mentioned",
    "commented",
    "completed",
    "reopened",
    "moved",
    "due_soon",
    "overdue",
    "reminded",
    "invited",
    "added",
    "role_changed",
    "removed",
]
Way = Literal["inbox", "email", "push"]
WAYS: tuple[Way, ...] = ("inbox", "email", "push")


@dataclass(frozen=True)
class Choice:
    """A row of the table of preferences: kinds of news that one decides about together.

    `at_once` are kinds that are written by e-mail soon when they were not seen; the others wait for the daily digest.
    """

    words: str
    kinds: tuple[NewsKind, ...]
    inbox: bool = True
    email: bool = True
    push: bool = False
    at_once: bool = False


CHOICES: dict[str, Choice] = {
    "mentioned": Choice("Somebody mentions me", ("mentioned",), push=True, at_once=True),
    "assigned": Choice("I am put on a task, or taken off it", ("assigned", "unassigned"), push=True, at_once=True),
    "commented": Choice("A comment on a task that I watch", ("commented",)),
    "completed": Choice("A task that I watch is completed or reopened", ("completed", "reopened")),
    "moved": Choice("A task that I watch is moved to another lane", ("moved",)),
    "due": Choice("Due dates and my reminders", ("due_soon", "overdue", "reminded"), push=True, at_once=True),
    "member": Choice("Invitations, my role, being removed", ("invited", "added", "role_changed", "removed")),
}
CHOICE_OF: dict[str, str] = {kind: key for key, choice in CHOICES.items() for kind in choice.kinds}

TO_WATCHERS: frozenset[NewsKind] = frozenset({"commented", "completed", "reopened", "moved"})
"""Kinds that everybody is told who watches the task; the others are for those alone whom the verb names."""
FROM_OUTSIDE: frozenset[NewsKind] = frozenset({"invited", "removed"})
"""Kinds for people who are not, or no longer, where it happened: all that they see of it is the sentence."""
WITHOUT_MAIL: frozenset[NewsKind] = frozenset({"invited", "removed"})
"""An invitation has a letter of its own, and who was removed is written to no more."""

REASONS = ("itself", "mentioned", "assigned", "created", "commented", "watching", "watching_lane", "watching_board",
           "watching_workspace")  # fmt: skip
"""Why somebody is told, the strongest first; `itself` is what the kind itself says."""
WITHHELD = {
    "gone": "cannot see it any more",
    "muted": "has muted it",
    "off": "has turned this kind off",
    "seen": "was looking at it",
}
"""Why somebody was not told, or by no channel but the inbox."""
