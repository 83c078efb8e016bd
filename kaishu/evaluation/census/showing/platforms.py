"""Platforms as a report."""

from __future__ import annotations

import polars as pl

from kaishu.evaluation.census import platforms
from kaishu.evaluation.census.platforms import REGIONS_EN
from kaishu.evaluation.census.printed import levels_total, platform_rows
from kaishu.evaluation.census.reading import LEVELS, LEVELS_EN, Rows
from kaishu.evaluation.census.showing.published import address_blocks, growth_blocks, type_blocks
from kaishu.evaluation.census.showing.writing import Column, Writer, share, text, whole
from kaishu.reporting import Block, Document, Facts, Note

_PLATFORMS: Column = ("platforms", "平台", "platforms", whole)
_COUNTIES: tuple[Column, ...] = (
    ("counties_with", "有平台的区县", "counties with one", whole),
    ("counties", "区县", "counties", whole),
    ("counties_rate", "区县平台率", "rate of counties", share),
)


def platforms_document(rows: Rows, language: str) -> Document:
    """The census of platforms in ``zh`` or ``en``."""
    return _Platforms(rows, language).document()


class _Platforms(Writer):
    def __init__(self, rows: Rows, language: str) -> None:
        super().__init__(language)
        self.rows, self.frame = rows, rows.frame
        self.whole = levels_total() if rows.shipped else None

    def document(self) -> Document:
        title = self.say("政府数据开放平台普查", "Census of open government data platforms")
        blocks = [
            *self.summary(),
            *self.levels(),
            *self.regions(),
            *self.kinds(),
            *self.growth(),
            *self.provinces(),
        ]
        if self.rows.shipped:
            blocks += self.printed(list(platform_rows(self.frame)))
        blocks += self.doubtful(platforms.doubts(self.frame))
        return self.report(title, blocks)

    def summary(self) -> list[Block]:
        counts = dict(platforms.by_level(self.frame).select("level", "platforms").iter_rows())
        pairs = [(self.say("平台", "Platforms"), whole(self.frame.height))]
        pairs += [
            (self.say(level, LEVELS_EN[level].capitalize()), whole(counts.get(level, 0))) for level in LEVELS
        ]
        blocks: list[Block] = [Facts(pairs)]
        if self.rows.shipped:
            source = self.say(
                "数据：《中国政府开放数据利用研究报告》附录1，2021年。",
                "Data: appendix 1 of 《中国政府开放数据利用研究报告》, 2021.",
            )
            blocks.append(Note(source))
        return blocks

    def shares(self) -> list[Column]:
        columns: list[Column] = [
            _PLATFORMS,
            ("share", f"占{self.frame.height}", f"of {self.frame.height}", share),
        ]
        if self.whole:
            columns.append(("share_of_whole", f"占{self.whole}", f"of {self.whole}", share))
        return columns

    def levels(self) -> list[Block]:
        found = platforms.by_level(self.frame, self.whole)
        most = found.sort("platforms", descending=True).row(0, named=True)
        title = self.say(
            f"{most['level']}最多，占{share(most['share'])}",
            f"Most are {LEVELS_EN[most['level']]} platforms: {share(most['share'])}",
        )
        heads: list[Column] = [("level", "级别", "level", text), *self.shares()]
        blocks = self.section(
            ("按级别", "By level"), title, found, heads, ("级别", "level"), words=self.names()
        )
        if self.whole:
            told = self.say(
                f"由报告印出的各级比例推得的各级之和是{self.whole}，它的份额以此为分母；目录只有{self.frame.height}行。两种分母都列出。",
                f"By the printed rates the levels add up to {self.whole}, and the report divides by that; "
                f"the catalogue has {self.frame.height} rows. Both shares stand here.",
            )
            blocks.append(Note(told))
        return [*blocks, *self.rates()]

    def rates(self) -> list[Block]:
        found = platforms.level_rates(self.frame)
        heads: list[Column] = [
            ("level", "级别", "level", text),
            _PLATFORMS,
            ("divisions", "行政区", "divisions", whole),
            ("rate", "平台率", "rate", share),
        ]
        told = self.say(
            "行政区数按 GB/T 2260 所附2021年名单（副省级城市15个）；县区级含无年份说明的变更，"
            "故与报告所用的2,844略有不同。",
            "Divisions as in the list of 2021 that comes with GB/T 2260; sub-provincial cities are "
            "fifteen. County "
            "divisions differ a little from the 2,844 of the report, since some changes carry no year.",
        )
        title = self.say("平台数与行政区数", "Platforms and divisions")
        shown = found.with_columns(pl.col("level").replace(self.names()))
        return [self.table(shown, heads, title), Note(told)]

    def regions(self) -> list[Block]:
        found = platforms.by_region(self.frame, self.whole)
        first = found.row(0, named=True)
        region = self.say(first["region"], REGIONS_EN.get(first["region"], first["region"]))
        title = self.say(f"{region}最多，{first['platforms']}个", f"{region} leads with {first['platforms']}")
        each: list[Column] = [(level, level, LEVELS_EN[level], whole) for level in LEVELS]
        heads: list[Column] = [("region", "地区", "region", text), *self.shares(), *each]
        told = self.say(
            "七大区是通行的划分，任何标准和报告都没有列出，此处为假定。",
            "The seven regions are customary; no standard and no report lists them. They are assumed here.",
        )
        blocks = self.section(
            ("按地区", "By region"), title, found, heads, ("各地区", "Regions"), words=self.names()
        )
        return [*blocks, Note(told)]

    def kinds(self) -> list[Block]:
        inferred = address_blocks(self, self.frame, shipped=self.rows.shipped)
        if self.rows.shipped:
            return [*type_blocks(self), *inferred]
        if not self.frame.filter(pl.col("type") != "").height:
            return inferred
        found = platforms.counted(self.frame, "type")
        first = found.row(0, named=True)
        title = self.say(
            f"{first['type']}占{share(first['share'])}", f"{first['type']}: {share(first['share'])}"
        )
        heads: list[Column] = [
            ("type", "类型", "type", text),
            _PLATFORMS,
            ("share", "占比", "share", share),
        ]
        return [
            *self.section(("按类型", "By type"), title, found, heads, ("各类型", "Types")),
            *inferred,
        ]

    def growth(self) -> list[Block]:
        found = platforms.growth(self.frame)
        if found.is_empty():
            return growth_blocks(self) if self.rows.shipped else []
        heads: list[Column] = [
            ("year", "年份", "year", text),
            ("new", "新增", "new", whole),
            ("total", "累计", "total", whole),
            ("growth", "增长", "growth", share),
        ]
        last = found.row(-1, named=True)
        title = self.say(f"到{last['year']}年共{last['total']}个", f"{last['total']} by {last['year']}")
        return self.section(
            ("增长", "Growth"), title, found, heads, ("各年", "Years"), value="total", newest=True
        )

    def provinces(self) -> list[Block]:
        found = platforms.by_province(self.frame)
        first = found.row(0, named=True)
        title = self.say(
            f"{first['province']}最多，{first['platforms']}个",
            f"{first['province']} leads with {first['platforms']}",
        )
        heads: list[Column] = [
            ("province", "省份", "province", text),
            _PLATFORMS,
            ("cities_with", "有平台的地市", "cities with one", whole),
            ("cities", "地市", "cities", whole),
            ("cities_rate", "地市平台率", "rate of cities", share),
            *_COUNTIES,
        ]
        cities: list[Column] = [
            ("province", "省份", "province", text),
            ("city", "地市", "city", text),
            _PLATFORMS,
            *_COUNTIES,
        ]
        told = self.say(
            "平台率：有平台的地市（区县）占 GB/T 2260 所列地市（区县）的比例；旧名归到同一代码，"
            "认不出的名字不计入有平台的。",
            "Rates: divisions that have a platform by those that GB/T 2260 lists; a former name counts for "
            "its code, "
            "an unknown one for none.",
        )
        heading = ("各省和地市的平台率", "Rates of provinces and cities")
        blocks = self.section(heading, title, found, heads, ("各省", "Provinces"))
        below = platforms.by_city(self.frame)
        if below.height:
            blocks.append(self.table(below, cities, self.say("各地市", "Cities"), folded=True))
        return [*blocks, Note(told)]

    def names(self) -> dict[str, str]:
        """Levels and regions in English where that is spoken."""
        return {} if self.language == "zh" else {**LEVELS_EN, **REGIONS_EN}
