"""The task ``inspect``: links, shapes, scores, elements and checks, one after another, with progress."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from kaishu import inspection, queue
from kaishu.access import SYSTEM, Actor, Call
from kaishu.base import clock, ids, settings
from kaishu.crosswalk import Site
from kaishu.db import session_scope

Report = Callable[[int, int], None]
BATCH = 100
#: Datasets whose shapes are checked at most before other tasks have their turn.
AT_ONCE = 200
SILENT: Report = lambda done, total: None  # noqa: E731 - a default


def run(task_id: str, actor: Actor, payload: dict[str, Any]) -> dict[str, Any]:
    """Payload: ``what`` (links, shapes, mqa, elements, check), ``scope``, ``limit`` of links and shapes."""
    scope = str(payload.get("scope") or inspection.OWN)
    limit = int(payload.get("limit") or 0)

    def report(done: int, total: int) -> None:
        queue.progress(task_id, done, max(total, 1))

    results: dict[str, Any] = {}
    for what in payload.get("what") or ("check",):
        results[what] = ACTS[what](actor, task_id, scope, limit, report)
    return results


def links(actor: Actor, request: str, scope: str, limit: int, report: Report = SILENT) -> dict[str, Any]:
    """Ask addresses; written down in batches, so that what was asked is not lost."""
    started, here = clock.now(), settings.text("site_url").rstrip("/")
    with session_scope(write=False) as session:
        own = list(inspection.settle_own(session, clock.now(), here, scope))
        urls = inspection.due(session, clock.now(), scope, limit or 2000, here)
    answers = inspection.ask_all(urls, inspection.knock)
    total, good, done = len(own) + len(urls), 0, 0
    while batch := own or list(islice(answers, BATCH)):
        own = []
        with session_scope() as session:
            inspection.keep_answers(Call(session, actor, clock.now(), request), batch)
        done, good = done + len(batch), good + sum(each.reachable for each in batch)
        report(done, total)
    return _conclude(actor, request, ("links", scope, started), total, {"asked": total, "reachable": good})


def shapes(actor: Actor, request: str, scope: str, limit: int, report: Report = SILENT) -> dict[str, Any]:
    """Check datasets against DCAT-AP; each batch is kept at once."""
    started, checked, conforming = clock.now(), 0, 0
    with session_scope(write=False) as session:
        call = Call(session, actor, clock.now(), request)
        for batch in inspection.validate_datasets(call, site(), scope, limit=limit, report=report):
            with session_scope() as writing:
                inspection.keep_verdicts(Call(writing, actor, clock.now(), request), batch)
            checked += len(batch)
            conforming += sum(each.conforms for each in batch)
    result = {"checked": checked, "conforming": conforming}
    return _conclude(actor, request, ("shapes", scope, started), checked, result)


def mqa(actor: Actor, request: str, scope: str, limit: int, report: Report = SILENT) -> dict[str, Any]:
    """Score everything."""
    with session_scope(write=False) as session:
        measured = inspection.compute_mqa(Call(session, actor, clock.now(), request), report)
    with session_scope() as session:
        run = inspection.keep_mqa(Call(session, actor, clock.now(), request), measured)
        return {"run": run.id, "datasets": run.datasets, **run.result}


def elements(actor: Actor, request: str, scope: str, limit: int, report: Report = SILENT) -> dict[str, Any]:
    """Count the elements that are used."""
    with session_scope(write=False) as session:
        used = inspection.count_elements(Call(session, actor, clock.now(), request), report)
    with session_scope() as session:
        run = inspection.keep_elements(Call(session, actor, clock.now(), request), used)
        return {"run": run.id, "datasets": run.datasets}


def check(actor: Actor, request: str, scope: str, limit: int, report: Report = SILENT) -> dict[str, Any]:
    """Run every check."""
    with session_scope(write=False) as session:
        checked = inspection.run_checks(Call(session, actor, clock.now(), request), scope, report=report)
    with session_scope() as session:
        run = inspection.keep_checks(Call(session, actor, clock.now(), request), checked)
        return {"run": run.id, "datasets": run.datasets, **run.result}


def leave_when_due() -> bool:
    """Leave a task for what has changed: shapes of some datasets, scores of all when it is time."""
    with session_scope(write=False) as session:
        what = ["shapes"] if inspection.shapes_waiting(session) else []
        if inspection.measuring_due(session, clock.now()):
            what += ["mqa", "elements"]
    if not what:
        return False
    with session_scope() as session:
        if _waiting(session):
            return False
        call = Call(session, SYSTEM, clock.now(), ids.new_id())
        payload = {"what": what, "scope": inspection.ALL, "limit": AT_ONCE}
        queue.enqueue(call, "inspect", payload, ("inspection", inspection.ALL))
    return True


def _waiting(session: Session) -> bool:
    return any(
        task.state in ("waiting", "running")
        for task in queue.tasks_about(session, "inspection", inspection.ALL, 5)
    )


def _conclude(
    actor: Actor, request: str, about: tuple[str, str, datetime], datasets: int, result: dict[str, Any]
) -> dict[str, Any]:
    kind, scope, started = about
    with session_scope() as session:
        call = Call(session, actor, clock.now(), request)
        inspection.conclude(call, kind, scope, datasets=datasets, result=result, started=started)
    return result


def site() -> Site:
    """This catalogue, as it writes itself."""
    return Site(
        url=settings.text("site_url").rstrip("/") or "http://localhost",
        title=settings.text("site_title"),
        title_en=settings.text("site_title_en"),
    )


ACTS: dict[str, Callable[[Actor, str, str, int, Report], dict[str, Any]]] = {
    "links": links,
    "shapes": shapes,
    "mqa": mqa,
    "elements": elements,
    "check": check,
}
