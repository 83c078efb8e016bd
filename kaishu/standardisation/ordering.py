"""Differences become work orders to the offices whose values lost; the next run closes what agrees."""

from __future__ import annotations

from sqlalchemy import select

from kaishu import quality, queue
from kaishu.access import SYSTEM, Call, Permission, require
from kaishu.quality.models import WorkOrder
from kaishu.queue.models import Task
from kaishu.standardisation.mapping import Mapping
from kaishu.standardisation.models import FusionRun, MappingVersion, StandardEntity
from kaishu.standardisation.queries import read_mapping, standard_by_name
from kaishu.standardisation.running import differences_in, leave_run

ORIGIN = "standard"


def rule_of(entity: StandardEntity, field: str = "") -> str:
    """What an order about a field of an entity has for a rule; without a field how all of them begin."""
    return f"{ORIGIN}:{entity.name}:{field}"


def order_differences(call: Call, run: FusionRun) -> dict[str, int]:
    """Bring the orders about an entity to what a run into force found; how many opened, returned, closed.

    One order is about one field of one source.
    """
    entity = call.session.get_one(StandardEntity, run.entity_id)
    require(call, Permission.standard_run, office=entity.office_id)
    kept = call.session.get_one(MappingVersion, run.mapping_id)
    mapping = read_mapping(kept)
    tables = {each["source"]: each["table_id"] for each in kept.tables}
    merged: dict[tuple[str, str], quality.Found] = {}
    for each in differences_in(run):
        found = _found(entity, mapping, each.field, tables[each.source], (each.rows, each.compared))
        # Two sources may be the same table: one order, with the greater count.
        known = merged.get((found.table_id, found.rule_id))
        if known is None or known.failed < found.failed:
            merged[found.table_id, found.rule_id] = found
    return quality.settle_found(call, list(merged.values()), origin=ORIGIN, family=rule_of(entity), by=run.id)


def entity_of_order(call: Call, order: WorkOrder) -> tuple[StandardEntity, str, str]:
    """The entity, the source and the field that an order is about.  Raises ``NoSuchStandard``."""
    require(call, Permission.standard_read)
    _, name, field = order.rule_id.split(":", 2)
    entity = standard_by_name(call.session, name)
    run = call.session.get(FusionRun, order.last_found_by or order.found_by)
    kept = call.session.get_one(MappingVersion, run.mapping_id) if run else None
    sources = [each["source"] for each in kept.tables if each["table_id"] == order.table_id] if kept else []
    return entity, sources[0] if sources else "", field


def leave_recheck(call: Call, order: WorkOrder) -> str:
    """An office says that it has mended its rows: leave a run of the entity, in the platform's own name."""
    require(call, Permission.order_handle, office=order.office_id)
    entity, _, _ = entity_of_order(call, order)
    return leave_run(Call(call.session, SYSTEM, call.now, call.request_id), entity.name, trial=False)


def recheck_under_way(call: Call, order: WorkOrder) -> Task | None:
    """The run that waits or goes on for an order, if one does."""
    require(call, Permission.standard_read)
    entity, _, _ = entity_of_order(call, order)
    tasks = queue.tasks_about(call.session, "standard", entity.id, 5)
    return next((task for task in tasks if task.state in ("waiting", "running")), None)


def runs_that_orders_need(call: Call) -> set[str]:
    """Ids of runs whose rows open orders list."""
    require(call, Permission.standard_run)
    opened = select(WorkOrder.found_by, WorkOrder.last_found_by).where(
        WorkOrder.origin == ORIGIN, WorkOrder.open_key.is_not(None)
    )
    return {last or first for first, last in call.session.execute(opened)}


def _found(
    entity: StandardEntity, mapping: Mapping, field: str, table_id: str, counts: tuple[int, int]
) -> quality.Found:
    title = mapping.entity.fields[field].title or field
    return quality.Found(
        table_id=table_id,
        rule_id=rule_of(entity, field),
        title=f"{entity.title}：{title}与标准值不一致",
        failed=counts[0],
        checked=counts[1],
    )
