"""Longitude and latitude: on the earth, in China, and near the division that the row names?

No boundaries are at hand.  Around each county's seat lies a square, the wider the farther the next seat is;
a city or province has the box that holds the squares of all its counties.  The boxes are generous: a point
outside is almost surely wrong, a point inside may be over the border.  Seats: ``gb-t-2260-seats``, 2018.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kaishu import standards
from kaishu.quality.kernels.reasons import FINE, Reason
from kaishu.quality.kernels.text import BATCH, matrix, of_width, read_text

REASONS = (
    FINE,
    Reason("range", "经度或纬度超出范围", "Longitude or latitude is out of range"),
    Reason("swapped", "经度与纬度颠倒", "Longitude and latitude are swapped"),
    Reason("country", "不在中国境内", "Not in China"),
    Reason("division", "不在所填行政区划范围内", "Not in the division that is named"),
)
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Boxes:
    """Corners of boxes by number; ``of_code``: number of a six-digit code's box.  Box 0 holds everything."""

    west: Numbers
    east: Numbers
    south: Numbers
    north: Numbers
    of_code: NDArray[np.int16]

    def hold(self, which: Any, longitude: Numbers, latitude: Numbers) -> NDArray[np.bool_]:
        """Is each point in its box?"""
        inside: NDArray[np.bool_] = (longitude >= self.west[which]) & (longitude <= self.east[which])
        inside &= (latitude >= self.south[which]) & (latitude <= self.north[which])
        return inside


def positions_ok(longitude: Any, latitude: Any, divisions: Any = None) -> NDArray[np.bool_]:
    """Which points are in the box of their division; null, and a division that is none, are right.

    Two Arrow arrays of numbers and, if wanted, one of text; without it the box is China's.
    """
    along, across = _numbers(longitude), _numbers(latitude)
    which = _china_only(len(along)) if divisions is None else _boxes_of(divisions)
    ok = boxes().hold(which, along, across)
    ok |= np.isnan(along) | np.isnan(across)
    return ok


def position_reasons(longitude: Any, latitude: Any, divisions: Any = None) -> NDArray[np.uint8]:
    """Why each point fails, as places in ``REASONS``."""
    along, across = _numbers(longitude), _numbers(latitude)
    which = _china_only(len(along)) if divisions is None else _boxes_of(divisions)
    wrong = ~positions_ok(longitude, latitude, divisions)
    china = boxes().hold(_china_only(len(along)), along, across)
    swapped = boxes().hold(which, across, along)
    beyond = (np.abs(along) > 180) | (np.abs(across) > 90)
    found = np.select([swapped, beyond, ~china], [2, 1, 3], 4).astype(np.uint8)
    return np.where(wrong, found, np.uint8(0))


@cache
def boxes() -> Boxes:
    """Boxes of all provinces and cities: 0 the earth, 1 China, then the rest."""
    columns = standards.code_set("gb-t-2260-seats").columns
    codes = np.array(columns["code"], dtype=np.int64)
    along, across = (np.array(columns[name], float) for name in ("longitude", "latitude"))
    reach = np.array(columns["reach"], float)
    narrow = np.cos(np.deg2rad(across))
    sides = np.array([along - reach / narrow, along + reach / narrow, across - reach, across + reach])
    found = [np.array([-180.0, 180.0, -90.0, 90.0]), _around(sides)]
    of_code = np.zeros(1_000_000, np.int16)
    for digits in (10_000, 100):
        for prefix in np.unique(codes // digits):
            of_code[prefix * digits : (prefix + 1) * digits] = len(found)
            if digits == 100:  # the code of a province is not that of its first city
                of_code[prefix // 100 * 10_000] = of_code[prefix // 100 * 10_000 + 9999]
            found.append(_around(sides[:, codes // digits == prefix]))
    west, east, south, north = np.array(found).T
    return Boxes(west, east, south, north, of_code)


def _around(sides: Numbers) -> Numbers:
    return np.array([sides[0].min(), sides[1].max(), sides[2].min(), sides[3].max()])


def _numbers(values: Any) -> Numbers:
    """Null is NaN."""
    if hasattr(values, "combine_chunks"):
        values = values.combine_chunks()
    found: Numbers = values.cast("double").to_numpy(zero_copy_only=False)
    return found


def _china_only(rows: int) -> NDArray[np.int16]:
    return np.ones(rows, np.int16)


def _boxes_of(divisions: Any) -> NDArray[np.int16]:
    text = read_text(divisions)
    found = np.zeros(len(text), np.int16)
    powers = 10 ** np.arange(5, -1, -1)
    for start in range(0, len(text), BATCH):
        part = text.part(start, min(start + BATCH, len(text)))
        fits, starts = of_width(part, 6)
        if fits is not None and not fits.any():
            continue
        digits = matrix(part.data, starts, 6) - np.uint8(48)
        right = digits.max(axis=1) < 10
        if fits is not None:
            right &= fits
        places = np.where(right, digits @ powers, 0)
        found[start : start + len(part)] = np.where(right, boxes().of_code[places], 0)
    return found
