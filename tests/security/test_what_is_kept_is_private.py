"""Nobody else on the machine can read what Tandem keeps, whatever the umask of the one who starts it."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.security.conftest import Crowd
from tests.security.test_believing_no_argument import task_of
from tests.security.uploader import Uploader
from tests.support.server import plain_environment, serving
from tests.support.stores import ROOT


@pytest.fixture
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


async def test_only_its_owner_can_read_anything_after_a_start_an_upload_a_backup_and_a_restore(usual_umask, tmp_path):
    with serving() as server:
        tab = await (crowd := Crowd(server)).tab()
        ana = Uploader(server, tab.cookie, await task_of(tab))
        await ana.added(b"our prices")
        await ana.http.aclose()
        for client in crowd.clients:
            await client.close()
        run(server.data_dir, "backup", server.data_dir / "it.zip")
        run(tmp_path / "elsewhere", "restore", server.data_dir / "it.zip")

        names = {path.name for path in server.data_dir.rglob("*")}
        assert names >= {"tandem.db", "tandem.db-wal", "tandem.db-shm", "secret_key", "vapid_key.pem", "it.zip"}
        for folder in (server.data_dir, tmp_path / "elsewhere"):
            assert list(folder.glob("files/??/*")), "The premise: there is a file that somebody added."
            assert open_to_others(folder) == []

        made_before = [server.data_dir, server.data_dir / "files", *server.data_dir.glob("tandem.db*")]
        for path in made_before:
            path.chmod(0o755 if path.is_dir() else 0o644)
        run(server.data_dir, "demo")  # Like a start.
        assert open_to_others(server.data_dir) == [server.data_dir], "Somebody may have made that folder."


def run(data_dir: Path, *arguments: str | Path) -> None:
    command = [sys.executable, "-m", "app", *map(str, arguments)]
    environment = plain_environment() | {"DATA_DIR": str(data_dir)}
    ended = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr


def open_to_others(folder: Path) -> list[Path]:
    return [path for path in [folder, *folder.rglob("*")] if stat.S_IMODE(path.stat().st_mode) & 0o077]
