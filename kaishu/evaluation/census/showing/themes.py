"""Themes as a report."""

from __future__ import annotations

import numpy as np
import polars as pl

from kaishu.evaluation.census import themes
from kaishu.evaluation.census.printed import theme_rows
from kaishu.evaluation.census.reading import Rows
from kaishu.evaluation.census.showing.writing import Column, Writer, decimal, share, text, whole
from kaishu.evaluation.census.words import frequencies
from kaishu.reporting import Bar, Bars, Block, Document, Facts, Note, Table

MOST_MATRIX = 24
MOST_ROWS = 200


def themes_document(rows: Rows, language: str) -> Document:
    """The census of themes in ``zh`` or ``en``."""
    return _Themes(rows, language).document()


class _Themes(Writer):
    def __init__(self, rows: Rows, language: str) -> None:
        super().__init__(language)
        self.rows, self.found = rows, themes.theme_table(rows.frame)

    def document(self) -> Document:
        title = self.say("平台主题普查", "Census of the themes of platforms")
        blocks = [*self.spread(), *self.common(), *self.words(), *self.pairs(), *self.overlap()]
        if self.rows.shipped:
            blocks += self.printed(list(theme_rows(self.rows.frame)))
        blocks += self.doubtful(themes.doubts(self.rows.frame))
        return self.report(title, blocks)

    def spread(self) -> list[Block]:
        each = themes.spread(self.found)
        pairs = [
            (self.say("平台", "Platforms"), whole(each.platforms)),
            (self.say("不同的主题", "Different themes"), whole(each.themes)),
            (self.say("每个平台平均", "Mean of a platform"), decimal(each.mean)),
            (self.say("中位数", "Median"), f"{each.median:g}"),
            (self.say("最少和最多", "Least and most"), f"{each.least} – {each.most}"),
        ]
        blocks: list[Block] = [Facts(pairs)]
        if self.rows.shipped:
            source = self.say(
                "数据：《中国政府开放数据利用研究报告》附录2，2021年。",
                "Data: appendix 2 of 《中国政府开放数据利用研究报告》, 2021.",
            )
            blocks.append(Note(source))
        groups = [(low, low + 4) for low in range(0, each.most + 1, 5)]
        counts = [sum(n for value, n in each.counts if low <= value <= high) for low, high in groups]
        most = max(counts, default=0) or 1
        labels = [self.say(f"{low}–{high}个", f"{low}–{high}") for low, high in groups]
        bars = [Bar(label, n / most, whole(n)) for label, n in zip(labels, counts, strict=True)]
        title = self.say("平台按主题个数", "Platforms by their number of themes")
        rows = [[str(value), str(n)] for value, n in each.counts]
        heads = [self.say("主题", "themes"), self.say("平台", "platforms")]
        return [
            *blocks,
            self.heading("每个平台有多少主题", "How many themes a platform has"),
            Bars(title, bars),
            Table(title, heads, rows, frozenset({0, 1}), folded=True),
        ]

    def common(self) -> list[Block]:
        found = themes.frequency(self.found)
        if found.is_empty():
            return []
        first = found.row(0, named=True)
        once = found.filter(pl.col("platforms") == 1).height
        title = self.say(
            f"“{first['theme']}”最常见，{share(first['share'])}的平台有；{once}个主题只有一个平台用",
            f"{first['theme']} is the most common, {share(first['share'])} of platforms have it; {once} "
            "themes "
            "stand on one platform only",
        )
        heads: list[Column] = [
            ("theme", "主题", "theme", text),
            ("platforms", "平台", "platforms", whole),
            ("share", "占比", "share", share),
        ]
        return [
            self.heading("哪些主题最常见", "Which themes are common"),
            self.chart(title, found, "theme", "platforms"),
            self.table(
                found, heads, self.say(f"全部{found.height}个主题", f"All {found.height} themes"), folded=True
            ),
        ]

    def words(self) -> list[Block]:
        found = frequencies(zip(self.found.themes, self.found.counts.tolist(), strict=True))
        heads: list[Column] = [("word", "词", "word", text), ("count", "平台主题次数", "times", whole)]
        title = self.say("主题里的词", "Words of the themes")
        return [
            self.heading("主题里的词", "Words of the themes"),
            self.table(found.head(MOST_ROWS), heads, title, folded=True),
        ]

    def pairs(self) -> list[Block]:
        found = themes.together(self.found)
        if found.is_empty():
            return []
        heads: list[Column] = [
            ("first", "主题", "theme", text),
            ("second", "同在的主题", "stands with", text),
            ("platforms", "平台", "platforms", whole),
            ("lift", "提升度", "lift", decimal),
            ("jaccard", "雅卡尔指数", "Jaccard", decimal),
        ]
        told = self.say(
            "只列至少5个平台共有的。提升度=平台数×共有数÷（一方数×另一方数），大于1即比碰巧更常同在。",
            "Pairs of at least 5 platforms. Lift is platforms × shared ÷ (one × other): above 1 they stand "
            "together "
            "more often than by chance.",
        )
        title = self.say(f"同在的主题对，共{found.height}对", f"Pairs of themes, {found.height} in all")
        return [
            self.heading("哪些主题同在", "Themes that stand together"),
            self.table(found.head(MOST_ROWS), heads, title, folded=True),
            Note(told),
        ]

    def overlap(self) -> list[Block]:
        found = themes.nearest(self.found).sort(["jaccard", "platform"], descending=[True, False])
        heads: list[Column] = [
            ("platform", "平台", "platform", text),
            ("nearest", "最相近的平台", "nearest", text),
            ("shared", "共有主题", "shared", whole),
            ("jaccard", "雅卡尔指数", "Jaccard", decimal),
        ]
        index = themes.overlap(self.found)
        size = len(index)
        mean = float((index.sum() - np.trace(index)) / (size * (size - 1))) if size > 1 else 0.0
        groups = themes.same_lists(self.found)
        several = (
            "one group of platforms has" if len(groups) == 1 else f"{len(groups)} groups of platforms have"
        )
        zh, en = f"{len(groups)}组平台的主题完全相同", f"{several} exactly the same themes"
        if not groups:
            zh, en = "没有两个平台的主题完全相同", "no two have exactly the same themes"
        told = self.say(
            f"任意两个平台的雅卡尔指数（共有主题÷全部主题）平均为{mean:.3f}；{zh}。",
            f"Jaccard's index (shared themes by all themes of both) of two platforms is {mean:.3f} on the "
            f"mean; {en}.",
        )
        same = Table(
            self.say("主题完全相同的平台", "Platforms with the same themes"),
            [self.say("平台数", "platforms"), self.say("平台", "which")],
            [[str(len(names)), "、".join(names)] for names in groups],
            frozenset({0}),
            folded=True,
        )
        near = self.say("每个平台最相近的一个", "The nearest of each platform")
        return [
            self.heading("平台之间的重合", "How platforms overlap"),
            Note(told),
            self.table(found, heads, near, folded=True),
            *([same] if groups else []),
        ]
