"""Use of open data 2021: counts of the platforms, and the usage rates of appendix 5 by region and theme."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from kaishu.base.errors import Said
from kaishu.evaluation.building.result import Result
from kaishu.evaluation.building.table import Array
from kaishu.evaluation.methods import usage_rates
from kaishu.evaluation.systems.deriving import SAMPLE
from kaishu.evaluation.systems.rows import NOTHING, Agreement, Compared, digits_of, figure, shown
from kaishu.evaluation.systems.sources import Row, table

ABOUT = Said(
    "报告不合成总分，所以对照的是它对156个平台、86个样本平台、各地区、各主题公布的数。"
    "样本平台文本中只有85个，其中5个在附录2、3里没有数据，样本的数由80个平台算出。"
    "使用率按附录5由数据集、浏览、下载三个数算出，缺一即无法计算。",
    "The report makes no index, so what is compared are its figures for 156 platforms, 86 sample "
    "platforms, regions and themes. The text lists 85 sample platforms, of which 5 have no data in "
    "appendices 2 and 3: figures of the sample come from 80. Rates of use follow appendix 5 from "
    "datasets, views and downloads; where one is missing they cannot be computed.",
)
_FEWER = Said(
    "86个样本平台中只有80个有逐平台数据。", "Only 80 of the 86 sample platforms have data of their own."
)
_COUNTED = Said("由附录3逐个数出。", "Counted in appendix 3.")
_ANSHUN = Said(
    "附录1少一个：安顺市的平台在附录2、3里有，附录1没有；加上它即一致。",
    "Appendix 1 lacks one: Anshun has a platform in appendices 2 and 3 and none there; with it they agree.",
)
_NO_PARTS = Said(
    "没有同时公布数据集数与浏览或下载数。", "The number of datasets or of views or downloads is not printed."
)
_LEVELS = {
    "省级": "省级行政区",
    "副省级": "副省级城市",
    "地市级": "地市级行政区",
    "县区级": "县区级行政区",
}


_SETS, _THEMES = "样本平台数据集数量", "样本平台主题数"
#: Figures of the sample: what they are, and where the quoted figures have them.
_OF_SAMPLE = (
    (Said("样本数据集平均数", "mean datasets"), _SETS, "平均值"),
    (Said("样本数据集平均数，山东取省本级", "mean datasets, Shandong without its cities"), _SETS, "平均值"),
    (Said("样本数据集中位数", "median datasets"), _SETS, "中位数"),
    (Said("数据集在平均数以上的样本平台", "platforms above the mean"), _SETS, "平均值以上"),
    (Said("数据集在平均数以下的样本平台", "platforms below the mean"), _SETS, "平均值以下"),
    (Said("样本主题平均数", "mean themes"), _THEMES, "平均值"),
    (Said("主题在平均数以上的样本平台", "platforms with more themes than the mean"), _THEMES, "平均数以上"),
    (Said("提供数据接口的样本平台", "platforms with interfaces"), "提供数据接口的样本平台", ""),
    (Said("没有数据接口的样本平台", "platforms without interfaces"), "没有数据接口的样本平台", ""),
    (Said("没有数据应用的样本平台", "platforms without applications"), "数据应用数量为0的样本地区", ""),
    (Said("样本应用中位数", "median applications"), "样本平台应用数", "中位数"),
)


def rows(result: Result) -> Iterator[Compared]:
    """Everything that rows of the tables can be held against."""
    yield from _levels()
    yield from _platforms(result)
    yield from _sample(result)
    yield from _regions(result)
    yield from _themes()
    yield from _averages()


def _levels() -> Iterator[Compared]:
    what = Said("已建平台占同级行政区比例（%）", "share of divisions of the level that have a platform (%)")
    counts = dict.fromkeys(_LEVELS, 0)
    for row in table("utilization-2021/platforms"):
        counts[row["level"]] += 1
    for level, name in _LEVELS.items():
        printed, whole = _quoted("已建平台占同级行政区比例", level), float(_quoted("全国行政区数", name))
        one_more = shown(100 * (counts[level] + 1) / whole, digits_of(printed)) == printed
        yield figure(
            what, level, printed, 100 * counts[level] / whole, _ANSHUN, "partly" if one_more else "no"
        )


def _platforms(result: Result) -> Iterator[Compared]:
    datasets, applications = (result.table.numbers[name] for name in ("datasets", "applications"))
    yield figure(
        Said("有数据集的平台", "platforms with datasets"),
        "",
        _quoted("发布数据集的平台", "2021年"),
        float((datasets > 0).sum()),
    )
    yield figure(
        Said("没有数据应用的平台", "platforms without applications"),
        "",
        _quoted("数据应用数量为零的地区", "2021年"),
        float((applications == 0).sum()),
        _COUNTED,
    )
    shandong = "山东公共数据开放网"
    own = float(datasets[result.row_of(shandong)])
    yield figure(Said("数据集", "datasets"), shandong, _quoted("数据集数", shandong), own)
    ten = float(np.sort(datasets)[-10:].sum())
    what = Said("占数据集前十平台之和（%）", "share in the ten platforms with most datasets (%)")
    yield figure(what, shandong, _quoted("数据集前十占比", shandong), 100 * own / ten)


def _sample(result: Result) -> Iterator[Compared]:
    inside = np.array([group == SAMPLE for group in result.table.groups])
    datasets, themes, apis, applications = (
        result.table.numbers[name][inside] for name in ("datasets", "themes", "apis", "applications")
    )
    own = float(_quoted("数据集数", "山东省（省本级）"))
    lower = datasets.mean() + (own - datasets.max()) / len(datasets)
    found = (
        datasets.mean(),
        lower,
        np.median(datasets),
        (datasets > datasets.mean()).sum(),
        (datasets < datasets.mean()).sum(),
        np.nanmean(themes),
        (themes > np.nanmean(themes)).sum(),
        (apis > 0).sum(),
        (apis == 0).sum(),
        (applications == 0).sum(),
        np.median(applications),
    )
    for (what, subject, category), value in zip(_OF_SAMPLE, found, strict=True):
        yield figure(what, SAMPLE, _quoted(subject, category), float(value), _FEWER)


def _regions(result: Result) -> Iterator[Compared]:
    platforms = {
        row["sample_region"]: row["volumes_platform_name"]
        for row in table("utilization-2021/sample_platforms")
    }
    counts = dict(zip(result.table.ids, result.table.numbers["datasets"].tolist(), strict=True))
    printed = list(table("utilization-2021/region_usage"))
    datasets = _numbers(printed, "datasets")
    for place, row in enumerate(printed):
        if not row["datasets"] and (name := platforms.get(row["region"])):
            datasets[place] = counts[name]
    implied = "数据集数取附录3；公布的率相当于{:.0f}个数据集。"
    implied_en = "The number of datasets is that of appendix 3; the printed rate takes {:.0f} of them."
    yield from _rates("region", printed, datasets, (implied, implied_en))


def _themes() -> Iterator[Compared]:
    printed = list(table("utilization-2021/theme_domains"))
    implied = "公布的率相当于{:.0f}个数据集。"
    yield from _rates(
        "domain", printed, _numbers(printed, "datasets"), (implied, "The printed rate takes {:.0f} datasets.")
    )


def _rates(
    name: str, printed: Sequence[Row], datasets: Array, implied: tuple[str, str]
) -> Iterator[Compared]:
    """View and download rates where printed, by ``usage_rates``."""
    views, downloads = _numbers(printed, "views"), _numbers(printed, "downloads")
    rates = usage_rates(datasets, views, downloads)
    for what, key, ours, parts in (
        (Said("浏览率（次/条）", "view rate"), "views_per_dataset", rates.view_rate, views),
        (Said("下载率（次/条）", "download rate"), "downloads_per_dataset", rates.download_rate, downloads),
    ):
        for place, row in enumerate(printed):
            if not row[key]:
                continue
            if np.isnan(ours[place]):
                yield figure(what, row[name], row[key], None, _NO_PARTS)
                continue
            rate = float(row[key])
            taken = parts[place] / rate if rate else 0.0
            reason = Said(*(text.format(taken) for text in implied)) if rate else NOTHING
            yield figure(what, row[name], row[key], float(ours[place]), reason)


def _averages() -> Iterator[Compared]:
    """Tables 5-2 and 5-3: the average against the counts of its own row."""
    for name, key, what in (
        ("table_5_2_average_views", "views", Said("平均浏览量（表5-2）", "average views (table 5-2)")),
        (
            "table_5_3_average_downloads",
            "downloads",
            Said("平均下载量（表5-3）", "average downloads (table 5-3)"),
        ),
    ):
        printed = table(f"utilization-2021/{name}")
        rates = _numbers(printed, key) / _numbers(printed, "datasets")
        for row, rate in zip(printed, rates.tolist(), strict=True):
            average = row[f"average_{key}"]
            otherwise, reason = _why(row, float(row[key]), rate, average, printed)
            yield figure(what, row["platform_name"], average, rate, reason, otherwise)


def _why(row: Row, total: float, rate: float, average: str, printed: Sequence[Row]) -> tuple[Agreement, Said]:
    """Why an average differs from its row: cut, a lost point, the datasets of another row, or unknown."""
    if str(int(rate)) == average:
        return "partly", Said("公布值是截尾，不是修约。", "The printed value is cut, not rounded.")
    if f"{rate:.4f}".replace(".", "") == average:
        return "partly", Said("公布值丢了小数点。", "The printed value lost its decimal point.")
    takes = total / float(average)
    others = [each for each in printed if abs(total / float(each["datasets"]) - float(average)) <= 1]
    zh, en = (
        f"公布值相当于{takes:.0f}个数据集，本行写{row['datasets']}个",
        (f"The printed value takes {takes:.0f} datasets, the row says {row['datasets']}"),
    )
    if others:
        place = others[0]["row_no"]
        return "no", Said(f"{zh}；与第{place}行的个数相符，该列错行。", f"{en}; row {place} has that number.")
    return "no", Said(f"{zh}。", f"{en}.")


def _quoted(subject: str, category: str) -> str:
    return next(
        row["value"]
        for row in table("utilization-2021/quoted_figures")
        if row["subject"] == subject and row["category"] == category
    )


def _numbers(printed: Sequence[Row], key: str) -> Array:
    return np.array([float(row[key]) if row[key] else np.nan for row in printed])
