"""SQLite FTS5 with the tokens of our index, asked for the same datasets and the same counts.

As well done as we know: in memory, merged into one segment, the words looked up once for the best and for all
counts, the same word in several columns looked up once, facets as numbers beside it.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain, combinations
from typing import TYPE_CHECKING, Any

from kaishu.discovery import shape

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

#: Fields of the words that Chinese queries look in, in the order of the table's columns.
FIELDS = {**shape.WORDS, **shape.PARTS, **shape.PAIRS_ONLY}
ANALYSERS = {
    **dict.fromkeys(shape.WORDS, "words"),
    **dict.fromkeys(shape.PARTS, "characters"),
    **dict.fromkeys(shape.PAIRS_ONLY, "pairs"),
}
NUMBERED = [*shape.VALUES, *chain.from_iterable(shape.SETS.values()), *shape.NUMBERS, *FIELDS]
MOST = 50
BEST_OF_ALL = (
    "SELECT name FROM (SELECT id FROM found ORDER BY rank LIMIT 20) AS best CROSS JOIN facets USING (id)"
)

Terms = dict[str, set[str]]


class Fts5:
    """One table of words and, beside it by number, the facets as numbers; those of several values apart."""

    def __init__(self, facets: Sequence[str]) -> None:
        self.single = [name for name in facets if name not in shape.SEVERAL]
        self.several = [name for name in facets if name in shape.SEVERAL]
        self.facets = facets
        self.count = 0
        self.codes: dict[str, int] = {}
        self.database = sqlite3.connect(":memory:", isolation_level=None)
        run = self.database.execute
        run("PRAGMA temp_store = memory")
        # 'ascii' leaves every token as it is: they come cut, with blanks between
        run(f"CREATE VIRTUAL TABLE texts USING fts5({', '.join(FIELDS)}, content='', tokenize='ascii')")
        run(f"CREATE TABLE facets (id INTEGER PRIMARY KEY, name, {', '.join(self.single)})")
        run(f"CREATE TEMP TABLE found (id INTEGER PRIMARY KEY, rank, {', '.join(self.single)})")
        for name in self.several:
            run(
                f"CREATE TABLE each_{name} (id INTEGER, value INTEGER, PRIMARY KEY (id, value)) WITHOUT ROWID"
            )
        run("BEGIN")

    def add(self, made: dict[str, Any]) -> None:
        """A document's fields."""
        self.count += 1
        analysers = shape.analysers()
        texts = [_joined(analysers[ANALYSERS[name]].analyze(made[name])) for name in FIELDS]
        self._insert("texts (rowid, " + ", ".join(FIELDS) + ")", texts)
        self._insert("facets", [made["id"], *(self._code(made.get(name)) for name in self.single)])
        for name in self.several:
            for value in made.get(name, ()):
                self._insert(f"each_{name}", [self._code(value)])

    def finish(self) -> None:
        """Everything is in: one segment, and the planner knows the sizes."""
        for statement in ("INSERT INTO texts (texts) VALUES ('optimize')", "COMMIT", "ANALYZE"):
            self.database.execute(statement)
        self.names = {code: value for value, code in self.codes.items()}

    def ask(self, wanted: str) -> tuple[int, list[str], dict[str, list[tuple[str, int]]]]:
        """How many, the best, and counts by facet: the words are looked up once for all of it."""
        run = self.database.execute
        run("DELETE FROM found")
        weights = ", ".join(str(weight) for weight in FIELDS.values())
        columns = ", ".join(f"f.{name}" for name in self.single)
        run(
            f"INSERT INTO found SELECT f.id, bm25(texts, {weights}), {columns}"
            " FROM texts CROSS JOIN facets f ON f.id = texts.rowid WHERE texts MATCH ?",
            (wanted,),
        )
        (total,) = run("SELECT count(*) FROM found").fetchone()
        best = [name for (name,) in run(BEST_OF_ALL)]
        return total, best, {name: self._counts(name) for name in self.facets}

    def _counts(self, name: str) -> list[tuple[str, int]]:
        value, source = name, "found"
        if name in self.several:
            value, source = "value", f"found CROSS JOIN each_{name} USING (id)"
        counted = self.database.execute(
            f"SELECT {value}, count(*) FROM {source} WHERE {value} IS NOT NULL"
            f" GROUP BY 1 ORDER BY 2 DESC LIMIT {MOST}"
        )
        return [(self.names[code], number) for code, number in counted]

    def _insert(self, table: str, values: Sequence[Any]) -> None:
        marks = ", ".join("?" * (len(values) + 1))
        self.database.execute(f"INSERT INTO {table} VALUES ({marks})", (self.count, *values))

    def _code(self, value: str | None) -> int | None:
        return None if value is None else self.codes.setdefault(value, len(self.codes))


def filled(session: Session, facets: Sequence[str]) -> Fts5:
    """With everything published."""
    from kaishu.discovery.documents import fields_of
    from kaishu.discovery.rows import boundaries, published_between

    made = Fts5(facets)
    for span in boundaries(session, 1000):
        for row in published_between(session, *span):
            made.add(fields_of(row, 0))
    made.finish()
    return made


def _joined(tokens: Iterable[str]) -> str:
    return " ".join(token for token in tokens if " " not in token)


def asked(query: Any) -> str:
    """A query of Tantivy's, as it prints itself, in FTS5's language: what must be found, not what may."""
    text = repr(query)
    for pattern, put in PRINTED:
        text = re.sub(pattern, put, text)
    return _expression(json.loads(text))


PRINTED = (
    (r"^Query\((.*)\)$", r"\1"),
    (r'Term\(field=(\d+), type=Str, ("(?:[^"\\]|\\.)*")\)', r'["term", \1, \2]'),
    (r"TermQuery\(", '["same", '),
    (r"Boost\(query=", '["same", '),
    (r", boost=[\d.e-]+", ""),
    (r"DisjunctionMaxQuery \{ disjuncts: ", '["any", '),
    (r", tie_breaker: [\d.]+ \}", "]"),
    (r"BooleanQuery \{ subqueries: ", '["bool", '),
    (r", minimum_number_should_match: (\d+) \}", r", \1]"),
    (r"\((Must|Should), ", r'["\1", '),
    (r"\)", "]"),
)


def _expression(node: list[Any]) -> str:
    kind, *rest = node
    if kind == "term":
        return f'{{{NUMBERED[rest[0]]}}} : "{rest[1]}"'
    if kind == "same":
        return _expression(rest[0])
    if kind == "any":
        return _any(rest[0])
    parts, least = rest
    must = [part for occur, part in parts if occur == "Must"]
    if must:
        return _all(must)
    should = [part for _, part in parts]
    if least <= 1:
        return _any(should)
    return _or(_all(some) for some in combinations(should, least))


def _any(nodes: Iterable[list[Any]]) -> str:
    """Alternatives: the same word in several columns is looked up once, and nothing said twice."""
    columns: Terms = {}
    others = []
    for node in nodes:
        while node[0] == "same":
            node = node[1]
        if node[0] == "term":
            columns.setdefault(node[2], set()).add(NUMBERED[node[1]])
        else:
            others.append(_expression(node))
    terms = [f'{{{" ".join(sorted(among))}}} : "{text}"' for text, among in columns.items()]
    return _or([*terms, *others])


def _all(nodes: Iterable[list[Any]]) -> str:
    return " AND ".join(f"({text})" for text in dict.fromkeys(map(_expression, nodes)))


def _or(parts: Iterable[str]) -> str:
    return " OR ".join(f"({part})" for part in dict.fromkeys(parts))
