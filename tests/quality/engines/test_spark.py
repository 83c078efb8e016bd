"""The embedded engine and Spark give the same result for the same rules, down to the failing rows."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaishu.access import Call, add_office
from kaishu.lake import Update, add_table, arrow_type, ingest, open_version, reading_file
from kaishu.lake.folders import table_folder
from kaishu.quality import TableResult, check_data, parse_rules
from kaishu.quality.engines import check_on_spark
from kaishu.quality.errors import BadRules, ReferenceMissing
from kaishu.source import receive

pytestmark = pytest.mark.spark
TODAY = date(2026, 1, 1)
TYPES = {
    "a.b`c": "text",
    "证件": "text",
    "n": "integer",
    "x": "number",
    "f": "boolean",
    "d": "date",
    "t": "datetime",
    "_metadata": "text",
}
KNOWN = ["甲", "乙", "a b", "1"]

texts = st.none() | st.sampled_from(
    ["", " ", "甲", "乙", "丙", "a b", "1", "02", "11010519491231002X", "合计"]
)
numbers = st.none() | st.sampled_from([0.0, -0.0, 1.0, 0.25, -2.5, 1e9, float("nan")])
rows = st.fixed_dictionaries(
    {
        "a.b`c": texts,
        "证件": texts,
        "n": st.none() | st.sampled_from([0, 1, 2, -1, 1 << 40]),
        "x": numbers,
        "f": st.none() | st.booleans(),
        "d": st.none()
        | st.sampled_from([date(1999, 12, 31), date(2025, 6, 1), date(2090, 1, 1), date(1500, 1, 1)]),
        "t": st.none() | st.sampled_from([datetime(2020, 1, 1, 12, 30, 0, 5), datetime(1969, 12, 31)]),
        "_metadata": st.none() | st.sampled_from(["p", "q"]),
    }
)
tables = st.lists(rows, max_size=30)
columns = st.sampled_from(list(TYPES))
some_columns = st.lists(columns, min_size=1, max_size=3, unique=True)
text_column = st.sampled_from(["a.b`c", "证件", "_metadata"])
firsts = st.sampled_from(["fails", "passes"])


def kind(check: str, **parameters: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"check": st.just(check), **parameters})


row_checks = st.one_of(
    kind("not-null", columns=some_columns),
    kind("pattern", column=text_column, pattern=st.sampled_from(["[甲-龟]", r"\d+", "a.*"])),
    kind("length", column=text_column, max=st.integers(0, 3)),
    kind("range", column=st.sampled_from(["n", "x"]), min=st.integers(-1, 2), max=st.just(3)),
    kind("range", column=st.just("d"), max=st.just("today")),
    kind("in", column=columns, values=st.just(["甲", "1", "true", "p"])),
    kind("citizen-id", column=st.just("证件")),
    kind(
        "expression", expression=st.sampled_from(["n / x > 1", "d < '2025-01-01' or f", "length(证件) >= n"])
    ),
)
unique_checks = st.one_of(
    kind("unique", columns=some_columns, first=firsts),
    st.builds(
        lambda without, first: (
            {"check": "unique-row", "first": first} | ({"except": without} if without else {})
        ),
        st.lists(columns, max_size=6, unique=True),
        firsts,
    ),
)
exists_checks = st.one_of(
    kind("exists", column=text_column, reference=st.just("known.csv"), **{"reference-column": st.just("名")}),
    st.just(
        {
            "check": "exists",
            "columns": ["a.b`c", "n"],
            "reference": "known.csv",
            "reference-columns": ["名", "号"],
        }
    ),
)
table_checks = st.one_of(
    unique_checks,
    exists_checks,
    kind("row-count", min=st.integers(0, 10), max=st.integers(10, 30)),
    kind("freshness", column=st.sampled_from(["d", "t"]), days=st.integers(0, 9000)),
    kind(
        "volatility",
        measure=st.sampled_from(["sum", "mean"]),
        column=st.sampled_from(["n"]),
        by=st.just(0.2),
        earlier=st.just([3, 4]),
    ),
    kind("volatility", measure=st.sampled_from(["nulls", "distribution"]), column=columns, by=st.just(0.2)),
    kind(
        "sums",
        column=st.just("n"),
        by=st.lists(text_column, min_size=1, max_size=2, unique=True),
        **{"total-when": st.just("证件 = '合计'")},
    ),
    kind("sums", column=st.just("n"), **{"total-when": st.just("证件 = '合计'")}),
    kind("sums", column=st.just("n"), by=st.just(["证件"]), totals=st.just("totals.csv")),
    kind("all-of", of=st.tuples(unique_checks, row_checks).map(list)),
    kind("all-of", of=st.tuples(unique_checks, unique_checks).map(list)),
    kind("any-of", of=st.tuples(row_checks, exists_checks).map(list)),
)
whens = st.sampled_from(["", "", "n > 0", "f", "证件 is not null"])
rule = st.tuples(row_checks | table_checks | table_checks, whens).map(
    lambda pair: pair[0] | ({"when": pair[1]} if pair[1] else {})
)


@pytest.fixture(scope="module")
def references(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("参照 [1]")
    lines = [f"{name},{number}" for name in KNOWN for number in (1, 2)]
    (folder / "known.csv").write_text("\n".join(["名,号", *lines]), encoding="utf-8")
    (folder / "totals.csv").write_text("证件,n\n甲,1\n丁,2\n", encoding="utf-8")
    return folder


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    tables,
    st.lists(rule, min_size=3, max_size=8),
    st.integers(1, 12),
    st.integers(0, 4),
    st.booleans(),
    st.sampled_from([[], ["证件"], ["n", "d"]]),
)
def test_both_engines_agree(
    spark: Any,
    references: Path,
    table: list[dict[str, Any]],
    written: list[dict[str, Any]],
    cut: int,
    sample: int,
    listed: bool,
    key: list[str],
) -> None:
    folder = references / "数 据%20{1}"
    write(folder, table, cut)
    out = (references / "ours.parquet", references / "spark.parquet") if listed else (None, None)
    rules = {"key": key, "rules": written} if key else {"rules": written}
    ours, theirs = both(spark, folder, rules, references, sample, out)
    same(ours, theirs)
    if out[0] and out[1]:
        lines = [sorted(pq.read_table(path).to_pylist(), key=repr) for path in out]
        assert lines[0] == lines[1]


def test_rows_keep_their_numbers_over_files_and_large_groups(spark: Any, tmp_path: Path) -> None:
    table = [dict.fromkeys(TYPES) | {"证件": f"{row % 4000}", "n": row} for row in range(5000)]
    write(tmp_path / "t", table, 700)
    rules = {"rules": [{"check": "unique", "column": "证件"}, {"check": "range", "column": "n", "max": 4997}]}
    ours, theirs = both(spark, tmp_path / "t", rules, tmp_path, 3, (None, None))
    same(ours, theirs)
    assert [[one["row"] for one in each.sample] for each in theirs.rules] == [[1, 2, 3], [4999, 5000]]


def test_files_with_numbers_of_other_widths_are_one_table(spark: Any, tmp_path: Path) -> None:
    for place, kind in enumerate((pa.int64(), pa.int16(), pa.uint32())):
        pq.write_table(pa.table({"n": pa.array([1, 2, place], kind)}), tmp_path / f"{place}.parquet")
    ours, theirs = both(
        spark, tmp_path, {"rules": [{"check": "unique", "column": "n"}]}, tmp_path, 9, (None, None)
    )
    same(ours, theirs)
    assert theirs.rules[0].failed == 8


def test_a_delta_table_is_checked_as_of_a_version(spark: Any, tmp_path: Path) -> None:
    from deltalake import write_deltalake

    for numbers in ([1, 2], [2, 3]):
        write_deltalake(tmp_path / "d", pa.table({"n": pa.array(numbers, pa.int64())}), mode="append")
    rules = parse_rules({"rules": [{"check": "unique", "column": "n"}]})
    for version, failed in ((0, 0), (1, 2), (None, 2)):
        with reading_file(tmp_path / "d", version=version) as data:
            for result in (check_data(data, rules), check_on_spark(spark, data, rules)):
                assert result.rules[0].failed == failed


def test_rows_that_later_deliveries_replaced_are_not_checked(spark: Any, call: Call, tmp_path: Path) -> None:
    table = add_table(call, add_office(call, title="统计局").id)
    lines = [f"{number},{number % 7}" for number in range(300)]
    merge = Update.from_dict({"mode": "merge", "key": "码", "full": True})
    later = [f"{number},{90 if number == 150 else number % 7}" for number in range(20, 310)]
    versions = [
        ingest(
            call,
            receive(call, "a.csv", BytesIO("\n".join(["码,n", *text]).encode())),
            table=table,
            update=how,
        )
        for text, how in ((lines, Update()), (later, merge))
    ]
    rules = parse_rules(
        {
            "key": ["码"],
            "rules": [
                {"check": "range", "column": "n", "max": 6},
                {"check": "unique", "column": "码"},
                {"check": "row-count", "min": 295},
                {"check": "in", "column": "码", "values": [str(number) for number in range(20, 300)]},
            ],
        }
    )
    assert not open_version(versions[1]).plain
    folder = table_folder(table.id)
    for version, failed in ((0, [0, 0, 0, 20]), (1, [1, 0, 1, 10])):
        out = tmp_path / "ours.parquet", tmp_path / "spark.parquet"
        with reading_file(folder, version=version) as data:
            ours = check_data(data, rules, today=TODAY, failed=out[0])
            theirs = check_on_spark(spark, data, rules, today=TODAY, failed=out[1])
        same(ours, theirs)
        assert [each.failed for each in theirs.rules] == failed
        lines_of = [sorted(pq.read_table(path).to_pylist(), key=repr) for path in out]
        assert lines_of[0] == lines_of[1]


def test_what_is_wrong_is_told_before_spark_begins(spark: Any, tmp_path: Path) -> None:
    write(tmp_path / "t", [dict.fromkeys(TYPES)], 1)
    with reading_file(tmp_path / "t") as data:
        with pytest.raises(BadRules):
            check_on_spark(spark, data, parse_rules("rules: [{check: unique, column: nothing}]"))
        missing = {"check": "exists", "column": "n", "reference": "no.csv"}
        for written in (missing, {"check": "any-of", "of": [missing]}):
            with pytest.raises(ReferenceMissing):
                check_on_spark(spark, data, parse_rules({"rules": [written]}), folder=tmp_path)


def write(folder: Path, table: list[dict[str, Any]], cut: int) -> None:
    """The rows in files of so many, names of which Spark has to take as they are."""
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    schema = pa.schema([(name, arrow_type(type)) for name, type in TYPES.items()])
    for start in range(0, max(len(table), 1), cut):
        part = pa.Table.from_pylist(table[start : start + cut], schema)
        pq.write_table(part, folder / f"部 {start:05d}%41[x].parquet")


def both(
    spark: Any,
    folder: Path,
    rules: dict[str, Any],
    references: Path,
    sample: int,
    out: tuple[Path | None, Path | None],
) -> tuple[TableResult, TableResult]:
    parsed = parse_rules(rules)
    with reading_file(folder) as data:
        given: dict[str, Any] = {"folder": references, "today": TODAY, "sample": sample}
        return (
            check_data(data, parsed, **given, failed=out[0]),
            check_on_spark(spark, data, parsed, **given, failed=out[1]),
        )


def same(ours: TableResult, theirs: TableResult) -> None:
    for one, other in zip(ours.rules, theirs.rules, strict=True):
        assert other == one
    assert theirs == ours
