"""Composition: prepare the home, start the worker, put the entrances together."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette

from kaishu import api, http, jobs, migrations, tables, web
from kaishu.access import SYSTEM, Call
from kaishu.base import clock, ids, settings
from kaishu.db import forget_engines, session_scope

WARM_AFTER = 3.0  # seconds

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
        warming = asyncio.get_running_loop().call_later(WARM_AFTER, _warm, own)
        yield
        warming.cancel()
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


def _warm(own: http.Later) -> None:
    """Put the programs' interface together before the first program asks, after the first page is out."""
    threading.Thread(target=own.ready, name="kaishu-warming", daemon=True).start()
