"""Fills the shelf of packages behind the scenes, in a process of its own that steps back for others."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from kaishu import catalogue
from kaishu.access import VISITOR, Call
from kaishu.api.ckan.rendered import stock
from kaishu.api.ckan.shelf import shelf
from kaishu.base import clock, ids
from kaishu.db import session_scope

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

CHUNK = 200
#: Fewer than this are written fast enough when they are first asked for.
MANY = 3000
#: A shelf that holds this share of what is published is full: what changes is put there when it is read.
FULL = 0.95


def stock_all() -> int:
    """Put every published package on the shelf that is not there as it is now; returns how many.

    Takes away what is no longer published.
    """
    after, made = "", 0
    while True:
        with session_scope(write=False) as session:
            found = catalogue.published_ids(session, after, CHUNK)
            made += stock(Call(session, VISITOR, clock.now(), ids.new_id()), found)
        upto = found[-1] if len(found) == CHUNK else ""
        _tidy(after, upto, found)
        if not upto:
            return made
        after = upto


def _tidy(after: str, upto: str, published: Iterable[str]) -> None:
    """Take away what is no longer published, after one id and up to another."""
    if gone := set(shelf().between(after, upto)) - set(published):
        shelf().drop(gone)


def start_stocking() -> SpawnProcess | None:
    """Begin in another process if there is much to write; None if there is not."""
    import multiprocessing

    with session_scope(write=False) as session:
        published = catalogue.published_count(session)
        if published < MANY:
            _tidy("", "", catalogue.published_ids(session, limit=MANY))
    if published < MANY or FULL * published <= shelf().count() <= published:
        return None
    process = multiprocessing.get_context("spawn").Process(
        target=_stock_aside, name="kaishu-packages", daemon=True
    )
    process.start()
    return process


def _stock_aside() -> None:
    if hasattr(os, "nice"):
        os.nice(15)
    stock_all()
