"""A ticket for a file that was sent to be imported: it names the file, and is its sender's alone and good for once."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app import files
from app.domain.access import Actor
from app.domain.errors import Invalid
from app.web import cookies

LIFE = timedelta(minutes=50)
"""Less than the sweeper leaves the file."""
GONE = "This file is not here any more. Choose it again."
KIND = "import"


@dataclass(frozen=True)
class Ticket:
    """`name` is what the browser calls the file."""

    key: str
    name: str
    person_id: int
    expires_at: datetime

    @property
    def path(self) -> Path:
        return files.waiting(self.person_id).path(self.key)


def give(actor: Actor, key: str, name: str) -> str:
    """Signed, so that it can be kept by the browser."""
    return cookies.sign({"slip": KIND, "key": key, "name": name, "person": actor.id}, LIFE)


def read(actor: Actor, signed: str) -> Ticket:
    """The actor's own; Invalid for any other, and for one that has expired."""
    claims = cookies.opened(signed)
    if claims is None or claims.get("slip") != KIND or claims.get("person") != actor.id:
        raise Invalid(GONE)
    return Ticket(claims["key"], claims["name"], actor.id, datetime.fromtimestamp(claims["exp"], UTC))
