"""A graph of columns: values in, values out.  It has no circle, and no more than ``MOST`` nodes or edges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kaishu.lineage.errors import Circular, TooManyNodes

MOST = 200_000
#: Kinds of nodes, in the order in which data passes them.
KINDS = ("source", "file", "table", "item", "published", "interface")


@dataclass(frozen=True, slots=True)
class Node:
    """One column in one place; ``place`` tells places of a kind apart, ``label`` is how people call it.

    A node without ``column`` stands for the whole place.  ``type`` is one of the lake's, empty if not known.
    """

    kind: str
    place: str
    column: str = ""
    label: str = ""
    type: str = ""

    @property
    def id(self) -> str:
        """Unique in a graph; the same in each graph that shows this column."""
        return f"{self.kind}|{self.place}|{self.column}"


@dataclass(frozen=True, slots=True)
class Act:
    """What made an edge: the ledger's word and number for it, when and by whom.

    ``entry`` and ``actor`` are left out for those who may not read the dataset's history.
    """

    action: str
    at: datetime
    entry: int | None = None
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """``kind``: read, cast, renamed, fused (from the registers of a golden table), kept, cleansed or
    restored (from the version before), described, published, offered.  ``steps`` are the ids of those that
    cleansed."""

    start: str
    end: str
    kind: str
    act: Act | None = None
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes by id, and edges between them.  Raises ``TooManyNodes`` and ``Circular``."""

    nodes: Mapping[str, Node]
    edges: Sequence[Edge]

    def __post_init__(self) -> None:
        count = max(len(self.nodes), len(self.edges))
        if count > MOST:
            raise TooManyNodes(count=count, most=MOST)
        ranks(self)


def made_of(nodes: Iterable[Node], edges: Iterable[Edge]) -> Graph:
    """A graph of these nodes, and of those edges whose two ends are among them."""
    known = {node.id: node for node in nodes}
    return Graph(known, [edge for edge in edges if edge.start in known and edge.end in known])


def upstream(graph: Graph, ids: Iterable[str]) -> set[str]:
    """Everything that these nodes come from, without themselves unless one comes from another."""
    return _reached(ids, _following(graph, backwards=True))


def downstream(graph: Graph, ids: Iterable[str]) -> set[str]:
    """Everything that comes from these nodes."""
    return _reached(ids, _following(graph))


def path_of(graph: Graph, ids: Iterable[str]) -> Graph:
    """The part of the graph that these nodes come from or lead to."""
    wanted = {id for id in ids if id in graph.nodes}
    kept = wanted | upstream(graph, wanted) | downstream(graph, wanted)
    return made_of((graph.nodes[id] for id in graph.nodes if id in kept), graph.edges)


def ranks(graph: Graph) -> dict[str, int]:
    """How many steps each node is from where nothing comes before, on the longest way.  Raises ``Circular``.

    Method: Kahn (1962), "Topological sorting of large networks", linear in nodes and edges.
    """
    following = _following(graph)
    waiting = dict.fromkeys(graph.nodes, 0)
    for edge in graph.edges:
        waiting[edge.end] += 1
    found = {id: 0 for id, count in waiting.items() if not count}
    ready = list(found)
    while ready:
        at = ready.pop()
        for end in following.get(at, ()):
            found[end] = max(found.get(end, 0), found[at] + 1)
            waiting[end] -= 1
            if not waiting[end]:
                ready.append(end)
    for id, count in waiting.items():
        if count:
            node = graph.nodes[id]
            raise Circular(node=".".join(part for part in (node.label or node.place, node.column) if part))
    return found


def _following(graph: Graph, backwards: bool = False) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for edge in graph.edges:
        start, end = (edge.end, edge.start) if backwards else (edge.start, edge.end)
        found.setdefault(start, []).append(end)
    return found


def _reached(starts: Iterable[str], following: Mapping[str, Sequence[str]]) -> set[str]:
    found: set[str] = set()
    ready = list(starts)
    while ready:
        for end in following.get(ready.pop(), ()):
            if end not in found:
                found.add(end)
                ready.append(end)
    return found
