"""A CSV file as rows of cells, in whichever encoding and with whichever delimiter a spreadsheet has written it."""

import codecs
import csv
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

from app.domain import text
from app.domain.errors import Invalid
from app.formats import cells

COLUMNS, LONGEST_CELL = 100, 1_000_000
"""Columns of a file, and characters of a cell or of the line with their names."""

OTHER_LETTERS = "its letters are in an encoding that is not understood. Save the file in UTF-8, and try again."

csv.field_size_limit(LONGEST_CELL)


class Grid:
    """`header` has the names of the columns, `example` the cells beneath them."""

    def __init__(self, path: Path) -> None:
        self._path, self._encoding = path, _encoding(path)
        with self._open() as file:
            self._delimiter, self._is_told = _delimiter(file)
        top = [row for _, row in islice(self._numbered(), 2)]
        if not top or not any(cell.strip() for cell in top[0]):
            raise Invalid("This file begins with nothing: its first row is to have the names of the columns.")
        if len(top[0]) > COLUMNS:
            raise Invalid(f"This file has {len(top[0]):,} columns, and {COLUMNS} is the most that can be read.")
        names = (" ".join(cells.unguarded(cell).split())[: text.NAME] for cell in top[0])
        self.header = [name or f"Column {number}" for number, name in enumerate(names, 1)]
        if len(top) == 1:
            raise Invalid("There is nothing in this file below its first row, which has the names of the columns.")
        self.example = _wide(top[1], len(self.header))[: len(self.header)]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The rows below the first one by their number, as spreadsheets count them, without those that are empty.

        Each has a cell for every column, and more only if something stands in those.
        """
        for number, row in islice(self._numbered(), 1, None):
            if any(cell.strip() for cell in row):
                yield number, _wide(row, len(self.header))

    def _numbered(self) -> Iterator[tuple[int, list[str]]]:
        with self._open() as file:
            if self._is_told:
                file.readline()
            rows, number = csv.reader(file, delimiter=self._delimiter, strict=True), 1
            while True:
                try:
                    row = next(rows)
                except StopIteration:
                    return
                except UnicodeDecodeError:
                    raise Invalid(f"Row {number} cannot be read: {OTHER_LETTERS}") from None
                except csv.Error as error:
                    raise Invalid(f"Row {number} cannot be read: {error}.") from None
                yield number, row
                number += 1

    def _open(self) -> TextIO:
        return self._path.open(encoding=self._encoding, newline="")


def _wide(row: list[str], width: int) -> list[str]:
    """At least so many cells, without our marks."""
    found = [cells.unguarded(cell).strip() for cell in row]
    while len(found) > width and not found[-1]:
        found.pop()
    return found + [""] * (width - len(found))


def _delimiter(file: TextIO) -> tuple[str, bool]:
    """It, and whether a line of its own tells it: `sep=;`, which is Excel's, and no row."""
    try:
        first = file.readline(LONGEST_CELL)
    except UnicodeDecodeError:
        first = ""
    if told := re.fullmatch(r"sep=(.)\r?\n", first, re.IGNORECASE):
        return told[1], True
    return max(",;\t", key=first.count), False


def _encoding(path: Path) -> str:
    """UTF-8 or UTF-16 if it is that, else what Windows writes in the west."""
    with path.open("rb") as file:
        head = file.read(2)
        if head in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        try:
            while part := file.read(1 << 20):
                decoder.decode(part)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"
