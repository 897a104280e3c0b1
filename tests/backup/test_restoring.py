"""What was backed up comes back whole, in either database, and what is not of the backup stays as it is."""

import asyncio
import json
import stat
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from app import archive, migrating, place, restore, tables, upkeep
from app.backup import CannotBackUp
from app.db import Database
from app.domain import tasks
from app.domain.models import Attachment
from app.keeping import Keeping
from app.progress import silent
from app.restore import CannotRestore
from tests.backup.backups import KEY, back_up, bring_back
from tests.support.everything import ROW, add_to_every_table, rows
from tests.support.stores import SQLiteStore, Store, migrate
from tests.support.world import enter


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
