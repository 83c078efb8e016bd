"""Lineage as OpenLineage run events, one for each act: a file became a version, a version was published.

Names of fields: OpenLineage 2-0-2 (RunEvent) and its facets columnLineage 1-2-0, schema 1-1-1,
version 1-0-1 (Apache-2.0, https://openlineage.io/spec).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from typing import Any

from kaishu.lineage.graph import Act, Edge, Graph, Node
from kaishu.lineage.tracing import Lineage

PRODUCER = "urn:kaishu"
SPEC = "https://openlineage.io/spec"
RUN_EVENT = f"{SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent"
#: What an edge does to values: OpenLineage's type and subtype.
_TRANSFORMATIONS = {
    "read": ("DIRECT", "IDENTITY"),
    "renamed": ("DIRECT", "IDENTITY"),
    "kept": ("DIRECT", "IDENTITY"),
    "published": ("DIRECT", "IDENTITY"),
    "restored": ("DIRECT", "IDENTITY"),
    "cast": ("DIRECT", "TRANSFORMATION"),
    "cleansed": ("DIRECT", "TRANSFORMATION"),
    "fused": ("DIRECT", "TRANSFORMATION"),
}
_ACTS = {"lake.derive": "cleanse", "standardisation.run": "fuse"}
_JOBS = {"table": "ingest", "published": "publish", "file": "receive"}


def events_of(lineage: Lineage) -> Iterator[dict[str, Any]]:
    """Complete run events in the order of the acts; descriptions and interfaces are no runs."""
    graph = lineage.graph
    into: dict[tuple[str, str], list[Edge]] = {}
    for edge in graph.edges:
        end = graph.nodes[edge.end]
        if end.kind in _JOBS and edge.act is not None:
            into.setdefault((end.kind, _dataset(lineage, end)), []).append(edge)
    found = [(_latest(edges), kind, name, edges) for (kind, name), edges in into.items()]
    for act, kind, _, edges in sorted(found, key=lambda each: (each[0].at, _order(each[1]), each[2])):
        yield _event(lineage, kind, act, edges)


def _order(kind: str) -> int:
    return ("file", "table", "published").index(kind)


def _latest(edges: Sequence[Edge]) -> Act:
    return max((edge.act for edge in edges if edge.act), key=lambda act: act.at)


def _event(lineage: Lineage, kind: str, act: Act, edges: Sequence[Edge]) -> dict[str, Any]:
    graph, name = lineage.graph, lineage.dataset.name
    end = graph.nodes[edges[0].end]
    run = uuid.uuid5(uuid.NAMESPACE_URL, f"kaishu:{act.action}:{_dataset(lineage, end)}:{act.at.isoformat()}")
    starts = {_dataset(lineage, graph.nodes[edge.start]): graph.nodes[edge.start] for edge in edges}
    return {
        "eventType": "COMPLETE",
        "eventTime": act.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "producer": PRODUCER,
        "schemaURL": RUN_EVENT,
        "run": {"runId": str(run), "facets": {}},
        "job": {
            "namespace": "kaishu",
            "name": f"{name}.{_ACTS.get(act.action) or _JOBS[kind]}",
            "facets": {},
        },
        "inputs": [_input(lineage, place, node) for place, node in starts.items()],
        "outputs": [
            {
                **_identity(lineage, end),
                "facets": {
                    "schema": _schema(graph.nodes[edge.end] for edge in edges),
                    "columnLineage": _columns(lineage, edges),
                },
            }
        ],
    }


def _input(lineage: Lineage, place: str, node: Node) -> dict[str, Any]:
    columns = [each for each in lineage.graph.nodes.values() if _dataset(lineage, each) == place]
    return {**_identity(lineage, node), "facets": {"schema": _schema(columns)}}


def _schema(nodes: Iterable[Node]) -> dict[str, Any]:
    fields = {
        node.column: {"name": node.column, **({"type": node.type} if node.type else {})} for node in nodes
    }
    return {**_facet("SchemaDatasetFacet", "1-1-1"), "fields": list(fields.values())}


def _columns(lineage: Lineage, edges: Sequence[Edge]) -> dict[str, Any]:
    nodes: Graph = lineage.graph
    fields: dict[str, Any] = {}
    for edge in edges:
        start, end = nodes.nodes[edge.start], nodes.nodes[edge.end]
        type, subtype = _TRANSFORMATIONS[edge.kind]
        told = {
            "type": type,
            "subtype": subtype,
            "description": " ".join((edge.kind, *edge.steps)),
            "masking": False,
        }
        given = {**_identity(lineage, start), "field": start.column, "transformations": [told]}
        fields.setdefault(end.column, {"inputFields": []})["inputFields"].append(given)
    return {**_facet("ColumnLineageDatasetFacet", "1-2-0"), "fields": fields}


def _facet(name: str, version: str) -> dict[str, str]:
    return {"_producer": PRODUCER, "_schemaURL": f"{SPEC}/facets/{version}/{name}.json#/$defs/{name}"}


def _identity(lineage: Lineage, node: Node) -> dict[str, str]:
    space, _, name = _dataset(lineage, node).partition("|")
    return {"namespace": space, "name": name}


def _dataset(lineage: Lineage, node: Node) -> str:
    """Namespace and name of the table that a node is a column of."""
    if node.kind == "file":
        return f"kaishu/originals|{node.place.partition(':')[0]}/{node.label}"
    if node.kind == "table":
        return f"kaishu/lake|{lineage.version.table_id}/{node.place}"
    if node.kind == "source":
        return f"kaishu/source|{node.label}"
    return f"kaishu/{node.kind}|{node.label}"
