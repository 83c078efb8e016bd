"""The lineage of a dataset's table, put together from versions, deliveries, records and the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from kaishu import catalogue, ledger
from kaishu.access import Call, Permission, allowed, require
from kaishu.catalogue import ResourceEntry
from kaishu.catalogue.models import Dataset
from kaishu.lake import versions_of
from kaishu.lake.models import Version
from kaishu.lineage.derived import before_to_after, is_derived
from kaishu.lineage.errors import NoSuchColumn
from kaishu.lineage.fused import fused_columns
from kaishu.lineage.graph import Act, Edge, Graph, Node, made_of, path_of
from kaishu.source.models import Arrival, Contract

#: Versions, and columns of all of them, that are followed back where each keeps rows of the one before.
MOST_VERSIONS, MOST_COLUMNS = 20, 20_000
#: Forms of files whose values are letters until the lake gives them a type.
_LETTERS = ("csv", "tsv", "txt", "xml")
_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """The graph around one version of a table; ``insider``: may the caller see drafts and history?

    ``cut``: older versions whose rows are kept were left out.
    """

    dataset: Dataset
    resource: ResourceEntry
    version: Version
    graph: Graph
    insider: bool
    cut: bool = False

    def path(self, column: str) -> Graph:
        """What the column comes from and leads to.  Raises ``NoSuchColumn``."""
        return path_of(self.graph, [column_of(self, column)])


@dataclass(frozen=True, slots=True)
class _Looked:
    """Whom it is for, and of what."""

    call: Call
    dataset: Dataset
    resource: ResourceEntry
    insider: bool


def lineage_of(
    call: Call, dataset_name: str, resource_id: str | None = None, number: int | None = None
) -> Lineage:
    """The lineage of the version that ``catalogue.readable_version`` gives; raises what that raises.

    Sources are shown to those who may see them; who did what to those who may read the history.
    """
    require(call, Permission.dataset_read)
    dataset, entry, version = catalogue.readable_version(call, dataset_name, resource_id, number)
    insider = bool(allowed(call, Permission.dataset_read_draft, office=dataset.office_id))
    looked = _Looked(call, dataset, entry, insider)
    chain, cut = _kept_versions(looked, version)
    parts: list[tuple[Node | None, Edge | None]] = []
    for place, each in enumerate(chain):
        parts += _arrived(looked, each)
        if place:
            parts += before_to_after(
                looked.call.session, each, chain[place - 1], _made(looked, chain[place - 1])
            )
    parts += _described(looked, version)
    parts += _published(looked, version)
    graph = made_of((node for node, _ in parts if node), (edge for _, edge in parts if edge))
    return Lineage(dataset=dataset, resource=entry, version=version, graph=graph, insider=insider, cut=cut)


def column_of(lineage: Lineage, column: str) -> str:
    """Id of the version's column of that name.  Raises ``NoSuchColumn``."""
    id = Node("table", lineage.version.id, column).id
    if id not in lineage.graph.nodes:
        known = [str(each["name"]) for each in lineage.version.columns]
        more = "…" if len(known) > _SHOWN else ""
        raise NoSuchColumn(
            name=lineage.dataset.name,
            version=lineage.version.number,
            column=column,
            known="、".join(known[:_SHOWN]) + more,
        )
    return id


def _kept_versions(looked: _Looked, version: Version) -> tuple[list[Version], bool]:
    """The version and those before it whose rows it may still have, the newest first."""
    if version.mode == "replace":
        return [version], False  # nothing of the versions before
    found: list[Version] = []
    public = catalogue.published_versions(looked.call.session, looked.dataset).get(looked.resource.id, [])
    cut = False
    for each in versions_of(looked.call.session, version.table_id):
        if each.number > version.number:
            continue
        wide = sum(len(one.columns) for one in (*found, each)) > MOST_COLUMNS
        if found and (wide or len(found) == MOST_VERSIONS):
            return found, True
        if looked.insider or each in public:
            found.append(each)
        else:
            cut = True
        if each.mode == "replace":
            break
    return found, cut


