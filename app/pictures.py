"""Pictures, drawn anew: avatars and the small ones beside a file's name. What else was in them is left out.

In one thread, one after the other: a picture takes far more memory than its file. How large it will be is known, and
refused if it is too large, before anything of it is unpacked.
"""

import asyncio
import contextlib
import io
import logging
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from PIL import Image, ImageOps

from app.domain.errors import Invalid

T = TypeVar("T")

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
"""What is tried at all: of the many decoders that Pillow has, those that everybody's pictures need."""
MOST_PIXELS = 40_000_000
AVATAR, THUMB = 256, 480
"""Pixels along a side."""
TOO_LARGE = f"This picture is too large: it may have {MOST_PIXELS // 1_000_000} million pixels at most."
NO_PICTURE = "This is no picture that can be read. Choose a PNG, JPEG, GIF or WebP file."

_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="picture")
logger = logging.getLogger(__name__)


async def avatar(path: Path) -> bytes:
    """The middle of a picture as a square WebP; Invalid, with a sentence, for what is none or too large."""
    return await _apart(_avatar, path)


async def thumb(path: Path) -> bytes | None:
    """A small WebP of a picture; None for what is none, or too large."""
    try:
        return await _apart(_thumb, path)
    except Invalid:
        return None


def _avatar(path: Path) -> bytes:
    with _opened(path, AVATAR) as picture:
        return _webp(ImageOps.fit(_upright(picture), (AVATAR, AVATAR)))


def _thumb(path: Path) -> bytes:
    with _opened(path, THUMB) as picture:
        small = _upright(picture)
        small.thumbnail((THUMB, THUMB))
        return _webp(small)


@contextlib.contextmanager
def _opened(path: Path, side: int) -> Iterator[Image.Image]:
    """A picture whose size is known and bearable; whatever goes wrong with it in the block is the picture's fault."""
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(path, formats=FORMATS) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise Invalid(TOO_LARGE)
            picture.draft("RGB", (side * 2, side * 2))  # A JPEG is unpacked no larger than needed.
            yield picture
    except Invalid:
        raise
    except Image.DecompressionBombError:
        raise Invalid(TOO_LARGE) from None
    except Exception as error:  # Decoders raise whatever they stumble over.
        logger.info("A picture could not be read: %s", type(error).__name__)
        raise Invalid(NO_PICTURE) from None


def _upright(picture: Image.Image) -> Image.Image:
    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    turned = ImageOps.exif_transpose(picture)
    return turned.convert("RGBA" if has_alpha else "RGB")


def _webp(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    Image.frombytes(picture.mode, picture.size, picture.tobytes()).save(out, "WEBP", quality=82)  # Pixels, no more.
    return out.getvalue()


async def _apart(work: Callable[[Path], T], path: Path) -> T:
    return await asyncio.get_running_loop().run_in_executor(_thread, work, path)
