"""What is written to people: the letter, or the push, for something in the outbox, made when it is sent."""

from datetime import datetime

from app import seals
from app.domain import sending
from app.domain.drawings.inbox import for_digest, one
from app.domain.sending import Parcel
from app.domain.snapshots import NewsRow
from app.domain.transaction import Transaction
from app.letter import Item, Letter

PURPOSE, ENDING = "letters", "unsubscribing"
"""What letters are sealed for, and the links that end them."""


async def letter(tx: Transaction, parcel: Parcel, public_url: str) -> Letter | None:
    """None if there is nothing left to write, or what was settled long ago cannot be read any more."""
    if parcel.sealed:
        kept = seals.unseal(parcel.sealed, PURPOSE)
        return Letter.from_json(kept) if kept else None
    whom, person_id = await sending.recipient(tx.session, parcel), parcel.person_id or 0
    if parcel.kind == "digest":
        since, until = (datetime.fromisoformat(parcel.details[name]) for name in ("since", "until"))
        rows = await for_digest(tx, person_id, since, until)
        return _digest(whom, rows, public_url, ending_link(public_url, person_id, "digest")) if rows else None
    row = await one(tx, person_id, parcel.news_id or 0)
    return _about(whom, row, public_url, ending_link(public_url, person_id, row.kind)) if row else None


async def push(tx: Transaction, parcel: Parcel) -> dict[str, str] | None:
    """What a browser shows: in two lines, and where a click leads. A newer one of the same task takes its place."""
    row = await one(tx, parcel.person_id or 0, parcel.news_id or 0)
    return {"title": row.title, "body": row.words, "path": row.path, "tag": row.path} if row else None


def ending_link(public_url: str, person_id: int, kind: str) -> str:
    """Ends e-mail to somebody of a kind of news, or digests; whoever has it may do that, and nothing else."""
    return f"{public_url}/mail/unsubscribe/{seals.seal(f'{person_id} {kind}', ENDING)}"


def what_it_ends(token: str) -> tuple[int, str] | None:
    """Whose e-mail such a link ends, and of what kind; None for one that is none of ours."""
    person_id, _, kind = (seals.unseal(token, ENDING) or "").partition(" ")
    return (int(person_id), kind) if kind else None


def _about(whom: sending.Recipient, row: NewsRow, public_url: str, ending: str) -> Letter:
    return Letter(
        to=whom.email,
        subject=f"{row.title}: {row.words}",
        greeting=f"Hello {whom.name},",
        paragraphs=(f"{row.words}: “{row.title}”.", *((row.place,) if row.place else ())),
        action="Have a look",
        link=public_url + row.path,
        closing=(f"You are told of this {row.reason}.",),
        unsubscribe=ending,
    )


def _digest(whom: sending.Recipient, rows: list[NewsRow], public_url: str, ending: str) -> Letter:
    this = "this happened" if len(rows) > 1 else "one thing happened"
    return Letter(
        to=whom.email,
        subject="What happened on Tandem",
        greeting=f"Hello {whom.name},",
        paragraphs=(f"since yesterday {this} that you have not seen:",),
        items=tuple(Item(row.title, public_url + row.path, f"{row.words}, {row.place}".strip(", ")) for row in rows),
        unsubscribe=ending,
    )
