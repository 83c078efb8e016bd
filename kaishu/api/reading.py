"""Which version a request reads, found once a second and not with every request."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from kaishu import catalogue, delivery
from kaishu.access import VISITOR, Actor
from kaishu.http import Remembered, actor_of, bears_nothing, read_call
from kaishu.lake.models import Version


@dataclass(frozen=True, slots=True)
class Readable:
    """A version that may be read, and what it belongs to."""

    dataset_id: str
    dataset_name: str
    resource_id: str
    version: Version
    columns: delivery.Columns


_known: Remembered[Readable] = Remembered(seconds=1.0)


async def actor_soon(request: Request) -> Actor:
    """Who asks; the database is asked in a thread, and not at all for visitors."""
    return VISITOR if bears_nothing(request) else await run_in_threadpool(actor_of, request)


async def readable_soon(
    request: Request, actor: Actor, name: str, resource: str = "", number: int | None = None
) -> Readable:
    """What ``readable`` gives, from memory if it was asked for within the last second."""
    known = _known.get(_key(actor, name, resource, number))
    if known is not None:
        return known
    return await run_in_threadpool(readable, request, actor, name, resource, number)


def readable(
    request: Request, actor: Actor, name: str, resource: str = "", number: int | None = None
) -> Readable:
    """The version to read: by default the newest published one of the dataset's first table.

    Rights depend on role and office alone, so the answer is remembered for those.
    """
    key = _key(actor, name, resource, number)
    epoch = _known.epoch
    try:
        with read_call(request) as call:
            dataset, entry, version = catalogue.readable_version(call, name, resource or None, number)
    except BaseException:
        _known.drop(key)
        raise
    found = Readable(dataset.id, dataset.name, entry.id, version, delivery.Columns.of(version.columns))
    return _known.keep(key, found, epoch)


def _key(actor: Actor, name: str, resource: str, number: int | None) -> tuple[object, ...]:
    return (actor.role, actor.office, name, resource, number)
