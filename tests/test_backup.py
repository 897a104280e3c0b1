"""What was backed up comes back whole, in either database; what is damaged or does not fit changes nothing."""

import asyncio
import hashlib
import json
import stat
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from app import archive, backup, migrating, place, restore, tables, upkeep
from app.archive import Manifest, Unusable
from app.backup import CannotBackUp
from app.db import Database
from app.domain import tasks
from app.domain.models import Attachment
from app.keeping import Keeping
from app.progress import silent
from app.restore import CannotRestore
from tests.support.everything import ROW, add_to_every_table, rows
from tests.support.stores import PostgreSQLStore, SQLiteStore, Store, migrate
from tests.support.world import enter

KEY = "0123456789abcdef" * 2


@pytest.fixture
def other(store: Store, request: pytest.FixtureRequest) -> Store:
    """The database of the other kind."""
    return request.getfixturevalue("sqlite_store" if isinstance(store, PostgreSQLStore) else "postgresql_store")


@pytest.fixture
def here(tmp_path: Path) -> Keeping:
    """An instance with one file and the keys."""
    keeping = Keeping(tmp_path / "here", "s" * 40)
    keeping.path(KEY).parent.mkdir(parents=True)
    keeping.path(KEY).write_bytes(bytes(range(256)) * 5000)
    (keeping.folder / "incoming").mkdir()
    (keeping.folder / "incoming" / ("f" * 32)).write_bytes(b"half a fi")
    (keeping.data_dir / "secret_key").write_text("s" * 40)
    return keeping


@pytest.fixture
def there(tmp_path: Path) -> Keeping:
    """A machine that has its own key already, from a first start."""
    keeping = Keeping(tmp_path / "there", "t" * 40)
    keeping.data_dir.mkdir()
    (keeping.data_dir / "secret_key").write_text("t" * 40)
    return keeping


def back_up(path: Path, url: str, keeping: Keeping | None = None, tell: Any = silent) -> Manifest:
    with upkeep.connected(url) as connection:
        return backup.make(path, connection, tell, keeping)


def bring_back(path: Path, url: str, keeping: Keeping) -> list[str]:
    restore.look(path, silent)
    return restore.put(path, url, keeping, silent)


def test_a_backup_comes_back_in_the_other_kind_of_database_and_again_in_its_own(
    store: Store, other: Store, here: Keeping, there: Keeping, tmp_path: Path
):
    url, elsewhere = store.create("seeded"), other.create("seeded")  # With an audit log, which refuses to be changed.
    add_to_every_table(url)
    with upkeep.connected(url) as connection, connection.begin():
        connection.execute(text(f"UPDATE attachment SET key = '{KEY}', thumb = ''"))
        connection.execute(text("UPDATE person SET avatar = ''"))
    before = rows(url)
    assert all(before.values()), "Every table has something."

    made = back_up(tmp_path / "one.zip", url, here)
    assert made.missing == [] and set(made.tables) == set(before)
    assert bring_back(tmp_path / "one.zip", elsewhere, there) == []
    assert rows(elsewhere) == before
    assert there.path(KEY).read_bytes() == here.path(KEY).read_bytes()
    assert [path.name for path in there.files()] == [KEY]
    assert (there.data_dir / "secret_key").read_text() == "s" * 40
    assert stat.S_IMODE((tmp_path / "one.zip").stat().st_mode) == 0o600

    back_up(tmp_path / "two.zip", elsewhere, there)
    home = store.create()
    bring_back(tmp_path / "two.zip", home, there)
    assert rows(home) == before
    parts = [archive.open_backup(tmp_path / name)[1].tables for name in ("one.zip", "two.zip")]
    assert parts[0] == parts[1], "Both databases write the same lines."
    for kind, made_there in ((store, url), (other, elsewhere), (store, home)):
        kind.drop(made_there)


async def test_the_program_goes_on_where_it_was_and_gives_no_id_out_twice(
    store: Store, other: Store, here: Keeping, there: Keeping, tmp_path: Path
):
    url, elsewhere = store.create("seeded"), other.create()
    add_to_every_table(url)
    with upkeep.connected(url) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT setval('attachment_id_seq', 7000)"))
        connection.execute(text("DELETE FROM attachment"))  # Its number was given out.
    back_up(tmp_path / "it.zip", url, here)
    bring_back(tmp_path / "it.zip", elsewhere, there)
    db = Database(elsewhere)
    world = await enter(db)
    [task_id] = await world.do(tasks.add, world.ana, world.lanes["Doing"], ["Go on after the restore"])
    assert task_id == ROW + 1
    async with db.transaction() as tx:
        file = {"name": "a", "size": 1, "type": "", "sha256": "", "key": KEY, "created_by": world.ana.id}
        tx.session.add(added := Attachment(task_id=task_id, **file))
        tx.keep()
        await tx.session.flush()
        assert added.id == ROW + 1
    await db.close()
    assert (await asyncio.to_thread(place.held, elsewhere)) is not None
    store.drop(url), other.drop(elsewhere)


