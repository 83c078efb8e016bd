"""Composition: prepare the home, start the worker, put the entrances together."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette

from kaishu import api, http, jobs, migrations, tables, web
from kaishu.access import SYSTEM, Call
from kaishu.base import clock, ids, settings
from kaishu.db import forget_engines, session_scope

WARM_AFTER = 3.0  # seconds

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

log = logging.getLogger("kaishu")


def prepare() -> None:
    """Bring the home folder to where this version can use it: records, and no leftovers of a crash."""
    assert tables.METADATA.tables
    settings.folder(".")
    migrations.upgrade()


def sweep() -> None:
    """Clear what an interrupted ingest left behind."""
    from kaishu import lake

    with session_scope() as session:
        found = lake.sweep(Call(session, SYSTEM, clock.now(), ids.new_id()))
    if any(found.values()):
        log.warning("swept leftovers of an interrupted run: %s", found)


def build_app(worker: bool = True) -> Starlette:
    """The ASGI application; ``worker=False`` leaves the queue to other processes."""

    @asynccontextmanager
    async def living(app: Starlette) -> AsyncIterator[None]:
        prepare()
        sweep()
        thread = jobs.Worker(without=_left_out()) if worker else None
        if thread:
            thread.start()
        aside: list[SpawnProcess] = []
        warming = asyncio.get_running_loop().call_later(WARM_AFTER, _warm, own, aside if worker else None)
        yield
        warming.cancel()
        for process in aside:
            process.terminate()
        if thread:
            thread.stop()
        forget_engines()

    app = Starlette(lifespan=living)
    own = api.mount(app)
    web.mount(app)
    http.install(app)
    return app


def _left_out() -> tuple[str, ...]:
    """Rounds that are not made here: hosts that the demo city links to did not ask for our visits."""
    from kaishu import demo

    return ("links",) if demo.stands() and not settings.given("link_check_hours") else ()


def _warm(own: http.Later, aside: list[SpawnProcess] | None) -> None:
    """Make ready what programs ask for, before the first of them asks, after the first page is out."""
    threading.Thread(target=_make_ready, args=(own, aside), name="kaishu-warming", daemon=True).start()


def _make_ready(own: http.Later, aside: list[SpawnProcess] | None) -> None:
    own.ready()
    if aside is not None and (process := api.ckan.start_stocking()):
        aside.append(process)
