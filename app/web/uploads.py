"""A posted file on its way to the disk: one part of a multipart form, never whole in memory, never for ever."""

import asyncio
from collections.abc import Callable
from typing import Any

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from app.domain import text
from app.domain.errors import Busy, Invalid
from app.files import Draft

IDLE = 20.0
"""Seconds that a browser may send nothing."""
SLOWEST = 16_000
"""Bytes a second that it must manage on the whole."""
ENVELOPE = 64 * 1024
"""Bytes of a form around its file."""
NOT_WHOLE = "The file did not arrive whole. Please add it again."
NO_FILE = "No file came with that. Please choose one and try again."


class TooLarge(Invalid):
    """More bytes than may be; what still comes of them is not read."""

    def __init__(self, most: int) -> None:
        super().__init__(f"This file is too large: a file can have {text.size(most)} at most.")


class TooSlow(Busy):
    """The browser stopped sending, or sends so slowly that it would hold its place for hours."""


def announced(request: Request) -> int:
    """How many bytes the browser says it sends; 0 if it does not say."""
    said = request.headers.get("content-length", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 16 else 0


async def receive(request: Request, draft: Draft, most: int) -> str:
    """Write the form's one file, of `most` bytes, into the draft; what the browser calls it."""
    if announced(request) > most + ENVELOPE:
        raise TooLarge(most)
    form = _Form(request.headers.get("content-type", ""))
    received = 0
    try:
        async with asyncio.timeout(IDLE * 3 + (most + ENVELOPE) / SLOWEST):
            stream = request.stream()
            while (part := await asyncio.wait_for(anext(stream, None), IDLE)) is not None:
                received += len(part)
                form.read(part)
                for piece in form.take():
                    await draft.write(piece)
                if draft.size > most or received > most + ENVELOPE:
                    raise TooLarge(most)
    except TimeoutError:
        raise TooSlow("The connection was too slow for this file. Please try again.") from None
    except ClientDisconnect:
        raise Busy(NOT_WHOLE) from None
    return form.ended()


class _Form:
    """What python-multipart finds in the parts of a body: just the bytes of its file."""

    def __init__(self, content_type: str) -> None:
        kind, options = parse_options_header(content_type.encode("latin-1", "replace"))
        if kind != b"multipart/form-data" or not options.get(b"boundary"):
            raise Invalid(NO_FILE)
        self._name: str | None = None
        self._pieces: list[bytes] = []
        self._header = self._value = b""
        self._disposition = b""
        self._is_file = self._is_over = False
        calls: dict[str, Callable[..., Any]] = {
            "on_part_begin": self._begin,
            "on_header_field": self._on_header,
            "on_header_value": self._on_value,
            "on_header_end": self._end_header,
            "on_headers_finished": self._end_headers,
            "on_part_data": self._on_data,
            "on_end": self._end,
        }
        try:
            self._parser = MultipartParser(options[b"boundary"], calls)  # type: ignore[arg-type]  # A TypedDict of these.
        except FormParserError:
            raise Invalid(NO_FILE) from None

    def read(self, part: bytes) -> None:
        try:
            self._parser.write(part)
        except FormParserError:
            raise Invalid(NOT_WHOLE) from None

    def take(self) -> list[bytes]:
        """The bytes of the file that came since the last time."""
        pieces, self._pieces = self._pieces, []
        return pieces

    def ended(self) -> str:
        if not self._is_over:
            raise Busy(NOT_WHOLE)
        if self._name is None:
            raise Invalid(NO_FILE)
        return self._name

    def _begin(self) -> None:
        self._disposition, self._is_file = b"", False

    def _on_header(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header = self._value = b""

    def _end_headers(self) -> None:
        _, options = parse_options_header(self._disposition)
        if (name := options.get(b"filename")) is not None:
            if self._name is not None:
                raise Invalid("One file at a time, please.")
            self._is_file = True
            self._name = _unescaped(name.decode("utf-8", "replace"))

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        if self._is_file:
            self._pieces.append(data[start:end])

    def _end(self) -> None:
        self._is_over = True


def _unescaped(name: str) -> str:
    """A browser writes these three so in a form, and nothing else."""
    for written, meant in (("%22", '"'), ("%0D", " "), ("%0A", " ")):
        name = name.replace(written, meant)
    return name
