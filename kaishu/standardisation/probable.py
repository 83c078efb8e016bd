"""Probable matches by the Fellegi-Sunter model, computed by splink inside our DuckDB.

What agreement means is learnt from the data: how often unlike rows agree by chance from a sample of pairs,
how often like rows agree from pairs that have the same key (where there are too few of them, by expectation
maximisation).  Samples are the rows with the smallest hashes, so the same rows give the same weights.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from kaishu.standardisation.entity import Probable
from kaishu.standardisation.errors import FusionNotInstalled
from kaishu.standardisation.mapping import Mapping
from kaishu.standardisation.workspace import named

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

#: Rows whose pairs show chance; pairs of one key that show likeness, and how few are too few.
_CHANCE_ROWS, _LIKE_KEYS, _FEW_KEYS = 800, 20_000, 200


def splink_is_there() -> bool:
    """Can rows be matched by probability here?"""
    return find_spec("splink") is not None


def require_splink() -> None:
    """Raises ``FusionNotInstalled``."""
    if not splink_is_there():
        raise FusionNotInstalled()


def find_pairs(connection: duckdb.DuckDBPyConnection, mapping: Mapping, open_rows: Any) -> pa.Table:
    """Pairs of the ``open_rows`` (an array of ``_id``) that are at least worth a review, the surest first.

    Columns ``left``, ``right``, ``weight`` (bits), ``probability``, and ``weight_<field>`` (bits) for each
    field compared.
    """
    import pyarrow as pa

    probable = mapping.entity.probable
    assert probable is not None
    _fit(mapping, probable)
    connection.register("_open_rows", pa.table({"_id": open_rows}))
    connection.execute("CREATE TABLE open AS SELECT _id FROM _open_rows")
    connection.unregister("_open_rows")
    link = _linking(mapping)
    model = _trained(connection, mapping, probable, link)
    _make_input(connection, mapping, probable, "match", "SEMI JOIN open USING (_id)", link)
    counts = _counts(connection, mapping, link)
    model["probability_two_random_records_match"] = _prior(counts, probable, link)
    linker = _linker(connection, "match", counts, model)
    found = linker.inference.predict(threshold_match_probability=min(probable.review, probable.sure))
    return _pairs(connection, found.physical_name, model, mapping)


def _linking(mapping: Mapping) -> str:
    """Where nobody is twice in any register, only pairs across registers can be one."""
    several = len(mapping.sources) > 1
    return "link_only" if several and all(source.unique for source in mapping.sources) else "dedupe_only"


def compared(mapping: Mapping, probable: Probable) -> list[str]:
    """Fields to compare that any source gives."""
    return [name for name in probable.compare if name in mapping.fields]


def _comparisons(mapping: Mapping, probable: Probable) -> list[Any]:
    import splink.comparison_library as cl

    return [_comparison(cl, name, mapping.entity.fields[name].kind) for name in compared(mapping, probable)]


def _comparison(cl: Any, name: str, kind: str) -> Any:
    if kind == "name":
        return cl.LevenshteinAtThresholds(name, [1]).configure(term_frequency_adjustments=True)
    if kind in ("citizen-id", "credit-code", "date"):
        return cl.LevenshteinAtThresholds(name, [1, 2])
    if kind == "address":
        return cl.LevenshteinAtThresholds(name, [1, 3]).configure(term_frequency_adjustments=True)
    if kind == "text":
        return cl.JaroWinklerAtThresholds(name, [0.9])
    return cl.ExactMatch(name)


def _blocks(mapping: Mapping, probable: Probable) -> list[Any]:
    from splink import block_on

    rules = []
    for block in probable.blocks:
        if all(name in mapping.fields for name, _ in block):
            rules.append(block_on(*(f"substr({name}, 1, {most})" if most else name for name, most in block)))
    return rules


def _fit(mapping: Mapping, probable: Probable) -> None:
    """Raise ``BadMapping`` if the sources give nothing to compare, or nothing to look for pairs by."""
    from kaishu.base.errors import Said
    from kaishu.quality.errors import Problem
    from kaishu.standardisation.errors import BadMapping

    given = set(mapping.fields)
    usable = [block for block in probable.blocks if {name for name, _ in block} <= given]
    if not usable or not compared(mapping, probable):
        said = Said(
            "来源没有给出近似匹配要用的字段；请对应这些字段，或写 probable: false",
            "the sources give no fields to match by; map them, or write probable: false",
        )
        raise BadMapping(mapping.file, [Problem(0, "probable", said)])


def _settings(mapping: Mapping, probable: Probable, link: Any) -> Any:
    from splink import SettingsCreator

    return SettingsCreator(
        link_type=link,
        unique_id_column_name="_id",
        comparisons=_comparisons(mapping, probable),
        blocking_rules_to_generate_predictions=_blocks(mapping, probable),
        retain_intermediate_calculation_columns=True,
        retain_matching_columns=False,
        max_iterations=25,
    )


def _make_input(
    connection: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    probable: Probable,
    name: str,
    where: str,
    link: str,
) -> None:
    """Tables ``<name>_<source>`` to link, or ``<name>_0`` with all rows to deduplicate."""
    fields = {*compared(mapping, probable), *(each for block in probable.blocks for each, _ in block)}
    listed = ", ".join(named(each) for each in mapping.fields if each in fields)
    extra = ", _key0" if mapping.keys else ""
    tables = range(len(mapping.sources)) if link == "link_only" else range(1)
    for place in tables:
        only = f"WHERE _source = {place}" if link == "link_only" else ""
        connection.execute(
            f"CREATE OR REPLACE TABLE {name}_{place} AS SELECT _id, {listed}{extra} FROM rows {where} {only}"  # noqa: S608
        )


def _counts(
    connection: duckdb.DuckDBPyConnection, mapping: Mapping, link: str, name: str = "match"
) -> list[int]:
    tables = range(len(mapping.sources)) if link == "link_only" else range(1)
    found = [connection.execute(f"SELECT count(*) FROM {name}_{place}").fetchone() for place in tables]  # noqa: S608
    return [int(row[0]) for row in found if row]


def _prior(counts: Sequence[int], probable: Probable, link: str) -> float:
    """The chance that two rows taken at random are one, from the share that is expected to be."""
    total = sum(counts)
    if link == "dedupe_only":
        pairs, likely = total * (total - 1) / 2, total / 2
    else:
        pairs = (total**2 - sum(count**2 for count in counts)) / 2
        likely = total - max(counts)
    return min(max(probable.expected * likely / max(pairs, 1), 1e-12), 0.5)


def _linker(connection: duckdb.DuckDBPyConnection, name: str, counts: Sequence[int], settings: Any) -> Any:
    from splink import DuckDBAPI, Linker

    api = DuckDBAPI(connection=connection)
    tables = [api.register(f"{name}_{place}") for place in range(len(counts))]
    return Linker(tables, settings, log_level=logging.CRITICAL)


def _trained(
    connection: duckdb.DuckDBPyConnection, mapping: Mapping, probable: Probable, link: str
) -> dict[str, Any]:
    """The model as splink's settings, every level with its two probabilities."""
    order = "ORDER BY md5(_handle), _id"
    near = f"(SELECT _id, row_number() OVER (PARTITION BY {{}} {order}) AS n FROM rows)"  # noqa: S608
    parts = near.format("_source" if link == "link_only" else "1")
    chance = f"SEMI JOIN (SELECT _id FROM {parts} WHERE n <= {_CHANCE_ROWS}) USING (_id)"  # noqa: S608
    _make_input(connection, mapping, probable, "chance", chance, link)
    counts = _counts(connection, mapping, link, "chance")
    linker = _linker(connection, "chance", counts, _settings(mapping, probable, link))
    linker.training.estimate_u_using_random_sampling(
        max_pairs=_CHANCE_ROWS**2 * len(counts) ** 2, min_count_per_level=None, num_chunks=1
    )
    model: dict[str, Any] = linker.misc.save_model_to_json()
    keyed = _learn_likeness(connection, mapping, probable, link, model)
    pairs = max((sum(counts) ** 2 - sum(count**2 for count in counts)) / 2, sum(counts), 1)
    trusted = {name for key in mapping.keys for name in key}
    for name, comparison in zip(compared(mapping, probable), model["comparisons"], strict=True):
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        levels[0]["u_probability"] = _chance_of_same(connection, name)
        for place, level in enumerate(levels):
            guess = _guess(place, len(levels), name in trusted)
            likeness = None if name in trusted or not keyed else level.get("m_probability") or 0.5 / keyed
            level["m_probability"] = likeness or guess
            level["u_probability"] = max(level.get("u_probability") or 0.0, 0.5 / pairs)
    return model


