"""Where people can sign in from elsewhere: OpenID Connect providers, as the environment names them.

The first one's settings have no number, the others' have: OIDC_ISSUER, OIDC_2_ISSUER, OIDC_3_ISSUER, in any number and
with gaps. All of a provider or nothing of it: one that is half given stops the start.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.setting import SettingsError, setting, taken

DISCOVERY = "/.well-known/openid-configuration"
MOST = 99
_NUMBERED = re.compile(r"OIDC_([0-9]+)_(ISSUER|CLIENT_ID|CLIENT_SECRET|NAME)")


def issuer(value: str) -> str:
    """As given, to the letter: it is compared with what the provider calls itself."""
    parts = urlsplit(value)
    if value.endswith(DISCOVERY):
        raise ValueError(f"the issuer itself, without {DISCOVERY}")
    is_fit = parts.hostname and not parts.query and not parts.fragment and "@" not in parts.netloc
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_this_machine(parts.hostname or ""))
    if value and not (is_fit and is_safe and value.isprintable() and " " not in value and len(value) <= 500):
        raise ValueError("an https:// address, such as https://accounts.example.com")
    return value


def is_this_machine(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1") or host.endswith(".localhost")


def line(value: str) -> str:
    if not value.isprintable() or len(value) > 1000:
        raise ValueError("one line, as the provider shows it")
    return value


def label(value: str) -> str:
    if not value.isprintable() or len(value) > 40:
        raise ValueError("a few words, 40 characters at most")
    return value


@dataclass(frozen=True)
class Provider:
    issuer: str = setting(
        "OIDC_ISSUER",
        "",
        "An OpenID Connect provider to sign in with, as it calls itself; another one is `OIDC_2_ISSUER`, and so on: "
        "docs/sign-in.md. Needs `PUBLIC_URL`.",
        issuer,
    )
    client_id: str = setting("OIDC_CLIENT_ID", "", "What the provider calls this Tandem.", line)
    client_secret: str = setting("OIDC_CLIENT_SECRET", "", "With what Tandem proves to the provider who it is.", line)
    name: str = setting("OIDC_NAME", "", "What the button calls the provider. Empty: its host.", label)
    number: int = 1

    @property
    def discovery(self) -> str:
        """The address of what the provider tells of itself."""
        return self.issuer.rstrip("/") + DISCOVERY


def load(environment: Mapping[str, str], public_url: str) -> tuple[Provider, ...]:
    """The providers in this environment; SettingsError when one is wrong, half given, or given twice."""
    found: list[Provider] = []
    for number in _numbers(environment):
        values = taken(Provider, environment, lambda name, number=number: _spelled(name, number))
        if not any(values.values()):
            continue
        for part in ("issuer", "client_id", "client_secret"):
            if not values[part]:
                missing = _spelled(f"OIDC_{part.upper()}", number)
                raise SettingsError(f"{missing} is missing: a provider needs its issuer, client id and client secret.")
        values["name"] = values["name"] or str(urlsplit(values["issuer"]).hostname)
        if any(other.issuer == values["issuer"] for other in found):
            raise SettingsError(f"{_spelled('OIDC_ISSUER', number)} is the same as that of another provider.")
        found.append(Provider(**values, number=number))
    if found and not public_url:
        raise SettingsError(
            "PUBLIC_URL is missing: with OIDC_ISSUER it must be set, as the provider sends people back to that address."
        )
    return tuple(found)


def _numbers(environment: Mapping[str, str]) -> list[int]:
    numbers = {1}
    for name in environment:
        if matched := _NUMBERED.fullmatch(name):
            number = int(matched[1])
            if str(number) != matched[1] or not 2 <= number <= MOST:
                raise SettingsError(
                    f"{name} has a number that is not understood: the first provider's settings have none, such as "
                    f"OIDC_{matched[2]}, the others' one from 2 to {MOST}."
                )
            numbers.add(number)
    return sorted(numbers)


def _spelled(name: str, number: int) -> str:
    """A setting's name in the environment: OIDC_ISSUER of the second provider is OIDC_2_ISSUER."""
    return name if number == 1 else name.replace("OIDC_", f"OIDC_{number}_", 1)