def test_a_backup_is_of_one_moment_while_people_work(store: Store, tmp_path: Path):
    url = store.create("seeded")
    wrote = []

    def work(what: str, done: int, total: int) -> None:
        if done % 40 == 1 and len(wrote) < 5:  # In the middle of one table after another.
            with ThreadPoolExecutor(1) as threads:
                threads.submit(asyncio.run, add_a_task(url, f"Added after row {done}")).result()
            wrote.append(done)

    made = back_up(tmp_path / "it.zip", url, tell=work)
    assert len(wrote) == 5
    with zipfile.ZipFile(tmp_path / "it.zip") as opened:
        read = {
            name: [json.loads(line) for line in opened.read(f"tables/{name}.jsonl").splitlines()]
            for name in ("board", "change", "task")
        }
    for board in read["board"]:
        told = [row["revision"] for row in read["change"] if row["topic"] == f"board:{board['id']}"]
        assert sorted(told) == list(range(1, board["revision"] + 1))
    assert not any(row["title"].startswith("Added") for row in read["task"])
    assert len(rows(url)["task"]) == made.tables["task"].rows + 5
    store.drop(url)


async def add_a_task(url: str, title: str) -> None:
    db = Database(url)
    world = await enter(db)
    await world.do(tasks.add, world.ana, world.lanes["Doing"], [title])
    await db.close()


def test_a_backup_of_an_old_schema_is_migrated(store: Store, other: Store, here: Keeping, tmp_path: Path):
    url, elsewhere = store.create(), other.create()
    migrate(url, "0002")
    with upkeep.connected(url) as connection, connection.begin():
        connection.execute(
            text(
                "INSERT INTO person (id, email, name, color, password_hash, is_admin, revision, created_at) "
                "VALUES (5, 'ana@tandem.example', 'Ana', 'sky', 'x', true, 0, '2026-01-01 00:00:00')"
            )
        )
    back_up(tmp_path / "old.zip", url, here)
    assert bring_back(tmp_path / "old.zip", elsewhere, here) == []
    found = rows(elsewhere)
    assert [row[0] for row in found["person"]] == [row[0] for row in found["inbox"]] == [5]
    assert len(found["instance"]) == len(found["lease"]) == 1
    store.drop(url), other.drop(elsewhere)


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


def flip(parts: dict[str, bytes]) -> None:
    parts["tables/task.jsonl"] = parts["tables/task.jsonl"].replace(b"logo", b"l0go")


