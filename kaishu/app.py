"""Composition: prepare the home, start the worker, put the entrances together."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

import kaishu
from kaishu import api, http, jobs, migrations, tables, web
from kaishu.access import SYSTEM, Call
from kaishu.base import clock, ids, settings
from kaishu.db import forget_engines, session_scope

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


def build_app(worker: bool = True) -> FastAPI:
    """The ASGI application; ``worker=False`` leaves the queue to other processes."""

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        prepare()
        sweep()
        thread = jobs.Worker() if worker else None
        if thread:
            thread.start()
        yield
        if thread:
            thread.stop()
        forget_engines()

    app = FastAPI(
        title="Kaishu 开数",
        version=kaishu.__version__,
        lifespan=living,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    api.mount(app)
    web.mount(app)
    http.install(app)
    return app
