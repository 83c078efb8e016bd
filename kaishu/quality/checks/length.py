"""How long the text is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from kaishu.quality.checks.check import RowCheck, Rows, Verdict, failing
from kaishu.quality.checks.given import Given

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Length(RowCheck):
    """Characters (or bytes of UTF-8) of the value, both bounds included."""

    kind: ClassVar[str] = "length"
    dimension: ClassVar[str] = "accuracy"
    zh: ClassVar[str] = "长度"
    en: ClassVar[str] = "has a length"
    parameters: ClassVar = {
        "column": ("一列", "a column"),
        "min": ("至少", "at least so many"),
        "max": ("至多", "at most so many"),
        "exactly": ("正好", "exactly so many"),
        "unit": ("characters（默认）或 bytes", "characters (default) or bytes of UTF-8"),
    }
    column: str
    min: int | None = None
    max: int | None = None
    unit: str = "characters"

    @classmethod
    def read(cls, given: Given) -> Length:
        given.need("min", "max", "exactly")
        exactly = given.whole("exactly")
        low, high = given.whole("min", exactly), given.whole("max", exactly)
        if low is not None and high is not None and low > high:
            raise given.wrong("max", "max 小于 min", "max is less than min")
        return cls(
            column=given.column(),
            min=low,
            max=high,
            unit=given.choice("unit", ("characters", "bytes"), "characters"),
        )

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.column,)

    def judge(self, rows: Rows) -> Verdict:
        ok = rows.by_value(self.column, (self.kind, self.min, self.max, self.unit), self._fits)
        return failing(ok, rows.present(self.column))

    def _fits(self, texts: Any) -> Mask:
        import numpy as np
        import pyarrow.compute as pc

        count = pc.utf8_length if self.unit == "characters" else pc.binary_length
        lengths = pc.fill_null(count(texts), 0).to_numpy(zero_copy_only=False)
        ok = np.ones(len(lengths), bool)
        if self.min is not None:
            ok &= lengths >= self.min
        if self.max is not None:
            ok &= lengths <= self.max
        return ok
