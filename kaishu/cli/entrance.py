"""Sessions and calls of the terminal, who may do everything and is named in the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kaishu.access import Call

_prepared: set[str] = set()


def prepare() -> None:
    """Make the home folder usable, once for each home."""
    from kaishu import app
    from kaishu.db import database_url

    if database_url() not in _prepared:
        app.prepare()
        _prepared.add(database_url())


@contextmanager
def terminal_call(write: bool = True) -> Iterator[Call]:
    """One transaction and the call in it."""
    from kaishu.access import TERMINAL, Call
    from kaishu.base import clock, ids
    from kaishu.db import session_scope

    prepare()
    with session_scope(write=write) as session:
        yield Call(session, TERMINAL, clock.now(), ids.new_id())
