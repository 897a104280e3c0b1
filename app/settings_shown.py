"""Every setting as it is shown: to readers of the docs with what it means, to admins with its value."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import Field, fields
from typing import Any

from app.setting import masked
from app.settings import Settings


def every_setting() -> Iterator[Field[Any]]:
    """The fields that are read from the environment; a provider's, which can be given by number, once."""
    for item in fields(Settings):
        inside = fields(item.metadata["group"]) if "group" in item.metadata else (item,)
        yield from (setting for setting in inside if "name" in setting.metadata)


def table() -> str:
    """The settings as docs/settings.md shows them."""
    rows = ["| setting | default | meaning |", "|---|---|---|"]
    for item in every_setting():
        default = f"`{item.metadata['default']}`" if item.metadata["default"] else ""
        rows.append(f"| `{item.metadata['name']}` | {default} | {item.metadata['meaning']} |")
    return "\n".join(rows)


def in_force(environment: Mapping[str, str]) -> list[tuple[str, str, bool]]:
    """Each setting's name, its value as it may be shown, and whether that is the default."""
    known = {item.metadata["name"]: item.metadata["default"] for item in every_setting()}
    numbered = {name: re.sub(r"^OIDC_\d+_", "OIDC_", name) for name in environment if re.match(r"OIDC_\d+_", name)}
    names = {name: name for name in known} | {name: kind for name, kind in sorted(numbered.items()) if kind in known}
    rows = []
    for name, kind in names.items():
        given = environment.get(name, "").strip()
        rows.append((name, masked(kind, given or known[kind]), not given))
    return rows
