"""公民身份号码: form, division, date, check digit, and what else the row says of the same person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from kaishu.base.errors import Said
from kaishu.quality.checks.check import RowCheck, Rows, Verdict, all_present, as_text
from kaishu.quality.checks.given import Given
from kaishu.quality.days import days_of
from kaishu.quality.hashing import codes_of
from kaishu.quality.places import arrow_places

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from kaishu.quality.kernels import CitizenIds

    Mask = npt.NDArray[np.bool_]
    Codes = npt.NDArray[np.uint64]

PARTS = ("form", "division", "date", "check")


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenId(RowCheck):
    """GB 11643: the parts that are named, and agreement with a column of birth dates or of sex codes.

    Parts other than the form are judged where the form is right, so that one fault is counted once.
    """

    kind: ClassVar[str] = "citizen-id"
    dimension: ClassVar[str] = "conformity"
    zh: ClassVar[str] = "公民身份号码"
    en: ClassVar[str] = "is a citizen id"
    parameters: ClassVar = {
        "column": ("号码列", "the column of ids"),
        "parts": (
            f"查哪几部分：{'、'.join(PARTS)}，默认全查",
            f"which parts: {', '.join(PARTS)}; all if nothing is said",
        ),
        "birth": ("出生日期列，应与号码一致", "a column of birth dates that must agree"),
        "sex": (
            "性别代码列，1 男 2 女，应与号码一致",
            "a column of sex codes, 1 male 2 female, that must agree",
        ),
    }
    column: str
    parts: tuple[str, ...] = PARTS
    birth: str = ""
    sex: str = ""

    @classmethod
    def read(cls, given: Given) -> CitizenId:
        agrees = given.has("birth") or given.has("sex")
        parts = given.texts("parts") or (() if agrees else PARTS)
        unknown = [part for part in parts if part not in PARTS]
        if unknown:
            raise given.wrong(
                "parts",
                f"没有“{unknown[0]}”这一部分；有：{'、'.join(PARTS)}",
                f'there is no part "{unknown[0]}"; there are {", ".join(PARTS)}',
            )
        return cls(column=given.column(), parts=parts, birth=given.text("birth"), sex=given.text("sex"))

    @property
    def reads(self) -> tuple[str, ...]:
        return tuple(column for column in (self.column, self.birth, self.sex) if column)

    def judge(self, rows: Rows) -> Verdict:
        import numpy as np

        ids = read(rows, self.column)
        looked = all_present(rows, self.reads)
        good = np.ones(rows.length, bool)
        if self.parts == PARTS:
            good = ids.ok
        else:
            for part in self.parts:
                good = good & getattr(ids, part)
        if "form" not in self.parts:
            looked = ids.form if looked is None else looked & ids.form
        if self.birth:
            good = good & (self._days(rows) == ids.birth)
        if self.sex:
            good = good & (self._sexes(rows) == ids.sex)
        return Verdict(~good if looked is None else ~good & looked, looked)

    def why(self, texts: Any) -> Sequence[Said]:
        from kaishu.quality.kernels import KERNELS

        kernel = KERNELS[self.kind]
        fallback = Said("与其他列不一致", "differs from another column")
        reasons = [kernel.table[each] for each in kernel.reasons(texts)]
        return [fallback if each.key == "ok" else Said(each.zh, each.en) for each in reasons]

    def _days(self, rows: Rows) -> Any:
        import pyarrow as pa
        import pyarrow.compute as pc

        stored = rows.types[self.birth]
        if stored == "date":
            return rows.plain(self.birth).view(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False)
        if stored == "datetime":
            days = pc.cast(pc.cast(rows.plain(self.birth), pa.date32()), pa.int32())
            return days.fill_null(0).to_numpy(zero_copy_only=False)
        return rows.by_value(self.birth, "birth days", _written_days)

    def _sexes(self, rows: Rows) -> Any:
        return rows.by_value(self.sex, "sex codes", _sexes)


def read(rows: Rows, column: str) -> CitizenIds:
    """The column's ids as numbers, read once for all rules."""
    from kaishu.quality.kernels import read_citizen_ids

    return rows.once(("citizen ids", column), lambda: read_citizen_ids(as_text(rows.plain(column))))


def id_codes(rows: Rows, column: str) -> Codes:
    """The ids as numbers, which are at hand once they are read; a hash of what has not the form."""
    import numpy as np

    numbers = read(rows, column).number
    codes: Codes = numbers.astype(np.uint64)
    odd = np.flatnonzero(numbers < 0)
    if len(odd):
        codes[odd] = codes_of(as_text(rows.plain(column)).take(arrow_places(odd)))
    return codes


def _written_days(texts: Any) -> Any:
    """Days since 1970; where there is no date a number that agrees with no id, not even an impossible one."""
    import numpy as np

    days, good = days_of(texts)
    return np.where(good, days, np.int32(2**31 - 1))


def _sexes(texts: Any) -> Any:
    """1, 2, or -1 for anything else."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    words = pa.array(["1", "2", "男", "女", "男性", "女性"], texts.type)
    places = pc.index_in(texts, value_set=words).fill_null(len(words)).to_numpy(zero_copy_only=False)
    return np.array([1, 2, 1, 2, 1, 2, -1], np.int8)[places]
