"""Who sees values of an entity's sources as they stand; everybody else sees them masked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kaishu.access import Call, Permission, allowed, note, require
from kaishu.standardisation.differences import every_differing_row
from kaishu.standardisation.errors import RunFilesNotKept
from kaishu.standardisation.explaining import Explanation, explain
from kaishu.standardisation.models import FusionRun, MappingVersion, StandardEntity
from kaishu.standardisation.queries import FORCE, last_run, read_mapping, standard_by_name
from kaishu.standardisation.running import run_file


def sources_seen(call: Call, run: FusionRun) -> frozenset[str]:
    """The sources of a run whose values the actor may see.

    What is in force was agreed to by every office, so whoever may see the entity's rows sees all of it; of
    a trial everybody sees what they may see of the tables themselves.
    """
    require(call, Permission.standard_read)
    entity = call.session.get_one(StandardEntity, run.entity_id)
    kept = call.session.get_one(MappingVersion, run.mapping_id)
    whole = run.kind == FORCE and bool(allowed(call, Permission.standard_rows, office=entity.office_id))
    return frozenset(
        each["source"]
        for each in kept.tables
        if whole or allowed(call, Permission.failing_read, office=each["office_id"])
    )


def read_differences(call: Call, run: FusionRun, source: str, field: str) -> Iterator[dict[str, Any]]:
    """All rows of a source whose value of a field lost, as ``differing_rows`` tells them, for those who may
    read the source.  The ledger keeps that they were taken out.  Raises ``RunFilesNotKept``.
    """
    kept = call.session.get_one(MappingVersion, run.mapping_id)
    if source not in sources_seen(call, run):
        offices = [str(each["office_id"]) for each in kept.tables if each["source"] == source]
        require(call, Permission.failing_read, office=offices[0] if offices else "")
    note(call, "standardisation.differences.read", ("standard", run.entity_id), source=source, field=field)
    return every_differing_row(run_file(call.session, run), source, field)


def explain_entity(
    call: Call, name: str, key: str, *, trial: bool = False
) -> tuple[FusionRun, list[Explanation]]:
    """Entities by id, by a key's value or by ``SOURCE:ROW`` in the newest run, unmasked, and the run.

    The ledger keeps who asked about which entity.  Raises ``RunFilesNotKept``, ``NoSuchEntity``.
    """
    entity = standard_by_name(call.session, name)
    require(call, Permission.standard_read)
    run = last_run(call.session, entity, "" if trial else FORCE)
    if run is None:
        raise RunFilesNotKept(kind="", name=name)
    kept = call.session.get_one(MappingVersion, run.mapping_id)
    found = explain(read_mapping(kept), run_file(call.session, run), key)
    facts = {"run": run.id, "entities": [each.entity for each in found]}
    note(call, "standardisation.file.read", ("standard", entity.id), **facts)
    return run, found
