"""The facts that can be asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from kaishu import crosswalk
from kaishu.evaluation.facts.errors import NoFact
from kaishu.evaluation.facts.model import Fact, FactGroup
from kaishu.evaluation.facts.rights import RIGHT_WORDS, RIGHTS

PIECES, PERCENT, DAYS = ("个", "number"), ("%", "%"), ("天", "days")
TIMES, POINTS = ("次", "times"), ("分", "points")
COMPLETENESS = "metadata-completeness."


def fact(name: str) -> Fact:
    """One fact.  Raises ``NoFact``, which lists them."""
    if name not in all_facts():
        raise NoFact(kind="事实 fact", name=name, choices=", ".join(all_facts()))
    return all_facts()[name]


def facts_called(names: Iterable[str] = ()) -> tuple[Fact, ...]:
    """Facts by name, each once; all of them where none is named."""
    wanted = list(dict.fromkeys(names))
    return tuple(fact(name) for name in wanted) if wanted else tuple(all_facts().values())


@cache
def all_facts() -> dict[str, Fact]:
    """Name to fact, in the order in which they are told."""
    return {each.name: each for group in fact_groups() for each in group.facts}


@cache
def fact_groups() -> tuple[FactGroup, ...]:
    """The facts by what they are about."""
    return (
        FactGroup("holdings", "数据资源", "Holdings", tuple(_holdings())),
        FactGroup("forms", "格式", "Formats", tuple(_forms())),
        FactGroup("licences", "许可与四项权利", "Licences and the four rights", tuple(_licences())),
        FactGroup("metadata", "元数据", "Metadata", tuple(_completeness())),
        FactGroup("time", "时效", "Time", tuple(_time())),
        FactGroup("use", "使用与反响", "Use and echo", tuple(_reach())),
        FactGroup("care", "质量与办理", "Quality and casework", tuple(_care())),
    )


def _holdings() -> Iterator[Fact]:
    yield Fact("datasets", "数据集", "datasets", PIECES, "datasets", "1", empty=0)
    for name, code, zh, en in (
        ("open", "unconditional", "无条件开放的数据集", "datasets open to everybody"),
        ("conditional", "conditional", "有条件开放的数据集", "datasets open on condition"),
    ):
        yield Fact(
            f"datasets.{name}", zh, en, PIECES, "datasets", "1", where=f"open_class = '{code}'", empty=0
        )
    yield Fact(
        "datasets.with-data", "有数据的数据集", "datasets with data", PIECES, "datasets", "1",
        where="distributions > 0", empty=0,
        about=("至少有一个表、文件或接口。", "With at least one table, file or interface."),
    )  # fmt: skip
    yield Fact("distributions", "数据资源", "distributions", PIECES, "datasets", "distributions", empty=0)
    yield Fact("tables", "数据表", "tables", PIECES, "datasets", "tables", empty=0)
    yield Fact("files", "数据文件", "files", PIECES, "datasets", "files", empty=0)
    yield Fact(
        "interfaces", "数据接口", "interfaces", PIECES, "datasets", "interfaces", empty=0,
        about=(
            "标明为接口或服务的资源；本站的每个数据表都可按行查询，各算一个接口。",
            "Distributions that are said to be interfaces or services; every table of this platform can be "
            "queried by rows and counts as one.",
        ),
    )  # fmt: skip
    yield Fact(
        "applications", "应用", "applications", PIECES, "applications", "application", "distinct", empty=0,
        about=(
            "持有有效令牌、经接口读取数据的应用，按名称去重。",
            "Applications with a valid token to read data by the interfaces, by name.",
        ),
    )  # fmt: skip
    yield Fact("themes", "主题", "themes", PIECES, "themes", "theme", "distinct", empty=0)
    yield Fact("departments.sharing", "有数据的部门", "departments with datasets", PIECES,
               "datasets", "department", "distinct", empty=0)  # fmt: skip
    yield Fact(
        "capacity", "数据容量", "capacity", ("单元格", "cells"), "datasets", "capacity",
        about=("各表行数×字段数之和。", "Sum over tables of rows by fields."),
    )  # fmt: skip
    yield Fact("rows", "数据行数", "rows", ("行", "rows"), "datasets", "rows")
    yield Fact("fields", "数据字段", "fields", PIECES, "datasets", "fields")
    yield Fact("bytes", "数据大小", "size", ("字节", "bytes"), "datasets", "bytes")


def _forms() -> Iterator[Fact]:
    offered = "distributions > 0"
    yield Fact(
        "machine-readable-share", "可机读比例", "machine-readable share", PERCENT, "datasets",
        "machine_readable", "share", offered,
        about=(
            "有数据的数据集中，至少一种格式可机读的。",
            "Of datasets with data, those with at least one machine-readable format.",
        ),
    )  # fmt: skip
    yield Fact("open-format-share", "开放格式比例", "share with an open format", PERCENT, "datasets",
               "open_format", "share", offered)  # fmt: skip
    yield Fact("interface-share", "有接口的比例", "share with an interface", PERCENT, "datasets",
               "CASE WHEN interfaces > 0 THEN 1 ELSE 0 END", "share")  # fmt: skip
    yield Fact("formats", "格式种数", "formats", PIECES, "formats", "format", "distinct", empty=0)
    yield Fact("formats.per-dataset", "每个数据集的格式数", "formats of a dataset", PIECES, "datasets",
               "formats", "mean", offered)  # fmt: skip


def _licences() -> Iterator[Fact]:
    yield Fact("licences", "许可种数", "licences", PIECES, "licences", "licence", "distinct", empty=0)
    yield Fact("licensed-share", "注明许可的比例", "share with a licence", PERCENT, "datasets",
               "licensed", "share")  # fmt: skip
    for right in RIGHTS:
        zh, en = RIGHT_WORDS[right]
        yield Fact(
            f"licences.{right}", f"授予“{zh}”权的比例", f"share granting the right: {en}", PERCENT,
            "datasets", f"right_{right}", "share",
            about=(
                "从许可代码或许可文本读出；未说明的算未授予。",
                "Read from the licence's code or text; what is not said counts as not granted.",
            ),
        )  # fmt: skip
    yield Fact("licences.rights", "平均授予权利数", "rights granted, of four", PIECES, "datasets",
               "rights", "mean")  # fmt: skip


def _completeness() -> Iterator[Fact]:
    for name in crosswalk.standards():
        table = crosswalk.table(name)
        yield Fact(
            COMPLETENESS + name, f"元数据完整度（{table.zh}）", f"metadata completeness ({table.en})",
            PERCENT, "datasets", completeness_column(name), "mean",
            about=(
                "每个数据集填写的元素占该标准（本站有对应字段的）元素的比例，取平均。",
                "Mean over datasets of the share of the standard's elements, of those that have a field "
                "here, that are filled in.",
            ),
        )  # fmt: skip
    yield Fact("described-share", "有说明的比例", "share with a description", PERCENT, "datasets",
               "described", "share")  # fmt: skip
    yield Fact("tags.per-dataset", "每个数据集的标签数", "tags of a dataset", PIECES, "datasets",
               "tags", "mean")  # fmt: skip
    yield Fact(
        "mqa", "元数据质量得分", "metadata quality", POINTS, "datasets", "mqa", "mean",
        about=("MQA 得分（满分405），取最近一次测评。", "MQA points, of 405, as last measured."),
    )  # fmt: skip


def _time() -> Iterator[Fact]:
    yield Fact("issue-age", "发布至今天数（中位数）", "age since issue (median)", DAYS, "datasets",
               "issue_age", "median")  # fmt: skip
    yield Fact("update-age", "更新至今天数（中位数）", "age of the last update (median)", DAYS, "datasets",
               "update_age", "median")  # fmt: skip
    yield Fact(
        "updated-in-year", "一年内更新的比例", "share updated within a year", PERCENT, "datasets",
        "CASE WHEN update_age <= 365 THEN 1 WHEN update_age > 365 THEN 0 END", "share",
    )  # fmt: skip
    yield Fact(
        "promised-frequency", "承诺更新周期的比例", "share that promises updates", PERCENT, "datasets",
        "promised", "share",
    )  # fmt: skip
    yield Fact(
        "promised-vs-kept-frequency", "更新承诺兑现率", "update promises kept", PERCENT, "datasets",
        "kept", "share",
        about=(
            "承诺了周期且知道更新日的数据集中，未超过周期（宽限一成，至少一天）的。",
            "Of datasets with a promised period and a known day of update, those not overdue (a tenth of the "
            "period, at least a day, is let pass).",
        ),
    )  # fmt: skip


def _reach() -> Iterator[Fact]:
    yield Fact("views", "浏览量", "views", TIMES, "datasets", "views", empty=0)
    yield Fact("downloads", "下载量", "downloads", TIMES, "datasets", "downloads", empty=0)
    yield Fact("calls", "接口调用量", "calls", TIMES, "datasets", "calls", empty=0)
    yield Fact("downloads.per-dataset", "每个数据集的下载量", "downloads of a dataset", TIMES, "datasets",
               "downloads", "mean")  # fmt: skip
    yield Fact("followers", "关注", "followers", PIECES, "datasets", "followers", empty=0)
    yield Fact(
        "ratings", "用户评分", "ratings", POINTS, "datasets", "rating", "mean",
        about=(
            "各数据集用户评分（1–5，四个方面平均）的平均：本站有人评分的取本站的，否则取记录写明的；没有评分时为空。",
            "Mean over datasets of the users' ratings, 1 to 5, over four aspects: those given here, or where "
            "there are none what a record states; empty where there are neither.",
        ),
    )  # fmt: skip
    yield Fact(
        "ratings.count", "评分人数", "people who rated", ("人次", "ratings"), "datasets", "raters", empty=0,
        about=(
            "本站给各数据集评分的人次，加上记录写明的评分人数。",
            "Ratings given here to all datasets, and the numbers that records state.",
        ),
    )  # fmt: skip
    yield Fact(
        "dead-links", "失效链接比例", "dead links", PERCENT, "addresses", "dead", "share",
        about=("已探测的链接中打不开的。", "Of the addresses that were asked, those that did not answer."),
    )  # fmt: skip
    yield Fact("links.asked", "已探测的链接", "addresses asked", PIECES, "addresses", "1", empty=0)


def _care() -> Iterator[Fact]:
    yield Fact(
        "quality.score", "数据质量得分", "data quality", POINTS, "datasets", "quality", "mean",
        about=("各数据集最近一次质量检查得分的平均。", "Mean over datasets of their tables' last check."),
    )  # fmt: skip
    yield Fact("quality.checked-share", "做过质量检查的比例", "share of tables' datasets that are checked",
               PERCENT, "datasets", "CASE WHEN quality IS NULL THEN 0 ELSE 1 END", "share",
               "tables > 0")  # fmt: skip
    yield Fact("work-orders", "质量工单", "work orders", PIECES, "orders", "1", empty=0)
    yield Fact("work-orders.open", "未办结工单", "work orders that are open", PIECES, "orders", "1",
               where="closed = 0", empty=0)  # fmt: skip
    yield Fact(
        "work-orders.closed-in-time", "工单按期办结率", "work orders closed in time", PERCENT, "orders",
        "in_time", "share",
        about=("已到期或已办结的工单中，按期办结的。", "Of orders closed or past their day, those in time."),
    )  # fmt: skip
    yield Fact("reviews", "已办结的发布审核", "reviews decided", PIECES, "reviews", "1", empty=0)
    yield Fact("reviews.in-time", "发布审核按期率", "reviews decided in time", PERCENT, "reviews",
               "in_time", "share")  # fmt: skip
    yield Fact("reviews.days", "发布审核天数（中位数）", "days of a review (median)", DAYS, "reviews",
               "days", "median")  # fmt: skip


def completeness_column(standard: str) -> str:
    """The column of the frame of datasets that says how far a standard is filled in, in percent."""
    return "completeness_" + standard.replace("-", "_")
