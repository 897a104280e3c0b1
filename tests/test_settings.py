"""Settings are read once, checked, and told apart from what they protect."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app import settings_shown
from app.settings import SettingsError, load

ROOT = Path(__file__).parent.parent
SHARED = {"DATABASE_URL": "postgresql://ana@db/tandem", "REDIS_URL": "redis://bus:6379/0"}


def test_nothing_needs_to_be_set():
    chosen = load({})
    assert chosen.database_url == "sqlite+aiosqlite:///.data/tandem.db"
    assert (chosen.redis_url, chosen.public_url, chosen.port, chosen.workers) == ("", "", 3000, 1)


def test_an_empty_value_is_the_default():
    assert load({"PORT": "", "WORKERS": " "}) == load({})


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://ana:pw@db/tandem", "postgresql+psycopg://ana:pw@db/tandem"),
        ("postgresql://ana:pw@db/tandem", "postgresql+psycopg://ana:pw@db/tandem"),
        ("postgresql+psycopg://ana:pw@db/tandem", "postgresql+psycopg://ana:pw@db/tandem"),
        ("sqlite:///here.db", "sqlite+aiosqlite:///here.db"),
        ("sqlite:////srv/here.db", "sqlite+aiosqlite:////srv/here.db"),
    ],
)
def test_a_database_url_is_understood_in_every_usual_spelling(given, used):
    assert load({"DATABASE_URL": given}).database_url == used


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://Tasks.Example.com/", "https://tasks.example.com"),
        ("https://tasks.example.com:443", "https://tasks.example.com"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://[::1]:3000", "http://[::1]:3000"),
    ],
)
def test_a_public_url_is_kept_as_browsers_write_an_origin(given, used):
    assert load({"PUBLIC_URL": given}).public_url == used


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REDIS_URL", "localhost:6379"),
        ("DATABASE_URL", "mysql://db/tandem"),
        ("DATABASE_URL", "sqlite://"),
        ("PUBLIC_URL", "tasks.example.com"),
        ("PUBLIC_URL", "ftp://tasks.example.com"),
        ("PUBLIC_URL", "https://tasks.example.com/board"),
        ("PUBLIC_URL", "https://ana@tasks.example.com"),
        ("PUBLIC_URL", "https://tasks.example.com?x"),
        ("SECRET_KEY", "short"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "three"),
        ("WORKERS", "0"),
        ("WORKERS", "-1"),
        ("WORKERS", "2"),
        ("WEBSOCKET_HEARTBEAT_INTERVAL", "0"),
        ("WEBSOCKET_TIMEOUT", "1.5"),
        ("MAX_CONNECTIONS_PER_USER", "0"),
        ("MESSAGE_RATE_LIMIT", "many"),
        ("MAX_CONNECTIONS_PER_ADDRESS", "0"),
        ("SOCKET_EVENT_RATE", "none"),
        ("DOOR_RATE_LIMIT", "0"),
        ("TRUSTED_PROXY_HOPS", "-1"),
        ("START_TIMEOUT", "soon"),
        ("WORKER_MEMORY_MB", "1 GB"),
        ("HISTORY_DAYS", "-1"),
        ("METRICS_ALLOWED", "prometheus.example.com"),
        ("METRICS_ALLOWED", "10.0.0.5/24"),
        ("LOG_LEVEL", "loud"),
        ("SIGN_UP", "everybody"),
        ("SIGN_UP", "example.com, nowhere"),
        ("PUSH_SERVICES", "https://push.example.com"),
        ("SMTP_HOST", "smtp://mail.example.com"),
        ("SMTP_PORT", "0"),
        ("SMTP_SECURITY", "ssl"),
        ("SMTP_FROM", "Tandem"),
        ("SMTP_FROM", "Tandem <tandem@example.com"),
        ("SMTP_FROM", "tandem@example.com\nBcc: everyone@example.com"),
    ],
)
def test_a_wrong_value_is_answered_with_one_sentence_that_names_the_setting(name, value):
    with pytest.raises(SettingsError) as refused:
        load({name: value})
    sentence = str(refused.value)
    assert sentence.startswith(f"{name} is ")
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_no_secret_is_printed():
    with pytest.raises(SettingsError) as refused:
        load({"DATABASE_URL": "mysql://ana:hunter2@db/tandem"})
    assert "hunter2" not in str(refused.value)
    with pytest.raises(SettingsError) as refused:
        load({"SECRET_KEY": "hunter2"})
    assert "hunter2" not in str(refused.value)
    secret = {"SECRET_KEY": "hunter2" * 5, "DATABASE_URL": "postgresql://ana:hunter2@db/tandem"}
    assert "hunter2" not in repr(load(secret))


def test_a_worker_a_core_as_soon_as_they_can_share():
    assert load(SHARED).workers >= 1
    assert load(SHARED | {"WORKERS": "7"}).workers == 7


@pytest.mark.parametrize("missing", SHARED)
def test_several_workers_need_both_postgresql_and_redis(missing):
    with pytest.raises(SettingsError, match="WORKERS"):
        load({name: value for name, value in SHARED.items() if name != missing} | {"WORKERS": "2"})


def test_sqlite_is_not_shared_by_several_workers():
    sqlite = SHARED | {"DATABASE_URL": "sqlite:///here.db"}
    assert load(sqlite).workers == 1
    with pytest.raises(SettingsError, match="WORKERS"):
        load(sqlite | {"WORKERS": "2"})


def test_a_secret_key_is_made_once_for_its_owner_only(tmp_path):
    here = {"DATA_DIR": str(tmp_path / "new")}
    first = load(here).secret_key
    assert len(first) >= 32
    assert load(here).secret_key == first
    assert stat.S_IMODE((tmp_path / "new/secret_key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret_key"]


def test_first_starts_at_the_same_time_agree_on_the_secret_key(tmp_path):
    with ThreadPoolExecutor(16) as starts:
        keys = set(starts.map(lambda _: load({"DATA_DIR": str(tmp_path)}).secret_key, range(64)))
    assert len(keys) == 1


def test_a_secret_key_of_ones_own_is_written_nowhere(tmp_path):
    assert load({"SECRET_KEY": "s" * 32, "DATA_DIR": str(tmp_path)}).secret_key == "s" * 32
    assert not list(tmp_path.iterdir())


def test_reading_the_settings_touches_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    load({})
    assert not list(tmp_path.iterdir())


def test_the_docs_have_every_setting():
    docs = (ROOT / "docs/settings.md").read_text()
    for row in settings_shown.table().splitlines():
        assert row in docs, "Put the output of `python -m app.settings` into docs/settings.md."


def test_every_setting_says_what_it_is_for():
    for setting in settings_shown.every_setting():
        assert setting.metadata["meaning"].endswith("."), setting.name


MAIL = {
    "SMTP_HOST": "smtp.example.com",
    "SMTP_FROM": "Tandem <tandem@example.com>",
    "PUBLIC_URL": "https://example.com",
}


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        (MAIL | {"SMTP_FROM": ""}, "SMTP_FROM is not"),
        (MAIL | {"PUBLIC_URL": ""}, "PUBLIC_URL is not"),
        (MAIL | {"SMTP_USER": "ana"}, "SMTP_USER and SMTP_PASSWORD belong together"),
        (MAIL | {"SMTP_PASSWORD": "hunter2"}, "SMTP_USER and SMTP_PASSWORD belong together"),
        ({"SMTP_FROM": "tandem@example.com"}, "SMTP_FROM is set, but SMTP_HOST is not"),
    ],
)
def test_what_e_mail_needs_is_asked_for_together(environment: dict[str, str], named: str):
    assert load(MAIL).smtp_port == 587
    with pytest.raises(SettingsError, match=named) as refused:
        load(environment)
    assert "hunter2" not in str(refused.value)


def test_the_password_for_mail_is_never_shown():
    chosen = load(MAIL | {"SMTP_USER": "ana", "SMTP_PASSWORD": "hunter2"})
    assert chosen.smtp_password == "hunter2" and "hunter2" not in repr(chosen)
