"""The audit log: what is noted, who may read it, and how quickly it answers when it is long."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from app.domain import attachments, audit, boards, invites, members, people, tasks, workspaces
from app.domain.attachments import Stored
from app.domain.drawings.audit import PAGE, Question, entries, require_reader
from app.domain.errors import Invalid, NotAllowed, NotFound, Refusal
from app.domain.models import Audit, now, table
from app.domain.snapshots import AuditEntry
from tests.support.statements import Sent, sent
from tests.support.world import World

LONG, START = 100_000, datetime(2020, 1, 1, tzinfo=UTC)


async def log(world: World, before: int = 0, most: int = PAGE, **asked) -> list[AuditEntry]:
    question = Question(**{"workspace_id": world.workspace_id} | asked)
    async with world.db.reading() as tx:
        return await entries(tx, question, before, most)


async def note(world: World, kind: str, actor_id: int | None, **about) -> None:
    async with world.db.unrecorded() as session:
        await audit.note(session, kind, actor_id, "192.0.2.7", **about)


async def test_what_is_recorded_on_a_workspace_is_noted_with_the_address_in_the_same_transaction(world: World):
    before = len(await log(world))
    async with world.db.transaction() as tx:
        tx.address = "192.0.2.1"
        await members.change_role(tx, world.ana, world.workspace_id, world.ben.id, "commenter")
        await tasks.complete(tx, world.ana, world.task_id)
        await boards.archive(tx, world.ana, world.board_id)
    with pytest.raises(RuntimeError):
        async with world.db.transaction() as tx:
            await members.remove(tx, world.ana, world.workspace_id, world.ben.id)
            raise RuntimeError
    archived, changed, *older = await log(world)
    assert len(older) == before
    assert (changed.kind, changed.actor, changed.person, changed.details, changed.address) == (
        "member.role_changed", "Ana", "Ben", "from member to commenter", "192.0.2.1",
    )  # fmt: skip
    assert (archived.kind, archived.actor, archived.subject) == ("board.archived", "Ana", "Launch")


async def test_every_kind_that_verbs_bring_about_is_there(world: World):
    token = await world.do(invites.create, world.ana, world.workspace_id, "member", timedelta(days=1), 5)
    dora = await world.newcomer()
    await world.do(invites.accept, dora, token)
    await world.do(invites.revoke, world.ana, world.workspace_id, 3)
    logo = Stored("logo.png", 1, "image/png", "1" * 64, "a" * 32)
    file_id, _ = await world.do(attachments.add, dora, world.task_id, logo, 1000)
    await world.do(attachments.remove, world.ana, file_id)
    await world.do(members.leave, dora, world.workspace_id)
    await world.do(members.remove, world.ana, world.workspace_id, world.ben.id)
    await world.do(boards.archive, world.ana, world.board_id)
    await world.do(boards.restore, world.ana, world.board_id)
    await world.do(workspaces.delete, world.ana, world.workspace_id, "Tandem team")
    assert [(entry.kind, entry.actor, entry.person or entry.subject) for entry in reversed(await log(world))][-9:] == [
        ("invite.created", "Ana", "invite 3"),
        ("member.joined", "Dora", ""),
        ("invite.revoked", "Ana", "invite 3"),
        ("file.removed", "Ana", "logo.png"),
        ("member.left", "Dora", ""),
        ("member.removed", "Ana", "Ben"),
        ("board.archived", "Ana", "Launch"),
        ("board.restored", "Ana", "Launch"),
        ("workspace.deleted", "Ana", "Tandem team"),
    ]


async def test_nothing_secret_and_no_unknown_kind_can_be_noted(world: World):
    for kind, details in [
        ("person.password_changed", {"new_password": "x"}),
        ("invite.created", {"token": "x"}),
        ("person.second_factor_turned_on", {"otp_secret": "x"}),
        ("no.kind", {}),
    ]:
        with pytest.raises(ValueError, match="secrets" if details else "no kind"):
            await note(world, kind, world.ana.id, **details)


@pytest.mark.parametrize("change", ["UPDATE audit SET kind = 'x'", "DELETE FROM audit"])
async def test_what_is_in_it_cannot_be_changed_or_taken_out(world: World, change: str):
    before = await log(world)
    with pytest.raises(DBAPIError, match="only ever added to"):
        async with world.db.engine.begin() as connection:
            await connection.execute(text(change))
    assert await log(world) == before != []


async def test_no_token_of_an_invitation_is_ever_in_it(world: World):
    token = await world.do(invites.create, world.ana, world.workspace_id, "member", timedelta(days=1), 5)
    assert token not in repr(await log(world))


async def test_only_admins_read_it_and_a_foreign_one_answers_as_a_missing_one(world: World):
    async def answer(actor, workspace_id) -> tuple[type | None, str]:
        async with world.db.reading() as tx:
            try:
                return None, await require_reader(tx, actor, workspace_id)
            except Refusal as refusal:
                return type(refusal), refusal.sentence

    garden = await world.elsewhere()
    assert await answer(world.ana, world.workspace_id) == (None, "Tandem team")
    assert await answer(world.ben, world.workspace_id) == (
        NotAllowed, "Only owners and admins can read the audit log.",
    )  # fmt: skip
    await world.give_role(world.ben, "admin")
    assert await answer(world.ben, world.workspace_id) == (None, "Tandem team")
    assert await answer(world.ana, garden.workspace_id) == await answer(world.ana, 99_999)
    assert (await answer(world.ana, 99_999))[0] is NotFound
    assert await answer(world.ana, None) == (None, "this Tandem"), "The first to sign up is the admin."
    assert (await answer(world.ben, None))[0] is NotAllowed


async def test_it_is_asked_by_kind_person_and_days(world: World):
    await note(world, "session.refused", None, person_id=world.cleo.id, workspace_id=world.workspace_id)
    await note(world, "session.started", world.ben.id, workspace_id=world.workspace_id)
    await note(world, "session.started", world.ana.id)

    async def kinds(**asked) -> list[str]:
        return [entry.kind for entry in await log(world, **asked)]

    assert (await kinds())[:2] == ["session.started", "session.refused"]
    assert await kinds(kind="session.refused") == ["session.refused"]
    assert await kinds(person="cleo") == ["session.refused", "member.joined"]
    assert (await kinds(person="BEN"))[0] == "session.started"
    assert await kinds(workspace_id=None, kind="session.started") == ["session.started"] * 2
    assert await kinds(workspace_id=None, person="ana@tandem.example", kind="session.started") == ["session.started"]
    day = timedelta(days=1)
    assert await kinds(since=now() - day, until=now() + day) == await kinds()
    assert await kinds(since=now() + day) == await kinds(until=now() - day) == []


async def test_what_cannot_be_asked_is_said_in_a_sentence(world: World):
    for asked, sentence in [
        ({"kind": "x"}, "There is no such kind"),
        ({"person": "Nobody"}, "Nobody here is called “Nobody”."),
        ({"person": "%"}, "Nobody here is called “%”."),
        ({"person": "ana@tandem.example"}, "Nobody here is called"),
        ({"since": now(), "until": now() - timedelta(days=1)}, "The first day comes after the last one"),
        ({"before": 99_999_999}, "This page of the log does not exist"),
    ]:
        with pytest.raises(Invalid, match=sentence):
            await log(world, **asked)
    for number in range(21):
        await world.do(people.sign_up, f"Twin {number}", f"twin{number}@tandem.example", "no password")
    with pytest.raises(Invalid, match="More than 20 people"):
        await log(world, workspace_id=None, person="twin")


async def test_strangers_cannot_be_looked_up_in_the_log_of_a_workspace(world: World):
    await world.newcomer()
    with pytest.raises(Invalid, match="Nobody here is called “dora”"):
        await log(world, person="dora")


async def fill(world: World) -> None:
    """As long a log as there may be: of every kind, over years, some entries at the same moment."""
    kinds = sorted(audit.KINDS)
    rows = [
        {
            "at": START + timedelta(minutes=number // 3 * 30),
            "kind": kinds[number % len(kinds)],
            "actor_id": world.ana.id if number % 100 else world.ben.id,
            "person_id": world.cleo.id if number % 1000 == 0 else None,
            "workspace_id": world.workspace_id,
            "subject": "",
            "address": "192.0.2.1",
            "device": "",
            "details": {},
        }
        for number in range(LONG)
    ]
    async with world.db.unrecorded() as session:
        for begin in range(0, LONG, 10_000):
            await session.execute(insert(table(Audit)), rows[begin : begin + 10_000])
    async with world.db.engine.connect() as connection:
        await connection.execute(text("ANALYZE"))
        await connection.commit()


async def test_a_hundred_thousand_entries_are_paged_through_an_index_in_as_many_statements_as_ten(world: World):
    since = datetime(2021, 1, 1, tzinfo=UTC)
    asked = [
        {},
        {"workspace_id": None},
        {"kind": "file.removed"},
        {"workspace_id": None, "kind": "file.removed"},
        {"since": since, "until": since + timedelta(days=60)},
        {"person": "cleo"},
        {"person": "cleo", "workspace_id": None},
    ]
    before = [len(await statements_of(world, question)) for question in asked]
    await fill(world)
    for question, count in zip(asked, before, strict=True):
        statements = await statements_of(world, question)
        assert len(statements) == count <= 2
        plan = await plan_of(world, *statements[-1])
        assert not re.search(r"Seq Scan on audit|SCAN audit(?! USING)", plan), (question, plan)


async def test_turning_the_pages_shows_every_entry_once(world: World):
    await fill(world)
    since = START + timedelta(minutes=30 * 33_000)
    seen: list[int] = []
    while page := await log(world, before=seen[-1] if seen else 0, since=since, most=400):
        assert [entry.at for entry in page] == sorted((entry.at for entry in page), reverse=True)
        seen += [entry.id for entry in page]
    assert len(seen) == len(set(seen)) > 1000
    here = (col(Audit.at) >= since) & (col(Audit.workspace_id) == world.workspace_id)
    assert set(seen) == set(await world.rows(select(Audit.id).where(here)))


async def statements_of(world: World, asked: dict[str, Any]) -> Sent:
    """What the database is asked for a page, each with its parameters."""
    with sent(world.db) as statements:
        await log(world, **asked)
    return statements


async def plan_of(world: World, statement: str, parameters: Any) -> str:
    async with world.db.engine.connect() as connection:
        words = "EXPLAIN QUERY PLAN" if world.db.is_sqlite else "EXPLAIN"
        return "\n".join(str(row) for row in await connection.exec_driver_sql(f"{words} {statement}", parameters))
