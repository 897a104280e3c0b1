"""What is written to people: the letter, or the push, for something in the outbox, made when it is sent."""

from datetime import datetime
from typing import Any

from app import seals
from app.domain import herald, sending
from app.domain.herald import Line
from app.domain.sending import Parcel
from app.domain.transaction import Transaction
from app.letter import Item, Letter

PURPOSE = "letters"
"""What letters are sealed for."""


async def letter(tx: Transaction, parcel: Parcel, public_url: str) -> Letter | None:
    """None if there is nothing left to write, or what was settled long ago cannot be read any more."""
    if parcel.sealed:
        kept = seals.unseal(parcel.sealed, PURPOSE)
        return Letter.from_json(kept) if kept else None
    whom = await sending.recipient(tx.session, parcel)
    if parcel.kind == "digest":
        lines = await herald.unread(tx, parcel.person_id or 0, *_span(parcel.details))
        return _digest(whom, lines, public_url) if lines else None
    line = await herald.line(tx, parcel)
    return _about(whom, line, public_url) if line else None


async def push(tx: Transaction, parcel: Parcel) -> dict[str, str] | None:
    """What a browser shows: in two lines, and where a click leads. A newer one of the same task takes its place."""
    line = await herald.line(tx, parcel)
    return {"title": line.about, "body": line.happened, "path": line.path, "tag": line.path} if line else None


def _about(whom: sending.Recipient, line: Line, public_url: str) -> Letter:
    return Letter(
        to=whom.email,
        subject=f"{line.about}: {line.happened}",
        greeting=f"Hello {whom.name},",
        paragraphs=(f"{line.happened}: “{line.about}”.",),
        action="Have a look",
        link=public_url + line.path,
    )


def _digest(whom: sending.Recipient, lines: list[Line], public_url: str) -> Letter:
    this = "this happened" if len(lines) > 1 else "one thing happened"
    return Letter(
        to=whom.email,
        subject="What happened on Tandem",
        greeting=f"Hello {whom.name},",
        paragraphs=(f"while you were away, {this}:",),
        items=tuple(Item(line.about, public_url + line.path, line.happened) for line in lines),
    )


def _span(details: dict[str, Any]) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(details["since"]), datetime.fromisoformat(details["until"])
