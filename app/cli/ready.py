"""What a command needs that changes the database: its folder, an answer, and the schema of this program."""

import contextlib
from collections.abc import Iterator

from app import migrating, serve, upkeep
from app.migrating import CannotMigrate
from app.settings import Settings


@contextlib.contextmanager
def ready(chosen: Settings) -> Iterator[None]:
    """An empty database gets its tables. One of an older version is for the start to migrate, when nobody is in it.

    What is done inside is not lost to a restore.
    """
    with serve.use(chosen):
        serve.make_data_dir(chosen)
        serve.wait_for_database(chosen)
        with upkeep.connected(chosen.database_url) as connection:
            here, newest = migrating.revision(connection), migrating.head(migrating.configuration())
        if here is not None and here != newest:
            raise CannotMigrate(f"The database has the schema {here}, and this Tandem wants {newest}: start it first.")
        migrating.bring_up_to_date(chosen.database_url, chosen.data_dir)
        yield
