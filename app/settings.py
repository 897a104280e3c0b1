"""Every setting, read once from the environment and checked at start.

`get()` is the only way in. `python -m app.settings` prints the table of the README.
"""

import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


class SettingsError(Exception):
    """One sentence: which setting, what was found, what to do."""


def setting(name: str, default: str, meaning: str, parse: Callable[[str], Any]) -> Any:
    """A field of Settings: its name in the environment, its default, one line for the README, how it is read.

    `parse` raises ValueError with what the value must be.
    """
    holds_secret = name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL")
    return field(
        repr=not holds_secret,
        metadata={"name": name, "default": default, "meaning": meaning, "parse": parse},
    )


def whole(least: int, most: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
            raise ValueError(f"a whole number from {least} to {most}")
        return int(value)

    return parse


def worker_count(value: str) -> int:
    """0 stands for "not given"."""
    return whole(1, 256)(value) if value else 0


def redis_url(value: str) -> str:
    if value and not re.match(r"(rediss?(\+cluster)?|unix)://.", value):
        raise ValueError("an address such as redis://localhost:6379/0, or redis+cluster://localhost:6379")
    return value


def database_url(value: str) -> str:
    """The same address with the driver named, as SQLAlchemy wants it."""
    if not value:
        return ""
    if found := re.fullmatch(r"(?:postgres|postgresql|postgresql\+psycopg)://(.+)", value):
        return f"postgresql+psycopg://{found[1]}"
    if found := re.fullmatch(r"(?:sqlite|sqlite\+aiosqlite):///(.+)", value):
        return f"sqlite+aiosqlite:///{found[1]}"
    raise ValueError("an address such as postgresql://person:password@host/name or sqlite:///file.db")


def public_url(value: str) -> str:
    """Written as a browser writes an Origin: small letters, no default port, no slash at the end."""
    if not value:
        return ""
    parts = urlsplit(value.lower().rstrip("/"))
    named = re.fullmatch(r"([a-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?", parts.netloc)
    if parts.scheme not in ("http", "https") or not named or parts.path or parts.query or parts.fragment:
        raise ValueError("http:// or https:// and a host, without a path, such as https://tasks.example.com")
    return f"{parts.scheme}://{parts.netloc.removesuffix(':443' if parts.scheme == 'https' else ':80')}"


def secret_key(value: str) -> str:
    if value and len(value) < 32:
        raise ValueError("at least 32, chosen at random; or leave it out, and one is made")
    return value


@dataclass(frozen=True)
class Settings:
    redis_url: str = setting(
        "REDIS_URL",
        "",
        "Redis, over which several workers tell each other of changes; `redis+cluster://` and any node of a Redis "
        "Cluster. Empty: one worker.",
        redis_url,
    )
    database_url: str = setting(
        "DATABASE_URL", "", "PostgreSQL or SQLite. Empty: a SQLite file in `DATA_DIR`.", database_url
    )
    public_url: str = setting(
        "PUBLIC_URL",
        "",
        "The address that people type. Empty: localhost and bare IP addresses, for trying it out.",
        public_url,
    )
    given_secret_key: str = setting(
        "SECRET_KEY", "", "Signs the sessions. Empty: made once and kept in `DATA_DIR`.", secret_key
    )
    port: int = setting("PORT", "3000", "The port to listen on.", whole(1, 65535))
    workers: int = setting(
        "WORKERS", "", "Worker processes. Empty: as many as cores with PostgreSQL and Redis, else one.", worker_count
    )
    data_dir: Path = setting("DATA_DIR", ".data", "The folder for what is kept in files.", Path)
    heartbeat_interval: int = setting(
        "WEBSOCKET_HEARTBEAT_INTERVAL", "10", "Seconds between two heartbeats of a connection.", whole(1, 3600)
    )
    heartbeat_timeout: int = setting(
        "WEBSOCKET_TIMEOUT", "15", "Seconds to wait for a heartbeat's answer before giving up.", whole(1, 3600)
    )
    max_connections_per_user: int = setting(
        "MAX_CONNECTIONS_PER_USER", "5", "Tabs that one person may have open; the newest win.", whole(1, 1000)
    )
    message_rate_limit: int = setting(
        "MESSAGE_RATE_LIMIT", "100", "Commands that one person may send in a minute.", whole(1, 1_000_000)
    )
    max_connections_per_address: int = setting(
        "MAX_CONNECTIONS_PER_ADDRESS",
        "500",
        "Tabs that one address may have open on each worker; an office shares one.",
        whole(1, 1_000_000),
    )
    socket_event_rate: int = setting(
        "SOCKET_EVENT_RATE",
        "20",
        "Events a second that one tab may send, and at once three times as many; past it, it is cut off.",
        whole(1, 1_000_000),
    )

    @cached_property
    def secret_key(self) -> str:
        """SECRET_KEY, or else the one in DATA_DIR, which the first call makes."""
        return self.given_secret_key or _kept_secret(self.data_dir / "secret_key")


@cache
def get() -> Settings:
    """The settings of this process."""
    return load(os.environ)


def load(environment: Mapping[str, str]) -> Settings:
    """The settings in this environment; SettingsError when one is wrong. Touches no file."""
    found: dict[str, Any] = {}
    for item in fields(Settings):
        name = item.metadata["name"]
        given = environment.get(name, "").strip()
        try:
            found[item.name] = item.metadata["parse"](given or item.metadata["default"])
        except ValueError as wanted:
            raise SettingsError(f"{name} is {_shown(name, given)}: it must be {wanted}.") from None

    shared = found["redis_url"] and found["database_url"].startswith("postgresql")
    if found["workers"] > 1 and not shared:
        raise SettingsError(
            f"WORKERS is {found['workers']}: more than one needs PostgreSQL in DATABASE_URL and Redis in REDIS_URL; "
            "set both or leave WORKERS out."
        )
    found["workers"] = found["workers"] or (_cores() if shared else 1)
    found["database_url"] = found["database_url"] or f"sqlite+aiosqlite:///{found['data_dir'] / 'tandem.db'}"
    return Settings(**found)


def table() -> str:
    """The settings as the README shows them."""
    rows = ["| setting | default | meaning |", "|---|---|---|"]
    for item in fields(Settings):
        default = f"`{item.metadata['default']}`" if item.metadata["default"] else ""
        rows.append(f"| `{item.metadata['name']}` | {default} | {item.metadata['meaning']} |")
    return "\n".join(rows)


def _shown(name: str, value: str) -> str:
    """The value as it may be printed: without a secret."""
    if name == "SECRET_KEY":
        return f"{len(value)} characters long"
    return repr(re.sub(r"//.*@", "//***@", value))


def _cores() -> int:
    """Those that this process may use; all of them where the system does not tell (macOS)."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _kept_secret(path: Path) -> str:
    """Written aside and linked into place: of two first starts at once, both read the same whole key."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix="secret_key.")  # mode 600
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            Path(draft).unlink()
    return path.read_text()


if __name__ == "__main__":
    print(table())
