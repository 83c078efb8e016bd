"""Themes of platforms: how many each has, how common each is, which platforms share, which stand together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kaishu.base.errors import Said
from kaishu.evaluation.census.platforms import Doubt

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ThemeTable:
    """Platforms (rows) by themes (columns): ``has`` is true where a platform lists a theme."""

    platforms: tuple[str, ...]
    themes: tuple[str, ...]
    has: NDArray[np.bool_]
    levels: tuple[str, ...]

    @property
    def counts(self) -> NDArray[np.int64]:
        """Platforms of each theme."""
        counts: NDArray[np.int64] = self.has.sum(axis=0, dtype=np.int64)
        return counts


def theme_table(frame: pl.DataFrame) -> ThemeTable:
    """The table of a frame of ``reading.read_themes``; a theme listed twice counts once."""
    platforms = tuple(frame["platform_name"].unique(maintain_order=True))
    named = frame.filter(pl.col("theme") != "")
    order = named.group_by("theme").agg(pl.col("platform_name").n_unique().alias("n"))
    themes = tuple(order.sort(["n", "theme"], descending=[True, False])["theme"])
    row = {name: place for place, name in enumerate(platforms)}
    column = {name: place for place, name in enumerate(themes)}
    has = np.zeros((len(platforms), len(themes)), dtype=np.bool_)
    for platform, theme in named.select("platform_name", "theme").iter_rows():
        has[row[platform], column[theme]] = True
    level = dict(frame.select("platform_name", "level").iter_rows())
    return ThemeTable(platforms, themes, has, tuple(level[name] for name in platforms))


@dataclass(frozen=True, slots=True)
class Spread:
    """How many themes platforms have."""

    platforms: int
    themes: int
    listed: int
    mean: float
    median: float
    least: int
    most: int
    counts: tuple[tuple[int, int], ...]


def spread(found: ThemeTable) -> Spread:
    """Number of themes per platform, with ``counts`` of (themes, platforms)."""
    each = found.has.sum(axis=1)
    values, times = np.unique(each, return_counts=True)
    return Spread(
        len(found.platforms),
        len(found.themes),
        int(each.sum()),
        float(each.mean()) if each.size else 0.0,
        float(np.median(each)) if each.size else 0.0,
        int(each.min(initial=each.max(initial=0))),
        int(each.max(initial=0)),
        tuple((int(value), int(time)) for value, time in zip(values, times, strict=True)),
    )


def frequency(found: ThemeTable) -> pl.DataFrame:
    """theme, platforms, share (of the platforms, in parts of 1), the most common first."""
    counts = found.counts
    return pl.DataFrame(
        {
            "theme": list(found.themes),
            "platforms": counts.astype(np.int64),
            "share": counts / max(1, len(found.platforms)),
        }
    )


def overlap(found: ThemeTable) -> Matrix:
    """Jaccard's index of every two platforms: shared themes by all themes of both; 0 where neither has any.

    P. Jaccard, The distribution of the flora in the alpine zone, New Phytologist 11 (1912).
    """
    has = found.has.astype(np.float64)
    shared = has @ has.T
    sizes = has.sum(axis=1)
    either = sizes[:, None] + sizes[None, :] - shared
    index: Matrix = np.divide(shared, either, out=np.zeros_like(shared), where=either > 0)
    return index


def nearest(found: ThemeTable, count: int = 1) -> pl.DataFrame:
    """For each platform those that share most with it: platform, nearest, jaccard, shared; never itself."""
    index = overlap(found)
    np.fill_diagonal(index, -1.0)
    rows = []
    for place, name in enumerate(found.platforms):
        order = np.lexsort((np.arange(len(index)), -index[place]))[:count]
        for other in order:
            if index[place, other] > 0:
                shared = int((found.has[place] & found.has[other]).sum())
                rows.append((name, found.platforms[other], float(index[place, other]), shared))
    return pl.DataFrame(rows, schema=["platform", "nearest", "jaccard", "shared"], orient="row")


def same_lists(found: ThemeTable) -> list[tuple[str, ...]]:
    """Groups of platforms with exactly the same themes, the largest first."""
    groups: dict[bytes, list[str]] = {}
    for place, name in enumerate(found.platforms):
        if found.has[place].any():
            groups.setdefault(found.has[place].tobytes(), []).append(name)
    several = [tuple(names) for names in groups.values() if len(names) > 1]
    return sorted(several, key=lambda names: (-len(names), names))


def together(found: ThemeTable, least: int = 5) -> pl.DataFrame:
    """Themes that stand together: first, second, platforms, lift, jaccard; only pairs of ``least`` platforms.

    Lift is n·n_ab/(n_a·n_b), n the platforms: above 1 they stand together more often than by chance.
    S. Brin et al., Dynamic itemset counting, SIGMOD 1997 (there called interest).
    """
    has = found.has.astype(np.float64)
    both = has.T @ has
    counts, n = np.diag(both), len(found.platforms)
    one, two = np.triu_indices(len(found.themes), 1)
    kept = both[one, two] >= least
    one, two = one[kept], two[kept]
    shared = both[one, two]
    frame = pl.DataFrame(
        {
            "first": [found.themes[each] for each in one],
            "second": [found.themes[each] for each in two],
            "platforms": shared.astype(np.int64),
            "lift": n * shared / (counts[one] * counts[two]),
            "jaccard": shared / (counts[one] + counts[two] - shared),
        }
    )
    return frame.sort(["platforms", "lift", "first", "second"], descending=[True, True, False, False])


def doubts(frame: pl.DataFrame) -> list[Doubt]:
    """Counts that do not agree with the list, themes listed twice, themes written with odd letters."""
    found: list[Doubt] = []
    for (name,), own in frame.group_by("platform_name", maintain_order=True):
        themes = [each for each in own["theme"] if each]
        line, stated = int(own["row"][0]), str(own["stated"][0])
        if stated and int(stated) != len(themes):
            told = Said(f"写明{stated}个，列出{len(themes)}个", f"states {stated}, lists {len(themes)}")
            found.append(Doubt(line, "theme_count_stated", str(name), told))
        if not themes:
            found.append(Doubt(line, "themes", str(name), Said("没有列出主题", "lists no theme")))
        for theme in _twice(themes):
            told = Said("同一平台列了两次", "listed twice by one platform")
            found.append(Doubt(line, "theme", theme, told))
    return found


def _twice(themes: Sequence[str]) -> list[str]:
    ordered = sorted(themes)
    return sorted({one for one, other in pairwise(ordered) if one == other})
