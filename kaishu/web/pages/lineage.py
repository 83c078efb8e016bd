"""Where the columns of a table come from and go, and what a column's going would break."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response
from starlette.routing import Route

from kaishu import lineage
from kaishu.lineage import Edge, Graph, Lineage, Node
from kaishu.web.lineage_contexts import ColumnLine, LineagePage, StepLine
from kaishu.web.lineage_drawing import drawn
from kaishu.web.rendering import render
from kaishu.web.routing import Visit, page
from kaishu.web.words import pick


def show(visit: Visit) -> Response:
    """Of the newest version that may be read, or of the one in the address; with ``column`` of one column."""
    number = visit.query("version")
    found = lineage.lineage_of(
        visit.call,
        visit.part("name"),
        visit.query("resource") or None,
        int(number) if number.isascii() and number.isdigit() and len(number) < 9 else None,
    )
    found = replace(found, graph=_in_words(found))
    column = visit.query("column")
    graph = found.path(column) if column else found.graph
    context = LineagePage(
        found=found,
        title=pick(found.dataset.title, found.dataset.title_en),
        column=column,
        drawing=drawn(graph),
        columns=() if column else _columns(found),
        steps=[
            StepLine(
                _told(graph.nodes[edge.start]),
                edge.kind,
                _told(graph.nodes[edge.end]),
                edge.act,
                edge.steps,
            )
            for edge in _in_order(graph)
        ]
        if column
        else (),
        impact=lineage.impact_of(visit.call, found, column) if column else None,
        interfaces=[node.place for node in graph.nodes.values() if node.kind == "interface"],
    )
    return render("dataset/lineage.html", visit.shell, context)


def _in_order(graph: Graph) -> list[Edge]:
    """The edges from where the column comes from to where it goes."""
    steps = lineage.ranks(graph)
    return sorted(graph.edges, key=lambda edge: steps[edge.start])


def _in_words(found: Lineage) -> Graph:
    """The graph with the items of the record called by their titles in the language of the page."""
    titles = {
        item["name"]: pick(item.get("title"), item.get("title_en"))
        for item in found.dataset.record.get("items", [])
    }
    nodes = {
        id: replace(node, label=titles.get(node.column, "")) if node.kind == "item" else node
        for id, node in found.graph.nodes.items()
    }
    return Graph(nodes, found.graph.edges)


def _columns(found: Lineage) -> list[ColumnLine]:
    nodes = found.graph.nodes
    into: dict[str, list[tuple[str, str]]] = {}
    items: dict[str, str] = {}
    published: dict[str, str] = {}
    for edge in found.graph.edges:
        start, end = nodes[edge.start], nodes[edge.end]
        if end.kind == "table" and end.place == found.version.id:
            into.setdefault(end.column, []).append((" · ".join((start.label, start.column)), edge.kind))
        elif start.kind == "table" and end.kind == "item":
            items[start.column] = end.label or end.column
        elif start.kind == "table" and end.kind == "published":
            published[start.column] = end.label
    return [
        ColumnLine(name, str(each["type"]), into.get(name, []), items.get(name, ""), published.get(name, ""))
        for each in found.version.columns
        for name in [str(each["name"])]
    ]


def _told(node: Node) -> tuple[str, str, str]:
    if node.kind == "item":
        return node.kind, node.label, node.column
    return node.kind, node.place if node.kind == "interface" else node.label, node.column


ROUTES: list[Route] = [page("/datasets/{name}/lineage", show)]
