"""A longitude and a latitude lie where the row says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from kaishu.base.errors import Said
from kaishu.quality.checks.check import RowCheck, Rows, Verdict, all_present, failing
from kaishu.quality.checks.given import Given
from kaishu.quality.expressions import numbers_of


@dataclass(frozen=True, slots=True, kw_only=True)
class WithinDivision(RowCheck):
    """Inside a generous box around the province or city of a division code, or around China without one.

    Boxes, not boundaries: a point outside is almost surely wrong, one inside may be over the border.  A code
    that is none passes; the check ``division`` finds it.
    """

    kind: ClassVar[str] = "within-division"
    dimension: ClassVar[str] = "accuracy"
    zh: ClassVar[str] = "经纬度在行政区划内"
    en: ClassVar[str] = "lies inside its division"
    parameters: ClassVar = {
        "longitude": ("经度列", "the column of longitudes"),
        "latitude": ("纬度列", "the column of latitudes"),
        "division": ("行政区划代码列，可不写", "a column of division codes; may be left out"),
    }
    longitude: str
    latitude: str
    division: str = ""

    @classmethod
    def read(cls, given: Given) -> WithinDivision:
        given.need("longitude")
        given.need("latitude")
        return cls(
            longitude=given.text("longitude"),
            latitude=given.text("latitude"),
            division=given.text("division"),
        )

    @property
    def reads(self) -> tuple[str, ...]:
        return tuple(column for column in (self.longitude, self.latitude, self.division) if column)

    def unsuitable(self, types: Mapping[str, str]) -> Iterator[Said]:
        for column in (self.longitude, self.latitude):
            if types[column] not in ("integer", "number", "text"):
                yield Said(f"“{column}”列不是数", f'column "{column}" holds no numbers')

    def judge(self, rows: Rows) -> Verdict:
        from kaishu.quality.kernels.position import positions_ok

        along, across = _numbers(rows, self.longitude), _numbers(rows, self.latitude)
        ok = positions_ok(along, across, rows.text(self.division) if self.division else None)
        return failing(ok, all_present(rows, self.reads))


def _numbers(rows: Rows, column: str) -> Any:
    plain = rows.plain(column)
    return numbers_of(plain) if rows.types[column] == "text" else plain
