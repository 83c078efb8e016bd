"""The task ``inspect``: links, shapes, scores, elements and checks, one after another, with progress."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import chain, islice
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
#: Addresses that a round asks at most, of one host at most, the pause between two rounds, and how many times
#: the pause is longer than it took to find what is due.
ROUND, OF_HOST, PAUSE, SPARING = 100, 10, timedelta(minutes=10), 20
SILENT: Report = lambda done, total: None  # noqa: E731 - a default


def run(task_id: str, actor: Actor, payload: dict[str, Any]) -> dict[str, Any]:
    """Payload: ``what`` (names of ``ACTS``), ``scope``, ``limit`` of links and shapes."""
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
    total = len(own) + len(urls)
    good = _keep(actor, request, chain(own, answers), total, report)
    return _conclude(actor, request, ("links", scope, started), total, {"asked": total, "reachable": good})


def link_round(actor: Actor, request: str, scope: str, limit: int, report: Report = SILENT) -> dict[str, Any]:
    """Ask some of the addresses that are due, few of each host; when none is, forget those that are gone."""
    started, here = clock.now(), settings.text("site_url").rstrip("/")
    rest, begun = timedelta(hours=settings.number("link_check_hours")), time.monotonic()
    with session_scope(write=False) as session:
        own = list(inspection.settle_own(session, started, here, scope)) if here else []
        urls = inspection.due(session, started, scope, limit, here, rest=rest, of_host=OF_HOST)
    result: dict[str, Any] = {
        "asked": len(urls),
        "more": bool(urls),
        "scan": round(time.monotonic() - begun, 1),
    }
    answers = chain(own, inspection.ask_all(urls, inspection.knock))
    result["reachable"] = _keep(actor, request, answers, len(own) + len(urls), report)
    if not urls:
        with session_scope() as session:
            call = Call(session, actor, clock.now(), request)
            result["forgotten"] = inspection.forget_links(call, started - rest)
    return _conclude(actor, request, ("links", scope, started), len(own) + len(urls), result)


def _keep(
    actor: Actor, request: str, answers: Iterator[inspection.Answer], total: int, report: Report
) -> int:
    """Write answers down as they come; the number of good ones."""
    done = good = 0
    while batch := list(islice(answers, BATCH)):
        with session_scope() as session:
            inspection.keep_answers(Call(session, actor, clock.now(), request), batch)
        done, good = done + len(batch), good + sum(each.reachable for each in batch)
        report(done, total)
    return good


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


def leave_links_when_due() -> bool:
    """Leave a task that looks at some addresses; not if ``link_check_hours`` is 0 or one was just now."""
    hours = settings.number("link_check_hours")
    if hours <= 0:
        return False
    now = clock.now()
    with session_scope(write=False) as session:
        last = inspection.last_run(session, "links")
        pause = max(PAUSE, timedelta(seconds=SPARING * float(last.result.get("scan") or 0) if last else 0))
        if last is not None and now - last.ended_at < pause:
            return False
        if _waiting(session) or not inspection.links_waiting(session, now, timedelta(hours=hours)):
            return False
    with session_scope() as session:
        call = Call(session, SYSTEM, now, ids.new_id())
        payload = {"what": ["link-round"], "scope": inspection.ALL, "limit": ROUND}
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
    "link-round": link_round,
    "shapes": shapes,
    "mqa": mqa,
    "elements": elements,
    "check": check,
}
