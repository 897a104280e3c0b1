"""Files over HTTP: boards are had as files; what is sent comes in whole or not at all, and to nobody else's place."""

import csv
import io
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select
from sqlmodel import col

from app.db import Database
from app.domain import sharing, tasks, workspaces
from app.domain.access import Actor
from app.domain.models import Audit, Board, Lane, Member, Person, Task
from tests.live.client import sign_up
from tests.support.server import UNHURRIED, Server, serving

PASSWORD = "a file with a lid"
TABLE = "title,lane\nBook the venue,Now\nPrint the badges,Later\n"
COLUMNS = ["title", "lane"]


@pytest.fixture(scope="module")
def program() -> Iterator[Server]:
    with serving(MAX_IMPORT_MB="1", **UNHURRIED) as server:
        yield server
        assert "Traceback" not in server.log, server.log


@dataclass
class Owner:
    """Somebody with a workspace, and a board with two tasks in it; `db` is that of the program."""

    http: httpx.AsyncClient
    db: Database
    actor: Actor
    workspace_id: int
    board_id: int

    async def send(self, content: str | bytes, name: str = "tasks.csv") -> str:
        answer = await self.http.post("/imports", files={"file": (name, content)})
        assert answer.status_code == 201, answer.text
        return answer.json()["ticket"]

    async def run(self, ticket: str, **order: Any) -> list[dict[str, Any]]:
        """What is said of it, line by line."""
        given = {"ticket": ticket, "workspace_id": self.workspace_id, "meanings": COLUMNS} | order
        answer = await self.http.post("/imports/run", json=given)
        assert answer.status_code == 200, answer.text
        return [json.loads(line) for line in answer.text.splitlines()]

    async def boards(self, workspace_id: int = 0) -> list[tuple[str, int]]:
        """Those of a workspace, with how many tasks they have."""
        tasks = select(func.count()).where(col(Task.board_id) == col(Board.id)).scalar_subquery()
        query = select(col(Board.name), tasks).where(col(Board.workspace_id) == (workspace_id or self.workspace_id))
        async with self.db.reading() as tx:
            return [(name, count) for name, count in (await tx.session.execute(query.order_by(col(Board.id)))).all()]

    async def noted(self) -> list[tuple[str, str]]:
        async with self.db.reading() as tx:
            query = select(Audit.kind, Audit.subject).where(col(Audit.workspace_id) == self.workspace_id)
            found = (await tx.session.execute(query.order_by(col(Audit.id)))).all()
        return [(kind, subject) for kind, subject in found if kind != "workspace.created"]


async def with_a_workspace(program: Server, cookies: dict[str, str], name: str) -> Owner:
    """One of the two, with a workspace of their own."""
    email = f"{name.lower()}@tandem.example"
    if name not in cookies:
        cookies[name] = await sign_up(program.url, name, email, PASSWORD)
    headers = {"Origin": program.url, "Cookie": cookies[name]}
    http, db = httpx.AsyncClient(base_url=program.url, headers=headers, timeout=60), Database(program.database_url)
    async with db.transaction() as tx:
        person = (await tx.session.execute(select(Person).where(Person.email == email))).scalar_one()
        actor = Actor(person.id, person.name)
        workspace_id, board_id = await workspaces.create(tx, actor, "Launch & co")
        lanes = select(col(Lane.id)).where(col(Lane.board_id) == board_id).order_by(col(Lane.id))
        lane_id = (await tx.session.execute(lanes)).scalars().all()[0]
        await tasks.add(tx, actor, lane_id, ["=1+1", "Zwölf Boxkämpfer"])
    return Owner(http, db, actor, workspace_id, board_id)


@pytest.fixture(scope="module")
def cookies() -> dict[str, str]:
    """The Cookie header of each, once they have signed up."""
    return {}


@pytest.fixture
async def ana(program: Server, cookies: dict[str, str]) -> AsyncIterator[Owner]:
    owner = await with_a_workspace(program, cookies, "Ana")
    yield owner
    await owner.http.aclose()
    await owner.db.close()


