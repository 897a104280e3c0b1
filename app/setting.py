"""How a setting is declared and read: a field of a frozen dataclass that knows its name in the environment."""

import re
from collections.abc import Callable, Mapping
from dataclasses import field, fields
from typing import Any


class SettingsError(Exception):
    """One sentence: which setting, what was found, what to do."""


SECRETS = ("SECRET_KEY", "OIDC_CLIENT_SECRET", "SMTP_PASSWORD")
"""Settings of which nothing is printed but how long they are."""
WITH_SECRETS = (*SECRETS, "DATABASE_URL", "REDIS_URL")


def setting(name: str, default: str, meaning: str, parse: Callable[[str], Any]) -> Any:
    """A field: its name in the environment, its default, one line for the docs, how it is read.

    `parse` raises ValueError with what the value must be.
    """
    return field(
        repr=name not in WITH_SECRETS,
        metadata={"name": name, "default": default, "meaning": meaning, "parse": parse},
    )


def taken(
    group: type[Any], environment: Mapping[str, str], spelled: Callable[[str], str] = lambda name: name
) -> dict[str, Any]:
    """The values of a dataclass of settings, by field; `spelled` is how the environment has their names."""
    found: dict[str, Any] = {}
    for item in fields(group):
        if "parse" not in item.metadata:
            continue
        name = item.metadata["name"]
        given = environment.get(spelled(name), "").strip()
        try:
            found[item.name] = item.metadata["parse"](given or item.metadata["default"])
        except ValueError as wanted:
            raise SettingsError(f"{spelled(name)} is {_shown(name, given)}: it must be {wanted}.") from None
    return found


def masked(name: str, value: str) -> str:
    """What may be shown of a value to those who look after a Tandem: of a secret, that there is one."""
    if name in SECRETS:
        return "set" if value else ""
    if name in WITH_SECRETS:  # A password can stand in the address, or among what follows it.
        return re.sub(r"//.*@", "//***@", value).partition("?")[0]
    return value


def _shown(name: str, value: str) -> str:
    """The value as it may be printed: without a secret."""
    if name in SECRETS:
        return f"{len(value)} characters long"
    return repr(re.sub(r"//.*@", "//***@", value))
