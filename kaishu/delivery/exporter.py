"""What every file format has, and the registry they are in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from kaishu.delivery.columns import Column

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What is written beside the rows: the columns in their order, and whether a text begins with a BOM."""

    columns: Sequence[Column]
    bom: bool = False


class Exporter(ABC):
    """One format.  ``rows`` is how many it likes in a batch; memory follows from it."""

    code: ClassVar[str]
    media_type: ClassVar[str]
    suffix: ClassVar[str]
    label_zh: ClassVar[str]
    label_en: ClassVar[str]
    rows: ClassVar[int] = 32_768

    def fits(self, columns: Sequence[Column]) -> bool:
        """Can a table of these columns be written so?"""
        return True

    @abstractmethod
    def chunks(self, frames: Iterable[pl.DataFrame], shape: Shape) -> Iterator[bytes]:
        """The file, piece by piece, in constant memory."""


EXPORTS: dict[str, Exporter] = {}


def register(exporter: Exporter) -> Exporter:
    """Bring a format in: ours come the same way as a stranger's."""
    EXPORTS[exporter.code] = exporter
    return exporter
