"""Run an expression over the columns of a batch, with three outcomes: true, false, unknown (null)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from kaishu.quality.expressions.applying import APPLY, converted
from kaishu.quality.expressions.tree import Expression, Literal, Name, Node
from kaishu.quality.expressions.typing import kind_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]


class Sight(Protocol):
    """The rows an expression looks at."""

    @property
    def length(self) -> int:
        """How many rows."""

    @property
    def types(self) -> Mapping[str, str]:
        """The lake's type of every column."""

    @property
    def today(self) -> date:
        """The day of the check."""

    def plain(self, column: str) -> Any:
        """A column as an Arrow array of its own type, not a dictionary."""


def truth(expression: Expression, sight: Sight) -> tuple[Mask, Mask, Mask | None]:
    """True where it is true; true where it is known; true where it is unknown for a division by zero."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    running = Running(sight)
    found = running.value(expression.root)
    if isinstance(found, pa.Scalar):
        found = pa.repeat(found, sight.length)
    if pa.types.is_null(found.type):
        found = found.cast(pa.bool_())
    known = np.asarray(pc.is_valid(found).to_numpy(zero_copy_only=False))
    true = np.asarray(pc.fill_null(found, False).to_numpy(zero_copy_only=False))
    trouble = None if running.zeros is None else running.zeros & ~known
    return true, known, trouble


class Running:
    """One evaluation; ``zeros`` marks the rows where something was divided by zero."""

    def __init__(self, sight: Sight) -> None:
        self.sight = sight
        self.zeros: Mask | None = None

    def value(self, node: Node) -> Any:
        """An Arrow array, or a scalar that is the same for all rows."""
        import pyarrow as pa

        if isinstance(node, Literal):
            return pa.scalar(node.value)
        if isinstance(node, Name):
            return _column(self.sight.plain(node.column))
        return APPLY[node.name](self, node)

    def type(self, node: Node) -> str:
        """Type of a node."""
        return kind_of(node, self.sight.types)

    def read(self, node: Node, wanted: str) -> Any:
        """The value as a number, a text, a date, a time."""
        return converted(self.value(node), self.type(node), wanted)

    def divided_by_zero(self, zero: Any) -> None:
        """Remember the rows."""
        import numpy as np
        import pyarrow as pa

        if isinstance(zero, pa.Scalar):
            zero = pa.repeat(zero, self.sight.length)
        mask = np.asarray(zero.fill_null(False).to_numpy(zero_copy_only=False))
        if mask.any():
            self.zeros = mask if self.zeros is None else self.zeros | mask


def _column(array: Any) -> Any:
    """Without NaN, which is nothing known."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_floating(array.type):
        nan = pc.is_nan(array)
        if pc.any(nan).as_py():
            return pc.if_else(nan, pa.scalar(None, array.type), array)
    return array
