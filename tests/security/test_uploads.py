"""Uploads that are too large, too slow, too many, cut off or no uploads at all: nothing of them stays."""

import asyncio
import hashlib
import os
import signal
import time

import httpx
import pytest

from tests.security.conftest import Crowd
from tests.security.test_believing_no_argument import task_of
from tests.security.uploader import (
    MB,
    Uploader,
    arriving,
    kept,
    most_memory,
    multipart,
    raw,
    request_head,
    rows,
    until,
    until_nothing_arrives,
)
from tests.support.server import serving


async def test_too_large_is_said_with_a_sentence_and_nothing_is_kept(ana: Uploader):
    before = kept(ana.program)
    for size in (25 * MB + 1, 26 * MB):
        answer = await ana.post(b"x" * size)
        assert answer.status_code == 413
        assert answer.json()["sentence"] == "This file is too large: a file can have 25 MB at most."
    assert kept(ana.program) == before
    await until_nothing_arrives(ana.program)
    assert await ana.added(b"x" * 25 * MB), "The premise: the limit itself fits."


async def test_a_body_in_chunks_that_does_not_say_how_long_it_is_ends_at_the_limit(ana: Uploader):
    before = kept(ana.program)

    async def without_end():
        yield multipart(b"x").partition(b"x\r\n")[0]
        for _ in range(40):
            yield b"x" * MB

    head = {"Content-Type": "multipart/form-data; boundary=xyz"}
    try:
        answer = await ana.http.post(f"/files/task/{ana.task_id}", content=without_end(), headers=head)
        assert answer.status_code == 413
    except httpx.TransportError:
        pass  # It was closed while we were still sending, which is what we are after.
    await until_nothing_arrives(ana.program)
    assert kept(ana.program) == before


@pytest.mark.parametrize("said", ["5", "0", "-1", "abc", "99999999999999999999", "1e3"])
async def test_a_length_that_is_a_lie_leaves_nothing(ana: Uploader, said: str):
    before = kept(ana.program)
    answer = await raw(ana, request_head(ana, f"Content-Length: {said}"), multipart(b"lies" * 1000), patience=5)
    assert b"201" not in answer.partition(b"\r\n")[0]
    await until_nothing_arrives(ana.program)
    assert kept(ana.program) == before


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", multipart(b"x")),
        ("multipart/form-data; boundary=other", multipart(b"x")),
        ("multipart/form-data; boundary=xyz", b"--xyz\r\n"),
        ("multipart/form-data; boundary=xyz", multipart(b"x").removesuffix(b"--\r\n")),
        ("multipart/form-data; boundary=xyz", b""),
        ("multipart/form-data; boundary=xyz", b"--xyz\r\n\r\n" + b"\0" * 5000 + b"\r\n--xyz--"),
        (
            "multipart/form-data; boundary=xyz",
            b'--xyz\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n--xyz--\r\n',
        ),
        ("multipart/form-data; boundary=xyz", multipart(b"x").removesuffix(b"--\r\n") + b"\r\n" + multipart(b"y")),
        ("multipart/form-data; boundary=" + "x" * 5000, multipart(b"x")),
        ("text/plain", b"x"),
        ("application/x-www-form-urlencoded", b"file=x"),
        ("", b"x"),
    ],
)
async def test_what_is_no_form_with_one_file_is_refused_with_a_sentence(ana: Uploader, content_type: str, body: bytes):
    before = kept(ana.program)
    path, head = f"/files/task/{ana.task_id}", {"Content-Type": content_type}
    answer = await ana.http.post(path, content=body, headers=head)
    assert answer.status_code in (422, 503)
    assert answer.json()["sentence"].endswith((".", "!"))
    assert kept(ana.program) == before
    await until_nothing_arrives(ana.program)


async def test_an_upload_that_breaks_off_leaves_nothing(ana: Uploader):
    before = kept(ana.program)
    body = multipart(b"x" * 5 * MB)
    for cut in (0, 50, 100_000, 3 * MB):
        await raw(ana, request_head(ana, f"Content-Length: {len(body)}"), body[:cut], patience=0.3)
    await until_nothing_arrives(ana.program)
    assert kept(ana.program) == before
    assert rows(ana.program) <= kept(ana.program)


async def test_who_stops_sending_is_not_waited_for_for_ever(ana: Uploader):
    body = multipart(b"x" * MB)
    began = time.monotonic()
    answer = await raw(ana, request_head(ana, f"Content-Length: {len(body)}"), body[:1000])
    # Told so, or cut off already by what ends every connection that says too little.
    assert answer == b"" or (answer.startswith(b"HTTP/1.1 408") and b"too slow" in answer)
    assert time.monotonic() - began < 50
    await until_nothing_arrives(ana.program)


async def test_twenty_at_once_arrive_and_one_more_is_told_to_wait(ana: Uploader):
    contents = [os.urandom(300_000) for _ in range(20)]
    ids = await asyncio.gather(*(ana.added(content, f"{i}.bin") for i, content in enumerate(contents)))
    assert len(set(ids)) == 20
    for id, content in zip(ids, contents, strict=True):
        answer = await ana.got(id)
        assert hashlib.sha256(answer.content).digest() == hashlib.sha256(content).digest()
    body = multipart(b"x" * MB)
    waiting = [
        asyncio.ensure_future(raw(ana, request_head(ana, f"Content-Length: {len(body)}"), body[:1000], patience=10))
        for _ in range(20)
    ]
    await until(lambda: len(arriving(ana.program)) == 20, "Not all of them have begun to arrive.")
    answer = await ana.post(b"x")
    assert answer.status_code == 503
    assert "a lot of files at once" in answer.json()["sentence"]
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    await until_nothing_arrives(ana.program)


async def test_a_file_at_the_limit_does_not_stay_in_memory(ana: Uploader):
    [worker] = ana.program.workers
    content = os.urandom(25 * MB)
    await ana.added(content[: 5 * MB], "first.bin")  # What is loaded once is loaded now.
    before = most_memory(worker, anew=True)
    id = await ana.added(content, "large.bin")
    assert hashlib.sha256((await ana.got(id)).content).digest() == hashlib.sha256(content).digest()
    assert most_memory(worker) - before < 8 * MB


async def test_a_worker_that_is_killed_half_way_leaves_no_row_without_a_file():
    with serving() as program:
        people = Crowd(program)
        tab = await people.tab()
        ana = Uploader(program, tab.cookie, await task_of(tab))
        await tab.close()
        for round in range(4):
            sending = [asyncio.ensure_future(ana.post(os.urandom(2 * MB), f"{round}-{i}.bin")) for i in range(6)]
            await asyncio.wait(sending, timeout=0.05 + 0.1 * round, return_when=asyncio.FIRST_COMPLETED)
            [worker] = program.workers
            os.kill(worker, signal.SIGKILL)
            await asyncio.gather(*sending, return_exceptions=True)
            await until(lambda worker=worker: program.workers not in ([], [worker]), "No new worker has come.")
            assert rows(program) <= kept(program)
        assert await ana.added(b"and on it goes", "after.txt")
        assert rows(program) <= kept(program)
        await ana.http.aclose()
