"""A backup that is damaged, or does not fit, is refused with the reason, and changes nothing."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app import restore
from app.archive import Unusable
from app.keeping import Keeping
from app.progress import silent
from app.restore import CannotRestore
from tests.backup.backups import KEY, back_up, bring_back, in_manifest, rewritten
from tests.support.everything import rows
from tests.support.stores import SQLiteStore, Store


def flip(parts: dict[str, bytes]) -> None:
    parts["tables/task.jsonl"] = parts["tables/task.jsonl"].replace(b"logo", b"l0go")


DAMAGE: dict[str, tuple[Callable[[dict[str, bytes]], object], str]] = {
    "another text": (flip, "tables/task.jsonl is not what was written into it"),
    "a part missing": (lambda parts: parts.pop(f"files/01/{KEY}"), f"files/01/{KEY} is missing"),
    "a part too many": (lambda parts: parts.update({"files/../../x": b"x"}), "files/../../x is not known"),
    "a name that is a path": (
        lambda parts: in_manifest(parts, lambda it: it["files"].update({"../x": {"size": 1, "sha256": ""}})),
        "is no backup of Tandem, or it is damaged: its manifest.json has '../x' among the files.",
    ),
    "no manifest": (lambda parts: parts.pop("manifest.json"), "is no backup of Tandem: it has no manifest.json."),
    "a manifest that is cut off": (
        lambda parts: parts.update({"manifest.json": parts["manifest.json"][:-9]}),
        "damaged: its manifest.json is no JSON.",
    ),
    "a manifest that is a list": (
        lambda parts: parts.update({"manifest.json": b"[]"}),
        "damaged: its manifest.json does not say which format it has.",
    ),
    "a manifest without a field": (
        lambda parts: in_manifest(parts, lambda it: it.pop("schema")),
        "damaged: in its manifest.json, schema: field required.",
    ),
    "a manifest that counts in words": (
        lambda parts: in_manifest(parts, lambda it: it["tables"]["task"].update(rows="many")),
        "damaged: in its manifest.json, tables.task.rows: input should be a valid integer.",
    ),
    "a row that is no JSON": (
        lambda parts: parts.update({"tables/task.jsonl": b"\n" + parts["tables/task.jsonl"]}),
        "The backup is damaged: tables/task.jsonl cannot be read (line 1: it is no JSON).",
    ),
    "a row without a column": (
        lambda parts: parts.update({"tables/task.jsonl": parts["tables/task.jsonl"].replace(b'"title":', b'"t":', 1)}),
        "The backup is damaged: tables/task.jsonl cannot be read (line 1: t is no column of it).",
    ),
    "a newer format": (
        lambda parts: in_manifest(parts, lambda it: it.update(format=2)),
        "was made by a newer Tandem",
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_backup_is_refused_with_the_part(damage: str, sqlite_store: SQLiteStore, here: Keeping, tmp_path):
    url = sqlite_store.create("seeded")
    back_up(tmp_path / "it.zip", url, here)
    restore.look(tmp_path / "it.zip", silent)
    change, words = DAMAGE[damage]
    with pytest.raises(Unusable) as refused:
        restore.look(rewritten(tmp_path / "it.zip", change), silent)
    assert words in str(refused.value)
    sqlite_store.drop(url)


def test_what_is_no_whole_zip_file_is_refused(sqlite_store: SQLiteStore, here: Keeping, tmp_path: Path):
    url = sqlite_store.create("migrated")
    back_up(tmp_path / "it.zip", url, here)
    whole = (tmp_path / "it.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    middle = len(whole) // 3  # In the file, which is by far the largest part.
    (tmp_path / "flipped.zip").write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    for name, words in {
        "cut": "cut off",
        "flipped": f"files/01/{KEY} cannot be read",
        "none": "There is no file",
    }.items():
        with pytest.raises(Unusable, match=words):
            restore.look(tmp_path / f"{name}.zip", silent)
    sqlite_store.drop(url)


def test_what_the_database_does_not_take_changes_nothing(store: Store, here: Keeping, there: Keeping, tmp_path: Path):
    """A row near the end refers to a person who is not in it; one has no time, or what is none."""
    url, full = store.create("migrated"), store.create("seeded")
    back_up(tmp_path / "it.zip", full, here)

    def refer_to_nobody(parts: dict[str, bytes]) -> None:
        name, said = "tables/assignment.jsonl", b'{"task_id":1,"person_id":999}\n'
        parts[name] = parts[name] + said
        in_manifest(parts, lambda it: it["tables"]["assignment"].update(part(parts[name])))

    def be_made(parts: dict[str, bytes], when: bytes) -> None:
        name = "tables/person.jsonl"
        parts[name] = re.sub(rb'"created_at":"[^"]*"', b'"created_at":' + when, parts[name], count=1)
        in_manifest(parts, lambda it: it["tables"]["person"].update(part(parts[name])))

    before = rows(full)
    whole = (tmp_path / "it.zip").read_bytes()
    for change, words in (
        (refer_to_nobody, "assignment"),
        (lambda parts: be_made(parts, b"5"), "line 1 of the table person: its created_at is no time"),
        (lambda parts: be_made(parts, b"null"), "lines 1 to 3 of the table person: .*created_at"),
    ):
        (tmp_path / "it.zip").write_bytes(whole)
        with pytest.raises(CannotRestore, match=rf"does not take the backup \(.*{words}.*\): everything is as it was"):
            bring_back(rewritten(tmp_path / "it.zip", change), full, there)
        assert rows(full) == before
    assert list(there.files()) == [] and (there.data_dir / "secret_key").read_text() == "t" * 40
    store.drop(url), store.drop(full)


def part(content: bytes) -> dict[str, Any]:
    return {"size": len(content), "sha256": hashlib.sha256(content).hexdigest(), "rows": content.count(b"\n")}
