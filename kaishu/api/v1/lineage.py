"""Where columns come from and go, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel
from starlette.requests import Request

from kaishu import lineage
from kaishu.api.v1.datasets import Name
from kaishu.api.v1.router import family
from kaishu.api.v1.versions import ResourceId
from kaishu.http import read_call

router = family("versions")

Number = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Version; the newest if left out.")]
Column = Annotated[str, Query(max_length=300, description="Only what this column comes from and leads to.")]


class LineageNode(BaseModel):
    """A column in one place; ``kind`` is source, file, table, item, published or interface."""

    id: str
    kind: str
    place: str
    column: str
    label: str
    type: str


class LineageEdge(BaseModel):
    """``kind`` is read, cast, renamed, kept, cleansed, restored, described, published or offered.

    ``action`` is the ledger's word; ``steps`` are the ids of those that cleansed.
    ``entry`` (its number in the ledger) and ``actor`` are told to those who may read the history.
    """

    start: str
    end: str
    kind: str
    action: str | None = None
    at: datetime | None = None
    entry: int | None = None
    actor: str | None = None
    steps: list[str] = []


class LineageGraph(BaseModel):
    """The graph around one version; ``cut``: older versions whose rows are kept were left out."""

    dataset: str
    resource: str
    version: int
    cut: bool
    nodes: list[LineageNode]
    edges: list[LineageEdge]


class ColumnUse(BaseModel):
    """``kind`` is rule, reference, row-key, update-key, marker, element or standard; ``where`` dataset,
    contract or entity.
    """

    kind: str
    name: str
    title: str
    where: str


class ColumnImpact(BaseModel):
    """What a column's going would break.  Uses are told to those who may see the dataset's drafts; ``hidden``
    counts uses in tables of which the caller may not know more."""

    dataset: str
    column: str
    version: int
    reached: list[LineageNode]
    uses: list[ColumnUse]
    hidden: int
    followers: int


@router.get("/datasets/{name}/lineage")
def read_lineage(
    request: Request, name: Name, version: Number = None, resource: ResourceId = "", column: Column = ""
) -> LineageGraph:
    """Column to column: source, file, table, field dictionary, published version, interfaces."""
    with read_call(request) as call:
        found = lineage.lineage_of(call, name, resource or None, version)
        graph = found.path(column) if column else found.graph
        return LineageGraph(
            dataset=found.dataset.name,
            resource=found.resource.id,
            version=found.version.number,
            cut=found.cut,
            nodes=[_node(each) for each in graph.nodes.values()],
            edges=[_edge(each) for each in graph.edges],
        )


@router.get("/datasets/{name}/lineage/impact")
def read_impact(
    request: Request,
    name: Name,
    column: Annotated[str, Query(max_length=300, description="The column that would go.")],
    version: Number = None,
    resource: ResourceId = "",
) -> ColumnImpact:
    """What breaks if a column goes: fields, published versions, interfaces, rules, keys, other tables."""
    with read_call(request) as call:
        found = lineage.lineage_of(call, name, resource or None, version)
        told = lineage.impact_of(call, found, column)
        return ColumnImpact(
            dataset=found.dataset.name,
            column=column,
            version=found.version.number,
            reached=[_node(each) for each in told.reached],
            uses=[
                ColumnUse(kind=each.kind, name=each.name, title=each.title, where=each.where)
                for each in told.uses
            ],
            hidden=told.hidden,
            followers=told.followers,
        )


def _node(node: lineage.Node) -> LineageNode:
    return LineageNode.model_validate(node, from_attributes=True)


def _edge(edge: lineage.Edge) -> LineageEdge:
    act = edge.act
    return LineageEdge(
        start=edge.start,
        end=edge.end,
        kind=edge.kind,
        action=act.action if act else None,
        at=act.at if act else None,
        entry=act.entry if act else None,
        actor=act.actor or None if act else None,
        steps=list(edge.steps),
    )
