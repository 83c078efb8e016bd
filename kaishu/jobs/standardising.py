"""The task ``standard-run``: an entity's tables are fused; into force, the golden table gets a version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kaishu import catalogue, lake, source, standardisation
from kaishu.access import SYSTEM, Actor, Call, Permission, require
from kaishu.base import clock, ids
from kaishu.db import session_scope
from kaishu.jobs.reporting import beating
from kaishu.lake.errors import VersionMoved
from kaishu.lake.models import Version
from kaishu.standardisation import ComputedRun, PreparedRun
from kaishu.standardisation.models import FusionRun, StandardEntity

Report = Callable[[int, int], None]
#: Fusing is this many parts of the work, taking the golden table in the other.
_FUSING, _ALL = 6, 7


def run(task_id: str, actor: Actor, payload: dict[str, Any]) -> dict[str, Any]:
    """Payload: standard (name), trial."""
    with beating(task_id) as report:
        return run_now(actor, task_id, payload["standard"], payload["trial"], report)


def run_now(actor: Actor, request: str, name: str, trial: bool, report: Report) -> dict[str, Any]:
    """The same, here and now.  No session is open while rows are read; all is recorded in one transaction."""
    with session_scope(write=False) as session:
        prepared = standardisation.prepare_run(Call(session, actor, clock.now(), request), name, trial=trial)
    computed = standardisation.compute_run(prepared, lambda done, total: report(done, _ALL))
    try:
        if trial:
            with session_scope() as session:
                call = Call(session, actor, clock.now(), request)
                return _told(standardisation.keep_run(call, computed, None), {})
        return _put_in(actor, request, computed, report)
    except BaseException:
        standardisation.drop_files(prepared.id)
        raise


def leave_runs_when_due() -> int:
    """Leave a run for each entity whose sources have newer versions than it was made of."""
    with session_scope(write=False) as session:
        due = standardisation.due_standards(session)
    for name in due:
        with session_scope() as session:
            call = Call(session, SYSTEM, clock.now(), ids.new_id())
            standardisation.leave_run(call, name, trial=False)
    return len(due)


def tidy() -> int:
    """Remove files of runs that nobody needs any more."""
    with session_scope(write=False) as session:
        if not standardisation.standards(session):
            return 0
    with session_scope() as session:
        call = Call(session, SYSTEM, clock.now(), ids.new_id())
        return standardisation.tidy_runs(call, standardisation.runs_that_orders_need(call))


def _put_in(actor: Actor, request: str, computed: ComputedRun, report: Report) -> dict[str, Any]:
    """Take the golden records in as a delivery is taken in."""
    prepared = computed.prepared
    original = source.keep_path(prepared.golden)
    report(_FUSING, _ALL)
    with session_scope(write=False) as session:
        table_id = prepared.entity.table_id
        base = lake.newest_version(session, table_id) if table_id else None
    staged = lake.stage(
        source.original_path(original.sha256),
        original.name,
        table_id=table_id or ids.new_id(),
        update=_update(base, prepared),
        base=base,
    )
    try:
        with session_scope() as session:
            call = Call(session, actor, clock.now(), request)
            entity = standardisation.standard_by_name(session, prepared.entity.id)
            if entity.table_id != table_id:
                raise VersionMoved(number=1, after=0)
            # Whoever may run the entity may have its table filled; the platform does it for them.
            require(call, Permission.standard_run, office=entity.office_id)
            system = Call(session, SYSTEM, call.now, request)
            delivery = source.receive_original(system, original)
            table = _table(system, entity, prepared, staged)
            version = lake.record_staged(system, staged, delivery=delivery, table=table)
            catalogue.set_version(system, entity.dataset, entity.resource_id, version)
            kept = standardisation.keep_run(call, computed, version)
            orders = standardisation.order_differences(system, kept)
            result = _told(kept, orders) | {"dataset": entity.dataset, "version": version.number}
    except BaseException:
        staged.drop()
        raise
    report(_ALL, _ALL)
    return result


def _update(base: Version | None, prepared: PreparedRun) -> lake.Update:
    """By the entity's id, so that versions can be compared row by row; anew where the columns change."""
    columns = ["entity", *prepared.mapping.fields, "_rows", "_sources", "_differing"]
    if base is None or base.dropped_at is not None or [each["name"] for each in base.columns] != columns:
        return lake.Update()
    return lake.Update(mode="merge", key=("entity",), full=True)


def _table(call: Call, entity: StandardEntity, prepared: PreparedRun, staged: lake.Staged) -> Any:
    """The golden table; at the first run its dataset is made, in draft as any other."""
    if entity.table_id is not None:
        return lake.table_by_id(call.session, entity.table_id)
    table = lake.add_table(call, entity.office_id, staged.mark.table_id)
    dataset = catalogue.add_dataset(call, record=_record(entity, prepared), office=entity.office_id)
    made = catalogue.add_resource(call, dataset.name, name=entity.title, table=table)
    entity.dataset, entity.resource_id, entity.table_id = dataset.name, made.id, table.id
    call.session.flush()
    return table


def _record(entity: StandardEntity, prepared: PreparedRun) -> catalogue.DatasetRecord:
    fields = prepared.mapping.entity.fields
    items = [
        catalogue.Item(name="entity", title="实体标识", title_en="entity id"),
        *(
            catalogue.Item(
                name=name,
                title=fields[name].title,
                title_en=fields[name].title_en,
                description=fields[name].standard,
                description_en=fields[name].standard,
            )
            for name in prepared.mapping.fields
        ),
        catalogue.Item(name="_rows", title="合并的来源行数", title_en="rows that it was made of"),
        catalogue.Item(name="_sources", title="来源数", title_en="sources"),
        catalogue.Item(name="_differing", title="来源不一致的字段数", title_en="fields that differ"),
    ]
    sources = "、".join(source.name for source in prepared.mapping.sources)
    return catalogue.DatasetRecord(
        title=f"{entity.title}（标准表）",
        title_en=f"{entity.title_en or entity.title} (golden records)",
        description=f"由{sources}按会签过的规则归并，一数一源。",
        description_en=f"Fused from {sources} by rules that the offices agreed to.",
        items=items,
        source=sources,
        # Whether they may leave the house is for the owner to say, not for a run.
        share_class="none",
        open_class="none",
    )


def _told(kept: FusionRun, orders: dict[str, int]) -> dict[str, Any]:
    return {
        "run": kept.id,
        "kind": kept.kind,
        "rows": kept.rows,
        "entities": kept.entities,
        "waiting": kept.counts["waiting"],
        "orders": orders,
    }
