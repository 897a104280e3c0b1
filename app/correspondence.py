"""What is written to people: the letter for something in the outbox, made when it is sent."""

from app import seals
from app.domain import sending
from app.domain.sending import Parcel
from app.domain.transaction import Transaction
from app.letter import Letter

PURPOSE = "letters"
"""What letters are sealed for."""


async def letter(tx: Transaction, parcel: Parcel) -> Letter | None:
    """None if what was settled long ago cannot be read any more."""
    whom = await sending.recipient(tx.session, parcel)
    kept = seals.unseal(parcel.sealed, PURPOSE)
    if kept is None:
        return None
    assert whom.email, "Every letter has somebody whom it is for."
    return Letter.from_json(kept)