def _learn_likeness(
    connection: duckdb.DuckDBPyConnection, mapping: Mapping, probable: Probable, link: str, model: Any
) -> int:
    """Put into the model how often rows of the same key agree.  Returns how many keys there were."""
    if not mapping.keys:
        return 0
    across = "AND count(DISTINCT _source) > 1" if link == "link_only" else ""
    connection.execute(
        f"""CREATE OR REPLACE TABLE like_keys AS SELECT _key0 FROM rows WHERE _key0 IS NOT NULL
        GROUP BY _key0 HAVING count(*) BETWEEN 2 AND 5 {across}
        ORDER BY md5(_key0) LIMIT {_LIKE_KEYS}"""  # noqa: S608
    )
    found = connection.execute("SELECT count(*) FROM like_keys").fetchone()
    keyed = int(found[0]) if found else 0
    if keyed < _FEW_KEYS:
        return 0
    _make_input(connection, mapping, probable, "alike", "SEMI JOIN like_keys USING (_key0)", link)
    linker = _linker(connection, "alike", _counts(connection, mapping, link, "alike"), model)
    linker.training.estimate_m_from_label_column("_key0")
    learnt = linker.misc.save_model_to_json()
    for comparison, other in zip(model["comparisons"], learnt["comparisons"], strict=True):
        for level, new in zip(comparison["comparison_levels"], other["comparison_levels"], strict=True):
            level["m_probability"] = new.get("m_probability")
    return keyed


