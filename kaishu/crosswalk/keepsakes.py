"""Foreign statements that no field of ours says: kept under their standard's name, and put back.

A statement is put back where it came from as long as it says what the fields say now.  Where no
correspondence reads its place, that needs no trying.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from kaishu.crosswalk.keeping import (
    OURS,
    Object,
    dumped,
    kept_text,
    leaf_at,
    leaves,
    listed,
    put_path,
    running,
    split_path,
    take_back,
    tamed,
    trimmed,
    value_of,
)
from kaishu.crosswalk.marking import KEPT
from kaishu.crosswalk.model import Entry
from kaishu.crosswalk.steps import Draft, Step, steps
from kaishu.crosswalk.taking import Notes, clean

if TYPE_CHECKING:
    from kaishu.crosswalk.carrying import Shape, Told

MOST = {"extras": 500, "constraints": 50}
LONGEST_KEY, LONGEST_TEXT = 500, 20_000


class Spot(NamedTuple):
    """One object of a document, the object that keeps its statements, and under which of its fields."""

    about: str
    place: Object
    keeper: Any
    store: str


def spots(shape: Shape, document: Object, record: Any, links: Iterable[Any]) -> Iterator[Spot]:
    """The document itself, its distributions and its fields, with what keeps their statements."""
    yield Spot("dataset", document, record, "extras")
    for place, link in zip(shape.link_places(document), links, strict=False):
        yield Spot("distribution", place, link, "extras")
    items = record.get("items") or []
    for place, item in zip(shape.item_places(document), items, strict=False):
        yield Spot("item", place, item, "constraints")


# --- putting back


def put_back(shape: Shape, document: Object, entry: Entry, told: Told) -> tuple[Draft | None, bool]:
    """Put what was kept into the document; a distribution that gets any is no longer told.

    Returns what the document says of the dataset, if that had to be found out, and whether anything was
    put back.
    """
    prefix, trial, any_done, number = f"{shape.name}:", Trial(shape, document), False, -1
    for spot in spots(shape, document, entry.record, entry.resources):
        number += spot.about == "distribution"
        store = spot.keeper.get(spot.store)
        kept = _kept(shape, store, prefix, spot.store == "extras") if store else {}
        if not kept:
            continue
        doubtful = {path: value for path, value in kept.items() if _is_heard(shape, spot.about, path)}
        done = trial.try_all(spot, doubtful) if doubtful else []
        for path, value in kept.items():
            if path not in doubtful:
                put_path(spot.place, path, value)
        if marked := [path for path in kept if path not in doubtful or path in done]:
            spot.place[KEPT] = marked
            any_done = True
            if spot.about == "distribution" and number < len(told):
                told[number] = None
    return trial.bare, any_done


def _kept(shape: Shape, store: Mapping[str, Any], prefix: str, textual: bool) -> Object:
    kept = {}
    for key, value in store.items():
        if key.startswith(prefix) and shape.allowed(path := key[len(prefix) :]):
            kept[path] = value_of(value) if textual else value
    return kept


def _is_heard(shape: Shape, about: str, path: str) -> bool:
    parts = split_path(path)
    roots, paths = _heard(shape, about)
    return parts[0] in roots or any(
        parts[: len(each)] == each[: len(parts)] for each in paths.get(parts[0], ())
    )


@cache
def _heard(shape: Shape, about: str) -> tuple[frozenset[str], Mapping[str, list[tuple[str, ...]]]]:
    """Keys of which all is read, and the paths of the correspondences by their first key."""
    found: dict[str, list[tuple[str, ...]]] = {}
    walked: tuple[Step, ...] = getattr(steps(shape.name), about)
    for step in walked:
        found.setdefault(step.path[0], []).append(step.path)
    holders = {"dataset": shape.containers, "distribution": shape.link_containers}.get(about, frozenset())
    roots = {"dataset": shape.heard, "distribution": shape.link_heard}.get(about, frozenset())
    return roots | {each.partition("/")[0] for each in holders}, found


class Trial:
    """Whether a document still says what it said before anything was put back."""

    def __init__(self, shape: Shape, document: Object) -> None:
        self.shape, self.document = shape, document
        self.bare: Draft | None = None
        self.whole: Draft | None = None

    def try_all(self, spot: Spot, kept: Object) -> list[str]:
        """Put together what can stay, else one by one; returns the paths of those that stay."""
        roots, _ = _heard(self.shape, spot.about)
        whole = spot.about != "dataset" or any(split_path(path)[0] in roots for path in kept)
        self._look(whole)
        undo = [put_path(spot.place, path, value) for path, value in kept.items()]
        if self._says_the_same(whole):
            return list(kept)
        for each in reversed(undo):
            take_back(each)
        done = []
        for path, value in kept.items():
            single = put_path(spot.place, path, value)
            if self._says_the_same(whole):
                done.append(path)
            else:
                take_back(single)
        return done

    def _look(self, whole: bool) -> None:
        if self.bare is None:
            self.bare = self.shape.taken_record(self.document, Notes())
        if whole and self.whole is None:
            self.whole = self.shape.taken(self.document, Notes())

    def _says_the_same(self, whole: bool) -> bool:
        taken = self.shape.taken if whole else self.shape.taken_record
        now, before = taken(self.document, Notes()), self.whole if whole else self.bare
        assert before is not None
        return (now.record, now.links, now.agent) == (before.record, before.links, before.agent)


# --- keeping


def keep_marked(shape: Shape, document: Object, draft: Draft, notes: Notes) -> None:
    """Keep the statements that our own mark names."""
    for spot in spots(shape, document, draft.record, draft.links):
        wanted = spot.place.get(KEPT)
        if not wanted:
            continue
        holders = _containers(shape, spot.about)
        for path in dict.fromkeys(listed(wanted)):
            found = leaf_at(spot.place, path, holders)
            if found is not None:
                _keep(shape, spot, path, found[0], notes)


def keep_unsaid(shape: Shape, document: Object, ours: Object, draft: Draft, notes: Notes) -> None:
    """Keep whatever the document says that ours, made of the draft, does not."""
    links, items = shape.link_places(ours), shape.item_places(ours)
    backs = {"dataset": iter([ours]), "distribution": iter(links), "item": iter(items)}
    for spot in spots(shape, document, draft.record, draft.links):
        holders = _containers(shape, spot.about)
        known = dict(leaves(next(backs[spot.about], {}), holders))
        for path, value in list(leaves(spot.place, holders)):
            if path in known and dumped(trimmed(known[path])) == dumped(trimmed(value)):
                continue
            _keep(shape, spot, path, value, notes)


def _containers(shape: Shape, about: str) -> frozenset[str]:
    return {"dataset": shape.containers, "distribution": shape.link_containers}.get(about, frozenset())


def _keep(shape: Shape, spot: Spot, path: str, value: Any, notes: Notes) -> None:
    if path.startswith(OURS) or path.partition("/")[0] in shape.ignored:
        return
    value = tamed(value)
    if running(value):
        notes.add(path, "可执行的地址没有采用。", "An address that runs something was not taken.")
        return
    key, text = clean(f"{shape.name}:{path}"), kept_text(value)
    box = spot.keeper.setdefault(spot.store, {})
    full = len(box) >= MOST[spot.store]
    if len(key) > LONGEST_KEY or len(text) > LONGEST_TEXT or full or key != key.strip():
        notes.add(path, "太长，没有原样保留。", "Too long to be kept as it was.")
        return
    box[key] = text if spot.store == "extras" else value
