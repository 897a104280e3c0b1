"""What the scheduler needs of the news: telling one person, asking again, what waits for the digest, turning it off.

The one place where the outbox and reminders touch what news.py, second_look.py and preferences.py do.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.models import Task
from app.domain.outbox import Channel, Letter, queue
from app.domain.sending import Parcel
from app.domain.transaction import Transaction

Kind = Literal["reminded", "due_soon", "overdue"]
HAPPENED: dict[str, str] = {"reminded": "A reminder", "due_soon": "It is due today", "overdue": "It is overdue"}


@dataclass(frozen=True)
class Line:
    """Something that happened, for a letter: about what (a task's title), what, and where that is."""

    about: str
    happened: str
    path: str


async def tell(tx: Transaction, kind: Kind, person_id: int, workspace_id: int, board_id: int, task_id: int) -> None:
    """Tell one person of what was recorded last. Nobody did it: it is the clock."""
    at = tx.last[2]
    about = {"task_id": task_id}
    await queue(tx, [Letter(person_id, channel, kind, None, at, about) for channel in ("email", "push")])


async def why_not(session: AsyncSession, news_id: int, channel: Channel, at: datetime) -> str:
    """Why somebody is not to be written to of this any more, in words; empty when they are."""
    return ""


async def line(tx: Transaction, parcel: Parcel) -> Line | None:
    """What something in the outbox says; None if what it is about is gone."""
    query = select(col(Task.title), col(Task.board_id)).where(col(Task.id) == parcel.details.get("task_id"))
    row = (await tx.session.execute(query)).one_or_none()
    if row is None or parcel.kind not in HAPPENED:
        return None
    return Line(row[0], HAPPENED[parcel.kind], f"/b/{row[1]}?task={parcel.details['task_id']}")


async def unread(tx: Transaction, person_id: int, since: datetime, until: datetime) -> list[Line]:
    """What was put off for their digest and has not been seen, the newest first."""
    return []


async def turn_off(tx: Transaction, person_id: int, kind: str) -> None:
    """End e-mail of this kind; `kind` may be "digest"."""
