"""Somebody who sends and fetches files, not always as our pages do, and a look at what is kept of them."""

import asyncio
import io
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import httpx
from PIL import Image

from tests.support.server import Server

MB = 1_000_000


class Uploader:
    """Somebody with a task, and a browser that is not ours."""

    def __init__(self, program: Server, cookie: str, task_id: int) -> None:
        self.program, self.cookie, self.task_id = program, cookie, task_id
        headers = {"Origin": program.url, "Cookie": cookie}
        self.http = httpx.AsyncClient(base_url=program.url, headers=headers, timeout=60)

    async def post(self, content: bytes, name: str = "a.bin", **changes) -> httpx.Response:
        files = {"file": (name, content, changes.pop("content_type", "application/octet-stream"))}
        return await self.http.post(changes.pop("path", f"/files/task/{self.task_id}"), files=files, **changes)

    async def added(self, content: bytes, name: str = "a.bin", **changes) -> int:
        answer = await self.post(content, name, **changes)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    async def got(self, id: int, name: str = "x") -> httpx.Response:
        return await self.http.get(f"/files/{id}/{name}")


def rows(program: Server, statement: str = "SELECT key FROM attachment UNION SELECT thumb FROM attachment") -> set[str]:
    with sqlite3.connect(program.database_url.partition(":///")[2]) as db:
        return {row[0] for row in db.execute(statement)} - {""}


def kept(program: Server) -> set[str]:
    return {path.name for path in (folder_of(program) / "files").glob("??/*")}


def arriving(program: Server) -> list[Path]:
    return list((folder_of(program) / "files/incoming").glob("*"))


def folder_of(program: Server) -> Path:
    return Path(program.database_url.partition(":///")[2]).parent


async def until(is_so: Callable[[], bool], words: str) -> None:
    """For what nothing tells of: files and processes."""
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline, words
        await asyncio.sleep(0.02)


async def until_nothing_arrives(program: Server) -> None:
    await until(lambda: not arriving(program), "An upload that ended has left its draft.")


def multipart(content: bytes, name: str = "a.bin", boundary: str = "xyz") -> bytes:
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return head.encode() + content + f"\r\n--{boundary}--\r\n".encode()


def as_in_a_form(name: str) -> str:
    """What browsers make of a name."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


async def raw(ana: Uploader, head: str, *parts: bytes, patience: float = 60.0, ends: bool = False) -> bytes:
    """What the server answers to these very bytes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", ana.program.port)
    writer.write(head.replace("\n", "\r\n").encode())
    for part in parts:
        writer.write(part)
        try:
            await writer.drain()
        except ConnectionError:
            break
    if ends:
        writer.write_eof()
    try:
        return await asyncio.wait_for(reader.read(65536), patience)
    except (TimeoutError, ConnectionError):
        return b""
    finally:
        writer.close()


def request_head(ana: Uploader, framing: str) -> str:
    return (
        f"POST /files/task/{ana.task_id} HTTP/1.1\nHost: {ana.program.url[7:]}\nOrigin: {ana.program.url}\n"
        f"Cookie: {ana.cookie}\nContent-Type: multipart/form-data; boundary=xyz\n{framing}\n\n"
    )


def picture(kind: str, size: tuple[int, int] = (600, 400), **options) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def most_memory(pid: int, anew: bool = False) -> int:
    """The most bytes of memory that a process had, since it began or since this was asked `anew`."""
    if anew:
        Path(f"/proc/{pid}/clear_refs").write_text("5")
    return int(Path(f"/proc/{pid}/status").read_text().partition("VmHWM:")[2].split()[0]) * 1024