def _arrived(looked: _Looked, version: Version) -> Iterator[tuple[Node | None, Edge | None]]:
    """Source to file to table."""
    label = f"{looked.resource.name or looked.dataset.title} v{version.number}"
    if is_derived(version):
        for column in version.columns:
            yield Node("table", version.id, str(column["name"]), label, str(column["type"])), None
        return
    fused = list(fused_columns(looked.call, version)) if looked.insider else []
    if fused:
        for column in version.columns:
            yield Node("table", version.id, str(column["name"]), label, str(column["type"])), None
        yield from fused
        return
    act = _made(looked, version)
    contract, taken = _contract(looked, version)
    letters = str((version.plan or {}).get("format", "")).lower() in _LETTERS
    for column in version.columns:
        table = Node("table", version.id, str(column["name"]), label, str(column["type"]))
        yield table, None
        name = str(column.get("source_name") or "")
        if not name and not column.get("position"):
            continue  # no column of the file: it was kept from the version before
        told = name or f"#{column['position']}"
        file = Node("file", version.sha256 + ":" + str(column.get("position", "")), told, version.file_name)
        kind = "renamed" if name != table.column else "read"
        if kind == "read" and letters and table.type != "text":
            kind = "cast"
        yield file, Edge(file.id, table.id, kind, act)
        if contract is not None:
            of = contract.remote_table or contract.name
            source = Node("source", contract.id, told, f"{contract.name}: {of}")
            yield source, Edge(source.id, file.id, "read", taken)


def _contract(looked: _Looked, version: Version) -> tuple[Contract | None, Act | None]:
    """The agreement under which the version's file came, if it did and the caller may see it."""
    asked = (
        select(Contract, Arrival)
        .join(Arrival, Arrival.contract_id == Contract.id)
        .where(Contract.table_id == version.table_id, Arrival.version_id == version.id)
    )
    found = looked.call.session.execute(asked.limit(1)).first()
    if found is None or not allowed(looked.call, Permission.source_read, office=found[0].office_id):
        return None, None
    return found[0], Act("source.arrival", found[1].at)


def _made(looked: _Looked, version: Version) -> Act:
    """The act that made a version."""
    action = "lake.derive" if is_derived(version) else "lake.ingest"
    return _act(looked, "version", version.id, action, version.created_at)


def _described(looked: _Looked, version: Version) -> Iterator[tuple[Node | None, Edge | None]]:
    """The field dictionary describes the first table of a dataset."""
    resources = looked.dataset.resources
    if not resources or resources[0]["id"] != looked.resource.id:
        return
    for item in looked.dataset.record.get("items", []):
        node = Node("item", looked.dataset.id, item["name"], item.get("title", ""), item.get("type", ""))
        yield node, Edge(Node("table", version.id, item["name"]).id, node.id, "described")


def _published(looked: _Looked, version: Version) -> Iterator[tuple[Node | None, Edge | None]]:
    """Table to published version to what hands it out; the newest version is the interfaces' own."""
    first: Any = None
    for revision in catalogue.published_revisions(looked.call.session, looked.dataset):
        if any(entry.get("version_id") == version.id for entry in revision.resources):
            first = revision
    if first is None:
        return
    act = _act(looked, "dataset", looked.dataset.id, "catalogue.publish", first.published_at, first.number)
    current = looked.dataset.state == "published" and any(
        entry.get("version_id") == version.id for entry in looked.dataset.resources
    )
    ways = [
        Node("interface", f"/api/v1/datasets/{looked.dataset.name}/{way}", label=way)
        for way in ("rows", "download")
    ]
    for column in version.columns:
        name = str(column["name"])
        node = Node(
            "published",
            f"{looked.resource.id}:{version.number}",
            name,
            f"{looked.dataset.name} v{version.number}",
            str(column["type"]),
        )
        yield node, Edge(Node("table", version.id, name).id, node.id, "published", act)
        for way in ways if current else ():
            yield way, Edge(node.id, way.id, "offered", act)


def _act(looked: _Looked, kind: str, id: str, action: str, at: Any, revision: int | None = None) -> Act:
    """The ledger's entry of an act for insiders; for others what the version itself tells."""
    if looked.insider:
        for entry in _entries(looked, kind, id):
            if entry.action == action and revision in (None, entry.facts.get("revision")):
                return Act(action, at, entry.number, entry.actor_name)
    return Act(action, at)


def _entries(looked: _Looked, kind: str, id: str) -> Sequence[Any]:
    if kind == "dataset":
        return catalogue.history(looked.call, looked.dataset.name)
    return ledger.entries(looked.call.session, kind, id)
