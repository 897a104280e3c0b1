"""What there is to get at: a workspace with one of everything, whose every text can be recognised."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, text
from sqlmodel import col

from app.db import Database
from app.domain import attachments, boards, comments, inbox, invites, lanes, sharing, tasks, workspaces
from app.domain.access import Actor
from app.domain.attachments import Stored
from app.domain.models import Invite, Lane, Member, News, Reaction
from app.domain.transaction import Transaction
from app.files import Files

MISSING = 900_000_000
"""An id that nothing has."""


@dataclass(frozen=True)
class Place:
    """Ids of one of everything. All of its texts have `marker` in them, but for the workspace's name.

    Those of the hidden board, a private one with just one member on its list, have `hidden_marker` instead.
    """

    marker: str = "nothing at all"
    hidden_marker: str = "nothing at all"
    workspace_name: str = "Nowhere"
    workspace_id: int = MISSING
    board_id: int = MISSING
    archived_board_id: int = MISSING
    private_board_id: int = MISSING
    """Private, with everybody but the idle one on its list."""
    hidden_board_id: int = MISSING
    lane_id: int = MISSING
    empty_lane_id: int = MISSING
    task_id: int = MISSING
    second_task_id: int = MISSING
    done_task_id: int = MISSING
    trashed_task_id: int = MISSING
    file_id: int = MISSING
    """On `task_id`, by the owner, with a small picture."""
    comment_id: int = MISSING
    """On `task_id`, by the one at work there, edited once; everybody who may react has answered with a heart."""
    person_id: int = MISSING
    """A member who is on `task_id`, and who is nobody else's business."""
    idle_person_id: int = MISSING
    """A member who is on no task."""
    invite_id: int = MISSING
    news_id: int = MISSING
    """In the inbox of the one who is on `task_id`."""
    token: str = "never-was-a-token-here"

    def hide(self, words: str) -> str:
        """The words without what tells this place from another."""
        ids = [value for name, value in vars(self).items() if name.endswith("_id")]
        for known in [*sorted(set(map(str, ids)), key=len, reverse=True), self.token, self.workspace_name]:
            words = words.replace(known, "#")
        return words


async def begin(db: Database) -> None:
    """Have ids start high, apart and equally long: none can be taken for another, for a part of it, or for a count."""
    async with db.unrecorded() as session:
        names = (await session.execute(text("SELECT sequencename FROM pg_sequences ORDER BY 1"))).scalars().all()
        for number, name in enumerate(names):
            await session.execute(text(f'ALTER SEQUENCE "{name}" RESTART WITH {(number + 11) * 10_000_000}'))


async def make(db: Database, files: Files, owner: Actor, members: dict[int, str], at_work: int, idle: int) -> Place:
    """A place of the owner's with these members, by role, beside the two who are at work there and idle."""
    marker = f"secret-{secrets.token_hex(6)}"
    words = f"A file {marker}".encode()
    key, thumb = [await files.put_bytes(words) for _ in range(2)]
    async with db.transaction() as tx:
        name = f"Works {secrets.token_hex(4)}"
        workspace_id, board_id = await workspaces.create(tx, owner, name)
        for person_id, role in {**members, at_work: "member", idle: "member"}.items():
            tx.session.add(Member(workspace_id=workspace_id, person_id=person_id, role=role))
        await tx.session.flush()
        await workspaces.describe(tx, owner, workspace_id, marker)
        await boards.rename(tx, owner, board_id, f"Launch {marker}")
        archived = await boards.create(tx, owner, workspace_id, f"Old {marker}")
        await boards.archive(tx, owner, archived)
        private = await boards.create(tx, owner, workspace_id, f"Team {marker}")
        await sharing.close(tx, owner, private, "everyone")
        await sharing.remove(tx, owner, private, idle)
        hidden = await boards.create(tx, Actor(at_work, ""), workspace_id, f"Plans {marker[::-1]}", is_private=True)
        lane_id, empty, *_ = await _lanes(tx, board_id)
        await lanes.rename(tx, owner, lane_id, f"To do {marker}")
        titles = [f"{title} {marker}" for title in ("Open", "Second", "Done", "Trashed")]
        open_, second, done, trashed = await tasks.add(tx, owner, lane_id, titles)
        await tasks.describe(tx, owner, open_, f"How {marker}", 0)
        await tasks.assign(tx, owner, open_, at_work)
        file = Stored(f"{marker}.txt", len(words), "text/plain", secrets.token_hex(32), key, thumb)
        file_id, _ = await attachments.add(tx, owner, open_, file, 1_000_000)
        comment_id = await _comment(tx, Actor(at_work, ""), open_, marker, {owner.id: "owner"} | members)
        await tasks.complete(tx, owner, done)
        await tasks.trash(tx, owner, trashed)
        token = await invites.create(tx, owner, workspace_id, "viewer", timedelta(days=1), 100)
        invited = select(col(Invite.id)).where(col(Invite.workspace_id) == workspace_id)
        invite_id = (await tx.session.execute(invited)).scalar_one()
        told = select(col(News.id)).where(col(News.task_id) == open_, col(News.person_id) == at_work)
        news_id = (await tx.session.execute(told)).scalar_one()
    async with db.transaction() as tx:
        await inbox.read_task(tx, owner, open_)  # Or seeing it would be something to write down.
    return Place(
        marker=marker,
        hidden_marker=marker[::-1],
        workspace_name=name,
        workspace_id=workspace_id,
        board_id=board_id,
        archived_board_id=archived,
        private_board_id=private,
        hidden_board_id=hidden,
        lane_id=lane_id,
        empty_lane_id=empty,
        task_id=open_,
        second_task_id=second,
        done_task_id=done,
        trashed_task_id=trashed,
        file_id=file_id,
        comment_id=comment_id,
        person_id=at_work,
        idle_person_id=idle,
        invite_id=invite_id,
        news_id=news_id,
        token=token,
    )


async def _comment(tx: Transaction, author: Actor, task_id: int, marker: str, members: dict[int, str]) -> int:
    comment_id = await comments.add(tx, author, task_id, f"I said {marker}", secrets.token_hex(8))
    await comments.edit(tx, author, comment_id, f"I say {marker}", 0)
    hearts = (person_id for person_id, role in members.items() if role != "viewer")
    tx.session.add_all(Reaction(comment_id=comment_id, kind="heart", person_id=id) for id in (*hearts, author.id))
    return comment_id


async def _lanes(tx: Transaction, board_id: int) -> list[int]:
    query = select(col(Lane.id)).where(col(Lane.board_id) == board_id).order_by(col(Lane.rank))
    return list((await tx.session.execute(query)).scalars())
