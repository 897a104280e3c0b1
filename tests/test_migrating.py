"""The database is brought to the newest schema once, whoever starts, and nothing is lost where that fails."""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from alembic.config import Config
from sqlalchemy import text

from app import archive, migrating, restore, upkeep
from app.keeping import Keeping
from app.migrating import CannotMigrate
from app.progress import silent
from tests.support.everything import rows
from tests.support.stores import Store, migrate

PATIENCE = 120
"""Seconds that one may take, on a machine that is busy with other things."""
PROCESSES = multiprocessing.get_context("forkserver")
"""Copies of a process that has nothing but this module: that of the tests has threads, and is not to be copied."""
PROCESSES.set_forkserver_preload([__name__])

HALF_WAY = """
import os, signal
from alembic import op
import sqlalchemy as sa

revision, down_revision, branch_labels, depends_on = "9999", "{head}", None, None


def upgrade():
    op.add_column("person", sa.Column("half_way", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE person SET name = 'Nobody'")
    with op.batch_alter_table("task") as task:  # On SQLite the table is made anew.
        task.alter_column("title", type_=sa.Text())
    {then}


def downgrade():
    pass
"""
FAILS = 'op.execute("INSERT INTO there_is_no_such_table VALUES (1)")'
IS_KILLED = "os.kill(os.getpid(), signal.SIGKILL)"


@pytest.fixture
def url(store: Store) -> Iterator[str]:
    made = store.create("seeded")
    yield made
    store.drop(made)


def with_one_more(folder: Path, then: str = "pass") -> Config:
    """The migrations and one after them, which changes much and `then` does this."""
    folder.mkdir(exist_ok=True)
    head = migrating.head(migrating.configuration())
    (folder / "9999_half_way.py").write_text(HALF_WAY.format(head=head, then=then))
    return known_with(folder)


def known_with(folder: Path) -> Config:
    config = migrating.configuration()
    config.set_main_option("version_locations", f"{migrating.ROOT / 'alembic/versions'}{os.pathsep}{folder}")
    return config


def in_a_process(url: str, data_dir: Path, folder: Path | None = None) -> BaseProcess:
    """It brings the database up to date, as an instance that starts does; with the migrations of a folder, too."""
    process = PROCESSES.Process(target=start, args=(url, data_dir, folder))
    process.start()
    return process


def start(url: str, data_dir: Path, folder: Path | None) -> None:
    migrating.bring_up_to_date(url, data_dir, known_with(folder) if folder else None)


def revision(url: str) -> str | None:
    with upkeep.connected(url) as connection:
        return migrating.revision(connection)


def test_five_that_start_together_migrate_an_old_database_once(store: Store, tmp_path: Path):
    url = store.create()
    migrate(url, "0001")
    with upkeep.connected(url) as connection, connection.begin():
        connection.execute(
            text(
                "INSERT INTO person (id, email, name, color, password_hash, is_admin, revision, created_at) "
                "VALUES (5, 'ana@tandem.example', 'Ana', 'sky', 'x', true, 0, '2026-01-01 00:00:00')"
            )
        )
    five = [in_a_process(url, tmp_path) for _ in range(5)]
    for process in five:
        process.join(PATIENCE)
    assert [process.exitcode for process in five] == [0] * 5
    assert [row[0] for row in rows(url)["inbox"]] == [5]
    [kept] = (tmp_path / "snapshots").iterdir()
    assert archive.open_backup(kept)[1].schema == "0001"
    store.drop(url)


def test_a_migration_that_fails_half_way_leaves_the_old_data_and_a_snapshot(url: str, store: Store, tmp_path: Path):
    before, head = rows(url), revision(url)
    with pytest.raises(CannotMigrate, match=r"there_is_no_such_table.* as it was, and a snapshot of it is .*\.zip\.$"):
        migrating.bring_up_to_date(url, tmp_path, with_one_more(tmp_path / "new", FAILS))
    assert (rows(url), revision(url)) == (before, head)

    [kept] = (tmp_path / "snapshots").iterdir()
    anew = store.create()
    restore.look(kept, silent)
    restore.put(kept, anew, Keeping(tmp_path, "s" * 40), silent)
    assert rows(anew) == before
    store.drop(anew)


def test_a_migration_that_was_killed_is_begun_anew(url: str, tmp_path: Path):
    before = rows(url)
    with_one_more(tmp_path / "new", IS_KILLED)
    killed = in_a_process(url, tmp_path, tmp_path / "new")
    killed.join(PATIENCE)
    assert killed.exitcode == -signal.SIGKILL
    assert rows(url) == before

    migrating.bring_up_to_date(url, tmp_path, with_one_more(tmp_path / "new"))
    assert revision(url) == "9999"
    after = rows(url)
    assert len(after["task"]) == len(before["task"]) and {row[2] for row in after["person"]} == {"Nobody"}


def test_a_database_of_a_newer_tandem_is_not_touched(url: str, tmp_path: Path):
    with upkeep.connected(url) as connection, connection.begin():
        connection.execute(text("UPDATE alembic_version SET version_num = '9998'"))
    with pytest.raises(CannotMigrate, match="9998, which this Tandem does not know"):
        migrating.bring_up_to_date(url, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_new_database_and_one_that_is_up_to_date_need_no_snapshot(store: Store, tmp_path: Path):
    url = store.create()
    for _ in range(2):
        migrating.bring_up_to_date(url, tmp_path)
    assert not list(tmp_path.iterdir())
    store.drop(url)


def test_without_room_for_a_snapshot_nothing_is_migrated(url: str, tmp_path: Path):
    (tmp_path / "snapshots").write_text("no folder")
    before = rows(url)
    with pytest.raises(CannotMigrate, match="not migrated, as no snapshot of it can be made"):
        migrating.bring_up_to_date(url, tmp_path, with_one_more(tmp_path / "new"))
    assert rows(url) == before
