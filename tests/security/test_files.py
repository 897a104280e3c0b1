"""Files over real HTTP, as somebody who means harm sends and fetches them."""

import sqlite3
from urllib.parse import unquote

import pytest

from app.web.files import disposition
from tests.security.conftest import Crowd
from tests.security.uploader import MB, Uploader, as_in_a_form, kept, multipart, picture

MISSING = "This task is gone, or it is not shared with you."


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("a\0b.txt", "ab.txt"),
        ("x" * 300 + ".png", "x" * 196 + ".png"),
        ("\u202egpj.exe", "gpj.exe"),
        ("a\r\nSet-Cookie: evil=1\r\n\r\n<script>.html", "a Set-Cookie: evil=1 <script>.html"),
        ('say "hi"; filename=evil.exe', 'say "hi"; filename=evil.exe'),
        ("Übersicht & 概要 🦊.pdf", "Übersicht & 概要 🦊.pdf"),
        ("%2e%2e%2fpasswd", "%2e%2e%2fpasswd"),
    ],
)
async def test_a_name_is_only_a_name(ana: Uploader, name: str, shown: str):
    before = kept(ana.program)
    head = {"Content-Type": "multipart/form-data; boundary=xyz"}
    added = await ana.http.post(
        f"/files/task/{ana.task_id}", content=multipart(b"harmless", as_in_a_form(name)), headers=head
    )
    assert added.status_code == 201, added.text
    answer = await ana.got(added.json()["id"], "..%2f..%2fetc%2fpasswd")
    assert answer.status_code == 200
    assert answer.content == b"harmless"
    said = answer.headers["content-disposition"]
    assert unquote(said.partition("filename*=UTF-8''")[2]) == shown
    assert said.startswith('attachment; filename="')
    assert "set-cookie" not in answer.headers
    [key] = kept(ana.program) - before
    assert len(key) == 32
    assert set(key) <= set("0123456789abcdef")


def test_a_disposition_is_plain_ascii_whatever_the_name():
    for name in ('a"b\\c.txt', "ä€\u202e.png", "", "..", "\r\nX: y", "a;b=c%22"):
        said = disposition(name)
        assert said.isascii() and said.isprintable()
        assert said.count('"') == 2
        assert "\\" not in said


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.html", b"<!doctype html><script>alert(1)</script>", "application/octet-stream"),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "application/octet-stream"),
        ("a.png", b"<html><body><script>alert(1)</script>", "application/octet-stream"),
        ("a.gif", b"GIF89a/*" + b"\0" * 8 + b"*/=1;alert(1)//<script>", "image/gif"),
        ("a.pdf.html", b"%PDF-1.7\n<script>alert(1)</script>", "application/pdf"),
        ("a.js", b"alert(1)", "application/octet-stream"),
        ("a.zip", b"PK\x03\x04<html>", "application/zip"),
        ("empty", b"", "application/octet-stream"),
    ],
)
async def test_what_could_run_is_handed_out_so_that_it_does_not(ana: Uploader, name: str, content: bytes, kind: str):
    id = await ana.added(content, name, content_type="text/html")
    answer = await ana.got(id, name)
    assert answer.content == content
    assert answer.headers["content-type"].partition(";")[0] == kind
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "no-store" in answer.headers["cache-control"]


async def test_foreign_and_missing_tasks_and_files_get_the_same_answer(ana: Uploader, people: Crowd):
    mallory = Uploader(ana.program, await people.cookie(), ana.task_id)
    file = await ana.added(b"mine alone", "mine.txt")
    before = kept(ana.program)
    answers = [await mallory.post(b"x", path=f"/files/task/{id}") for id in (ana.task_id, 2_000_000_000, 10**30)]
    assert {(answer.status_code, answer.json()["sentence"]) for answer in answers} == {(404, MISSING)}
    for place in ("/files/{}/mine.txt", "/files/thumb/{}"):
        answers = [await mallory.http.get(place.format(id)) for id in (file, 2_000_000_000, 10**30)]
        assert {(answer.status_code, answer.text) for answer in answers} == {
            (404, "This file is gone, or it is not shared with you.")
        }
    assert kept(ana.program) == before
    assert (await ana.got(file)).content == b"mine alone", "The premise: it is there to be had."
    await mallory.http.aclose()


async def test_who_is_not_signed_in_gets_and_gives_nothing(ana: Uploader):
    file = await ana.added(b"mine alone", "mine.txt")
    before = kept(ana.program)
    for cookie in ("", "tandem=forged.by.me"):
        ana.http.headers["Cookie"] = cookie
        for path in (f"/files/task/{ana.task_id}", "/files/avatar"):
            assert (await ana.post(b"x", path=path)).status_code == 401
        answer = await ana.got(file, "mine.txt")
        assert (answer.status_code, answer.content) == (303, b"")
        assert answer.headers["location"] == f"/sign-in?next=%2Ffiles%2F{file}%2Fmine.txt"
        for path in (f"/files/thumb/{file}", f"/files/avatar/{'a' * 32}"):
            assert (await ana.http.get(path)).status_code == 401
    assert kept(ana.program) == before


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "https://127.0.0.1"])
async def test_only_our_own_pages_post_files(ana: Uploader, origin: str | None):
    del ana.http.headers["Origin"]
    headers = {} if origin is None else {"Origin": origin}
    before = kept(ana.program)
    for path in (f"/files/task/{ana.task_id}", "/files/avatar"):
        assert (await ana.post(b"x", path=path, headers=headers)).status_code == 403
    assert kept(ana.program) == before


async def test_the_same_file_sent_again_is_there_once(ana: Uploader):
    before = kept(ana.program)
    ids = {await ana.added(b"once", "once.txt") for _ in range(3)}
    assert len(ids) == 1
    assert len(kept(ana.program) - before) == 1


async def test_a_viewer_has_files_and_adds_none_and_who_is_removed_has_nothing_more(ana: Uploader, people: Crowd):
    file, avatar = await ana.added(picture("PNG"), "ours.png"), await ana.post(picture("PNG"), path="/files/avatar")
    ben = Uploader(ana.program, await people.cookie(), ana.task_id)
    places = [f"/files/{file}/ours.png", f"/files/thumb/{file}", f"/files/avatar/{avatar.json()['key']}"]
    with sqlite3.connect(ana.program.database_url.partition(":///")[2]) as db:
        workspace = "(SELECT workspace_id FROM board JOIN task ON board.id = board_id WHERE task.id = ?)"
        someone = "(SELECT max(id) FROM person)"
        db.execute(f"INSERT INTO member SELECT {workspace}, {someone}, 'viewer', '2027-01-01'", [ana.task_id])
    assert [(await ben.http.get(place)).status_code for place in places] == [200, 200, 200]
    answer = await ben.post(b"x" * MB)
    assert answer.status_code == 403
    assert answer.json()["sentence"] == "Viewers can look at this board, not add files to it."
    with sqlite3.connect(ana.program.database_url.partition(":///")[2]) as db:
        db.execute(f"DELETE FROM member WHERE person_id = {someone}")
    assert [(await ben.http.get(place)).status_code for place in places] == [404, 404, 404]
    await ben.http.aclose()
