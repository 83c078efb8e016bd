"""What the reports print about platforms, themes and policies, beside what their own tables give."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from kaishu.base.errors import Said
from kaishu.evaluation.census import platforms, themes
from kaishu.evaluation.census.published import level_counts, level_divisions, level_rates
from kaishu.evaluation.census.reading import LEVELS, LEVELS_EN
from kaishu.evaluation.systems.rows import Compared, figure, word
from kaishu.evaluation.systems.sources import table

_REGIONS = {"华东": ("245", "36.51"), "华南": ("119", "17.73"), "东北": ("30", "4.47")}
_LATE = 202506


def levels_total() -> int:
    """What the levels add up to by the printed rates; the report's shares of regions divide by it."""
    return sum(level_counts().values())


def platform_rows(frame: pl.DataFrame) -> Iterator[Compared]:
    """Figures of chapter 2.1 of the report on utilisation, beside its appendix 1."""
    total = frame.height
    yield figure(Said("平台总数", "platforms"), "", "670", total)
    counts = dict(platforms.by_level(frame).select("level", "platforms").iter_rows())
    rates, divisions, known = level_rates(), level_divisions(), level_counts()
    lost = Said(
        "附录1有191个；附录2、3里的安顺市附录1没有，加上它是192",
        "appendix 1 has 191; with 安顺市, which only appendices 2 and 3 have, there are 192",
    )
    for level in LEVELS:
        about = Said(
            f"{level}平台（由印出的比例{rates[level]}%×{divisions[level]}推得）",
            f"{LEVELS_EN[level]} platforms (worked out: the printed {rates[level]}% of {divisions[level]})",
        )
        yield figure(about, level, str(known[level]), counts.get(level, 0), lost, "partly")
    for level in LEVELS:
        share = 100 * counts.get(level, 0) / divisions[level]
        about = Said(f"占同级行政区 %（{divisions[level]}个）", f"% of {divisions[level]} divisions")
        yield figure(about, level, rates[level], share, lost, "partly")
    yield from _regions(frame)
    yield from _growth()
    yield from _types()


def _regions(frame: pl.DataFrame) -> Iterator[Compared]:
    counts = dict(platforms.counted(frame, "region").select("region", "platforms").iter_rows())
    total = levels_total()
    assumed = Said("七大区是通行划分，报告没有列出", "the seven regions are customary; the report names none")
    for region, (number, share) in _REGIONS.items():
        yield figure(Said("平台数", "platforms"), region, number, counts.get(region, 0), assumed)
        whole = 100 * counts.get(region, 0) / total
        told = Said(
            f"除以{total}（由印出的比例推得的各级之和）得{whole:.2f}，除以670才是占总数的份额",
            f"divided by {total}, the sum of the levels by the printed rates, it is {whole:.2f}; of 670 it "
            "is what stands here",
        )
        yield figure(
            Said("占平台总量 %", "% of all"),
            region,
            share,
            100 * counts.get(region, 0) / frame.height,
            told,
            "partly",
        )
    south = frame.filter((pl.col("region") == "华南") & (pl.col("level") == "地市级")).height
    east = frame.filter((pl.col("region") == "华东") & (pl.col("level") == "地市级")).height
    told = Said(
        f"附录1里华南{south}个，华东{east}个才是最多",
        f"appendix 1 has {south}, and the East leads with {east}",
    )
    yield figure(
        Said("地市级平台（称为最多）", "prefectural platforms, said to be the most"),
        "华南",
        "19",
        south,
        told,
    )


def _growth() -> Iterator[Compared]:
    upper = sum(level_counts()[level] for level in LEVELS[:3])
    told = Said(
        "由印出的各级比例和新增36个推得；附录1没有上线时间",
        "from the printed rates of the levels and 36 new ones; appendix 1 tells no dates",
    )
    about = Said("省、副省、地市级同比增长 %", "% growth, county level left out")
    compared = figure(about, "", "18.56", 100 * 36 / (upper - 36), told)
    yield Compared(about, "", compared.printed, compared.ours, compared.agrees, told)


def _types() -> Iterator[Compared]:
    for name, printed, count in (("嵌入式", "80.15", 537), ("独立", "19.85", 133)):
        told = Said(
            f"附录1不含平台类型；{count}/670正是{printed}%",
            f"appendix 1 does not tell types; {count}/670 is {printed} %",
        )
        yield figure(Said("平台类型占比 %", "% of this type"), name, printed, None, told)


