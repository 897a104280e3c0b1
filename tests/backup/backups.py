"""Backups as they are made and brought back, and as somebody else would have written them."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app import backup, restore, upkeep
from app.keeping import Keeping
from app.manifest import Manifest
from app.progress import silent

KEY = "0123456789abcdef" * 2


def back_up(path: Path, url: str, keeping: Keeping | None = None, tell: Any = silent) -> Manifest:
    with upkeep.connected(url) as connection:
        return backup.make(path, connection, tell, keeping)


def bring_back(path: Path, url: str, keeping: Keeping) -> list[str]:
    restore.look(path, silent)
    return restore.put(path, url, keeping, silent)


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The backup with other parts, as somebody else would have made it."""
    with zipfile.ZipFile(path) as opened:
        parts = {item.filename: opened.read(item) for item in opened.infolist()}
    change(parts)
    with zipfile.ZipFile(path, "w") as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return path


def in_manifest(parts: dict[str, bytes], change: Callable[[dict[str, Any]], object]) -> None:
    manifest = json.loads(parts["manifest.json"])
    change(manifest)
    parts["manifest.json"] = json.dumps(manifest).encode()
