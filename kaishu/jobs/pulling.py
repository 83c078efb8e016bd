"""The task ``pull``: a table is fetched from its source and becomes a version; ``take`` does so with a file
that was pushed.  Nothing is half taken: the file is whole before the lake reads it, the lake's work before
the transaction."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kaishu import catalogue, lake, source
from kaishu.access import SYSTEM, Actor, Call, Permission, require
from kaishu.base import clock, ids, settings
from kaishu.base.errors import KaishuError, Transient
from kaishu.db import session_scope
from kaishu.jobs.reporting import reporter
from kaishu.lake.errors import EmptyFile, NoDataRows, VersionMoved
from kaishu.source.errors import PullOvertaken
from kaishu.source.models import Arrival, Contract

#: Seconds after which a folder that no process holds is taken for one of a pull that was interrupted.
STALE = 60
TRIES = 5
HELD = ".held"


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that a contract brought: pulled, with the markers before and after it, or pushed."""

    delivery_id: str
    last: str
    since: str | None = None
    arrival_id: str = ""


def run(task_id: str, actor: Actor, payload: dict[str, Any]) -> dict[str, Any]:
    """Payload: contract (id).

    A source that cannot be reached has its next try written in the contract, so the queue does not try again.
    """
    try:
        return pull(actor, payload["contract"], task_id)
    except Transient as error:
        return {"contract": payload["contract"], "state": "failed", "error": error.as_dict("zh")}


def pull(actor: Actor, name: str, request_id: str = "") -> dict[str, Any]:
    """Fetch, keep, read, record; a failure is written down in the contract and raised.

    Where another pull of the contract came first, the state is ``overtaken`` and nothing is taken.
    """
    request_id = request_id or ids.new_id()
    try:
        return _pull(actor, name, request_id)
    except PullOvertaken:
        return {"contract": name, "state": "overtaken", "rows": 0}
    except KaishuError as error:
        with session_scope() as session:
            source.fail_pull(Call(session, actor, clock.now(), request_id), name, error)
        raise


def _pull(actor: Actor, name: str, request_id: str) -> dict[str, Any]:
    with session_scope(write=False) as session:
        call = Call(session, actor, clock.now(), request_id)
        contract = source.contract_by_name(call, name)
        require(call, Permission.lake_ingest, office=contract.office_id)
        place = source.place_of(source.source_to_pull(call, contract))
        wanted = source.Wanted(
            table=contract.remote_table, marker=_marker(contract, place.kind), since=contract.marker_value
        )
    with _room() as folder:
        with source.opened(source.KINDS[place.kind], place) as connector:
            fetched = connector.fetch(wanted, folder)
            columns = connector.columns(contract.remote_table)
        _note_drift(actor, contract, columns, request_id)
        if fetched.rows == 0:
            return _conclude_empty(
                actor, contract, Brought("", fetched.last, contract.marker_value), request_id
            )
        original = source.keep_original(fetched.name, fetched.path.open("rb"))
    with session_scope() as session:
        call = Call(session, actor, clock.now(), request_id)
        delivery = source.receive_original(call, original)
    brought = Brought(delivery.id, fetched.last, since=contract.marker_value)
    return _take(actor, contract, brought, request_id)


def take(task_id: str, actor: Actor, payload: dict[str, Any]) -> dict[str, Any]:
    """Payload: arrival (id) of a file that was pushed.  What cannot be read is refused, with its reason."""
    with session_scope(write=False) as session:
        call = Call(session, actor, clock.now(), task_id)
        arrival = session.get_one(Arrival, payload["arrival"])
        contract = source.contract_by_name(call, arrival.contract_id)
    if arrival.state != "received" or arrival.delivery_id is None:
        return {"arrival": arrival.id, "state": arrival.state}
    try:
        brought = Brought(arrival.delivery_id, contract.marker_value, arrival_id=arrival.id)
        return _take(actor, contract, brought, task_id, reporter(task_id))
    except Transient:
        raise
    except KaishuError as error:
        with session_scope() as session:
            kept = session.get_one(Arrival, arrival.id)
            kept.state, kept.trouble = "refused", {"zh": error.as_dict("zh"), "en": error.as_dict("en")}
        raise


def _take(
    actor: Actor, contract: Contract, brought: Brought, request_id: str, report: Any = None
) -> dict[str, Any]:
    """Read and record; where somebody else's batch comes first, once more with the table as it is then."""
    for _ in range(TRIES - 1):
        try:
            return _try(actor, contract.id, brought, request_id, report)
        except VersionMoved:
            continue
    return _try(actor, contract.id, brought, request_id, report)


def _try(actor: Actor, contract_id: str, brought: Brought, request_id: str, report: Any) -> dict[str, Any]:
    """Read a file that is kept, outside of any transaction, and record all there is to record in one."""
    with session_scope(write=False) as session:
        call = Call(session, actor, clock.now(), request_id)
        contract = source.contract_by_name(call, contract_id)
        dataset = catalogue.dataset_by_name(call, contract.dataset)
        require(call, Permission.lake_ingest, office=dataset.office_id)
        delivery = source.delivery_by_id(session, brought.delivery_id)
        base = lake.newest_version(session, contract.table_id) if contract.table_id else None
    try:
        staged = lake.stage(
            delivery.path,
            delivery.name,
            table_id=contract.table_id or ids.new_id(),
            progress=report,
            update=lake.Update.from_dict(contract.update),
            base=base,
        )
    except (EmptyFile, NoDataRows):  # counted as such; the table stays as it is
        return _conclude_empty(actor, contract, brought, request_id)
    try:
        return _record(actor, contract.id, staged, brought, request_id)
    except BaseException:
        staged.drop()
        raise


