"""Cells of spreadsheets: what would be a formula is marked as text, and the mark is taken off again."""

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet take a text for a formula."""
MARK = "'"


def guarded(cell: str) -> str:
    """Also a text that begins as a marked one is marked, so that reading it again takes off just our mark."""
    return f"{MARK}{cell}" if cell.startswith(FORMULA) or _is_marked(cell) else cell


def unguarded(cell: str) -> str:
    return cell[len(MARK) :] if _is_marked(cell) else cell


def lines(rows: Iterable[Sequence[str]]) -> str:
    """The rows as a CSV file has them, guarded."""
    out = io.StringIO()
    csv.writer(out).writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue()


def _is_marked(cell: str) -> bool:
    return cell.startswith(MARK) and cell.lstrip(MARK).startswith(FORMULA)
