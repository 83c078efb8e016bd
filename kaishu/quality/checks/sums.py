"""Details add up to their totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from kaishu.base.errors import Said
from kaishu.quality.checks.check import Memory, Outcome, Rows, TableCheck, Tally, as_text
from kaishu.quality.checks.expression import condition_problems
from kaishu.quality.checks.given import Given
from kaishu.quality.expressions import Expression, columns_of, numbers_of, truth
from kaishu.quality.references import reference_batches

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]

EXAMPLES = 100
_COMPACT = 500_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums(TableCheck):
    """For each group the details' sum equals the total, which stands in rows of its own or in another file.

    A group that has details and no total, or a total and no details, fails.
    """

    kind: ClassVar[str] = "sums"
    dimension: ClassVar[str] = "consistency"
    zh: ClassVar[str] = "汇总一致"
    en: ClassVar[str] = "adds up"
    parameters: ClassVar = {
        "column": ("相加的列", "the column that is added up"),
        "by": ("分组的列，可不写", "columns that make the groups; may be left out"),
        "total-when": ("合计行的条件，如 项目 = '合计'", "which rows are totals, as item = 'total'"),
        "totals": ("或：合计所在的另一文件", "or: another file that holds the totals"),
        "totals-column": ("该文件里合计的列，默认同名", "its column of totals; the same name if left out"),
        "tolerance": ("允许的差，默认 0.000001", "difference that is allowed; 0.000001 if left out"),
    }
    column: str
    by: tuple[str, ...] = ()
    total_when: Expression | None = None
    totals: str = ""
    totals_column: str = ""
    tolerance: float = 1e-6

    @classmethod
    def read(cls, given: Given) -> Sums:
        given.need("total-when", "totals")
        if given.has("total-when") and given.has("totals"):
            raise given.wrong(
                "totals", "total-when 与 totals 只能写一个", "either total-when or totals, not both"
            )
        column = given.column()
        return cls(
            column=column,
            by=given.texts("by"),
            total_when=given.expression("total-when") if given.has("total-when") else None,
            totals=given.text("totals"),
            totals_column=given.text("totals-column", column),
            tolerance=given.number("tolerance", 1e-6) or 0.0,
        )

    @property
    def reads(self) -> tuple[str, ...]:
        more = columns_of(self.total_when) if self.total_when else ()
        return tuple(dict.fromkeys((self.column, *self.by, *more)))

    def unsuitable(self, types: Mapping[str, str]) -> Iterator[Said]:
        if types[self.column] not in ("integer", "number", "text"):
            yield Said(f"“{self.column}”列不是数", f'column "{self.column}" holds no numbers')
        if self.total_when:
            yield from condition_problems(self.total_when, types)

    def tally(self, memory: Memory, rule: str) -> _Groups:
        return _Groups(self, memory)


class _Groups(Tally):
    """A small table of groups: keys, sum of details, sum of totals, and how many of each."""

    def __init__(self, check: Sums, memory: Memory) -> None:
        self.check, self.memory = check, memory
        self._parts: list[Any] = []
        self._held = 0

    def add(self, rows: Rows, chosen: Mask | None) -> None:
        import numpy as np

        check = self.check
        total = np.zeros(rows.length, bool)
        if check.total_when is not None:
            total = truth(check.total_when, rows)[0]
        keys = [rows.text(name) for name in check.by]
        self._take(rows.plain(check.column), keys, total, chosen)

    def _take(self, amounts: Any, keys: list[Any], total: Mask, chosen: Mask | None) -> None:
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        numbers = (
            numbers_of(amounts)
            if pa.types.is_string(amounts.type)
            else pc.cast(amounts, pa.float64(), safe=False)
        )
        here = numbers.is_valid().to_numpy(zero_copy_only=False)
        here = here if chosen is None else here & chosen
        values = numbers.fill_null(0.0).to_numpy(zero_copy_only=False)
        details = here & ~total
        columns = {f"k{place}": key for place, key in enumerate(keys)}
        columns |= {
            "d": pa.array(np.where(details, values, 0.0)),
            "t": pa.array(np.where(here & total, values, 0.0)),
            "dn": pa.array(details.astype(np.int64)),
            "tn": pa.array((here & total).astype(np.int64)),
        }
        self._parts.append(_grouped(pa.table(columns).filter(pa.array(here)), len(keys)))
        self._held += self._parts[-1].num_rows
        if self._held > _COMPACT:
            self._parts = [_grouped(pa.concat_tables(self._parts), len(keys))]
            self._held = min(self._parts[0].num_rows, _COMPACT // 2)

    def finish(self) -> Outcome:
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        if self.check.totals:
            self._read_totals()
        table = self.groups()
        if table is None:
            return Outcome(0, 0)
        details, totals = (table[name].to_numpy() for name in ("d", "t"))
        lone = (table["dn"].to_numpy() == 0) | (table["tn"].to_numpy() == 0)
        bad = lone | ~(np.abs(details - totals) <= self.check.tolerance)
        examples = []
        for group in table.take(pa.array(np.flatnonzero(bad)[:EXAMPLES])).to_pylist():
            key = " · ".join(str(group[f"k{place}"]) for place in range(len(self.check.by))) or None
            shown = [f"{group[one]:.15g}" if group[f"{one}n"] else "—" for one in ("d", "t")]
            examples.append({"key": key, "value": f"{shown[0]} ≠ {shown[1]}"})
        return Outcome(table.num_rows, int(pc.sum(pa.array(bad)).as_py() or 0), examples=examples)

    def groups(self) -> Any:
        """A row a group: keys k0, k1 …, sums of details and totals d, t, counts dn, tn; None of none."""
        import pyarrow as pa

        return _grouped(pa.concat_tables(self._parts), len(self.check.by)) if self._parts else None

    def put(self, groups: Any) -> None:
        """Take such a table in, as if its rows had passed."""
        self._parts.append(groups)

    def _read_totals(self) -> None:
        import numpy as np

        check = self.check
        wanted = [check.totals_column, *check.by]
        with reference_batches(self.memory.setting.folder, check.totals, wanted) as batches:
            for batch in batches:
                keys = [as_text(batch.column(name)) for name in check.by]
                self._take(batch.column(check.totals_column), keys, np.ones(batch.num_rows, bool), None)


def _grouped(table: Any, keys: int) -> Any:
    """One row a group; with no keys one row in all."""
    import pyarrow as pa

    names = [f"k{place}" for place in range(keys)]
    wanted = [(name, "sum") for name in ("d", "t", "dn", "tn")]
    if not table.num_rows:
        return table
    found = pa.TableGroupBy(table, names, use_threads=False).aggregate(wanted)
    return found.rename_columns([name.removesuffix("_sum") for name in found.column_names]).select(
        [*names, "d", "t", "dn", "tn"]
    )
