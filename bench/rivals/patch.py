"""What floor and python-socketio send: a drawing to who joins, then a patch a move, with as many bytes as ours has."""

import json
import os
from functools import cache
from typing import Any

from bench.rivals.database import Tasks


def drawing(revision: int, tasks: Tasks) -> dict[str, Any]:
    return {"revision": revision, "tasks": {f"t{id}": _card(*fields) for id, fields in tasks.items()}}


def patch(revision: int, task: int, lane: int, title: str) -> dict[str, Any]:
    moved = {"revision": revision, "tasks": {f"t{task}": _card(lane, revision, title)}, "rest": ""}
    moved["rest"] = "." * max(0, _wanted() - len(json.dumps(moved)))
    return moved


def _card(lane: int, rank: int, title: str) -> dict[str, Any]:
    return {"lane": lane, "rank": rank, "title": title}


@cache
def _wanted() -> int:
    return int(os.environ["PATCH_BYTES"])
