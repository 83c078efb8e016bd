"""A mapping and its sources become golden records, each cell with its reasons: all files, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as Lookup
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu import lake
from kaishu.base.errors import Said
from kaishu.quality.errors import Problem
from kaishu.standardisation.conversions import literal
from kaishu.standardisation.errors import BadMapping
from kaishu.standardisation.gathering import Unreadable, check_columns, gather
from kaishu.standardisation.mapping import Mapping
from kaishu.standardisation.matching import Matches, match
from kaishu.standardisation.probable import compared, require_splink
from kaishu.standardisation.review import Decision, read_decisions, write_queue
from kaishu.standardisation.survivorship import cells_sql
from kaishu.standardisation.workspace import named, workspace

if TYPE_CHECKING:
    import duckdb

    from kaishu.lake import TableData

Progress = Callable[[int, int], None]
_STEPS = 6


@dataclass(frozen=True, kw_only=True)
class Fused:
    """What came of it: counts, and where the files are."""

    entity: str
    sources: Lookup[str, int]
    entities: int
    shared: int
    links: Lookup[str, int]
    waiting: int
    decided: int
    forgotten: int
    barred: int
    differing: Lookup[str, int]
    unreadable: Sequence[Unreadable] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Plain values."""
        lost = [
            {"source": each.source, "field": each.field, "count": each.count, "examples": each.examples}
            for each in self.unreadable
        ]
        return {
            "entity": self.entity,
            "rows": sum(self.sources.values()),
            "sources": dict(self.sources),
            "entities": self.entities,
            "shared": self.shared,
            "links": dict(self.links),
            "waiting": self.waiting,
            "decided": self.decided,
            "forgotten": self.forgotten,
            "barred": self.barred,
            "differing": dict(self.differing),
            "unreadable": lost,
        }


def companions(golden: Path) -> dict[str, Path]:
    """The files beside a golden table: its rows, its cells, its links."""
    return {name: golden.with_suffix(f".{name}.parquet") for name in ("rows", "cells", "links")}


def fuse(
    mapping: Mapping,
    golden: Path,
    *,
    folder: Path = Path(),
    review: Path | None = None,
    progress: Progress | None = None,
) -> Fused:
    """Write ``golden`` and its ``companions``, and the review queue if asked for.

    ``folder``: where the files of sources count from.  Raises ``BadMapping``, ``BadReviewFile``,
    ``DecisionsContradict``, ``FusionNotInstalled`` and what reading a file raises.
    """
    if mapping.entity.probable is not None:
        require_splink()
    decisions = read_decisions(review) if review is not None and review.exists() else []
    with ExitStack() as stack:
        tables = [stack.enter_context(lake.reading_file(path)) for path in _paths(mapping, folder)]
        return fuse_tables(
            mapping,
            tables,
            golden,
            decisions=decisions,
            tell_waiting=None if review is None else partial(write_queue, review, mapping.fields, decisions),
            progress=progress,
        )


def fuse_tables(
    mapping: Mapping,
    tables: Sequence[TableData],
    golden: Path,
    *,
    decisions: Sequence[Decision] = (),
    tell_waiting: Callable[[list[dict[str, Any]]], object] | None = None,
    most_waiting: int | None = None,
    progress: Progress | None = None,
) -> Fused:
    """The same of opened tables, one for each source in their order.

    ``tell_waiting`` is given the pairs to be decided, the likeliest first, before any file is put in place:
    {left, left_row, right, right_row, probability, weight, why, left_<field>, right_<field>}.
    """
    tell = progress or (lambda done, total: None)
    check_columns(mapping, tables)
    files = [file for data in tables for file in data.files]
    with workspace(golden.parent, [*files, *(file.resolve() for file in files)]) as (connection, work):
        tell(1, _STEPS)
        unreadable = gather(connection, mapping, tables)
        tell(2, _STEPS)
        found = match(connection, mapping, decisions)
        tell(4, _STEPS)
        waiting = _waiting(connection, mapping, found, most_waiting) if tell_waiting is not None else []
        differing = _write(connection, mapping, found, work)
        tell(5, _STEPS)
        result = _counted(connection, mapping, found, decisions, differing, unreadable)
        if tell_waiting is not None:
            tell_waiting(waiting)
        for name, path in {"golden": golden, **companions(golden)}.items():
            (work / f"{name}.parquet").replace(path)
        tell(_STEPS, _STEPS)
        return result