@pytest.fixture
async def eve(program: Server, cookies: dict[str, str]) -> AsyncIterator[Owner]:
    owner = await with_a_workspace(program, cookies, "Eve")
    yield owner
    await owner.http.aclose()
    await owner.db.close()


async def join(owner: Owner, guest: Owner, role: str) -> None:
    async with owner.db.transaction() as tx:
        tx.session.add(Member(workspace_id=owner.workspace_id, person_id=guest.actor.id, role=role))
        await tx.record("workspace", owner.workspace_id, "member.joined", guest.actor.id, "member", guest.actor.id)


async def test_a_board_is_had_as_a_file_which_is_noted(ana: Owner):
    answer = await ana.http.get(f"/b/{ana.board_id}/export.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-disposition"].startswith('attachment; filename="Launch _ co.json"')
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert [task["title"] for task in answer.json()["boards"][0]["tasks"]] == ["=1+1", "Zwölf Boxkämpfer"]
    answer = await ana.http.get(f"/w/{ana.workspace_id}/export.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["board"], row["title"]) for row in rows] == [
        ("Launch & co", "'=1+1"),
        ("Launch & co", "Zwölf Boxkämpfer"),
    ]
    async with ana.db.transaction() as tx:
        await sharing.close(tx, ana.actor, ana.board_id, "me")
    assert (await ana.http.get(f"/b/{ana.board_id}/export.csv")).status_code == 200
    assert await ana.noted() == [
        ("export.made", "Launch & co"),
        ("export.made", "Launch & co"),
        ("board.shared", f"board {ana.board_id}"),
        ("export.made", f"board {ana.board_id}"),
    ]


async def test_what_was_had_as_a_file_comes_in_again_and_once(ana: Owner):
    first = (await ana.http.get(f"/b/{ana.board_id}/export.json")).json()
    ticket = await ana.send(json.dumps(first), "whatever it is called")
    *progress, last = await ana.run(ticket, meanings=[])
    parts = [line["done"] for line in progress]
    assert parts == sorted(parts) and (parts[0], parts[-1]) == (0.0, 1.0)
    again = (await ana.http.get(f"{last['path']}/export.json")).json()
    assert {**again, "exported_at": first["exported_at"]} == first and last["path"] != f"/b/{ana.board_id}"
    [*_, once_more] = await ana.run(ticket, meanings=[])
    assert once_more["sentence"].startswith("This file")
    assert await ana.boards() == [("Launch & co", 2)] * 2


async def test_a_table_makes_a_board_or_a_workspace(ana: Owner):
    [*_, last] = await ana.run(await ana.send(TABLE, "Summer_fair.csv"), seen_by="me")
    assert await ana.boards() == [("Launch & co", 2), ("Summer fair", 2)]
    board_id = int(last["path"].removeprefix("/b/"))
    async with ana.db.reading() as tx:
        board = await tx.session.get_one(Board, board_id)
        assert board.is_private
    [*_, last] = await ana.run(await ana.send(TABLE), workspace_id=0, name="Garden")
    async with ana.db.reading() as tx:
        made = await tx.session.get_one(Board, int(last["path"].removeprefix("/b/")))
    assert made.workspace_id != ana.workspace_id and await ana.boards(made.workspace_id) == [("tasks", 2)]


@pytest.mark.parametrize(
    ("content", "order", "sentence"),
    [
        (TABLE + ",Now\n", {}, "Row 4: A title needs at least one character."),
        (TABLE, {"meanings": ["title"]}, "These are not the columns of this file. Choose the file anew."),
        (TABLE, {"meanings": ["title", "title"]}, "Two columns are chosen as title."),
        ('{"lists": [', {"meanings": []}, "This file is no JSON, or not all of it is there."),
        (b"\x89PNG\r\n\x1a\n\0\0", {"meanings": []}, "This is none of the files that can be imported"),
        (TABLE, {"workspace_id": 0, "name": " "}, "A workspace's name needs at least one character."),
        (TABLE, {"workspace_id": 2_000_000_000}, "There is no such workspace, or you are not a member of it."),
    ],
)
async def test_what_cannot_come_in_is_said_and_nothing_is_kept(ana: Owner, content, order, sentence: str):
    before = await ana.noted()
    [*_, last] = await ana.run(await ana.send(content), **order)
    assert last["sentence"].startswith(sentence)
    assert await ana.boards() == [("Launch & co", 2)] and await ana.noted() == before