DAMAGE: dict[str, tuple[Callable[[dict[str, bytes]], object], str]] = {
    "another text": (flip, "tables/task.jsonl is not what was written into it"),
    "a part missing": (lambda parts: parts.pop(f"files/01/{KEY}"), f"files/01/{KEY} is missing"),
    "a part too many": (lambda parts: parts.update({"files/../../x": b"x"}), "files/../../x is not known"),
    "a name that is a path": (
        lambda parts: in_manifest(parts, lambda it: it["files"].update({"../x": {"size": 1, "sha256": ""}})),
        "is no backup of Tandem, or it is damaged",
    ),
    "no manifest": (lambda parts: parts.pop("manifest.json"), "is no backup of Tandem"),
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
    """One row near the end refers to a person who is not in it."""
    url, full = store.create("migrated"), store.create("seeded")
    back_up(tmp_path / "it.zip", full, here)

    def refer_to_nobody(parts: dict[str, bytes]) -> None:
        name, said = "tables/assignment.jsonl", b'{"task_id":1,"person_id":999}\n'
        parts[name] = parts[name] + said
        in_manifest(parts, lambda it: it["tables"]["assignment"].update(part(parts[name])))

    before = rows(full)
    with pytest.raises(CannotRestore, match=r"does not take the backup .*everything is as it was"):
        bring_back(rewritten(tmp_path / "it.zip", refer_to_nobody), full, there)
    assert rows(full) == before
    assert list(there.files()) == [] and (there.data_dir / "secret_key").read_text() == "t" * 40
    store.drop(url), store.drop(full)


def part(content: bytes) -> dict[str, Any]:
    return {"size": len(content), "sha256": hashlib.sha256(content).hexdigest(), "rows": content.count(b"\n")}


def test_under_a_program_that_was_started_meanwhile_nothing_is_restored(
    store: Store, here: Keeping, there: Keeping, tmp_path: Path
):
    url = store.create("seeded")
    back_up(tmp_path / "it.zip", url, here)
    before = rows(url)["task"]
    with pytest.raises(CannotRestore, match="was started meanwhile"):
        restore.put(tmp_path / "it.zip", url, there, lambda *_: beat(url))
    assert rows(url)["task"] == before and list(there.files()) == []
    store.drop(url)


def test_what_lies_beside_tandems_tables_is_not_touched(store: Store, here: Keeping, tmp_path: Path):
    url = store.create("seeded")
    with upkeep.connected(url) as connection, connection.begin():
        connection.execute(text("CREATE TABLE recipe (id INTEGER PRIMARY KEY, name TEXT)"))
        connection.execute(text("INSERT INTO recipe VALUES (1, 'Pancakes')"))
    assert "recipe" not in back_up(tmp_path / "it.zip", url, here).tables
    bring_back(tmp_path / "it.zip", url, here)
    with upkeep.connected(url) as connection:
        assert connection.execute(text("SELECT name FROM recipe")).scalar() == "Pancakes"
    store.drop(url)


def test_every_table_of_every_schema_is_known(sqlite_store: SQLiteStore):
    url = sqlite_store.create()
    script = ScriptDirectory.from_config(migrating.configuration())
    with upkeep.connected(url) as connection:
        for revision in reversed([step.revision for step in script.walk_revisions()]):
            with upkeep.all_or_nothing(connection):
                migrating.upgrade(connection, revision, migrating.configuration())
            found = set(inspect(connection).get_table_names())
            assert "person" in found and found <= tables.OURS | {tables.VERSIONS}, "Name it in tables.FORMER."
    sqlite_store.drop(url)


def test_a_schema_that_is_not_known_yet_is_refused(sqlite_store: SQLiteStore, here: Keeping, tmp_path: Path):
    url = sqlite_store.create("seeded")
    back_up(tmp_path / "it.zip", url, here)
    newer = rewritten(tmp_path / "it.zip", lambda parts: in_manifest(parts, lambda it: it.update(schema="9999")))
    with pytest.raises(CannotRestore, match="upgrade it first"):
        bring_back(newer, url, here)
    sqlite_store.drop(url)


def test_a_file_that_is_there_is_never_overwritten_and_what_is_missing_is_told(
    sqlite_store: SQLiteStore, here: Keeping, there: Keeping, tmp_path: Path
):
    url = sqlite_store.create("seeded")
    with upkeep.connected(url) as connection, connection.begin():
        connection.execute(text(f"UPDATE person SET avatar = '{KEY}' WHERE name = 'Ana'"))
        connection.execute(text(f"UPDATE person SET avatar = '{KEY[::-1]}' WHERE name = 'Ben'"))
    assert back_up(tmp_path / "it.zip", url, here).missing == [KEY[::-1]]
    whole = (tmp_path / "it.zip").read_bytes()
    with pytest.raises(CannotBackUp, match="there already"):
        back_up(tmp_path / "it.zip", url, here)
    assert (tmp_path / "it.zip").read_bytes() == whole
    with pytest.raises(CannotBackUp, match="cannot be written"):
        back_up(tmp_path / "nowhere" / "it.zip", url, here)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["it.zip"]
    [told] = restore.put(tmp_path / "it.zip", url, there, silent, own_key=False)
    assert told.startswith("SECRET_KEY is another")
    sqlite_store.drop(url)


def test_a_running_program_is_noticed_by_its_lease(store: Store):
    url = store.create("seeded")
    assert not place.is_running(url), "Nobody has the lease: that is known at once."

    beat(url)
    assert place.is_running(url, lambda _: beat(url))
    slept: list[float] = []
    assert not place.is_running(url, slept.append), "It was killed: its lease has run out."
    assert sum(slept) > 8
    store.drop(url)


def beat(url: str) -> None:
    """As a program does that runs on this database."""
    with upkeep.connected(url) as connection, connection.begin():
        connection.execute(text("UPDATE lease SET holder = 'somebody', beat = beat + 1"))
