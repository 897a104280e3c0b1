"""The image, as far as its entry makes it: it starts, outlives the death of each part, and stops in order."""

import os
import signal
from collections.abc import Iterator

import httpx
import pytest

from app.seeds import SIGN_INS
from tests.support.container import Container, container

PARTS = {"postgres", "redis-server", "python"}


@pytest.fixture(scope="module")
def image() -> Iterator[Container]:
    with container() as made:
        made.start("start", "--demo")
        yield made


def works(image: Container) -> bool:
    """Whether Ana can sign in: that takes Tandem, a worker, the database, and Redis, which counts tries."""
    _, email, password = SIGN_INS[0]
    try:
        with httpx.Client(base_url=image.url, headers={"Origin": image.url}, timeout=20) as browser:
            answer = browser.post("/auth/sign-in", data={"email": email, "password": password})
            return answer.status_code == 303 and answer.headers["location"] == "/" and bool(answer.cookies)
    except httpx.TransportError:
        return False


def test_it_serves_with_a_database_and_a_redis_of_its_own(image: Container):
    assert works(image)
    assert set(image.processes.values()) >= PARTS
    assert {path.name for path in image.data.iterdir()} >= {"postgresql", "secret_key", "container.lock"}


@pytest.mark.parametrize("part", ["postgres", "redis-server", "python", "a worker"])
def test_a_part_that_is_killed_is_there_again(image: Container, part: str):
    parent = image.part("python")
    workers = pythons(image) - {parent}
    killed = max(workers) if part == "a worker" else image.part(part)
    os.kill(killed, signal.SIGKILL)
    # Workers whose parent is gone serve for another moment.
    gone = {killed} | (workers if part == "python" else set())
    image.until(lambda: not gone & image.processes.keys())
    image.until(lambda: set(image.processes.values()) >= PARTS and len(pythons(image)) > 1 and works(image))


def pythons(image: Container) -> set[int]:
    return {pid for pid, name in image.processes.items() if name == "python"}


def test_its_commands_are_run_beside_it(image: Container):
    ended = image.run("backup", str(image.data / "it.zip"))
    assert ended.returncode == 0 and "rows in" in ended.stdout, ended.stderr
    ended = image.run("restore", str(image.data / "it.zip"), "--replace", "--yes")
    assert ended.returncode == 1 and "Tandem is running on this database" in ended.stderr, ended.stderr


def test_two_of_them_do_not_share_a_folder(image: Container):
    ended = image.run()
    assert ended.returncode == 1
    assert ended.stderr.startswith("Another container is running with")
    assert works(image)


def test_it_stops_in_order_within_ten_seconds_takes_a_backup_back_and_starts_again(image: Container):
    said = len(image.log)
    assert image.stop() < 10
    assert image.status == 0
    assert "database system is shut down" in image.log[said:]
    assert "Database busy or away" not in image.log[said:], "Tandem was stopped before its database."

    ended = image.run("restore", str(image.data / "it.zip"), "--replace", "--yes")
    assert ended.returncode == 0 and "Restored: 3 people" in ended.stdout, ended.stderr

    # As after a power cut, when another process has the number of the one that was.
    (image.data / "postgresql/postmaster.pid").write_text(f"{os.getpid()}\n")
    image.start()
    image.until(lambda: works(image))


def test_a_setting_that_is_wrong_ends_it_with_a_sentence():
    with container(PORT="three") as made:
        ended = made.run()
        assert ended.returncode == 1
        assert ended.stderr == "PORT is 'three': it must be a whole number from 1 to 65535.\n"
        assert not (made.data / "postgresql").exists()
