"""The audit log over real HTTP: what signing in leaves in it, and who has it as a file."""

import csv
import io
import sqlite3

import httpx
import pytest

from tests.live.client import ROOT, Client
from tests.security.conftest import PASSWORD, Crowd
from tests.security.test_believing_no_argument import board_of
from tests.support.server import Server, serving

CREATE = f"{ROOT}.app___web___home____home.create_workspace"
SEEN = "198.51.100.7"
EVIL = '=HYPERLINK("http://evil.example")'


class Reader:
    def __init__(self, program: Server, client: Client, workspace_id: int) -> None:
        self.program, self.client, self.workspace_id = program, client, workspace_id

    async def file(self, cookie: str | None = None, path: str = "", **asked: str) -> httpx.Response:
        headers = {"Cookie": self.client.cookie if cookie is None else cookie}
        async with httpx.AsyncClient(base_url=self.program.url, headers=headers, timeout=60) as browser:
            return await browser.get(path or f"/w/{self.workspace_id}/audit.csv", params=asked)

    async def rows(self, **asked: str) -> list[dict[str, str]]:
        answer = await self.file(**asked)
        assert answer.status_code == 200, answer.text
        return list(csv.DictReader(io.StringIO(answer.text)))


@pytest.fixture
async def ana(program: Server, people: Crowd) -> Reader:
    client = await people.tab()
    await board_of(client)
    return Reader(program, client, client.store["header"]["h"]["workspace_id"])


async def test_its_owner_has_it_as_a_file_and_that_is_noted(ana: Reader):
    first = await ana.rows()
    assert [row["kind"] for row in first] == ["workspace.created"]
    assert first[0]["address"] == "127.0.0.1"
    assert [row["kind"] for row in await ana.rows()] == ["export.made", "workspace.created"]
    answer = await ana.file()
    assert answer.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_what_a_spreadsheet_would_take_for_a_formula_is_marked_as_text(ana: Reader):
    board_id = ana.client.store["header"]["h"]["id"]
    await ana.client.do("rename_board", board_id=board_id, name=EVIL)
    await ana.client.do("archive_board", board_id=board_id)
    await ana.client.until(lambda store: store["header"]["h"]["is_archived"], "the board is archived")
    [row] = await ana.rows(kind="board.archived")
    assert row["subject"] == "'" + EVIL


async def test_a_long_log_comes_whole_and_once(ana: Reader):
    with sqlite3.connect(ana.program.database_url.partition(":///")[2]) as db:
        db.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) INSERT INTO audit "
            "(at, kind, workspace_id, subject, address, device, details) SELECT '2027-01-01 00:00:00.000000', "
            "'export.made', ?, 'number ' || i, '', '', '{}' FROM n",
            [ana.workspace_id],
        )
    found = [row["subject"] for row in await ana.rows(since="2027-01-01", until="2027-01-01")]
    assert found == [f"number {number}" for number in range(2500, 0, -1)]


async def test_times_are_those_of_the_reader(ana: Reader):
    for zone, ending in (("Asia/Tokyo", "+09:00"), ("", "+00:00")):
        assert {row["at"][-6:] for row in await ana.rows(zone=zone)} == {ending}


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "x"},
        {"since": "2027-13-45"},
        {"since": "yesterday"},
        {"until": "9999-12-31"},
        {"since": "2027-01-02", "until": "2027-01-01", "zone": "Europe/Berlin"},
        {"since": "2027-01-01", "zone": "../../etc/passwd"},
        {"zone": "Nowhere/AtAll"},
        {"zone": "\0"},
        {"person": "x" * 101},
        {"person": "nobody' OR 1=1 --"},
    ],
)
async def test_what_cannot_be_asked_is_said_in_a_sentence(ana: Reader, asked: dict[str, str]):
    answer = await ana.file(**asked)
    assert answer.status_code == 422
    assert answer.text.endswith(".")
    assert len(answer.text) < 200


async def test_strangers_have_nothing_and_a_foreign_log_answers_as_a_missing_one(ana: Reader, people: Crowd):
    mallory = await people.cookie()
    answers = [await ana.file(mallory, f"/w/{id}/audit.csv") for id in (ana.workspace_id, 2_000_000_000, 10**30)]
    assert {(answer.status_code, answer.text) for answer in answers} == {
        (404, "There is no such workspace, or you are not a member of it.")
    }
    assert (await ana.file(mallory, "/admin/audit.csv")).status_code == 403
    for path in (f"/w/{ana.workspace_id}/audit.csv", "/admin/audit.csv"):
        answer = await ana.file("", path)
        assert (answer.status_code, answer.content) == (303, b"")


async def test_a_stranger_who_opens_the_page_is_shown_the_door_and_no_entry(ana: Reader, people: Crowd):
    mallory = await people.tab()
    for path in (f"/w/{ana.workspace_id}/audit", "/w/x/audit", "/admin/audit"):
        await mallory.open(path)
        await mallory.until(lambda store: store.get("door", {}).get("sentence"), "the door is shown")
        assert mallory.store["audit_log"]["rows"] == []
        await mallory.close()


async def test_signing_in_and_out_and_failing_to_are_noted_and_no_password_is():
    """In a Tandem of its own, as its first person reads the whole of it; behind a proxy, which adds whom it saw."""
    with serving(TRUSTED_PROXY_HOPS="1") as own:
        told = {"User-Agent": "A browser on a train", "X-Forwarded-For": f"203.0.113.66, {SEEN}"}
        headers = {"Origin": own.url, **told}
        async with httpx.AsyncClient(base_url=own.url, headers=headers, timeout=60) as browser:
            form = {"name": "Ana", "email": "ana@example.com", "password": PASSWORD}
            await browser.post("/auth/sign-up", data=form)
            await browser.post("/auth/sign-out")
            await browser.post("/auth/sign-in", data=form | {"password": "wrong one that is planted"})
            await browser.post("/auth/sign-in", data=form | {"email": "nobody@example.com"})
            await browser.post("/auth/sign-in", data=form | {"email": "planted password in the wrong field"})
            await browser.post("/auth/sign-in", data=form)
            for path in ("/auth/password", "/auth/email"):
                await browser.post(path, data=form | {"password": "wrong one that is planted"})
            tab = Client(own.url, "; ".join(f"{name}={value}" for name, value in browser.cookies.items()))
            tab.headers = told
            await (await tab.open("/")).send(CREATE, workspace_name="Launch")
            await tab.until(lambda store: "Launch" in str(store.get("workspaces")), "the command is carried out")
            await tab.close()
            answer = await browser.get("/admin/audit.csv")
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        assert [(row["kind"], row["actor"], row["person"], row["subject"]) for row in reversed(rows)] == [
            ("person.signed_up", "Ana", "", ""),
            ("session.started", "Ana", "", ""),
            ("session.ended", "Ana", "", ""),
            ("session.refused", "", "Ana", "ana@example.com"),
            ("session.refused", "", "", "nobody@example.com"),
            ("session.refused", "", "", ""),
            ("session.started", "Ana", "", ""),
            ("person.password_refused", "Ana", "", ""),
            ("person.password_refused", "Ana", "", ""),
            ("workspace.created", "Ana", "", "Launch"),
        ]
        assert {row["device"] for row in rows} == {"A browser on a train"}
        assert {row["address"] for row in rows} == {SEEN}
        assert "planted" not in answer.text
        assert PASSWORD not in answer.text
