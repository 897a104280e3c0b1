"""Workspaces, a person's home, and what is beside them for those who look after them."""

from dataclasses import dataclass


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
class TabView:
    """`revision` is the last one of its board that a tab was sent, 0 where it showed no board; `at` an ISO time."""

    at: str
    revision: int
    person: str


@dataclass(frozen=True)
class ReceiptView:
    """What is known of the open tabs of somebody who was removed, taken off a list, or given the role `role`.

    Without a `person` it is about all whom a board has shut out that was made private.

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
