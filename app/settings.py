"""Every setting, read once from the environment and checked at start.

`get()` is the only way in. `python -m app.settings` prints the table of docs/settings.md.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from app import keys, log, providers, values
from app.domain.entry import Entry
from app.providers import Provider
from app.setting import SettingsError, setting, taken


@dataclass(frozen=True)
class Settings:
    redis_url: str = setting(
        "REDIS_URL",
        "",
        "Redis, over which several workers tell each other of changes; `redis+cluster://` and any node of a Redis "
        "Cluster. Empty: one worker.",
        values.redis_url,
    )
    database_url: str = setting(
        "DATABASE_URL", "", "PostgreSQL or SQLite. Empty: a SQLite file in `DATA_DIR`.", values.database_url
    )
    public_url: str = setting(
        "PUBLIC_URL",
        "",
        "The address that people type. Empty: localhost and bare IP addresses, for trying it out.",
        values.public_url,
    )
    given_secret_key: str = setting(
        "SECRET_KEY", "", "Signs the sessions. Empty: made once and kept in `DATA_DIR`.", values.secret_key
    )
    port: int = setting("PORT", "3000", "The port to listen on.", values.whole(1, 65535))
    workers: int = setting(
        "WORKERS",
        "",
        "Worker processes. Empty: as many as cores with PostgreSQL and Redis, else one.",
        values.worker_count,
    )
    start_timeout: int = setting(
        "START_TIMEOUT",
        "60",
        "Seconds to wait at the start for a PostgreSQL that does not answer yet.",
        values.whole(0, 3600),
    )
    worker_memory_mb: int = setting(
        "WORKER_MEMORY_MB",
        "1024",
        "Millions of bytes of memory from which on a worker makes room for a new one, gently, one at a time. 0: never.",
        values.whole(0, 1_000_000),
    )
    history_days: int = setting(
        "HISTORY_DAYS",
        "90",
        "Days for which it is kept what happened on boards and in workspaces (the audit log is for ever). 0: for ever.",
        values.whole(0, 36_500),
    )
    data_dir: Path = setting(
        "DATA_DIR", ".data", "The folder for what is kept in files. Several machines must share it.", Path
    )
    heartbeat_interval: int = setting(
        "WEBSOCKET_HEARTBEAT_INTERVAL", "10", "Seconds between two heartbeats of a connection.", values.whole(1, 3600)
    )
    heartbeat_timeout: int = setting(
        "WEBSOCKET_TIMEOUT", "15", "Seconds to wait for a heartbeat's answer before giving up.", values.whole(1, 3600)
    )
    max_connections_per_user: int = setting(
        "MAX_CONNECTIONS_PER_USER", "5", "Tabs that one person may have open; the newest win.", values.whole(1, 1000)
    )
    message_rate_limit: int = setting(
        "MESSAGE_RATE_LIMIT",
        "100",
        "Commands that one person may send in a minute, over all workers.",
        values.whole(1, 1_000_000),
    )
    max_connections_per_address: int = setting(
        "MAX_CONNECTIONS_PER_ADDRESS",
        "500",
        "Tabs that one address may have open on each worker; an office shares one.",
        values.whole(1, 1_000_000),
    )
    socket_event_rate: int = setting(
        "SOCKET_EVENT_RATE",
        "20",
        "Events a second that one tab may send, and at once three times as many; past it, it is cut off.",
        values.whole(1, 1_000_000),
    )

    door_rate_limit: int = setting(
        "DOOR_RATE_LIMIT",
        "10",
        "Tries in a minute that one address has to sign in (to each account), to sign up, to reset a password and to "
        "open an invitation.",
        values.whole(1, 1_000_000),
    )
    log_level: str = setting(
        "LOG_LEVEL",
        "info",
        "How much the log says: `debug`, `info`, `warning` or `error`. At `debug` it has a line for each request and "
        "command.",
        values.one_of(*log.LEVELS),
    )
    metrics_allowed: tuple[values.Network, ...] = setting(
        "METRICS_ALLOWED",
        "",
        "Addresses that may read `/metrics` without being an admin, such as `10.0.0.5,192.168.7.0/24`. Behind a proxy "
        "they are only right with `TRUSTED_PROXY_HOPS`.",
        values.networks,
    )
    trusted_proxy_hops: int = setting(
        "TRUSTED_PROXY_HOPS",
        "0",
        "Proxies of yours in front, each of which adds to X-Forwarded-For. With 0 that header is not believed.",
        values.whole(0, 10),
    )
    sign_up: Entry = setting(
        "SIGN_UP",
        "open",
        "Who may sign up: `open`, `invited`, or e-mail domains such as `example.com,example.org`. An admin can change "
        "it on `/admin`.",
        values.sign_up_rule,
    )
    smtp_host: str = setting(
        "SMTP_HOST", "", "The server that takes e-mail. Empty: none is sent, and admins make reset links.", values.host
    )
    smtp_port: int = setting("SMTP_PORT", "587", "Its port.", values.whole(1, 65535))
    smtp_security: str = setting(
        "SMTP_SECURITY",
        "starttls",
        "`none`, `starttls`, or `tls` from the start.",
        values.one_of("none", "starttls", "tls"),
    )
    smtp_user: str = setting("SMTP_USER", "", "Who we are there. Empty: it asks for nobody.", str)
    smtp_password: str = setting("SMTP_PASSWORD", "", "The password for that.", str)
    smtp_from: str = setting(
        "SMTP_FROM", "", "The sender of e-mail, such as `Tandem <tandem@example.com>`.", values.sender
    )
    push_services: tuple[str, ...] = setting(
        "PUSH_SERVICES",
        "fcm.googleapis.com,*.push.services.mozilla.com,*.push.apple.com,*.notify.windows.com",
        "The hosts to which Tandem may send pushes: those of the makers of browsers. `none`: no pushes.",
        values.hosts,
    )
    max_upload_mb: int = setting(
        "MAX_UPLOAD_MB",
        "25",
        "The largest file that can be added to a task, in millions of bytes.",
        values.whole(1, 2000),
    )
    max_board_files_mb: int = setting(
        "MAX_BOARD_FILES_MB",
        "2000",
        "What all files of a board may have together, in millions of bytes.",
        values.whole(1, 1_000_000),
    )
    max_import_mb: int = setting(
        "MAX_IMPORT_MB",
        "50",
        "The largest file that can be imported, in millions of bytes.",
        values.whole(1, 2000),
    )
    providers: tuple[Provider, ...] = field(default=(), metadata={"group": Provider})
    """Where people can sign in from elsewhere, in the order of their numbers."""

    @cached_property
    def secret_key(self) -> str:
        """SECRET_KEY, or else the one in DATA_DIR, which the first call makes."""
        return self.given_secret_key or keys.kept(self.data_dir / "secret_key", _made).read_text()


@cache
def get() -> Settings:
    """The settings of this process."""
    return load(os.environ)


def load(environment: Mapping[str, str]) -> Settings:
    """The settings in this environment; SettingsError when one is wrong. Touches no file."""
    found = taken(Settings, environment)
    _require_what_mail_needs(found)
    shared = found["redis_url"] and found["database_url"].startswith("postgresql")
    if found["workers"] > 1 and not shared:
        raise SettingsError(
            f"WORKERS is {found['workers']}: more than one needs PostgreSQL in DATABASE_URL and Redis in REDIS_URL; "
            "set both or leave WORKERS out."
        )
    found["workers"] = found["workers"] or (_cores() if shared else 1)
    found["database_url"] = found["database_url"] or f"sqlite+aiosqlite:///{found['data_dir'] / 'tandem.db'}"
    return Settings(**found, providers=providers.load(environment, found["public_url"]))


def _require_what_mail_needs(found: Mapping[str, Any]) -> None:
    if not found["smtp_host"]:
        if given := [name for name in ("smtp_user", "smtp_password", "smtp_from") if found[name]]:
            raise SettingsError(f"{given[0].upper()} is set, but SMTP_HOST is not: set it too, or leave both out.")
        return
    if not found["smtp_from"]:
        raise SettingsError("SMTP_HOST is set, but SMTP_FROM is not: set it to the address that e-mail comes from.")
    if not found["public_url"]:
        raise SettingsError("SMTP_HOST is set, but PUBLIC_URL is not: set it, as e-mail has links to this Tandem.")
    if bool(found["smtp_user"]) != bool(found["smtp_password"]):
        raise SettingsError("SMTP_USER and SMTP_PASSWORD belong together: set both or none.")


def _cores() -> int:
    """Those that this process may use; all of them where the system does not tell (macOS)."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _made() -> bytes:
    return secrets.token_urlsafe(48).encode()


if __name__ == "__main__":
    from app import settings_shown

    print(settings_shown.table())
