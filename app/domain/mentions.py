"""People whom a text mentions: `@[Ben](person:7)` in Markdown, so that it is a person who is meant and not a name."""

import re

from sqlalchemy import Select, select
from sqlmodel import col

from app.domain import limits, locks, text
from app.domain.errors import Invalid, NotFound
from app.domain.models import Board, Member
from app.domain.transaction import Transaction

MENTION = re.compile(r"@\[([^\[\]\n]{1,100})\]\(person:([1-9]\d{0,8})\)")


def checked(typed: str, what: str) -> tuple[str, dict[int, str]]:
    """The text, fit to keep, and whom it mentions: the names that are written there, by id.

    Its length is that of what one reads: a name counts, the id behind it does not.
    """
    text.words(MENTION.sub(r"@\1", typed), what)
    body = text.text(typed, what, 2 * text.TEXT)
    people = {int(id): name for name, id in MENTION.findall(body)}
    if len(people) > limits.MENTIONS:
        raise Invalid(f"{what} can mention {limits.MENTIONS} people at most; this one mentions {len(people)}.")
    return body, people


def plain(body: str) -> str:
    """As one reads it: @Ben."""
    return MENTION.sub(r"@\1", body)


async def require_reach(tx: Transaction, board_id: int, people: dict[int, str]) -> None:
    """Refuse to mention those who cannot see the board."""
    if not people:
        return
    found = set((await tx.session.execute(_among(board_id, people))).scalars())
    if missing := [name for id, name in people.items() if id not in found]:
        names = ", ".join(f"“{name}”" for name in missing[:5])
        raise NotFound(f"Only people who can see this board can be mentioned, which {names} cannot.")


def _among(board_id: int, people: dict[int, str]) -> Select[int]:
    return (
        select(col(Member.person_id))
        .join(Board, col(Board.workspace_id) == col(Member.workspace_id))
        .where(
            col(Board.id) == board_id,
            col(Member.person_id).in_(people),
            locks.is_shared_with(col(Member.person_id)),
        )
    )
