"""One line of history of the database: numbered Alembic revisions in ``versions/``."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from sqlalchemy import inspect, text

from kaishu.db import database_url, engine

HERE = Path(__file__).parent
OWN = re.compile(r'^revision = "(\w+)"', re.MULTILINE)
BEFORE = re.compile(r'^down_revision = "(\w+)"', re.MULTILINE)


@cache
def newest() -> str:
    """Number of the newest revision we ship: the one that no other follows, whatever its number."""
    texts = [path.read_text(encoding="utf-8") for path in (HERE / "versions").glob("[0-9]*.py")]
    made, followed = ({found[1] for text in texts if (found := each.search(text))} for each in (OWN, BEFORE))
    return max(made - followed)


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
