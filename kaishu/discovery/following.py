"""The index in use by this process, and how it keeps up with the ledger."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaishu import catalogue, usage
from kaishu.catalogue.models import Dataset
from kaishu.db import session_scope
from kaishu.discovery import building, generations
from kaishu.discovery.documents import document
from kaishu.discovery.errors import IndexBeingBuilt
from kaishu.discovery.remembering import State
from kaishu.discovery.rows import last_number, published, published_among
from kaishu.ledger.models import Entry

if TYPE_CHECKING:
    import tantivy

#: Ledger entries after which a dataset, or all of an office, must be looked at again.
FOLLOWED = (
    "catalogue.publish",
    "catalogue.withdraw",
    "catalogue.rename",
    "access.office.revise",
)
USED = ("catalogue.view", "delivery.download", "delivery.rows")
ENTRIES = 1000
CHUNK = 500
#: Entries that do not concern the index are passed over in memory; this many are worth writing down.
PASSED_OVER = 10_000
#: With more datasets than this a missing index is built behind the scenes, and a search is told to wait.
BUILD_AT_ONCE = 3000


@dataclass
class Reader:
    """An opened generation; ``seen`` is the last ledger entry that its state knows of."""

    path: Path
    index: tantivy.Index
    state: State
    seen: int
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def searcher(self) -> tantivy.Searcher:
        """The searcher of the present state."""
        return self.state.searcher


_readers: dict[Path, Reader] = {}
_opening = threading.Lock()
_building: set[Path] = set()


def reader(at_once: bool = False) -> Reader:
    """The current index, opened; built first if there is none that can be used.

    Raises ``IndexBeingBuilt`` while a large one is on its way; with ``at_once`` it is built and waited for,
    as a command must that would take the building thread with it when it ends.
    """
    path = generations.current()
    known = _readers.get(path.parent) if path else None
    if known is not None and known.path == path:
        return known
    home = generations.folder()
    with _opening:
        known = _readers.get(home)
        if known is not None and known.path == generations.current():
            return known
        _readers[home] = _open(at_once)
        return _readers[home]


def forget() -> None:
    """Let go of every opened index."""
    with _opening:
        _readers.clear()


def refresh(at_once: bool = False) -> int:
    """Bring the index up to the ledger's end; returns the number of datasets looked at again.

    ``at_once``: a missing index is built here and now, however large.
    """
    reader(at_once)
    with session_scope(write=False) as session:
        return follow(session)


def follow(session: Session) -> int:
    """The same, reading with a session that has nothing uncommitted."""
    using = reader()
    last = last_number(session)
    if last <= using.seen:
        return 0
    with using.lock:
        looked_at = 0
        while using.seen < last:
            entries = _entries(session, using.seen, last)
            if not entries and last - generations.read_position(using.path).number < PASSED_OVER:
                using.seen = last
                break
            looked_at += _catch_up(session, using, last)
        return looked_at


def follow_usage() -> int:
    """Count new views, downloads and calls into the order by use; returns the number of datasets."""
    using = reader()
    with using.lock, session_scope(write=False) as session, generations.writing(using.index) as writer:
        position = generations.read_position(using.path)
        counted = usage.position(session)
        ids = session.scalars(
            select(Entry.subject_id)
            .where(Entry.number > position.uses, Entry.number <= counted, Entry.action.in_(USED))
            .distinct()
        ).all()
        if not ids:
            return 0
        _apply(session, writer, ids)
        writer.commit()
        generations.write_position(using.path, replace(position, uses=counted))
        _reload(using)
        return len(ids)


def _catch_up(session: Session, using: Reader, last: int) -> int:
    """One stretch of entries, from where the index on disk stands; another process may have been faster."""
    with generations.writing(using.index) as writer:
        position = generations.read_position(using.path)
        entries = _entries(session, position.number, last)
        reached = entries[-1][0] if len(entries) == ENTRIES else last
        ids = _touched(session, entries)
        if ids:
            _apply(session, writer, ids)
            writer.commit()
        if reached > position.number:
            generations.write_position(using.path, replace(position, number=reached))
    _reload(using)
    using.seen = max(using.seen, reached)
    return len(ids)


def _entries(session: Session, after: int, last: int) -> Sequence[tuple[int, str, str]]:
    rows = session.execute(
        select(Entry.number, Entry.subject_kind, Entry.subject_id)
        .where(Entry.number > after, Entry.number <= last, Entry.action.in_(FOLLOWED))
        .order_by(Entry.number)
        .limit(ENTRIES)
    )
    return [(row.number, row.subject_kind, row.subject_id) for row in rows]


def _touched(session: Session, entries: Iterable[tuple[int, str, str]]) -> list[str]:
    datasets: dict[str, None] = {}
    offices: list[str] = []
    for _, kind, subject in entries:
        if kind == "dataset":
            datasets[subject] = None
        elif kind == "office" and subject not in offices:
            offices.append(subject)
    if offices:
        found = session.scalars(
            select(Dataset.id).where(
                Dataset.office_id.in_(offices), Dataset.state == catalogue.State.published
            )
        )
        datasets.update(dict.fromkeys(found))
    return list(datasets)


def _apply(session: Session, writer: tantivy.IndexWriter, ids: Sequence[str]) -> None:
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        for dataset_id in chunk:
            writer.delete_documents_by_term("id", dataset_id)
        rows = published_among(session, chunk)
        uses = usage.counts_of(session, [row.id for row in rows])
        for row in rows:
            writer.add_document(document(row, uses[row.id].all))


def _reload(using: Reader) -> None:
    using.index.reload()
    using.state = State(using.index.searcher())


def _open(at_once: bool) -> Reader:
    path = generations.current()
    found = generations.opened(path) if path else None
    if path is None or found is None or _is_ahead(found[1].number):
        path = _build(at_once)
        found = generations.opened(path)
        assert found is not None
    index, position = found
    return Reader(path, index, State(index.searcher()), position.number)


def _is_ahead(number: int) -> bool:
    """Does the index know of entries that the ledger does not have?  The records were put back to before."""
    with session_scope(write=False) as session:
        return number > last_number(session)


def _build(at_once: bool) -> Path:
    """A new generation, at once if it is small, else by a thread of its own."""
    home = generations.folder()
    with session_scope(write=False) as session:
        large = not at_once and published(session) > BUILD_AT_ONCE
    if home in _building:
        raise IndexBeingBuilt()
    if not large:
        path, _ = building.build()
        generations.make_current(path)
        return path
    _building.add(home)
    threading.Thread(target=_build_aside, args=(home,), name="kaishu-index", daemon=True).start()
    raise IndexBeingBuilt()


def _build_aside(home: Path) -> None:
    try:
        path, _ = building.build()
        generations.make_current(path)
    finally:
        _building.discard(home)
