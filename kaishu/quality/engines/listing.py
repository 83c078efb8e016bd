"""Failing rows as Spark found them: the first few of each rule, and all of them as one Parquet file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from kaishu.quality.checks import Outcome
from kaishu.quality.engines.frames import NUMBER, TableFrame
from kaishu.quality.engines.tasks import LISTED, list_batches, packed, spark_rules
from kaishu.quality.failing import FailingFile
from kaishu.quality.plan import Plan

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Samples = dict[str, list[dict[str, Any]]]


class Listing:
    """``sample``: how many rows of each rule; ``failed``: the file for all of them, if they are wanted."""

    def __init__(self, plan: Plan, sample: int, failed: Path | None, table: TableFrame) -> None:
        self.plan, self.sample, self.failed, self.table = plan, sample, failed, table
        self.rules = plan.rules.rules

    def of(self, judged: DataFrame, across: DataFrame | None, outcomes: Mapping[str, Outcome]) -> Samples:
        """Sample rows by rule id; the file is written if there is to be one."""
        samples: Samples = {
            id: [{"row": None, **each} for each in outcome.examples][: self.sample]
            for id, outcome in outcomes.items()
        }
        if not self.sample and self.failed is None:
            return samples
        rows = judged.where("what = 1").select("rule", "row", "key", "value")
        if across is not None:
            rows = rows.unionAll(self._described(across))
        rows.persist()
        try:
            for row in self._first(rows).orderBy("rule", "row").collect() if self.sample else ():
                held = {"row": row["row"], "key": row["key"], "value": row["value"]}
                samples[self.rules[row["rule"]].id].append(held)
            if self.failed is not None:
                self._write(self.failed, rows, outcomes)
        finally:
            rows.unpersist()
        return samples

    def _first(self, rows: DataFrame) -> DataFrame:
        """The first rows of each rule."""
        from pyspark.sql import Window
        from pyspark.sql import functions as F  # noqa: N812

        numbered = rows.withColumn("at", F.row_number().over(Window.partitionBy("rule").orderBy("row")))
        return numbered.where(F.col("at") <= self.sample).drop("at")

    def _described(self, across: DataFrame) -> DataFrame:
        """Numbers of rows joined to their keys and values, which are read again for it."""
        from pyspark.sql import functions as F  # noqa: N812

        if self.failed is None:
            across = F.broadcast(self._first(across))
        types = self.plan.setting.types
        wanted = {*self.plan.rules.key}
        for _, rule in spark_rules(self.plan):
            wanted.update(rule.check.needs(types))
        columns = [column for column in types if column in wanted]
        held = self.table.of(columns).join(across, NUMBER)
        ordered = held.select(NUMBER, "rule", *(f"c{at}" for at in range(len(columns))))
        return ordered.mapInArrow(partial(list_batches, packed(self.plan, columns)), LISTED)

    def _write(self, path: Path, rows: DataFrame, outcomes: Mapping[str, Outcome]) -> None:
        """Workers write parts beside the file, which become the file in the order of the rows."""
        import pyarrow as pa
        from pyarrow.parquet import ParquetFile

        names = pa.array([rule.id for rule in self.rules])
        with TemporaryDirectory(dir=path.absolute().parent, prefix=f".{path.name}.") as name:
            parts = Path(name) / "rows"
            rows.orderBy("row", "rule").write.parquet(f"file:{parts}")
            with FailingFile(path) as file:
                for part in sorted(parts.glob("*.parquet")):
                    with ParquetFile(part) as opened:
                        for batch in opened.iter_batches():
                            file.take([names.take(batch["rule"]), batch["row"], batch["key"], batch["value"]])
                for id, outcome in outcomes.items():
                    if outcome.examples:
                        file.add_examples(id, outcome.examples)
