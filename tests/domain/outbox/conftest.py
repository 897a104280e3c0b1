"""A mail server that takes letters, and settings that know it."""

from collections.abc import Iterator

import pytest

from app.settings import Settings, load
from tests.domain.outbox.desk import DARK, Clock
from tests.support.mailbox import Mailbox, receiving


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="package")
def server() -> Iterator[tuple[Mailbox, dict[str, str]]]:
    with receiving() as (mailbox, settings):
        yield mailbox, settings | {"PUBLIC_URL": "https://tandem.example"}


@pytest.fixture
def box(server: tuple[Mailbox, dict[str, str]]) -> Iterator[Mailbox]:
    yield server[0]
    server[0].letters.clear()
    server[0].taken.clear()
    server[0].bounces.clear()
    server[0].refuses = 0


@pytest.fixture
def mail(box: Mailbox, server: tuple[Mailbox, dict[str, str]]) -> Settings:
    return load(server[1])


@pytest.fixture
def dark(server: tuple[Mailbox, dict[str, str]]) -> Settings:
    return load(server[1] | DARK)
