"""One line of history of the database: numbered Alembic revisions in ``versions/``."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import inspect, text

from kaishu.db import database_url, engine

HERE = Path(__file__).parent


def newest() -> str:
    """Number of the newest revision we ship."""
    return max(path.stem for path in (HERE / "versions").glob("[0-9]*.py"))[:4]


def upgrade() -> bool:
    """Bring the database to the newest revision; True if anything had to be done.

    Looks before it imports Alembic, which costs a tenth of a start.
    """
    with engine().connect() as connection:
        if inspect(connection).has_table("alembic_version"):
            present = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            if present == newest():
                return False
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["url"] = database_url()
    command.upgrade(config, "head")
    return True
