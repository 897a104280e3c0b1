"""The demo world: Ana, Ben and Cleo share the board "Launch". Tests and pictures use the same one.

It comes about as everything does, through the verbs of the domain. `python -m app.seeds` loads it.
"""

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete
from sqlmodel import col

from app import passwords, private, settings
from app.db import Database
from app.domain import boards, invites, people, tasks, workspaces
from app.domain.access import Actor
from app.domain.drawings.board import BoardDrawing
from app.domain.invites import InvitedRole
from app.domain.models import Outgoing
from app.domain.snapshots import LaneView
from app.domain.transaction import Transaction

SIGN_INS = [
    ("Ana", "ana@tandem.example", "ana launches tandem"),
    ("Ben", "ben@tandem.example", "ben launches tandem"),
    ("Cleo", "cleo@tandem.example", "cleo watches tandem"),
]
"""Name, e-mail address and password of everyone in it."""


@dataclass(frozen=True)
class Seed:
    """A task to be; `due` counts days from today, `priority` is an index into tasks.PRIORITIES."""

    title: str
    assignees: str = ""
    due: int | None = None
    priority: int = 0
    description: str = ""
    is_done: bool = False


LANES: dict[str, list[Seed]] = {
    "To do": [
        Seed("Write the announcement", "Ana", 3, 3, "Three paragraphs: what it is, who it is for, how to try it."),
        Seed("Record the two-minute demo", "Ben Cleo", 5, 2, "Two browsers side by side; no voice, captions only."),
        Seed("Ask five friendly teams to try the beta", "Ana Ben", 1, 4),
        Seed("Check every page with a screen reader", "Ben", 6, 2),
        Seed("Agree on the price of the team plan", "Ana"),
        Seed("Translate the sign-up page into Spanish", due=12, priority=1),
        Seed("Order stickers", "Cleo", 14, 1, "200 round ones, 5 cm. The old printer was fine."),
    ],
    "Doing": [
        Seed("Draw the new logo", "Cleo", 0, 2, "The two dots should read as two people, also at 16 pixels."),
        Seed(
            "Rehearse restoring the backup", "Ben", -1, 4, "From the newest dump, on a bare machine, with a stopwatch."
        ),
        Seed("Answer the beta testers", "Ana Ben", 2, 2),
        Seed("Write the help page about invitations", "Ana", 4),
    ],
    "Done": [
        Seed("Choose the name", "Ana Ben Cleo", -20, 3, "Tandem: two people, one direction.", is_done=True),
        Seed("Register the domain", "Ben", -18, 2, is_done=True),
        Seed("Set up the mailing list", "Ana", -6, is_done=True),
        Seed("Load test with two thousand tabs", "Ben", -2, 3, "All of them were in step after 0.4 s.", is_done=True),
    ],
}


async def load(db: Database) -> list[tuple[str, str, str]]:
    """Load the demo world unless its people exist already; name, e-mail address and password of each of them."""
    hashes = [await passwords.hash(password) for _, _, password in SIGN_INS]
    async with db.transaction() as tx:
        if not any([await people.with_email(tx, email) for _, email, _ in SIGN_INS]):
            ana, ben, cleo = [
                await _sign_up(tx, name, email, hash) for (name, email, _), hash in zip(SIGN_INS, hashes, strict=True)
            ]
            workspace_id, board_id = await workspaces.create(tx, ana, "Tandem team")
            await workspaces.describe(tx, ana, workspace_id, "Everything that has to happen before we open the doors.")
            await boards.rename(tx, ana, board_id, "Launch")
            await _bring_in(tx, ana, workspace_id, ben, "member")
            await _bring_in(tx, ana, workspace_id, cleo, "viewer")
            await _fill(tx, board_id, {person.name: person for person in (ana, ben, cleo)})
            theirs = col(Outgoing.person_id).in_([ana.id, ben.id, cleo.id])
            await tx.session.execute(delete(Outgoing).where(theirs))  # Nobody is written to about how it came to be.
    return SIGN_INS


async def _sign_up(tx: Transaction, name: str, email: str, password_hash: str) -> Actor:
    person = await people.sign_up(tx, name, email, password_hash)
    return Actor(person.id, person.name)


async def _bring_in(tx: Transaction, host: Actor, workspace_id: int, guest: Actor, role: InvitedRole) -> None:
    token = await invites.create(tx, host, workspace_id, role, timedelta(days=7), 1)
    await invites.accept(tx, guest, token)


async def _fill(tx: Transaction, board_id: int, people: dict[str, Actor]) -> None:
    drawing = BoardDrawing(board_id)
    await drawing.draw(tx)
    for lane in [entity for entity in drawing.entities().values() if isinstance(entity, LaneView)]:
        seeds = LANES[lane.name]
        ids = await tasks.add(tx, people["Ana"], lane.id, [seed.title for seed in seeds])
        for task_id, seed in zip(ids, seeds, strict=True):
            await _grow(tx, people, task_id, seed)


async def _grow(tx: Transaction, people: dict[str, Actor], task_id: int, seed: Seed) -> None:
    ana, assignees = people["Ana"], [people[name] for name in seed.assignees.split()]
    if seed.description:
        await tasks.describe(tx, ana, task_id, seed.description, 0)
    if seed.due is not None:
        await tasks.set_due(tx, ana, task_id, date.today() + timedelta(days=seed.due))
    if seed.priority:
        await tasks.set_priority(tx, ana, task_id, seed.priority)
    for assignee in assignees:
        await tasks.assign(tx, ana, task_id, assignee.id)
    if seed.is_done:
        await tasks.complete(tx, assignees[0], task_id)


async def main() -> None:
    db = Database(settings.get().database_url)
    for name, email, password in await load(db):
        print(f"{name:5} {email:20} {password}")
    await db.close()


if __name__ == "__main__":
    with private.by_default():
        asyncio.run(main())