async def test_what_is_no_order_or_no_file_is_refused(ana: Owner):
    good = {"ticket": await ana.send(TABLE), "workspace_id": ana.workspace_id}
    for more in ({"seen_by": "all"}, {"workspace_id": "1"}, {"x": 1}, {"meanings": ["x"]}, {"ticket": None}):
        assert (await ana.http.post("/imports/run", json=good | more)).status_code == 422
    assert (await ana.http.post("/imports/run", content=b"x" * 20_000)).status_code == 422
    answer = await ana.http.post("/imports", files={"file": ("large.csv", b"x" * 1_100_000)})
    assert answer.status_code == 413
    assert answer.json()["sentence"] == "This file is too large: a file can have 1 MB at most."
    assert (await ana.http.post("/imports", content=b"no form")).status_code == 422


async def test_a_ticket_is_its_senders_alone_and_ends_with_the_next_file(ana: Owner, eve: Owner, program: Server):
    ticket = await ana.send(TABLE)
    order = {"ticket": ticket, "workspace_id": eve.workspace_id, "meanings": COLUMNS}
    for other in (ticket, ticket[:-2] + "xx", ""):
        answer = await eve.http.post("/imports/run", json=order | {"ticket": other})
        assert answer.status_code == 422 and answer.json()["sentence"].startswith("This file is not here any more.")
    newer = await ana.send(TABLE.replace("venue", "room"))
    assert len(list((program.data_dir / "imports" / str(ana.actor.id)).glob("??/*"))) == 1
    [*_, last] = await ana.run(ticket)
    assert last["sentence"].startswith("This file is not here any more.")
    assert "path" in (await ana.run(newer))[-1]
    assert list((program.data_dir / "imports" / str(ana.actor.id)).glob("??/*")) == []


async def test_roles_decide_who_takes_out_and_who_brings_in(ana: Owner, eve: Owner):
    answers = {}
    for role in ("", "viewer", "commenter", "member", "admin"):
        if role == "viewer":
            await join(ana, eve, role)
        elif role:
            async with ana.db.transaction() as tx:
                (await tx.session.get_one(Member, (ana.workspace_id, eve.actor.id))).role = role
                await tx.record("workspace", ana.workspace_id, "member.role_changed", None, "member", eve.actor.id)
        paths = (f"/b/{ana.board_id}/export.json", f"/w/{ana.workspace_id}/export.json")
        had = [await eve.http.get(path) for path in paths]
        [*_, last] = await eve.run(await eve.send(TABLE), workspace_id=ana.workspace_id)
        answers[role] = (*(answer.status_code for answer in had), last.get("sentence", ""))
        assert ("@tandem.example" in had[0].text) == (role == "admin")
    cannot = "Your role here lets you look at boards, not change them."
    assert answers == {
        "": (404, 404, "There is no such workspace, or you are not a member of it."),
        "viewer": (403, 403, cannot),
        "commenter": (403, 403, cannot),
        "member": (200, 403, ""),
        "admin": (200, 200, ""),
    }


async def test_one_that_nobody_waits_for_any_more_is_there_whole_or_not_at_all(ana: Owner):
    rows = "".join(f"Task {number},Now\n" for number in range(5_000))
    ticket = await ana.send(f"title,lane\n{rows}", "many.csv")
    given = {"ticket": ticket, "workspace_id": ana.workspace_id, "meanings": COLUMNS}
    async with ana.http.stream("POST", "/imports/run", json=given) as answer:
        async for line in answer.aiter_lines():
            if json.loads(line)["done"] > 0.2:
                break
    with suppress(httpx.HTTPError):
        await answer.aclose()
    [*_, last] = await ana.run(await ana.send(TABLE))  # Which waits until the other is over.
    assert "path" in last
    assert ("many", 5_000) in await ana.boards() or all(name != "many" for name, _ in await ana.boards())
