"""A document of RDF as things with their statements, in the order in which they stand.

Nothing is ever fetched.  Addresses that are relative, or that no reader should take, come as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urljoin

from kaishu.crosswalk.dcat.errors import (
    BrokenDocument,
    HostileDocument,
    RemoteContext,
    TooManyStatements,
    UnknownSyntax,
)
from kaishu.crosswalk.dcat.names import whole
from kaishu.crosswalk.dcat.reasons import TOO_DEEP, in_chinese
from kaishu.crosswalk.dcat.syntaxes import SPOKEN, SYNTAXES, Syntax, guess, syntax_named

MOST_TRIPLES = 4_000_000
NOWHERE = "https://relative.invalid/"  # base of documents that were not told where they stand
ENTITY = re.compile(rb"<!ENTITY\s+(%?\s*[^\s]+)\s+(SYSTEM|PUBLIC|\"[^\"]*\"|'[^']*')", re.IGNORECASE)
TAG = re.compile(
    rb"""<!--.*?--> | <!\[CDATA\[.*?\]\]> | (?P<close></)
    | <[A-Za-z_:\x80-\xff] (?:[^"'<>/] | /(?!>) | "[^"]*+" | '[^']*+')*+ (?: /> | (?P<open>>) )""",
    re.VERBOSE | re.DOTALL,
)
TRIPLE_TERM = re.compile(rb"(?P<open><<\()|(?P<close>\)>>)")
MOST_DEEP = 200
MOST_ENTITIES, LONGEST_ENTITY = 100, 300
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


class Term(NamedTuple):
    """``kind`` is text, iri or blank."""

    value: str
    kind: str
    language: str = ""
    datatype: str = ""


class Graph:
    """Thing to predicate to values.  Blank things have names that begin with ``_:``."""

    def __init__(self) -> None:
        self.things: dict[str, dict[str, list[Term]]] = {}

    def add(self, subject: str, predicate: str, value: Term) -> None:
        """One statement."""
        self.things.setdefault(subject, {}).setdefault(predicate, []).append(value)

    def said(self, subject: str, name: str) -> list[Term]:
        """All values of ``dct:title`` and the like, each once."""
        found = self.things.get(subject, {}).get(whole(name), ())
        return list(dict.fromkeys(found))

    def texts(self, subject: str, name: str) -> list[str]:
        """The values as text, without empty ones."""
        return [term.value for term in self.said(subject, name) if term.value.strip()]

    def text(self, subject: str, *names: str) -> str:
        """The first value of the first of these that has one."""
        return next((text for name in names for text in self.texts(subject, name)), "")

    def described(self, term: Term) -> bool:
        """Is something said of it here?"""
        return term.kind != "text" and term.value in self.things

    def is_a(self, subject: str, name: str) -> bool:
        """Is the thing of this class?"""
        return any(term.value == whole(name) for term in self.things.get(subject, {}).get(TYPE, ()))

    def of_class(self, *names: str) -> Iterator[str]:
        """Things of one of these classes, in the document's order."""
        wanted = {whole(name) for name in names}
        for subject, statements in self.things.items():
            if any(term.value in wanted for term in statements.get(TYPE, ())):
                yield subject


def read_graph(data: bytes, syntax: str = "", base: str = "") -> Graph:
    """The statements of a document.  Raises ``BrokenDocument`` and its kin; never takes half of one."""
    import pyoxigraph as ox

    chosen = _chosen(data, syntax)
    data = data.removeprefix(b"\xef\xbb\xbf")
    _guard_depth(data, chosen)
    if chosen.format == "RDF_XML":
        _guard_entities(data)
    if chosen.format == "JSON_LD":
        _guard_contexts(data)
    graph = Graph()
    count = 0
    try:
        for quad in ox.parse(
            data, format=getattr(ox.RdfFormat, chosen.format), base_iri=NOWHERE, lenient=True
        ):
            count += 1
            if count > MOST_TRIPLES:
                raise TooManyStatements(most=MOST_TRIPLES)
            predicate = quad.predicate.value
            graph.add(_term(quad.subject, base).value, predicate, _term(quad.object, base))
    except (SyntaxError, ValueError, UnicodeError) as error:
        line, column = getattr(error, "lineno", None) or 1, getattr(error, "offset", None) or 1
        reason = re.sub(r"^Parser error at line .*?: ", "", str(getattr(error, "msg", None) or error))
        raise _broken(chosen, reason[:300], line, column) from error
    return graph


def _broken(syntax: Syntax, reason: str, line: int, column: int) -> BrokenDocument:
    return BrokenDocument(
        line=line,
        column=column,
        syntax=SPOKEN.get(syntax.format, syntax.name),
        reason=reason,
        reason_zh=in_chinese(reason),
    )


def _chosen(data: bytes, syntax: str) -> Syntax:
    if not syntax:
        return guess(data)
    chosen = syntax_named(syntax)
    if chosen is None:
        raise UnknownSyntax(syntax=syntax[:80])
    return chosen


def _term(node: Any, base: str) -> Term:
    import pyoxigraph as ox

    if isinstance(node, ox.Literal):
        return Term(node.value, "text", (node.language or "").lower(), node.datatype.value)
    if isinstance(node, ox.NamedNode):
        if node.value.startswith(NOWHERE):
            return Term(_standing(node.value[len(NOWHERE) :], base), "iri")
        return Term(node.value, "iri")
    if isinstance(node, ox.BlankNode):
        return Term(f"_:{node.value}", "blank")
    return Term(str(node), "text")


def _standing(relative: str, base: str) -> str:
    """A relative address from where the document stands; a mere word or a mail address stays what it is."""
    if not base or re.fullmatch(r"[^/#?.]+|[^/#?\s]+@[^/#?\s]+", relative):
        return relative
    try:
        return urljoin(base, relative)
    except ValueError:
        return relative


def _guard_entities(data: bytes) -> None:
    """Abbreviations of namespaces are fine; what refers to others or to files is not."""
    for count, match in enumerate(ENTITY.finditer(data), 1):
        name, value = match[1], match[2]
        if name.startswith(b"%") or value.upper() in (b"SYSTEM", b"PUBLIC"):
            raise HostileDocument(reason="SYSTEM, PUBLIC, %")
        if b"&" in value or len(value) > LONGEST_ENTITY or count > MOST_ENTITIES:
            raise HostileDocument(reason="&, > 300, > 100")


def _guard_depth(data: bytes, syntax: Syntax) -> None:
    """What stands inside one another without end overflows the parser's stack, or holds it for hours."""
    if syntax.format == "JSON_LD" or (syntax.format != "RDF_XML" and b"<<(" not in data):
        return
    depth = 0
    for mark in (TAG if syntax.format == "RDF_XML" else TRIPLE_TERM).finditer(data):
        if mark["open"] is not None:
            depth += 1
        elif mark["close"] is not None:
            depth -= 1
        if depth > MOST_DEEP:
            start = data.rfind(b"\n", 0, mark.start()) + 1
            line, column = data.count(b"\n", 0, start) + 1, mark.start() - start + 1
            raise _broken(syntax, TOO_DEEP, line, column)


def _guard_contexts(data: bytes) -> None:
    """Every context must stand in the document itself."""
    import orjson

    try:
        waiting: list[Any] = [orjson.loads(data)]
    except orjson.JSONDecodeError as error:
        raise _broken(SYNTAXES["jsonld"], error.msg[:300], error.lineno, error.colno) from error
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            for key, inner in value.items():
                if key in ("@context", "@import"):
                    for each in inner if isinstance(inner, list) else [inner]:
                        if isinstance(each, str):
                            raise RemoteContext(context=each[:300])
                waiting.append(inner)
