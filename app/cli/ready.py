"""What a command needs that changes the database: its folder, an answer, the newest schema."""

from app import migrating, serve
from app.settings import Settings


def ready(chosen: Settings) -> None:
    serve.make_data_dir(chosen)
    serve.wait_for_database(chosen)
    migrating.bring_up_to_date(chosen.database_url, chosen.data_dir)
