"""bin/tandem, as it is typed: what it does, what it says, and that nothing is lost where it refuses."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import text

from app import cli, occupied, serve, settings, settings_shown, upkeep
from tests.backup.backups import in_manifest, rewritten
from tests.support.everything import rows
from tests.support.server import free_port
from tests.support.stores import ROOT, SQLiteStore

ANA, BEN = "ana@tandem.example", "ben@tandem.example"


@pytest.fixture
def url(sqlite_store: SQLiteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The demo world, and the settings of one who runs it."""
    made = sqlite_store.create("seeded")
    for item in settings_shown.every_setting():
        monkeypatch.delenv(item.metadata["name"], raising=False)
    monkeypatch.setenv("DATABASE_URL", made.replace("+aiosqlite", ""))
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PORT", str(free_port()))
    settings.get.cache_clear()
    yield made
    settings.get.cache_clear()
    sqlite_store.drop(made)


def run(*arguments: str) -> int:
    """As from a terminal; argparse ends in SystemExit."""
    try:
        return cli.main(list(arguments))
    except SystemExit as ended:
        return int(ended.code or 0)


def is_admin(url: str, email: str) -> bool:
    with upkeep.connected(url) as connection:
        return bool(connection.execute(text(f"SELECT is_admin FROM person WHERE email = '{email}'")).scalar())


def test_every_command_explains_itself(capsys):
    for command in ["", "start", "doctor", "backup", "restore", "user", "demo", *(f"user {does}" for does in USER)]:
        assert run(*command.split(), "--help") == 0
        assert f"usage: bin/tandem {command}".rstrip() in capsys.readouterr().out
    assert run("backup") == 2
    assert run("fly") == 2


USER = ("create", "reset", "admin")


def test_a_backup_is_named_checked_and_brought_back_after_a_question(url, tmp_path, capsys, monkeypatch):
    before = rows(url)
    assert run("backup", str(tmp_path)) == 0
    [file] = tmp_path.glob("tandem-*.zip")
    assert str(file) in capsys.readouterr().out
    assert run("restore", "--check", str(file)) == 0
    assert "is whole" in capsys.readouterr().out
    assert run("user", "admin", BEN) == 0
    changed = rows(url)
    assert changed != before

    for arguments, words in (([], "With --replace"), (["--replace"], "Say --yes as well")):
        assert run("restore", str(file), *arguments) == 1
        said = capsys.readouterr().err
        assert words in said and "3 people" in said
        assert rows(url) == changed
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    for answer, becomes in (("yes", changed), ("replace", before)):
        monkeypatch.setattr("builtins.input", lambda question, answer=answer: answer)
        assert run("restore", str(file), "--replace") == (0 if answer == "replace" else 1)
        assert rows(url) == becomes
    assert "Restored: 3 people" in capsys.readouterr().out


@pytest.mark.parametrize("schema", ["9999", "head", "00"])
def test_a_backup_of_a_newer_schema_is_refused_by_the_check_too_and_leaves_nothing(
    url, tmp_path, capsys, monkeypatch, schema
):
    assert run("backup", str(tmp_path / "it.zip")) == 0
    rewritten(tmp_path / "it.zip", lambda parts: in_manifest(parts, lambda it: it.update(schema=schema)))
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.delenv("DATABASE_URL")
    settings.get.cache_clear()
    for arguments in (["--check"], []):
        assert run("restore", str(tmp_path / "it.zip"), *arguments) == 1
        said = capsys.readouterr().err
        assert f"is whole, but has the schema {schema}, and this Tandem knows those up to" in said
        assert said.endswith("upgrade it first, then restore.\n")
    assert not (tmp_path / "elsewhere").exists()


def test_nothing_is_restored_under_who_is_in_and_who_comes_meanwhile_waits(url, tmp_path, capsys, monkeypatch):
    assert run("backup", str(tmp_path / "it.zip")) == 0
    before, here = rows(url), settings.get()
    with serve.use(here):  # As a program does that has no lease yet.
        assert run("restore", str(tmp_path / "it.zip"), "--replace", "--yes") == 1
    assert "Tandem is running on this database" in capsys.readouterr().err
    assert rows(url) == before

    waits, say = Event(), serve._waiting_for_a_restore
    monkeypatch.setattr(serve, "_waiting_for_a_restore", lambda: (say(), waits.set()))
    with ThreadPoolExecutor(1) as threads:
        with occupied.take(here.data_dir):  # As a restore does.
            coming = threads.submit(run, "user", "admin", BEN)
            assert waits.wait(30)
            assert rows(url) == before
        assert coming.result(30) == 0
    assert is_admin(url, BEN)
    assert "A backup is being restored here: waiting" in capsys.readouterr().err
    assert run("restore", str(tmp_path / "it.zip"), "--replace", "--yes") == 0
    assert rows(url) == before


