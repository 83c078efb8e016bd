"""Laws of the graph, whatever it looks like."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kaishu.lineage import Edge, Graph, Node, downstream, path_of, ranks, upstream
from kaishu.lineage import graph as graphs
from kaishu.lineage.errors import Circular, TooManyNodes
from kaishu.lineage.graph import made_of

COUNT = 9


def node(number: int) -> Node:
    return Node("table", "t", f"c{number}")


def drawn(pairs: set[tuple[int, int]]) -> Graph:
    return made_of(map(node, range(COUNT)), [Edge(node(a).id, node(b).id, "read") for a, b in sorted(pairs)])


numbers = some.integers(0, COUNT - 1)
acyclic = some.sets(some.tuples(numbers, numbers).filter(lambda pair: pair[0] < pair[1])).map(drawn)


@given(acyclic, numbers, numbers)
def test_what_lies_upstream_of_a_node_has_it_downstream(graph: Graph, one: int, other: int) -> None:
    a, b = node(one).id, node(other).id
    assert (a in upstream(graph, [b])) == (b in downstream(graph, [a]))
    assert a not in upstream(graph, [a])


@given(acyclic, numbers)
def test_following_twice_finds_nothing_new_and_a_path_is_both_ways(graph: Graph, one: int) -> None:
    id = node(one).id
    below, above = downstream(graph, [id]), upstream(graph, [id])
    assert downstream(graph, below) <= below
    assert set(path_of(graph, [id]).nodes) == {id} | below | above


@given(acyclic)
def test_every_edge_leads_to_a_later_rank(graph: Graph) -> None:
    found = ranks(graph)
    assert set(found) == set(graph.nodes)
    assert all(found[edge.start] < found[edge.end] for edge in graph.edges)


@given(acyclic, some.lists(numbers, min_size=1, max_size=5, unique=True))
def test_a_circle_is_refused_wherever_it_is(graph: Graph, ring: list[int]) -> None:
    turn = [Edge(node(a).id, node(b).id, "read") for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)]
    with pytest.raises(Circular):
        Graph(graph.nodes, [*graph.edges, *turn])


def test_more_than_the_most_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphs, "MOST", COUNT - 1)
    with pytest.raises(TooManyNodes):
        drawn(set())
