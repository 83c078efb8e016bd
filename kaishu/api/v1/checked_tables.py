"""The newest checks of a dataset's tables that a caller may see."""

from __future__ import annotations

from kaishu import catalogue, quality
from kaishu.access import Call, Permission, allowed
from kaishu.quality.models import Run


def checks_of_dataset(call: Call, name: str) -> list[tuple[str, Run, bool]]:
    """(id of the resource, newest check, whether rows of it are handed out) of its tables.

    Departments and reviewers see drafts too.
    """
    dataset = catalogue.dataset_by_name(call, name)
    insider = allowed(call, Permission.dataset_read_draft, office=dataset.office_id)
    found = []
    for entry in catalogue.resources_of(dataset):
        if entry.table_id:
            version = "" if insider else str(entry.version_id)
            run = quality.last_check(call.session, entry.table_id, version)
            if run is not None:
                found.append((entry.id, run, catalogue.rows_refused(call, dataset, entry.id) is None))
    return found