def theme_rows(frame: pl.DataFrame) -> Iterator[Compared]:
    """Figures of chapters 2.2 and 5.1.3, beside appendix 2."""
    found = themes.theme_table(frame)
    listed = dict(zip(found.platforms, found.has.sum(axis=1).tolist(), strict=True))
    yield figure(Said("发布数据集的平台", "platforms with datasets"), "", "156", len(listed))
    wrong = {each.value for each in themes.doubts(frame) if each.column == "theme_count_stated"}
    told = Said(
        f"{len(wrong)}个平台写明的个数与所列不同",
        f"{len(wrong)} platforms state another number than they list",
    )
    about = Said("写明个数与所列一致的平台", "platforms whose stated number is right")
    yield figure(about, "", "156", len(listed) - len(wrong), told)
    sizes: dict[str, int] = {}
    for row in table("utilization-2021/theme_schemes"):
        sizes[row["scheme"]] = sizes.get(row["scheme"], 0) + 1
    more = Said("原文列出20个，多“企业登记监管”", "the text lists 20, 企业登记监管 among them")
    yield figure(Said("主题数", "themes"), "山东19主题", "19", sizes["山东19主题"], more)
    yield figure(Said("主题数", "themes"), "广西24主题", "24", sizes["广西24主题"])
    for place, printed, reason in _NAMED:
        name = next((each for each in listed if place in each), "")
        value = listed.get(name)
        yield figure(Said("主题数", "themes"), name or place, printed, value, reason)
    yield from _sample(listed)


_SHENZHEN = Said("附录2写19，列出20", "appendix 2 states 19 and lists 20")
_NAMED = (
    ("济宁", "18", Said("", "")),
    ("深圳", "25", _SHENZHEN),
    ("宣城", "26", Said("", "")),
    ("湖州", "25", Said("", "")),
    ("威海", "25", Said("", "")),
)


def _sample(listed: dict[str, int]) -> Iterator[Compared]:
    names = {row["volumes_platform_name"] for row in table("utilization-2021/sample_platforms")} - {""}
    counts = [listed[name] for name in sorted(names) if name in listed]
    mean = sum(counts) / len(counts) if counts else None
    told = Said(f"附录2里有{len(counts)}个样本平台", f"{len(counts)} of the sample stand in appendix 2")
    yield figure(Said("样本平台主题数的均值", "mean number of themes in the sample"), "", "18", mean, told)
    above = sum(count >= 18 for count in counts)
    about = Said("主题数不少于18的样本平台", "platforms of the sample with 18 or more")
    yield figure(about, "", "52", above, told, "partly")


def policy_rows(frame: pl.DataFrame) -> Iterator[Compared]:
    """Figures of the report on authorised operation, beside its appendix; two others that list no rows."""
    own = frame.filter(pl.col("report") == "operation-2025")
    yield figure(Said("授权运营法规政策", "policies on authorised operation"), "", "73", own.height)
    for scope, printed in (("省域", "11"), ("城市", "56")):
        places = own.filter(pl.col("scope") == scope)["place"].n_unique()
        yield figure(Said("出台政策的地方", "places with a policy"), scope, printed, places)
    dates = [int(year) * 100 + int(month or 0) for year, month in own.select("year", "month").iter_rows()]
    late = sum(each > _LATE for each in dates)
    told = Said(f"{late}项标为2025年7、8月", f"{late} are dated July or August 2025")
    about = Said("截止2025年6月的政策", "policies until June 2025")
    yield figure(about, "", "73", own.height - late, told)
    for scope, printed in (("城市", "四川省成都市 2020-10"), ("省域", "福建省 2022-7")):
        rows = own.filter(pl.col("scope") == scope).sort(
            pl.col("year").cast(pl.Int64), pl.col("month").cast(pl.Int64)
        )
        first = next(rows.iter_rows(named=True), None)
        ours = f"{first['place']} {first['year']}-{first['month']}" if first else None
        yield word(Said("最早的政策", "the earliest policy"), scope, printed, ours)
    fifteen = frame.filter(pl.col("report") == "development-2021").height
    few = Said(f"表3-3只举了{fifteen}份", f"table 3-3 names {fifteen} of them")
    yield figure(
        Said("政务数据开放政策（30个省份）", "policies on open data of 30 provinces"), "", "56", None, few
    )
    none = Said("报告没有列出这些文件", "the report does not list them")
    yield figure(Said("省级政策（2021年）", "provincial policies, 2021"), "", "135", None, none)
    yield figure(Said("国家层面政策", "national policies"), "", "8", None, none)
