"""The value is one of a list."""

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
class In(RowCheck):
    """One of the values, or a code of a shipped code set; compared as text."""

    kind: ClassVar[str] = "in"
    dimension: ClassVar[str] = "conformity"
    zh: ClassVar[str] = "代码表"
    en: ClassVar[str] = "is one of a list"
    parameters: ClassVar = {
        "column": ("一列", "a column"),
        "values": ("允许的值，按书写比较", "the values that may stand there, as they are written"),
        "codes": ("随软件提供的代码表的名称", "name of a shipped code set"),
        "negated": ("true：不得是其中之一", "true: it must be none of them"),
    }
    column: str
    values: tuple[str, ...] = ()
    codes: str = ""
    negated: bool = False

    @classmethod
    def read(cls, given: Given) -> In:
        given.need("values", "codes")
        codes = given.text("codes")
        if codes and codes not in known_sets():
            known = ", ".join(known_sets())
            raise given.wrong(
                "codes", f"没有代码表“{codes}”；有：{known}", f'no code set "{codes}"; there are {known}'
            )
        return cls(
            column=given.column(), values=given.texts("values"), codes=codes, negated=given.flag("negated")
        )

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.column,)

    def judge(self, rows: Rows) -> Verdict:
        members = rows.memory.once((self.kind, self.values, self.codes), self._members)

        def fits(texts: Any) -> Mask:
            import numpy as np
            import pyarrow.compute as pc

            options = members if members.type == texts.type else members.cast(texts.type)
            return np.asarray(pc.is_in(texts, value_set=options).to_numpy(zero_copy_only=False))

        ok = rows.by_value(self.column, (self.kind, self.values, self.codes), fits)
        return failing(~ok if self.negated else ok, rows.present(self.column))

    def _members(self) -> Any:
        import pyarrow as pa

        return pa.array(dict.fromkeys((*self.values, *(codes_of_set(self.codes) if self.codes else ()))))


def known_sets() -> tuple[str, ...]:
    """Names of the code sets that are shipped."""
    from kaishu import standards

    return (*standards.SETS, *standards.NAMES)


def codes_of_set(name: str) -> tuple[str, ...]:
    """Its codes, in every edition that it holds."""
    from kaishu import standards

    return standards.code_set(name).columns["code"]
