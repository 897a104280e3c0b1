"""Pictures that people upload: what is drawn of them is ours, and what is no picture is refused."""

import io
import zlib

import pytest
from PIL import Image

from tests.security.conftest import Crowd
from tests.security.uploader import Uploader, kept, picture


async def test_a_picture_has_a_small_one_that_is_ours(ana: Uploader):
    planted = b"planted <script> metadata"
    exif = Image.Exif()
    exif[0x010E] = planted.decode()
    original = picture("JPEG", exif=exif, comment=planted) + planted
    file = await ana.added(original, "holiday.jpg")
    assert (await ana.got(file)).content == original
    answer = await ana.http.get(f"/files/thumb/{file}")
    assert answer.headers["content-type"] == "image/webp"
    assert planted not in answer.content
    assert Image.open(io.BytesIO(answer.content)).size == (480, 320)
    assert Image.open(io.BytesIO(answer.content)).getexif() == {}
    other = await ana.added(b"just words", "words.txt")
    assert (await ana.http.get(f"/files/thumb/{other}")).status_code == 404


def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG of a few kilobytes that says it is 900 million pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return len(content).to_bytes(4) + kind + content + zlib.crc32(kind + content).to_bytes(4)

    header = width.to_bytes(4) + height.to_bytes(4) + b"\x08\x02\0\0\0"
    rows = zlib.compress(b"\0" * 10_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


async def test_a_decompression_bomb_is_no_avatar_and_as_a_file_is_just_bytes(ana: Uploader):
    answer = await ana.post(bomb(), "bomb.png", path="/files/avatar")
    assert answer.status_code == 422
    assert answer.json()["sentence"] == "This picture is too large: it may have 40 million pixels at most."
    file = await ana.added(bomb(), "bomb.png")
    assert (await ana.got(file)).content == bomb()
    assert (await ana.http.get(f"/files/thumb/{file}")).status_code == 404


@pytest.mark.parametrize("content", [b"", b"no picture", b"GIF89a", picture("PNG")[:200], b"<svg/>", picture("TIFF")])
async def test_what_is_no_picture_is_no_avatar(ana: Uploader, content: bytes):
    answer = await ana.post(content, "me.png", path="/files/avatar")
    assert answer.status_code == 422
    assert "no picture that can be read" in answer.json()["sentence"]


async def test_an_avatar_is_a_small_square_that_only_colleagues_see_and_the_old_one_goes(ana: Uploader, people: Crowd):
    keys = []
    for kind in ("PNG", "GIF", "WEBP", "JPEG"):
        answer = await ana.post(picture(kind), f"me.{kind}", path="/files/avatar")
        assert answer.status_code == 201, answer.text
        keys.append(answer.json()["key"])
    shown = await ana.http.get(f"/files/avatar/{keys[-1]}")
    assert Image.open(io.BytesIO(shown.content)).size == (256, 256)
    assert "immutable" in shown.headers["cache-control"]
    assert set(keys) & kept(ana.program) == {keys[-1]}
    mallory = Uploader(ana.program, await people.cookie(), 0)
    answers = [await mallory.http.get(f"/files/avatar/{key}") for key in (keys[-1], keys[0], "x", "0" * 32)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert (await mallory.http.get("/files/avatar/%2e%2e%2f%2e%2e%2fsecret_key")).status_code == 404
    await mallory.http.aclose()