def test_a_path_is_that_of_the_one_who_types_it(url, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CALLED_FROM", str(tmp_path))
    assert run("backup", "mine.zip") == 0
    assert (tmp_path / "mine.zip").exists()
    assert run("restore", "yours.zip") == 1
    assert "There is no file" in capsys.readouterr().err
    assert run("backup", "") == 2
    assert "it is empty" in capsys.readouterr().err


def test_an_account_is_made_with_the_first_line_of_the_input_as_password(url, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", open(os.devnull))  # noqa: SIM115, PTH123 - closed with the process
    assert run("user", "create", "dora@tandem.example") == 1
    told, refused = capsys.readouterr().err.splitlines()
    assert told == "The password is read from the standard input: its first line."
    assert refused.startswith("There was no password on the standard input, so no account was made")
    for line, words in (("too short\n", "12 to 128 characters"), ("dora sees the world\n", "")):
        monkeypatch.setattr("sys.stdin.readline", lambda line=line: line, raising=False)
        if words:
            assert run("user", "create", "dora@tandem.example") == 1
            assert words in capsys.readouterr().err
    assert run("user", "create", " Dora@Tandem.example ", "--name", "Dora", "--admin") == 0
    assert capsys.readouterr().out == "Dora can sign in as dora@tandem.example, and is an admin.\n"
    assert is_admin(url, "dora@tandem.example")
    monkeypatch.setattr("sys.stdin.readline", lambda: pytest.fail("It reads a password for nothing."), raising=False)
    assert run("user", "create", "DORA@tandem.example") == 1
    [refused] = capsys.readouterr().err.splitlines()
    assert refused.startswith("There is an account with the e-mail address dora@tandem.example already.")
    assert "`bin/tandem user reset dora@tandem.example` prints a link" in refused


def test_somebody_always_looks_after_it(url, capsys):
    assert run("user", "admin", ANA, "--remove") == 1
    assert "Somebody has to look after this Tandem" in capsys.readouterr().err
    assert run("user", "admin", BEN) == 0
    assert run("user", "admin", ANA, "--remove") == 0
    assert not is_admin(url, ANA)
    assert run("user", "reset", "nobody@tandem.example") == 1
    assert "There is no account with the e-mail address nobody@tandem.example." in capsys.readouterr().err


def test_a_reset_link_is_printed_and_noted_in_the_audit_log(url, capsys):
    assert run("user", "reset", ANA) == 0
    assert capsys.readouterr().out.startswith("http://localhost:")
    with upkeep.connected(url) as connection:
        query = "SELECT actor_id, device FROM audit WHERE kind = 'person.reset_made'"
        assert [tuple(row) for row in connection.execute(text(query))] == [(None, "bin/tandem")]


def test_a_setting_that_is_wrong_is_named_in_a_sentence(tmp_path):
    wrong = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "PORT": "three"}
    ended = subprocess.run([sys.executable, "-m", "app", "doctor"], env=wrong, cwd=ROOT, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert ended.stderr.startswith("PORT is 'three'")


def test_the_doctor_names_what_is_not_well_and_what_to_do(url, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("app.build.PAGES", tmp_path)
    monkeypatch.setattr("app.build.STAMP", tmp_path / "stamp")
    (tmp_path / "stamp").write_text("as it is")
    monkeypatch.setattr("app.build.fingerprint", lambda: "as it is")
    assert run("doctor") == 0
    said = capsys.readouterr().out
    assert "✓ database  SQLite" in said and "✓ Redis     None is set" in said
    assert f"· program   Tandem is not running here, on port {os.environ['PORT']}" in said

    with upkeep.connected(url) as connection, connection.begin():
        connection.execute(text(f"UPDATE person SET avatar = '{'a' * 32}' WHERE name = 'Ana'"))
    monkeypatch.setenv("REDIS_URL", "redis://:hunter2@127.0.0.1:1/0")
    monkeypatch.setenv("SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("SMTP_PORT", "1")
    monkeypatch.setenv("SMTP_FROM", "tandem@example.com")
    monkeypatch.setenv("PUBLIC_URL", "http://localhost:1")
    monkeypatch.setattr("app.build.fingerprint", lambda: "changed")
    settings.get.cache_clear()
    assert run("doctor") == 1
    said = capsys.readouterr().out
    for words in (
        "✗ Redis     It does not answer",
        f"✗ files     1 of 1 are not in {tmp_path / 'data/files'}",
        "✗ pages     They were built from other sources",
        "✗ mail      The mail server could not be reached",
    ):
        assert words in said
    assert "hunter2" not in said and "Traceback" not in said

    monkeypatch.setenv("DATABASE_URL", "postgresql://ana:hunter2@127.0.0.1:1/tandem")
    settings.get.cache_clear()
    assert run("doctor") == 1
    said = capsys.readouterr().out
    assert "✗ database  It does not answer" in said and "correct DATABASE_URL" in said
    assert "hunter2" not in said


def test_a_database_of_another_version_is_left_to_the_start(url, capsys):
    with upkeep.connected(url) as connection, connection.begin():
        connection.execute(text("UPDATE alembic_version SET version_num = '0007'"))
    assert run("user", "admin", BEN) == 1
    assert "has the schema 0007" in capsys.readouterr().err
    assert not is_admin(url, BEN)
    run("doctor")
    assert "Its schema is 0007; the next start brings it to" in capsys.readouterr().out
