"""One shipped file on its way into a dataset."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu import catalogue, lake, source
from kaishu.access import TERMINAL, Call
from kaishu.base import clock, ids
from kaishu.base.errors import NotFound
from kaishu.catalogue import Item
from kaishu.db import session_scope
from kaishu.demo.plans import DatasetPlan

if TYPE_CHECKING:
    from kaishu.source import Original


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file that has been read and stored, and waits to be recorded."""

    plan: DatasetPlan
    original: Original
    staged: lake.Staged
    resource_id: str | None

    def record(self, call: Call) -> None:
        """Enter delivery, dataset, table and version; all in the caller's transaction."""
        plan = self.plan
        delivery = source.receive_original(call, self.original)
        if self.resource_id is None:
            record = catalogue.record_from(plan.record)
            catalogue.add_dataset(call, record=record, office=plan.office, name=plan.name)
            dataset = catalogue.dataset_by_name(call, plan.name)
            table = lake.add_table(call, dataset.office_id, self.staged.mark.table_id)
            resource_id = catalogue.add_resource(call, plan.name, name=plan.table, table=table).id
        else:
            table = lake.table_by_id(call.session, self.staged.mark.table_id)
            resource_id = self.resource_id
        version = lake.record_staged(call, self.staged, delivery=delivery, table=table)
        catalogue.set_version(call, plan.name, resource_id, version)
        if self.resource_id is None and plan.fields:
            items = [_described(item, plan) for item in catalogue.items_from_columns(version.columns)]
            catalogue.revise(call, plan.name, record.model_copy(update={"items": items}))


@contextmanager
def load_version(plan: DatasetPlan, path: Path) -> Iterator[Loaded]:
    """Read and store the file; what is not recorded in the block is dropped again."""
    with session_scope(write=False) as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        resource_id, table_id = _place(call, plan)
    original = source.keep_path(path)
    staged = lake.stage(
        original.path,
        original.name,
        table_id=table_id or ids.new_id(),
        options=lake.ReadOptions.from_dict(plan.options),
    )
    try:
        yield Loaded(plan, original, staged, resource_id)
    except BaseException:
        staged.drop()
        raise


def _place(call: Call, plan: DatasetPlan) -> tuple[str | None, str | None]:
    try:
        dataset = catalogue.dataset_by_name(call, plan.name)
    except NotFound:
        return None, None
    entry = catalogue.draft_resources(call, dataset)[0]
    return entry.id, entry.table_id


def _described(item: Item, plan: DatasetPlan) -> Item:
    if item.name not in plan.fields:
        return item
    title, title_en, *unit = plan.fields[item.name]
    return item.model_copy(update={"title": title, "title_en": title_en, "unit": unit[0] if unit else ""})
