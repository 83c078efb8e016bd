"""Datasets as JSON that is kept until they change, in memory and on disk."""

from __future__ import annotations

import threading
import uuid
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import partial

import orjson

from kaishu import catalogue
from kaishu.access import Call
from kaishu.api.ckan import shapes
from kaishu.api.ckan.shelf import shelf
from kaishu.catalogue import State

#: Most bytes of JSON kept by a process.
MOST = 64 << 20
#: Stands for the site's address in what is kept: no text has this byte, and no dataset knows the other.
SITE = b"\xff"
_nowhere = uuid.uuid4().hex

_kept: OrderedDict[str, tuple[bytes, bytes]] = OrderedDict()
_lock = threading.Lock()
_size = 0


def rendered(call: Call, dataset_ids: Sequence[str], site: str) -> list[orjson.Fragment]:
    """The datasets that this actor may see, in that order, each ready to be put into an answer.

    Two statements at most, whatever their number: what has changed is looked at first, and only what is
    kept nowhere as it is now is read.
    """
    stamps = catalogue.stamps_of(call, dataset_ids)
    found = {each: kept for each, stamp in stamps.items() if (kept := _get(each, stamp)) is not None}
    for source in (shelf().read, partial(_made, call)):
        missing = {each: stamp for each, stamp in stamps.items() if each not in found}
        more = source(missing) if missing else {}
        for each, body in more.items():
            _keep(each, stamps[each], body)
        found |= more
    address = orjson.dumps(site)[1:-1]
    return [orjson.Fragment(found[each].replace(SITE, address)) for each in dataset_ids if each in found]


def stock(call: Call, dataset_ids: Sequence[str]) -> int:
    """Put on disk those of these datasets that are not there as they are now; returns how many."""
    stamps = catalogue.stamps_of(call, dataset_ids)
    there = shelf().stamps(list(stamps))
    return len(_made(call, {each: stamp for each, stamp in stamps.items() if there.get(each) != stamp}))


def forget() -> None:
    """Keep nothing in memory."""
    global _size
    with _lock:
        _kept.clear()
        _size = 0


def _made(call: Call, stamps: Mapping[str, bytes]) -> dict[str, bytes]:
    """Written now, and what is published also to disk."""
    made, public = {}, []
    nowhere = _nowhere.encode()
    for dataset in catalogue.datasets_by_ids(call, list(stamps)):
        shape = shapes.package(dataset, dataset.resources, _nowhere)
        made[dataset.id] = orjson.dumps(shape, default=str).replace(nowhere, SITE)
        if dataset.state == State.published:
            public.append((dataset.id, stamps[dataset.id], made[dataset.id]))
    if public:
        shelf().put(public)
    return made


def _get(dataset_id: str, stamp: bytes) -> bytes | None:
    with _lock:
        kept = _kept.get(dataset_id)
        if kept is None or kept[0] != stamp:
            return None
        _kept.move_to_end(dataset_id)
        return kept[1]


def _keep(dataset_id: str, stamp: bytes, made: bytes) -> None:
    global _size
    with _lock:
        before = _kept.pop(dataset_id, (b"", b""))
        _kept[dataset_id] = (stamp, made)
        _size += len(made) - len(before[1])
        while _size > MOST:
            _size -= len(_kept.popitem(last=False)[1][1])
