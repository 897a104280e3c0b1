"""The program's log as people read it: app/log.py writes a line of JSON for each record."""

import json

OURS = "(sqlite3.OperationalError) database is locked"
"""Tests write into the program's SQLite file too, from a process that does not stand in its line of writers."""


def troubles(log: str) -> list[str]:
    """The lines that are not about what goes on as it should, less what a test itself brings about."""
    return [line for line in log.splitlines() if '"level": "info"' not in line and OURS not in line]


def unfolded(log: str) -> str:
    """The message of each record, followed by its traceback if it has one; other lines as they are."""
    return "".join(f"{text}\n" for line in log.splitlines() for text in _texts(line))


def _texts(line: str) -> list[str]:
    try:
        record = json.loads(line)
    except ValueError:
        return [line]
    return (
        [record["message"], *([record["trace"]] if "trace" in record else [])] if isinstance(record, dict) else [line]
    )