def _paths(mapping: Mapping, folder: Path) -> Iterator[Path]:
    problems = []
    for place, source in enumerate(mapping.sources, 1):
        if not (folder / source.file).is_file():
            said = Said(f"没有文件“{source.file}”", f'there is no file "{source.file}"')
            problems.append(Problem(source.lines.get("file", source.line), f"sources[{place}].file", said))
    if problems:
        raise BadMapping(mapping.file, problems)
    yield from (folder / source.file for source in mapping.sources)


def _write(
    connection: duckdb.DuckDBPyConnection, mapping: Mapping, found: Matches, work: Path
) -> dict[str, int]:
    """Files of the entities; returns for each field how many entities have different values."""
    _name_entities(connection, mapping, found)
    _write_links(connection, mapping, found, work)
    fields = ", ".join(f"r.{named(name)}" for name in mapping.fields)
    title = _source_name(mapping, "r._source")
    _copy(
        connection,
        f"""SELECT entity, {title} AS _source, r._row, r._handle, coalesce(l.by, '') AS _by, {fields}
        FROM rows r JOIN entities e USING (_id) LEFT JOIN linked_by l USING (_id)
        ORDER BY entity, r._id""",  # noqa: S608
        work / "rows.parquet",
    )
    for place, name in enumerate(mapping.fields):
        verb = "INSERT INTO cells" if place else "CREATE TABLE cells AS"
        connection.execute(f"{verb} {cells_sql(mapping, name)}")
    sql = "SELECT field, count(*) FROM cells WHERE losers IS NOT NULL GROUP BY field"
    differing: dict[str, int] = dict(connection.execute(sql).fetchall())
    _copy(connection, "SELECT * FROM cells ORDER BY entity, field", work / "cells.parquet")
    columns = ", ".join(
        f"max(value) FILTER (field = {literal(name)}) AS {named(name)}" for name in mapping.fields
    )
    _copy(
        connection,
        f"""WITH sizes AS (SELECT entity, count(*) AS _rows, count(DISTINCT _source) AS _sources
            FROM rows JOIN entities USING (_id) GROUP BY entity),
        wide AS (SELECT entity, {columns}, count(losers) AS _differing FROM cells GROUP BY entity)
        SELECT s.entity, wide.* EXCLUDE (entity, _differing), _rows, _sources,
            coalesce(_differing, 0) AS _differing
        FROM sizes s LEFT JOIN wide USING (entity) ORDER BY s.entity""",  # noqa: S608
        work / "golden.parquet",
    )
    return {name: differing[name] for name in mapping.fields if name in differing}


def _name_entities(connection: duckdb.DuckDBPyConnection, mapping: Mapping, found: Matches) -> None:
    """Table ``entities`` (_id, entity): an entity is called after the first of its rows, so it keeps its
    name while that row is there.
    """
    import pyarrow as pa

    count = len(found.entity_of)
    table = pa.table(
        {"_id": pa.array(range(count), pa.int64()), "_root": pa.array(found.entity_of, pa.int64())}
    )
    connection.register("_roots", table)
    title = _source_name(mapping, "r._source")
    connection.execute(
        f"""CREATE TABLE entities AS
        WITH firsts AS (SELECT _root, min(_id) AS _id FROM _roots GROUP BY _root),
        names AS (SELECT _root, md5(concat_ws(':', {title}, r._handle))[1:16] AS entity
            FROM firsts JOIN rows r USING (_id))
        SELECT t._id, entity FROM _roots t JOIN names USING (_root)"""  # noqa: S608
    )
    connection.unregister("_roots")


