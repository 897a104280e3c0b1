"""An instance to back up, and a machine to bring it back to."""

from pathlib import Path

import pytest

from app.keeping import Keeping
from tests.backup.backups import KEY
from tests.support.stores import PostgreSQLStore, Store


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
