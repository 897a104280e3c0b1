"""How the text of a setting is read; each raises ValueError with what it must be."""

import ipaddress
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from app.domain import entry
from app.domain.entry import Entry
from app.domain.errors import Invalid

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


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


def sign_up_rule(value: str) -> Entry:
    try:
        return entry.parse(value)
    except Invalid:
        raise ValueError("open, invited, or e-mail domains such as example.com,example.org") from None


def host(value: str) -> str:
    if value and not re.fullmatch(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:]+", value):
        raise ValueError("the name or the address of a mail server, such as smtp.example.com")
    return value


def hosts(value: str) -> tuple[str, ...]:
    """Hosts, with commas between them; `*.` in front stands for any below it, and `none` for none at all."""
    found = tuple(part.strip().lower() for part in value.split(",") if part.strip())
    if found == ("none",):
        return ()
    if not all(re.fullmatch(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]{1,5})?", part) for part in found):
        raise ValueError("hosts with commas between them, such as fcm.googleapis.com, or none")
    return found


def networks(value: str) -> tuple[Network, ...]:
    """Addresses, and networks of them, with commas between them."""
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in value.split(",") if part.strip())
    except ValueError:
        raise ValueError("addresses with commas between them, such as 10.0.0.5,192.168.7.0/24") from None


def one_of(*words: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in words:
            raise ValueError(f"{', '.join(words[:-1])} or {words[-1]}")
        return value

    return parse


def sender(value: str) -> str:
    """An e-mail address, alone or behind a name: `Tandem <tandem@example.com>`."""
    if value and not re.fullmatch(r"([^<>\r\n]+ <)?[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+>?", value):
        raise ValueError("an e-mail address, such as tandem@example.com or Tandem <tandem@example.com>")
    if value.endswith(">") != ("<" in value):
        raise ValueError("an e-mail address, such as tandem@example.com or Tandem <tandem@example.com>")
    return value


def secret_key(value: str) -> str:
    if value and len(value) < 32:
        raise ValueError("at least 32, chosen at random; or leave it out, and one is made")
    return value