def _write_links(connection: duckdb.DuckDBPyConnection, mapping: Mapping, found: Matches, work: Path) -> None:
    """Every link that was followed, with the weight of each field where a model weighed it."""
    import pyarrow as pa

    left, right, by, place = zip(*found.links, strict=True) if found.links else ((), (), (), ())
    links = pa.table(
        {
            "left": pa.array(left, pa.int64()),
            "right": pa.array(right, pa.int64()),
            "by": pa.array(by, pa.string()),
            "place": pa.array(place, pa.int64()),
        }
    )
    connection.register("_links", links)
    connection.execute(
        """CREATE TABLE linked_by AS SELECT _id, min("by") AS "by" FROM
        (SELECT "left" AS _id, "by" FROM _links UNION ALL SELECT "right", "by" FROM _links) GROUP BY _id"""
    )
    parts = ""
    join = ""
    if found.pairs is not None:
        chosen = [each for each in place if each >= 0]
        weighed = found.pairs.take(pa.array(chosen, pa.int64())).drop_columns(["left", "right"])
        connection.register("_weighed", weighed.append_column("place", pa.array(chosen, pa.int64())))
        parts = ", w.* EXCLUDE (place)"
        join = "LEFT JOIN _weighed w USING (place)"
    _copy(
        connection,
        f"""SELECT e.entity, {_source_name(mapping, "a._source")} AS left_source, a._row AS left_row,
            {_source_name(mapping, "b._source")} AS right_source, b._row AS right_row, l."by"{parts}
        FROM _links l JOIN rows a ON l."left" = a._id JOIN rows b ON l."right" = b._id
        JOIN entities e ON e._id = a._id {join} ORDER BY e.entity, l."left", l."right" """,  # noqa: S608
        work / "links.parquet",
    )


def _waiting(
    connection: duckdb.DuckDBPyConnection, mapping: Mapping, found: Matches, most: int | None
) -> list[dict[str, Any]]:
    """Rows of the review queue, the likeliest first; at most so many."""
    import pyarrow as pa

    probable = mapping.entity.probable
    if found.pairs is None or probable is None or not found.waiting:
        return []
    places = pa.array(found.waiting[:most], pa.int64())
    connection.register("_pairs", found.pairs.take(places).append_column("place", places))
    names = compared(mapping, probable)
    why = ", ".join(
        f"CASE WHEN weight_{name} <> 0 THEN concat({literal(name)}, ' ', printf('%+.1f', weight_{name})) END"
        for name in names
    )
    sides = ", ".join(
        f"{side[0]}.{named(name)} AS {named(f'{side}_{name}')}"
        for side in ("left", "right")
        for name in mapping.fields
    )
    ends = ", ".join(
        f"concat({_source_name(mapping, f'{side[0]}._source')}, ':', {side[0]}._handle) AS {named(side)}, "
        f"{side[0]}._row AS {side}_row"
        for side in ("left", "right")
    )
    sql = f"""SELECT {ends}, probability, weight, concat_ws('; ', {why}) AS why, {sides}
        FROM _pairs p JOIN rows l ON p."left" = l._id JOIN rows r ON p."right" = r._id ORDER BY place"""  # noqa: S608
    rows: list[dict[str, Any]] = connection.execute(sql).to_arrow_table().to_pylist()
    connection.unregister("_pairs")
    return rows


def _counted(
    connection: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    found: Matches,
    decisions: Sequence[Decision],
    differing: dict[str, int],
    unreadable: list[Unreadable],
) -> Fused:
    counts = dict(connection.execute("SELECT _source, count(*) FROM rows GROUP BY _source").fetchall())
    entities, shared = connection.execute(
        """SELECT count(*), count(*) FILTER (n > 1) FROM
        (SELECT count(DISTINCT _source) AS n FROM rows JOIN entities USING (_id) GROUP BY entity)"""
    ).fetchall()[0]
    links: dict[str, int] = {}
    for _, _, by, _ in found.links:
        links[by] = links.get(by, 0) + 1
    return Fused(
        entity=mapping.entity.name,
        sources={source.name: counts.get(place, 0) for place, source in enumerate(mapping.sources)},
        entities=entities,
        shared=shared,
        links=links,
        waiting=len(found.waiting),
        decided=len(decisions) - found.forgotten,
        forgotten=found.forgotten,
        barred=found.barred,
        differing=differing,
        unreadable=unreadable,
    )


def _copy(connection: duckdb.DuckDBPyConnection, sql: str, path: Path) -> None:
    connection.execute(f"COPY ({sql}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)")


def _source_name(mapping: Mapping, number: str) -> str:
    cases = " ".join(
        f"WHEN {place} THEN {literal(source.name)}" for place, source in enumerate(mapping.sources)
    )
    return f"CASE {number} {cases} END"