def _record(
    actor: Actor, contract_id: str, staged: lake.Staged, brought: Brought, request_id: str
) -> dict[str, Any]:
    with session_scope() as session:
        call = Call(session, actor, clock.now(), request_id)
        contract = source.contract_by_name(call, contract_id)
        delivery = source.delivery_by_id(session, brought.delivery_id)
        source.settle_pull(call, contract, brought.last, brought.since)
        if contract.table_id not in (None, staged.mark.table_id):  # made by another pull meanwhile
            raise VersionMoved(number=lake.last_numbers(session, contract.table_id)[0], after=0)
        if brought.arrival_id:
            arrival = session.get_one(Arrival, brought.arrival_id)
        else:
            arrival = source.add_arrival(
                call, contract, "taken", name=delivery.name, delivery_id=delivery.id, rows=staged.rows
            )
        if contract.resource_id and contract.table_id:
            table = lake.table_by_id(session, contract.table_id)
        else:
            dataset = catalogue.dataset_by_name(call, contract.dataset)
            table = lake.add_table(call, dataset.office_id, staged.mark.table_id)
            made = catalogue.add_resource(call, dataset.name, name=contract.name, table=table)
            contract.resource_id, contract.table_id = made.id, table.id
        version = lake.record_staged(call, staged, delivery=delivery, table=table)
        catalogue.set_version(call, contract.dataset, contract.resource_id, version)
        arrival.state, arrival.version_id, arrival.rows = "taken", version.id, version.rows
        return {
            "contract": contract.name,
            "state": "taken",
            "version": version.number,
            "rows": version.rows,
            "set_aside": version.set_aside,
            "bytes": delivery.size,
        }


def _conclude_empty(actor: Actor, contract: Contract, brought: Brought, request_id: str) -> dict[str, Any]:
    with session_scope() as session:
        call = Call(session, actor, clock.now(), request_id)
        kept = source.contract_by_name(call, contract.id)
        source.settle_pull(call, kept, brought.last or contract.marker_value, brought.since)
        if brought.arrival_id:
            arrival = session.get_one(Arrival, brought.arrival_id)
            arrival.state, arrival.rows = "empty", 0
        else:
            delivery = brought.delivery_id or None
            name = source.delivery_by_id(session, delivery).name if delivery else contract.remote_table
            source.add_arrival(call, kept, "empty", name=name, delivery_id=delivery, rows=0)
    return {"contract": contract.name, "state": "empty", "rows": 0}


def _note_drift(
    actor: Actor, contract: Contract, columns: tuple[source.FoundColumn, ...], request_id: str
) -> None:
    """What the source's table has now against what the last look saw."""
    if not columns:
        return
    with session_scope(write=False) as session:
        call = Call(session, actor, clock.now(), request_id)
        kept = source.source_by_name(call, contract.source_id or "")
        known = [each for each in kept.found or [] if each["name"] == contract.remote_table]
    drifts = (
        source.compare_columns(contract.remote_table, known[0]["columns"], columns)
        if known and known[0]["columns"]
        else []
    )
    if not drifts:
        return
    now = [{"name": each.name, "type": each.type} for each in columns]
    with session_scope() as session:
        call = Call(session, actor, clock.now(), request_id)
        kept = source.source_by_name(call, contract.source_id or "")
        source.keep_drift(call, kept, drifts)
        kept.found = [
            {**each, "columns": now} if each["name"] == contract.remote_table else each
            for each in kept.found or []
        ]


def _marker(contract: Contract, kind: str) -> str:
    return "" if kind in ("folder", "sftp", "ftp", "s3") else contract.marker


@contextmanager
def _room() -> Iterator[Path]:
    """A folder for what is pulled, held by this process; those that nobody holds any more are removed."""
    pulls = settings.folder("pulls")
    for each in pulls.iterdir():
        if time.time() - each.stat().st_mtime > STALE and not _held(each):
            shutil.rmtree(each, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=pulls) as made, (Path(made) / HELD).open("w") as holding:
        fcntl.flock(holding, fcntl.LOCK_EX)
        yield Path(made)


def _held(folder: Path) -> bool:
    try:
        with (folder / HELD).open("r+") as asked:
            fcntl.flock(asked, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # never held, or gone meanwhile
        return False
    return False


def enqueue_due() -> int:
    """Leave a task for every contract whose hour has come."""
    with session_scope(write=False) as session:
        due = [each.id for each in source.due_contracts(Call(session, SYSTEM, clock.now(), ids.new_id()))]
    if not due:
        return 0
    with session_scope() as session:
        call = Call(session, SYSTEM, clock.now(), ids.new_id())
        return sum(source.leave_pull(call, source.contract_by_name(call, each)) is not None for each in due)
