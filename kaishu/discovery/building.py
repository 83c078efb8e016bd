"""Builds the index from the catalogue into a new folder; the old one answers until the new one is whole."""

from __future__ import annotations

import multiprocessing
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from itertools import islice
from pathlib import Path

from kaishu import ledger, usage
from kaishu.access import TERMINAL, Call, Permission, note, require
from kaishu.base import clock, ids
from kaishu.db import session_scope
from kaishu.discovery import generations
from kaishu.discovery.documents import line
from kaishu.discovery.generations import Position
from kaishu.discovery.rows import boundaries, published, published_between

CHUNK = 1000
HEAP = 160_000_000
#: From so many datasets on, other processes cut the texts while this one writes the index.
MANY = 20_000
PROCESSES = 2
AHEAD = 2 * PROCESSES
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
            spans = boundaries(session, CHUNK)
        path, index = generations.fresh()
        count = 0
        with generations.writing(index, HEAP, 2) as writer:
            for lines in _lines(spans, total >= MANY):
                for each in lines:
                    writer.add_json(each)
                count += len(lines)
                if progress:
                    progress(count, max(count, total))
            writer.commit()
        generations.write_position(path, position)
        if progress:
            progress(count, count)
        return path, count


def _lines(spans: list[tuple[str, str]], many: bool) -> Iterator[list[str]]:
    """The documents as JSON, a chunk at a time, in order."""
    if not many:
        for span in spans:
            yield lines_between(*span)
        return
    # a fresh interpreter each: a server's threads and connections are not to be copied
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn")) as pool:
        left = iter(spans)
        waiting: deque[Future[list[str]]] = deque(
            pool.submit(lines_between, *span) for span in islice(left, AHEAD)
        )
        while waiting:
            done = waiting.popleft().result()
            waiting.extend(pool.submit(lines_between, *span) for span in islice(left, 1))
            yield done


def lines_between(after: str, upto: str) -> list[str]:
    """The documents of the datasets whose ids lie after one and up to another."""
    with session_scope(write=False) as session:
        rows = published_between(session, after, upto)
        uses = usage.counts_of(session, [row.id for row in rows])
    return [line(row, uses[row.id].all) for row in rows]
