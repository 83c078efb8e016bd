"""pySHACL over a graph, and its report in plain words.  Nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from kaishu.inspection.shapes.drawing import turtle
from kaishu.inspection.shapes.rules import profile
from kaishu.inspection.shapes.wording import Result

if TYPE_CHECKING:
    import pyoxigraph
    from rdflib import Graph

SHACL = "http://www.w3.org/ns/shacl#"
LONGEST = 300


@cache
def shapes_graph() -> Graph:
    """The shapes, parsed once."""
    from rdflib import Graph

    return Graph().parse(data=turtle(), format="turtle")


def validate(graph: Graph) -> list[Result]:
    """Every broken constraint of a graph, in a stable order."""
    import pyshacl

    _conforms, report, _text = pyshacl.validate(
        graph, shacl_graph=shapes_graph(), inference="none", advanced=False, meta_shacl=False, inplace=True
    )
    return _results(report)


def graph_of(triples: Iterable[pyoxigraph.Triple], into: Graph | None = None) -> Graph:
    """Triples of the fast parser and writer in a graph of the library that pySHACL speaks to."""
    from rdflib import Graph

    made = into if into is not None else Graph(bind_namespaces="none")
    for triple in triples:
        made.add((_term(triple.subject), _term(triple.predicate), _term(triple.object)))
    return made


def named(term: Any) -> str:
    """A node as results name it."""
    return str(term.value)


def targets(graph: Graph) -> int:
    """How many nodes of the graph the shapes speak of."""
    from rdflib import RDF, URIRef

    said = profile()
    return sum(
        1 for thing in said.things for _ in graph.subjects(RDF.type, URIRef(said.expanded(thing.name)))
    )


def _term(term: Any) -> Any:
    from rdflib import BNode, Literal, URIRef

    kind = type(term).__name__
    if kind == "NamedNode":
        return URIRef(term.value)
    if kind == "BlankNode":
        return BNode(term.value)
    if term.language:
        return Literal(term.value, lang=term.language)
    datatype = term.datatype.value
    if datatype == "http://www.w3.org/2001/XMLSchema#string":
        return Literal(term.value)
    return Literal(term.value, datatype=URIRef(datatype), normalize=False)


def _results(report: Graph) -> list[Result]:
    from rdflib import RDF, Namespace

    sh = Namespace(SHACL)
    found = []
    for result in report.subjects(RDF.type, sh.ValidationResult):
        component = str(report.value(result, sh.sourceConstraintComponent) or "")
        value = report.value(result, sh.value)
        found.append(
            Result(
                node=str(report.value(result, sh.focusNode) or "")[:LONGEST],
                shape=str(report.value(result, sh.sourceShape) or ""),
                component=component.removeprefix(SHACL).removesuffix("ConstraintComponent"),
                value="" if value is None else str(value)[:LONGEST],
            )
        )
    return sorted(found, key=lambda each: (each.node, each.shape, each.component, each.value))