def _guess(place: int, levels: int, trusted: bool) -> float:
    """How likely like rows are to fall on a level, where there is nothing to learn it from.

    Of a key's fields the exact cases are gone already: what is left over has a slip, or is another's.
    """
    if place == levels - 1:
        return 0.05
    if trusted:
        return (0.5, 0.4, 0.05)[min(place, 2)]
    return 0.85 if place == 0 else 0.1 / (levels - 2)


def _chance_of_same(connection: duckdb.DuckDBPyConnection, name: str) -> float:
    """The chance that two rows taken at random have the same value."""
    field = named(name)
    sql = f"""SELECT sum(n * (n - 1)) / (sum(n) * (sum(n) - 1)) FROM
        (SELECT CAST(count(*) AS DOUBLE) AS n FROM rows WHERE {field} IS NOT NULL GROUP BY {field})"""  # noqa: S608
    row = connection.execute(sql).fetchone()
    found = row[0] if row else None
    return float(found) if found is not None and math.isfinite(found) else 0.0


def _pairs(
    connection: duckdb.DuckDBPyConnection, table: str, model: dict[str, Any], mapping: Mapping
) -> pa.Table:
    parts = []
    for comparison in model["comparisons"]:
        name = comparison["output_column_name"]
        adjusted = f" + mw_tf_adj_{name}" if _adjusted(comparison) else ""
        parts.append(f"round(mw_{name}{adjusted}, 4) AS weight_{name}")
    # Rounded, so that the order in which a sum is made cannot change which of two pairs is the surer.
    return connection.execute(
        f"""SELECT least(_id_l, _id_r) AS "left", greatest(_id_l, _id_r) AS "right",
            round(match_weight, 6) AS weight, round(match_probability, 9) AS probability, {", ".join(parts)}
        FROM {named(table)} WHERE _id_l <> _id_r ORDER BY weight DESC, "left", "right" """  # noqa: S608
    ).to_arrow_table()


def _adjusted(comparison: dict[str, Any]) -> bool:
    return any(level.get("tf_adjustment_column") for level in comparison["comparison_levels"])
