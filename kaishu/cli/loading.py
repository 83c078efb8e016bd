"""A file of this machine becomes a version of a dataset's table: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu.base.errors import several
from kaishu.cli.entrance import terminal_call
from kaishu.cli.errors import OfficeNeeded
from kaishu.cli.output import Report

if TYPE_CHECKING:
    from kaishu.access import Call
    from kaishu.catalogue import ResourceEntry
    from kaishu.catalogue.models import Dataset
    from kaishu.lake import ReadOptions, Update
    from kaishu.lake.models import Version

TRIES = 5


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What was asked for; an empty ``dataset`` means a new one."""

    dataset: str = ""
    new: bool = False
    title: str = ""
    office: str = ""
    record: Mapping[str, Any] = field(default_factory=dict)
    publish: bool = False
    update: Update | None = None


def load(path: Path, options: ReadOptions, wish: Wish, report: Report) -> tuple[Dataset, Version]:
    """Copy, read and store the file; the lock on the records is taken only at the end.

    A batch that changes a table is read again if somebody else's came first.
    """
    from kaishu import lake, source
    from kaishu.base import ids
    from kaishu.lake.errors import VersionMoved

    with terminal_call(write=False) as call:
        _place(call, wish)
    original = source.keep_path(path)
    for attempt in range(TRIES):
        with terminal_call(write=False) as call:
            place = _place(call, wish)
            table_id = place.table_id if place and place.table_id else ids.new_id()
            base = lake.version_by_id(call.session, place.version_id) if place and place.version_id else None
            last, _ = lake.last_numbers(call.session, table_id)
        staged = lake.stage(
            original.path,
            original.name,
            table_id=table_id,
            options=options,
            progress=report,
            update=wish.update or lake.Update(),
            base=base,
            last=last,
        )
        try:
            with terminal_call() as call:
                return _record(call, original, staged, wish)
        except VersionMoved:
            if attempt == TRIES - 1:
                raise
        finally:
            staged.drop()
    raise AssertionError


def _place(call: Call, wish: Wish) -> ResourceEntry | None:
    """The table that the file goes to, if there is one; wrong names are refused before any work."""
    from kaishu import catalogue
    from kaishu.base.errors import NotFound

    if wish.dataset:
        try:
            dataset = catalogue.dataset_by_name(call, wish.dataset)
        except NotFound:
            if not wish.new:
                raise
        else:
            return _first_table(catalogue.draft_resources(call, dataset))
    if wish.record:
        catalogue.record_from({"title": "-", **wish.record})
    chosen_office(call, wish.office, make=False)
    return None


def _record(call: Call, original: Any, staged: Any, wish: Wish) -> tuple[Dataset, Version]:
    from kaishu import catalogue, lake, source

    delivery = source.receive_original(call, original)
    dataset = _dataset(call, original.name, staged.plan.format, wish)
    entry = _first_table(catalogue.draft_resources(call, dataset))
    if entry is not None and entry.table_id:
        table, resource_id = lake.table_by_id(call.session, entry.table_id), entry.id
    else:
        table = lake.add_table(call, dataset.office_id, id=staged.mark.table_id)
        resource_id = catalogue.add_resource(
            call, dataset.name, name=original.name, format=staged.plan.format.upper(), table=table
        ).id
    version = lake.record_staged(call, staged, delivery=delivery, table=table)
    catalogue.set_version(call, dataset.name, resource_id, version)
    if wish.dataset and (wish.record or wish.title):
        changed = {**_draft_record(call, dataset), **wish.record}
        changed["title"] = wish.title or changed["title"]
        catalogue.revise(call, dataset.name, catalogue.record_from(changed))
    if wish.publish:
        catalogue.publish(call, dataset.name)
    return dataset, version


def _dataset(call: Call, file_name: str, format: str, wish: Wish) -> Dataset:
    from kaishu import catalogue
    from kaishu.base.errors import NotFound

    if wish.dataset:
        try:
            return catalogue.dataset_by_name(call, wish.dataset)
        except NotFound:
            if not wish.new:
                raise
    office = chosen_office(call, wish.office)
    title = wish.title or wish.record.get("title") or Path(file_name.removesuffix(".gz")).stem
    known = {
        "title": title,
        "resource_class": "department",
        "format_category": "spreadsheet" if format in ("xls", "xlsx") else "self-described",
        "update_frequency": "unknown",
        "contact_name": office.contact or office.title,
        "description": f"来自文件 {file_name}。From the file {file_name}.",
        **wish.record,
    }
    return catalogue.add_dataset(
        call, record=catalogue.record_from({**known, "title": title}), office=office.id, name=wish.dataset
    )


def _draft_record(call: Call, dataset: Dataset) -> dict[str, Any]:
    from kaishu import catalogue

    draft = catalogue.draft_of(call, dataset)
    return dict(draft.record if draft else dataset.record)


def chosen_office(call: Call, name: str, make: bool = True) -> Any:
    """The ``Office`` named, else the only one, else a first one.  Raises ``OfficeNeeded``."""
    from kaishu import access

    if name:
        return access.office_by_name(call.session, name)
    known = access.offices(call.session)
    if len(known) > 1:
        listed = several(f"{office.name} ({office.title})" for office in known)
        raise OfficeNeeded(count=len(known), known=listed)
    if known:
        return known[0]
    return access.add_office(call, name="office", title="本单位", title_en="This office") if make else None


def _first_table(entries: list[ResourceEntry]) -> ResourceEntry | None:
    return next((entry for entry in entries if entry.table_id), None)
