"""What the checks of single Chinese codes share: a kernel that judges a whole column of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from kaishu.base.errors import Said
from kaishu.quality.checks.check import RowCheck, Rows, Verdict, failing
from kaishu.quality.checks.given import Given

if TYPE_CHECKING:
    from typing import Self

    from kaishu.quality.kernels import Kernel


@dataclass(frozen=True, slots=True, kw_only=True)
class Code(RowCheck):
    """One column whose text is a code; the members of this kind only say which."""

    dimension: ClassVar[str] = "conformity"
    parameters: ClassVar = {"column": ("一列", "a column")}
    column: str

    @classmethod
    def read(cls, given: Given) -> Self:
        return cls(column=given.column())

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.column,)

    def judge(self, rows: Rows) -> Verdict:
        ok = rows.by_value(self.column, self.kind, self.kernel().ok)
        return failing(ok, rows.present(self.column))

    def why(self, texts: Any) -> Sequence[Said]:
        kernel = self.kernel()
        return [Said(kernel.table[each].zh, kernel.table[each].en) for each in kernel.reasons(texts)]

    def kernel(self) -> Kernel:
        """The kernel of the same name."""
        from kaishu.quality.kernels import KERNELS

        return KERNELS[self.kind]
