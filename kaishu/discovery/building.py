"""Builds the index from the catalogue into a new folder; the old one answers until the new one is whole."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu import ledger, usage
from kaishu.access import TERMINAL, Call, Permission, note, require
from kaishu.base import clock, ids
from kaishu.db import session_scope
from kaishu.discovery import generations
from kaishu.discovery.documents import document
from kaishu.discovery.generations import Position
from kaishu.discovery.rows import published, published_after

if TYPE_CHECKING:
    import tantivy

CHUNK = 1000
HEAP = 256_000_000
COMMIT_EVERY = 200_000
Progress = Callable[[int, int], None]
_one_at_a_time = threading.Lock()


def rebuild(call: Call | None = None, progress: Progress | None = None) -> int:
    """Build the index anew and put it in the place of the old one; returns the number of datasets.

    Reads in sessions of its own, so that what is not committed is not indexed.  Without ``call`` it is
    the terminal who asks.
    """
    if call is not None:
        require(call, Permission.index_rebuild)
    path, count = build(progress)
    generations.make_current(path)
    if call is not None and call.session.info.get("write"):
        note(call, "discovery.rebuild", ("index", path.name), datasets=count)
    else:
        with session_scope() as session:
            asking = call or Call(session, TERMINAL, clock.now(), ids.new_id())
            note(replace(asking, session=session), "discovery.rebuild", ("index", path.name), datasets=count)
    return count


def build(progress: Progress | None = None) -> tuple[Path, int]:
    """A whole index of everything published, not yet current."""
    with _one_at_a_time:
        with session_scope(write=False) as session:
            last = ledger.last_entry(session)
            position = Position(last.number if last else 0, usage.position(session))
            total = published(session)
        path, index = generations.fresh()
        count = 0
        with generations.writing(index, HEAP, 2) as writer:
            for made in _documents():
                writer.add_document(made)
                count += 1
                if count % COMMIT_EVERY == 0:
                    writer.commit()
                if progress and count % CHUNK == 0:
                    progress(count, max(count, total))
            writer.commit()
        generations.write_position(path, position)
        if progress:
            progress(count, count)
        return path, count


def _documents() -> Iterator[tantivy.Document]:
    after = ""
    while True:
        with session_scope(write=False) as session:
            rows = published_after(session, after, CHUNK)
            uses = usage.counts_of(session, [row.id for row in rows])
            for row in rows:
                yield document(row, uses[row.id].all)
        if len(rows) < CHUNK:
            return
        after = rows[-1].id
