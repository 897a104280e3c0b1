"""Accounts and the devices that they are signed in on."""

from dataclasses import dataclass


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
