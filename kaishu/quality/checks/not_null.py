"""Every row has a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from kaishu.quality.checks.check import RowCheck, Rows, Verdict
from kaishu.quality.checks.given import Given
from kaishu.quality.places import arrow_places

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]

#: The first byte of everything that Unicode calls a space, and of what looks like none.
_FIRST = (*range(0x09, 0x0E), *range(0x1C, 0x21), 0xC2, 0xE1, 0xE2, 0xE3, 0xEF)
_BLANK = (
    r"^[\s\x{1C}-\x{1F}\x{85}\x{A0}\x{1680}\x{2000}-\x{200B}"
    r"\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}]*$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNull(RowCheck):
    """Null, blank text and NaN are missing; with several columns a row fails if one of them is missing."""

    kind: ClassVar[str] = "not-null"
    dimension: ClassVar[str] = "completeness"
    zh: ClassVar[str] = "必填"
    en: ClassVar[str] = "has a value"
    parameters: ClassVar = {
        "column": ("一列", "a column"),
        "columns": ("几列，缺一即不合格", "columns; a row fails if one of them is missing"),
        "blank": (
            "fails（默认）或 passes：空白文字算不算缺失",
            "fails (default) or passes: whether blank text is missing",
        ),
    }
    columns: tuple[str, ...]
    blank: str = "fails"

    @classmethod
    def read(cls, given: Given) -> NotNull:
        return cls(columns=given.columns(), blank=given.choice("blank", ("fails", "passes"), "fails"))

    @property
    def reads(self) -> tuple[str, ...]:
        return self.columns

    def judge(self, rows: Rows) -> Verdict:
        import numpy as np

        fails = np.zeros(rows.length, bool)
        for column in self.columns:
            here = rows.present(column)
            if here is not None:
                fails |= ~here
            if rows.types[column] == "text" and self.blank == "fails":
                fails |= ~rows.by_value(column, "filled", filled)
            elif rows.types[column] == "number":
                fails |= np.isnan(rows.plain(column).to_numpy(zero_copy_only=False))
        return Verdict(fails)


def filled(texts: Any) -> Mask:
    """Which texts hold something else than blanks; the first byte tells for nearly all."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    good = np.ones(len(texts), bool)
    wide = pa.types.is_large_string(texts.type)
    offsets = np.frombuffer(texts.buffers()[1], np.int64 if wide else np.int32)
    offsets = offsets[texts.offset : texts.offset + len(texts) + 1]
    data = texts.buffers()[2]
    if not len(texts):
        return good
    empty = offsets[1:] == offsets[:-1]
    doubtful = np.zeros(256, bool)
    doubtful[list(_FIRST)] = True
    if data is not None and data.size:
        letters = np.frombuffer(data, np.uint8)
        suspects = np.flatnonzero(doubtful[letters[np.minimum(offsets[:-1], len(letters) - 1)]] & ~empty)
        if len(suspects):
            blank = pc.match_substring_regex(texts.take(arrow_places(suspects)), _BLANK)
            good[suspects] = ~np.asarray(pc.fill_null(blank, False).to_numpy(zero_copy_only=False))
    found: Mask = good & ~empty
    return found
