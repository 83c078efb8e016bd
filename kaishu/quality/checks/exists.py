"""The value occurs in another table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from kaishu.quality.checks.check import Memory, RowCheck, Rows, Verdict, all_present, as_text, failing
from kaishu.quality.checks.given import Given
from kaishu.quality.hashing import Known, codes_of, combined, distinct
from kaishu.quality.references import reference_batches

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Codes = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exists(RowCheck):
    """The values of the columns stand together in a row of a reference file; compared as text."""

    kind: ClassVar[str] = "exists"
    dimension: ClassVar[str] = "consistency"
    zh: ClassVar[str] = "参照完整性"
    en: ClassVar[str] = "exists in another table"
    parameters: ClassVar = {
        "column": ("一列", "a column"),
        "columns": ("几列合起来", "columns taken together"),
        "reference": (
            "参照文件，路径从规则文件算起",
            "the file referred to; its path counts from the rule file",
        ),
        "reference-column": ("参照文件里的列，默认同名", "its column; the same name if left out"),
        "reference-columns": ("参照文件里的几列，次序对应", "its columns, in the same order"),
    }
    columns: tuple[str, ...]
    reference: str
    reference_columns: tuple[str, ...]

    @classmethod
    def read(cls, given: Given) -> Exists:
        given.need("reference")
        columns = given.columns()
        there = given.texts("reference-columns") or given.texts("reference-column") or columns
        if len(there) != len(columns):
            raise given.wrong("reference-columns", "列数与 columns 不同", "not as many as in columns")
        return cls(columns=columns, reference=given.text("reference"), reference_columns=there)

    @property
    def reads(self) -> tuple[str, ...]:
        return self.columns

    def judge(self, rows: Rows) -> Verdict:
        known = rows.memory.once(
            (self.kind, self.reference, self.reference_columns), lambda: Known(self.known(rows.memory))
        )
        return failing(known.holds(self.codes(rows)), all_present(rows, self.columns))

    def codes(self, rows: Rows) -> Codes:
        """What has to be known, as 64 bits a row."""
        return combined([_text_codes(rows, column) for column in self.columns])

    def known(self, memory: Memory) -> Codes:
        """The codes of everything in the reference, sorted: eight bytes each."""
        import numpy as np

        found = [np.zeros(0, np.uint64)]
        with reference_batches(memory.setting.folder, self.reference, self.reference_columns) as batches:
            for batch in batches:
                found.append(_together(batch, self.reference_columns))
        return distinct(np.sort(np.concatenate(found)))


def _text_codes(rows: Rows, column: str) -> Codes:
    return rows.once(("text codes", column), lambda: _codes(rows.array(column)))


def _codes(array: Any) -> Codes:
    import pyarrow as pa

    return codes_of(array if pa.types.is_dictionary(array.type) else as_text(array))


def _together(batch: Any, columns: Sequence[str]) -> Codes:
    return combined([_codes(batch.column(column)) for column in columns])
