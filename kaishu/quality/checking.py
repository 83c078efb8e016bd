"""All rules of a table in one pass over its rows, and a second one only for rows that are to be listed.

Batches stream, so memory does not grow with the table but for what rules across rows keep: eight bytes a row
and rule.  Row rules are ``Plan.evaluate``, a function of the batch; this module counts what they answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from kaishu.base import clock
from kaishu.base.errors import Said
from kaishu.quality.checks import Outcome, RowCheck, Rows, Setting, TableCheck, Verdict
from kaishu.quality.failing import FailingFile, sample_of
from kaishu.quality.plan import Plan, chosen, make_plan
from kaishu.quality.results import RuleResult, TableResult
from kaishu.quality.rules import RuleSet
from kaishu.quality.scoring import scores

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Places = npt.NDArray[np.int64]

Progress = Callable[[int, int], None]
BATCH_ROWS = 131_072
SAMPLE = 5


class RowSource(Protocol):
    """Rows that can be read more than once, in the same order; ``lake.TableData`` is one."""

    @property
    def columns(self) -> Sequence[Mapping[str, Any]]:
        """[{name, type}]."""

    @property
    def rows(self) -> int:
        """How many rows."""

    def batches(self, columns: Sequence[str], *, size: int, dictionaries: bool) -> Iterable[Any]:
        """Arrow record batches of these columns, perhaps as dictionaries."""


def check_data(
    data: RowSource,
    rules: RuleSet,
    *,
    folder: Path = Path(),
    today: date | None = None,
    earlier: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    sample: int = SAMPLE,
    failed: Path | None = None,
    progress: Progress | None = None,
) -> TableResult:
    """Check the rows.  Raises ``BadRules`` before any row is read.

    ``folder``: where references count from; ``sample``: failing rows kept for each rule; ``failed``: a
    Parquet file for all of them; ``earlier``: rule id to measures of earlier checks.
    """
    types = {str(column["name"]): str(column["type"]) for column in data.columns}
    setting = Setting(types, today or clock.day_of(clock.now()), folder, earlier or {})
    plan = make_plan(rules, setting)
    with ExitStack() as stack:
        file = None if failed is None else stack.enter_context(FailingFile(failed))
        return _Checking(data, plan, sample, file, progress).run()


class _Checking:
    def __init__(
        self, data: RowSource, plan: Plan, sample: int, file: FailingFile | None, progress: Progress | None
    ) -> None:
        self.data, self.plan, self.sample, self.file = data, plan, sample, file
        self.progress = progress or (lambda done, total: None)
        self.rows = 0
        self.counts = {rule.id: [0, 0, 0] for rule in plan.row_rules}
        self.samples: dict[str, list[dict[str, Any]]] = {rule.id: [] for rule in plan.rules.rules}
        self.shown = {rule.id: tuple(rule.check.needs(plan.setting.types)) for rule in plan.rules.rules}

    def run(self) -> TableResult:
        plan = self.plan
        tallies = {
            rule.id: rule.check.tally(plan.memory, rule.id)
            for rule in plan.table_rules
            if isinstance(rule.check, TableCheck)
        }
        for rows in self.passes(self.wanted()):
            self.rows = rows.first + rows.length - 1
            self.progress(self.rows, self.data.rows)
            for id, verdict in plan.verdicts(rows).items():
                self.count(id, verdict, rows)
            for rule in plan.table_rules:
                tallies[rule.id].add(rows, chosen(rule, rows))
        outcomes = {id: tally.finish() for id, tally in tallies.items()}
        self.list_rows(outcomes)
        for id, (checked, failed, troubled) in self.counts.items():
            outcomes[id] = Outcome(checked, failed, notes=divided_by_zero(troubled))
        return table_result(plan.rules, self.rows, outcomes, self.samples)

    def wanted(self) -> Sequence[str]:
        """Columns of the first pass; any one where the rules read none."""
        needed = {*self.plan.columns, *(self.plan.rules.key if self.sample or self.file else ())}
        columns = [column for column in self.plan.setting.types if column in needed]
        return columns or list(self.plan.setting.types)[:1]

    def passes(self, columns: Sequence[str]) -> Iterator[Rows]:
        """The batches, each with the number of its first row."""
        first = 1
        for batch in self.data.batches(columns, size=BATCH_ROWS, dictionaries=True):
            if batch.num_rows:
                yield Rows(batch, self.plan.memory, first)
                first += batch.num_rows

    def count(self, id: str, verdict: Verdict, rows: Rows) -> None:
        import numpy as np

        counts = self.counts[id]
        counts[0] += rows.length if verdict.looked is None else int(np.count_nonzero(verdict.looked))
        failed = int(np.count_nonzero(verdict.fails))
        counts[1] += failed
        if verdict.troubled is not None:
            counts[2] += int(np.count_nonzero(verdict.troubled))
        if failed and (self.file is not None or len(self.samples[id]) < self.sample):
            self.note(id, rows, np.flatnonzero(verdict.fails))

    def note(self, id: str, rows: Rows, places: Places) -> None:
        """Into the sample while there is room, and into the file."""
        key, columns = self.plan.rules.key, self.shown[id]
        held = self.samples[id]
        if len(held) < self.sample:
            held += sample_of(rows, places[: self.sample - len(held)], key, columns)
        if self.file is not None:
            self.file.add(id, rows, places, key, columns)

    def list_rows(self, outcomes: Mapping[str, Outcome]) -> None:
        """The second pass: rows that only the whole table showed to fail."""
        import numpy as np

        for id, outcome in outcomes.items():
            if outcome.rows is None and outcome.failed:
                examples = [{"row": None, **each} for each in outcome.examples]
                self.samples[id] += examples[: self.sample]
                if self.file is not None:
                    self.file.add_examples(id, outcome.examples)
        waiting = {
            id: np.sort(outcome.rows)[: None if self.file is not None else self.sample]
            for id, outcome in outcomes.items()
            if outcome.rows is not None and len(outcome.rows) and (self.sample or self.file is not None)
        }
        if not waiting:
            return
        last = max(int(rows[-1]) for rows in waiting.values())
        wanted = {*self.plan.rules.key, *(column for id in waiting for column in self.shown[id])}
        for rows in self.passes([column for column in self.plan.setting.types if column in wanted]):
            for id, numbers in waiting.items():
                low, high = np.searchsorted(numbers, (rows.first, rows.first + rows.length))
                if low < high:
                    self.note(id, rows, numbers[low:high] - rows.first)
            if rows.first + rows.length > last:
                break


def table_result(
    rules: RuleSet, rows: int, outcomes: Mapping[str, Outcome], samples: Mapping[str, list[dict[str, Any]]]
) -> TableResult:
    """The result of any engine from what each rule, by its id, found and shows."""
    results = []
    for rule in rules.rules:
        outcome, sample = outcomes[rule.id], samples[rule.id]
        if isinstance(rule.check, RowCheck):
            _explain(rule.check, sample)
        level = rule.limits.level(outcome.failed, outcome.checked)
        notes, measures = outcome.notes, outcome.measures
        results.append(RuleResult(rule, outcome.checked, outcome.failed, level, sample, notes, measures))
    weighed = [(each.rule.dimension, each.rule.weight, each.checked, each.failed) for each in results]
    return TableResult(rows, results, scores(weighed, rules.weights))


def _explain(check: RowCheck, sample: list[dict[str, Any]]) -> None:
    """A reason beside each value of a sample, where the check knows more than that it failed."""
    import pyarrow as pa

    if not sample or len(check.reads) != 1:
        return
    reasons = check.why(pa.array([each["value"] for each in sample], pa.string()))
    for each, reason in zip(sample, reasons, strict=False):
        each["reason"] = reason


def divided_by_zero(count: int) -> tuple[Said, ...]:
    """The note about so many rows that failed by it."""
    if not count:
        return ()
    return (Said(f"其中{count}行除以了零", f"{count} of them divide by zero"),)
