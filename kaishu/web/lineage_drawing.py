"""A graph of columns as a drawing: lanes from left to right, in each the places with their columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kaishu.lineage import Edge, Graph, Node, ranks
from kaishu.web.charts import fit

WIDTH, GAP, ROW, HEAD = 176, 56, 26, 30
#: Columns of a place that are drawn, and lanes; a table beside the drawing has all.
MOST_ROWS, MOST_LANES = 30, 10
#: Latin letters that a box has room for; a Chinese character is two.
MOST_UNITS = 26
#: From top to bottom in a lane.
_KINDS = ("source", "file", "table", "published", "item", "interface")


@dataclass(frozen=True, slots=True)
class Box:
    """One column; ``column`` is the version's column to which it leads, empty for none."""

    x: int
    y: int
    text: str
    column: str

    @property
    def shown(self) -> str:
        """As much of the text as the box has room for."""
        return fit(self.text, MOST_UNITS)


@dataclass(frozen=True, slots=True)
class Heading:
    """A place; ``more`` counts columns that are not drawn, which is said at ``foot``."""

    x: int
    y: int
    kind: str
    text: str
    more: int
    foot: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """In units of the SVG."""

    width: int
    height: int
    boxes: Sequence[Box]
    headings: Sequence[Heading]
    lines: Sequence[str]


def drawn(graph: Graph) -> Drawing | None:
    """None of a graph with too many lanes."""
    slots = _slots(graph)
    lanes = max(slots.values(), default=0) + 1
    if lanes > MOST_LANES or not graph.nodes:
        return None
    leads = _leads(graph)
    filled = [0] * lanes
    boxes: dict[str, Box] = {}
    headings = []
    for (slot, kind, _), nodes in _places(graph, slots).items():
        x, y = slot * (WIDTH + GAP), filled[slot]
        foot = y + HEAD + MOST_ROWS * ROW + 14
        headings.append(Heading(x, y, kind, nodes[0].label, max(len(nodes) - MOST_ROWS, 0), foot))
        for place, node in enumerate(nodes[:MOST_ROWS]):
            boxes[node.id] = Box(x, y + HEAD + place * ROW + ROW // 2, _name(node), leads.get(node.id, ""))
        shown = min(len(nodes), MOST_ROWS) + (len(nodes) > MOST_ROWS)
        filled[slot] = y + HEAD + 14 + shown * ROW
    lines = [
        _line(boxes[edge.start], boxes[edge.end])
        for edge in graph.edges
        if edge.start in boxes and edge.end in boxes
    ]
    return Drawing(lanes * (WIDTH + GAP) - GAP, max(filled), list(boxes.values()), headings, lines)


def _name(node: Node) -> str:
    """Items of the record by their title, all else by the column."""
    names = (node.label, node.column) if node.kind == "item" else (node.column, node.label)
    return names[0] or names[1]


def _slots(graph: Graph) -> Mapping[str, int]:
    """Lanes: a place stands in one of them with all its columns, a file or a source right before what was
    made of it."""
    places = {id: _place(node) for id, node in graph.nodes.items()}
    between = dict.fromkeys((places[edge.start], places[edge.end]) for edge in graph.edges)
    whole = Graph(
        {places[id]: node for id, node in graph.nodes.items()}, [Edge(*each, "") for each in between]
    )
    lanes = ranks(whole)
    slots = {id: lanes[place] for id, place in places.items()}
    for kind in ("file", "source"):
        ends: dict[str, int] = {}
        for edge in graph.edges:
            if graph.nodes[edge.start].kind == kind:
                ends[edge.start] = min(slots[edge.end], ends.get(edge.start, slots[edge.end]))
        slots |= {id: slot - 1 for id, slot in ends.items()}
    return slots


def _place(node: Node) -> str:
    """What a column stands in: a file, a version, the record; each interface is for itself."""
    if node.kind in ("item", "interface"):
        return node.kind
    name = node.label if node.kind == "source" else node.place.rpartition(":")[0] or node.place
    return f"{node.kind}|{name}"


def _places(graph: Graph, slots: Mapping[str, int]) -> dict[tuple[int, str, str], list[Node]]:
    found: dict[tuple[int, str, str], list[Node]] = {}
    for id, node in graph.nodes.items():
        # each column of a file is a place of its own; the file is its first part
        place = node.label if node.kind in ("file", "source") else node.place.partition(":")[0]
        place = "" if node.kind in ("item", "interface") else place
        found.setdefault((slots[id], node.kind, place), []).append(node)
    return dict(sorted(found.items(), key=lambda pair: (pair[0][0], _KINDS.index(pair[0][1]))))


def _leads(graph: Graph) -> dict[str, str]:
    found = {id: node.column for id, node in graph.nodes.items() if node.kind not in ("file", "source")}
    for kind in ("file", "source"):
        for edge in graph.edges:
            if graph.nodes[edge.start].kind == kind:
                found[edge.start] = found.get(edge.end, "")
    return found


def _line(start: Box, end: Box) -> str:
    left, right = start.x + WIDTH, end.x
    middle = (left + right) // 2
    return f"M{left},{start.y} C{middle},{start.y} {middle},{end.y} {right},{end.y}"
