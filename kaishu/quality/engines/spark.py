"""Rules of a table on Apache Spark, with the result that the embedded engine gives.

Rules about single rows are ``mapInArrow`` over the embedded engine's own function of a batch; what compares
rows is grouped, windowed and joined by Spark, over the same codes of 64 bits.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu.base import clock
from kaishu.quality.checking import SAMPLE, divided_by_zero, table_result
from kaishu.quality.checks import AllAcross, Outcome, RowCheck, Setting, TableCheck
from kaishu.quality.checks.exists import Exists
from kaishu.quality.engines.errors import KindUnknown, SparkFailed, SparkMissing, SparkUnreachable
from kaishu.quality.engines.frames import TableFrame
from kaishu.quality.engines.listing import Listing
from kaishu.quality.engines.partials import Summed, known, outcome_of
from kaishu.quality.engines.tasks import (
    ANSWERS,
    CODES,
    Task,
    codes_of_groups,
    codes_of_references,
    groupings,
    judge_batches,
    packed,
    rows_of_members,
    spark_rules,
)
from kaishu.quality.engines.whole_files import FileSource, whole_files
from kaishu.quality.expressions import columns_of
from kaishu.quality.plan import Plan, make_plan
from kaishu.quality.references import reference_batches
from kaishu.quality.results import TableResult
from kaishu.quality.rules import Rule, RuleSet

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

LOCAL = "local[*]"
BATCH_ROWS = 65_536
_LOOPBACK = "127.0.0.1"
#: How this engine needs Spark to be, whatever the session was made with.
_CONF = {
    "spark.sql.caseSensitive": "true",
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(BATCH_ROWS),
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
}


@contextmanager
def spark_session(master: str | None = None) -> Iterator[SparkSession]:
    """A session that ends with the block; of this machine alone it listens on the loopback only.

    Raises ``SparkMissing``, ``SparkUnreachable``.
    """
    try:
        import pandas  # noqa: F401  # type: ignore[import-untyped]
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise SparkMissing() from error
    where = master or LOCAL
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    builder = SparkSession.Builder().master(where).appName("kaishu check")
    builder = builder.config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false")
    if where.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", _LOOPBACK)
        builder = builder.config("spark.driver.bindAddress", _LOOPBACK)
        builder = builder.config("spark.driver.host", _LOOPBACK)
    try:
        spark = builder.getOrCreate()
    except (PySparkException, OSError, RuntimeError) as error:
        raise SparkUnreachable(master=where, reason=_first_line(error)) from error
    except Exception as error:
        if type(error).__module__.partition(".")[0] != "py4j":
            raise
        raise SparkUnreachable(master=where, reason=_first_line(error)) from error
    spark.sparkContext.setLogLevel("ERROR")
    try:
        yield spark
    finally:
        spark.stop()


def check_on_spark(
    spark: SparkSession,
    data: FileSource,
    rules: RuleSet,
    *,
    folder: Path = Path(),
    today: date | None = None,
    earlier: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    sample: int = SAMPLE,
    failed: Path | None = None,
) -> TableResult:
    """What ``check_data`` gives, computed by Spark over ``data.files``, or copies of what is left of them.

    Raises ``BadRules``, ``KindUnknown`` and what references raise before any row is read, ``SparkFailed``.
    """
    from pyspark.errors import PySparkException

    types = {str(column["name"]): str(column["type"]) for column in data.columns}
    setting = Setting(types, today or clock.day_of(clock.now()), folder.absolute(), earlier or {})
    plan = make_plan(rules, setting)
    _try(plan)
    session = spark.newSession()
    for name, value in _CONF.items():
        session.conf.set(name, value)
    if spark.sparkContext.master.startswith("local"):
        session.conf.set("spark.sql.shuffle.partitions", str(4 * spark.sparkContext.defaultParallelism))
    try:
        with whole_files(data, _read(plan)) as files:
            return _Run(session, data.rows, TableFrame(session, files, types), plan, sample, failed).result()
    except PySparkException as error:
        raise SparkFailed(reason=_first_line(error)) from error


class _Run:
    def __init__(
        self,
        spark: SparkSession,
        rows: int,
        frame: TableFrame,
        plan: Plan,
        sample: int,
        failed: Path | None,
    ) -> None:
        self.spark, self.rows, self.frame, self.plan = spark, rows, frame, plan
        self.sample, self.failed = sample, failed
        self.listing = Listing(plan, sample, failed, self.frame)
        self.across = dict(spark_rules(plan))

    def result(self) -> TableResult:
        listed = self.sample or self.failed
        key = self.plan.rules.key if listed else ()
        most = None if self.failed else self.sample
        judged = self.mapped(partial(judge_batches, most=most), [*self.plan.columns, *key], ANSWERS).persist()
        try:
            with self.rows_across() as across:
                return self.gathered(judged, across)
        finally:
            judged.unpersist()

    def gathered(self, judged: DataFrame, across: DataFrame | None) -> TableResult:
        sums = _added_up(judged)
        failing = {} if across is None else _counted(across)
        outcomes = {
            rule.id: self.outcome(place, rule, sums.get(place, {}), failing)
            for place, rule in enumerate(self.plan.rules.rules)
        }
        samples = self.listing.of(judged, across, outcomes)
        return table_result(self.plan.rules, self.rows, outcomes, samples)

    def outcome(
        self, place: int, rule: Rule, parts: Mapping[int, Sequence[Summed]], failing: Mapping[int, int]
    ) -> Outcome:
        if place in self.across:
            failed = failing.get(place, 0)
            looked = [each["m"] for part in parts.values() for each in part]
            return Outcome(max([0, *looked, failed] if _together(rule) else [0, *looked]), failed)
        if isinstance(rule.check, RowCheck):
            total = parts[0][0] if parts else {"m": 0, "n": 0, "o": 0}
            return Outcome(total["m"], total["n"], notes=divided_by_zero(total["o"]))
        return outcome_of(rule, self.plan.memory, parts)

    @contextmanager
    def rows_across(self) -> Iterator[DataFrame | None]:
        """rule, row of all rows that fail by what other rows, or other tables, hold; None without such
        rules."""
        found = [each for each in (self.repeated(), self.unknown(), self.members()) if each is not None]
        if not found:
            yield None
            return
        frame = found[0]
        for each in found[1:]:
            frame = frame.unionAll(each)
        if any(_together(rule) for rule in self.across.values()):
            frame = frame.distinct()
        held = frame.persist()
        try:
            yield held
        finally:
            held.unpersist()

    def repeated(self) -> DataFrame | None:
        from pyspark.sql import Window
        from pyspark.sql import functions as F  # noqa: N812

        spared = [
            (place, part, tally.spare_first)
            for place, rule in self.across.items()
            for part, tally in groupings(rule, self.plan.memory)
        ]
        if not spared:
            return None
        columns = self.columns(*(rule for rule in self.across.values() if not isinstance(rule.check, Exists)))
        group = Window.partitionBy("rule", "part", "code")
        codes = self.mapped(codes_of_groups, columns, CODES)
        counted = codes.withColumns({"many": F.count("*").over(group), "first": F.min("row").over(group)})
        fails = F.col("many") > 1
        for place, part, first_passes in spared:
            if first_passes:
                here = (F.col("rule") == place) & (F.col("part") == part)
                fails = fails & ~(here & (F.col("row") == F.col("first")))
        return counted.where(fails).select("rule", "row")

    def unknown(self) -> DataFrame | None:
        import numpy as np
        import pyarrow as pa

        references = {place: rule for place, rule in self.across.items() if isinstance(rule.check, Exists)}
        if not references:
            return None
        tables = []
        for place, rule in references.items():
            assert isinstance(rule.check, Exists)
            codes = np.ascontiguousarray(rule.check.known(self.plan.memory)).view(np.int64)
            tables.append(
                pa.table({"rule": pa.array(np.full(len(codes), place, np.int32)), "code": pa.array(codes)})
            )
        known = self.spark.createDataFrame(pa.concat_tables(tables))
        asked = self.mapped(codes_of_references, self.columns(*references.values()), CODES)
        return asked.join(known, ["rule", "code"], "left_anti").select("rule", "row")

    def members(self) -> DataFrame | None:
        both = [rule for rule in self.across.values() if isinstance(rule.check, AllAcross) and rule.check.of]
        if not both:
            return None
        return self.mapped(rows_of_members, self.columns(*both), CODES).select("rule", "row")

    def mapped(self, work: Callable[..., Any], columns: Sequence[str], schema: str) -> DataFrame:
        """A function of batches over columns of the table."""
        wanted = [column for column in self.plan.setting.types if column in set(columns)]
        wanted = wanted or list(self.plan.setting.types)[:1]
        task: Task = packed(self.plan, wanted)
        return self.frame.of(wanted).mapInArrow(partial(work, task), schema)

    def columns(self, *rules: Rule) -> list[str]:
        """What these rules read."""
        found: list[str] = []
        for rule in rules:
            found += rule.check.needs(self.plan.setting.types)
            found += columns_of(rule.when) if rule.when else ()
        return found


def _read(plan: Plan) -> list[str]:
    """What the rules and their key read, and the first column, which is there where a rule reads none."""
    needed = {*list(plan.setting.types)[:1], *plan.columns, *plan.rules.key}
    for rule in plan.rules.rules:
        needed.update(rule.check.needs(plan.setting.types))
        needed.update(columns_of(rule.when) if rule.when else ())
    return [column for column in plan.setting.types if column in needed]


def _together(rule: Rule) -> bool:
    return isinstance(rule.check, AllAcross)


def _added_up(judged: DataFrame) -> dict[int, dict[int, list[Summed]]]:
    """Partials by place of the rule and part, groups in the order in which they are first seen."""
    from pyspark.sql import functions as F  # noqa: N812

    sums = [F.sum(name).alias(name) for name in ("a", "b", "m", "n", "o")]
    whole = F.sum(F.col("value").cast("decimal(38,0)")).alias("value")
    groups = judged.where("what = 0").groupBy("rule", "part", "keys")
    table = groups.agg(*sums, whole, F.max("top").alias("top"), F.min("row").alias("row")).toArrow()
    found: dict[int, dict[int, list[Summed]]] = {}
    for each in sorted(table.to_pylist(), key=lambda one: one["row"]):
        found.setdefault(each["rule"], {}).setdefault(each["part"], []).append(each)
    return found


def _counted(across: DataFrame) -> dict[int, int]:
    return {row["rule"]: row["count"] for row in across.groupBy("rule").count().collect()}


def _try(plan: Plan) -> None:
    """Let what cannot work be told here, not by a worker.  Raises ``KindUnknown``, ``ReferenceMissing`` …"""

    def visit(check: Any) -> None:
        if isinstance(check, Exists):
            with reference_batches(plan.setting.folder, check.reference, check.reference_columns):
                pass
        for inner in getattr(check, "of", ()):
            visit(inner)

    across = dict(spark_rules(plan))
    for place, rule in enumerate(plan.rules.rules):
        visit(rule.check)
        if place not in across and isinstance(rule.check, TableCheck) and not known(rule.check):
            raise KindUnknown(check=rule.check.kind)


def _first_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0][:300] if lines else type(error).__name__
