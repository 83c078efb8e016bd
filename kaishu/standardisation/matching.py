"""Which rows are one: decisions first, then keys, then what is probable; doubts wait for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kaishu.standardisation.clustering import Clusters
from kaishu.standardisation.errors import DecisionsContradict
from kaishu.standardisation.mapping import Mapping
from kaishu.standardisation.probable import find_pairs
from kaishu.standardisation.review import Decision

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from kaishu.standardisation.clustering import Numbers

KEY, PROBABLE, DECIDED = "key", "probable", "decided"


@dataclass
class Matches:
    """For each row the row that stands for its entity, and how rows came together.

    ``links``: (left, right, by, place in ``pairs`` or -1); ``waiting``: places in ``pairs`` to be decided;
    ``barred``: how many probable pairs a key, a register or a decision kept apart.
    """

    entity_of: list[int]
    links: list[tuple[int, int, str, int]]
    pairs: pa.Table | None = None
    waiting: list[int] = field(default_factory=list)
    barred: int = 0
    forgotten: int = 0


def match(connection: duckdb.DuckDBPyConnection, mapping: Mapping, decisions: Sequence[Decision]) -> Matches:
    """Match the table ``rows``.  Raises ``DecisionsContradict``."""
    import numpy as np

    keys = _key_numbers(connection, mapping)
    bits = [1 << place if source.unique else 0 for place, source in enumerate(mapping.sources)]
    sources = _column(connection, "SELECT _source FROM rows ORDER BY _id")
    registers = np.array(bits, np.int64)[sources]
    clusters = Clusters(keys, registers)
    links, forgotten = _follow(connection, mapping, clusters, decisions)
    for place, key in enumerate(keys):
        by = f"{KEY}:{'+'.join(mapping.keys[place])}"
        links += [(*link, by, -1) for link in clusters.join_same_key(place, key.tolist())]
    found = Matches([], links, forgotten=forgotten)
    if mapping.entity.probable is not None and len(registers):
        _match_probable(connection, mapping, clusters, found, sum(bits) if all(bits) else 0)
    found.entity_of = clusters.roots()
    return found


def _match_probable(
    connection: duckdb.DuckDBPyConnection, mapping: Mapping, clusters: Clusters, found: Matches, whole: int
) -> None:
    import numpy as np

    probable = mapping.entity.probable
    assert probable is not None
    done = np.array(clusters.complete(whole)) if whole else np.zeros(len(clusters.parent), bool)
    left_over = np.flatnonzero(~done)
    if len(left_over) < 2:
        return
    pairs = find_pairs(connection, mapping, left_over)
    sure = int(np.count_nonzero(pairs["probability"].to_numpy() >= probable.sure))
    ends = list(zip(pairs["left"].to_pylist(), pairs["right"].to_pylist(), strict=True))
    joined, barred = clusters.join_surest(ends[:sure])
    found.pairs, found.barred = pairs, len(barred)
    found.links += [(*ends[place], PROBABLE, place) for place in joined]
    asked = set()
    for place in range(sure, len(ends)):
        left, right = ends[place]
        between = tuple(sorted((clusters.root(left), clusters.root(right))))
        if between[0] != between[1] and between not in asked and not clusters.hindered(left, right):
            asked.add(between)
            found.waiting.append(place)


def _key_numbers(connection: duckdb.DuckDBPyConnection, mapping: Mapping) -> list[Numbers]:
    """For each key and row the first row with the same value; -1 for rows without."""
    found = []
    for place in range(len(mapping.keys)):
        key = f"_key{place}"
        found.append(
            _column(
                connection,
                f"""SELECT coalesce(f.first, -1) FROM rows r LEFT JOIN
                (SELECT {key}, min(_id) AS first FROM rows WHERE {key} IS NOT NULL GROUP BY {key}) f
                ON r.{key} = f.{key} ORDER BY r._id""",  # noqa: S608
            )
        )
    return found


def _column(connection: duckdb.DuckDBPyConnection, sql: str) -> Numbers:
    import numpy as np

    column: Any = connection.execute(sql).to_arrow_table().column(0)
    return column.to_numpy().astype(np.int64)  # type: ignore[no-any-return]


def _follow(
    connection: duckdb.DuckDBPyConnection, mapping: Mapping, clusters: Clusters, decisions: Sequence[Decision]
) -> tuple[list[tuple[int, int, str, int]], int]:
    """Join and keep apart as people decided.  Returns the links, and how many decisions found no rows."""
    import pyarrow as pa

    numbers = {source.name: place for place, source in enumerate(mapping.sources)}
    places = [
        (numbers.get(name, -1), handle) for each in decisions for name, handle in (each.left, each.right)
    ]
    wanted = pa.table(
        {
            "_source": pa.array([a for a, _ in places], pa.int32()),
            "_handle": pa.array([b for _, b in places], pa.string()),
        }
    )
    connection.register("_wanted", wanted)
    sql = "SELECT DISTINCT r._source, r._handle, r._id FROM rows r JOIN _wanted USING (_source, _handle)"
    rows = {(source, handle): id for source, handle, id in connection.execute(sql).fetchall()}
    connection.unregister("_wanted")
    ends = [rows.get(place) for place in places]
    both = list(zip(ends[::2], ends[1::2], decisions, strict=True))
    known = [(left, right, each) for left, right, each in both if left is not None and right is not None]
    links = []
    for left, right, each in known:
        if each.same:
            clusters.join(left, right)
            links.append((left, right, DECIDED, -1))
    for left, right, each in known:
        if not each.same and not clusters.keep_apart(left, right):
            raise DecisionsContradict(left=":".join(each.left), right=":".join(each.right))
    return links, len(both) - len(known)
