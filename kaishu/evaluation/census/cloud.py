"""Word clouds and rings of themes as drawings: places are computed here, nothing runs in the browser."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

WIDE, TALL = 400, 300
_LARGEST, _SMALLEST = 34.0, 11.0
_AIR = 2.0
#: Part of the drawing that letters may fill; more leaves no room for the last ones.
_FULL = 0.45
_TURNS = 4000


@dataclass(frozen=True, slots=True)
class CloudWord:
    """A word with its weight, its middle and the size of its letters, in units of the drawing."""

    word: str
    weight: float
    x: float
    y: float
    size: float


def word_cloud(words: Sequence[tuple[str, float]], most: int = 50) -> list[CloudWord]:
    """Words set on a spiral from the middle, the heaviest first; what finds no room is left out.

    The height of the letters goes with the square root of the weight, so that the area goes with the weight.
    """
    chosen = sorted(
        ((word, weight) for word, weight in words if weight > 0), key=lambda each: (-each[1], each[0])
    )
    placed: list[CloudWord] = []
    boxes: list[tuple[float, float, float, float]] = []
    heaviest = chosen[0][1] if chosen else 1.0
    needed = sum(_width(word) * _LARGEST**2 * weight / heaviest for word, weight in chosen[:most])
    largest = _LARGEST * min(1.0, math.sqrt(_FULL * WIDE * TALL / max(1.0, needed)))
    for word, weight in chosen[:most]:
        size = max(_SMALLEST, largest * math.sqrt(weight / heaviest))
        half_wide, half_tall = _width(word) * size / 2 + _AIR, size * 0.6 + _AIR / 2
        spot = _spot(boxes, half_wide, half_tall)
        if spot is None:
            continue
        x, y = spot
        boxes.append((x - half_wide, y - half_tall, x + half_wide, y + half_tall))
        placed.append(CloudWord(word, weight, round(x, 1), round(y, 1), round(size, 1)))
    return placed


#: Left, top, width and height of what is drawn, so that nothing around it takes room.
Box = tuple[float, float, float, float]


def cloud_box(words: Sequence[CloudWord]) -> Box:
    """What the words take up."""
    boxes = []
    for each in words:
        wide, tall = _width(each.word) * each.size / 2, each.size * 0.6
        boxes.append((each.x - wide, each.y - tall, each.x + wide, each.y + tall))
    return _around(boxes)


def _around(boxes: Sequence[tuple[float, float, float, float]]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    left, top = min(lefts) - _AIR, min(tops) - _AIR
    return round(left), round(top), round(max(rights) + _AIR - left), round(max(bottoms) + _AIR - top)


def _spot(
    boxes: Sequence[tuple[float, float, float, float]], half_wide: float, half_tall: float
) -> tuple[float, float] | None:
    for turn in range(_TURNS):
        angle = 0.35 * math.sqrt(turn) * 2.4
        out = 2.9 * angle
        x, y = WIDE / 2 + out * 1.4 * math.cos(angle), TALL / 2 + out * math.sin(angle)
        left, top, right, bottom = x - half_wide, y - half_tall, x + half_wide, y + half_tall
        if left < 0 or top < 0 or right > WIDE or bottom > TALL:
            continue
        if all(right < a or left > c or bottom < b or top > d for a, b, c, d in boxes):
            return x, y
    return None


def _width(word: str) -> float:
    """In sizes of the letters: 1 for a Chinese one, about half for a Latin one."""
    return sum(1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.56 for letter in word)


RING = 300
_RADIUS = 95.0
#: Size of the names on the ring.
_LETTERS = 12.0


@dataclass(frozen=True, slots=True)
class RingTheme:
    """A theme on the ring: its dot, and its name beside it."""

    theme: str
    count: int
    x: float
    y: float
    radius: float
    text_x: float
    text_y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class RingLine:
    """Two themes that stand together; ``part`` of 1 is how strong the line is."""

    first: str
    second: str
    count: int
    x1: float
    y1: float
    x2: float
    y2: float
    part: float


def ring(
    themes: Sequence[tuple[str, int]], pairs: Sequence[tuple[str, str, int]], lines: int = 60
) -> tuple[list[RingTheme], list[RingLine]]:
    """Themes on a circle, the strongest pairs among them as lines."""
    middle, most = RING / 2, max((count for _theme, count in themes), default=1)
    dots: list[RingTheme] = []
    for place, (theme, count) in enumerate(themes):
        angle = 2 * math.pi * place / len(themes) - math.pi / 2
        x, y = middle + _RADIUS * math.cos(angle), middle + _RADIUS * math.sin(angle)
        beyond = _RADIUS + 12
        across = math.cos(angle)
        anchor = "middle" if abs(across) < 0.12 else "start" if across > 0 else "end"
        dots.append(
            RingTheme(
                theme,
                count,
                round(x, 1),
                round(y, 1),
                round(2.5 + 5 * math.sqrt(count / most), 1),
                round(middle + beyond * across, 1),
                round(middle + beyond * math.sin(angle) + 4, 1),
                anchor,
            )
        )
    by_name = dict(zip((theme for theme, _count in themes), dots, strict=True))
    kept = [pair for pair in pairs if pair[0] in by_name and pair[1] in by_name][:lines]
    high = max((count for _one, _two, count in kept), default=1)
    drawn = []
    for one, two, count in reversed(kept):
        a, b = by_name[one], by_name[two]
        drawn.append(RingLine(a.theme, b.theme, count, a.x, a.y, b.x, b.y, round(count / high, 3)))
    return dots, drawn


def ring_box(themes: Sequence[RingTheme], most: int) -> Box:
    """What dots and names take up, names being cut at ``most`` letters."""
    boxes = []
    for each in themes:
        wide = _width(each.theme[:most]) * _LETTERS
        left = each.text_x - {"start": 0.0, "middle": 0.5, "end": 1.0}[each.anchor] * wide
        dot = each.radius
        boxes += [
            (left, each.text_y - _LETTERS, left + wide, each.text_y + _LETTERS / 3),
            (each.x - dot, each.y - dot, each.x + dot, each.y + dot),
        ]
    return _around(boxes)
