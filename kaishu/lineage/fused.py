"""The columns of a golden table come from columns of the registers that it was made of."""

from __future__ import annotations

from collections.abc import Iterator

from kaishu import lake, ledger, standardisation
from kaishu.access import Call, Permission, allowed
from kaishu.lake.models import Version
from kaishu.lineage.graph import Act, Edge, Node
from kaishu.standardisation.models import FusionRun


def fused_columns(call: Call, version: Version) -> Iterator[tuple[Node, Edge]]:
    """Columns of the registers with the edges from them, if a run of the standard layer made the version and
    the caller may see its mapping.
    """
    found = standardisation.run_of_version(call.session, version.id)
    if found is None or not allowed(call, Permission.standard_read):
        return
    run, kept = found
    act = _act(call, run)
    read = {each["source"]: each for each in run.versions}
    titles = {each["source"]: each["title"] for each in kept.tables}
    types = {
        source: {
            str(column["name"]): str(column["type"])
            for column in lake.version_by_id(call.session, each["version_id"]).columns
        }
        for source, each in read.items()
    }
    mapping = standardisation.read_mapping(kept)
    for source in mapping.sources:
        place = read[source.name]
        label = f"{titles[source.name]} v{place['number']}"
        for field, column in source.columns.items():
            type = types[source.name].get(column.column, "")
            node = Node("source", place["version_id"], column.column, label, type)
            yield node, Edge(node.id, Node("table", version.id, field).id, "fused", act)


def _act(call: Call, run: FusionRun) -> Act:
    for entry in ledger.entries(call.session, "standard", run.entity_id):
        if entry.action == "standardisation.run" and entry.facts.get("run") == run.id:
            return Act("standardisation.run", run.ended_at, entry.number, entry.actor_name)
    return Act("standardisation.run", run.ended_at, actor=run.actor)
