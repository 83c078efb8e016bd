"""Policy documents counted by year, place and kind, with the words of their titles."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from kaishu.base.errors import Said
from kaishu.evaluation.census.platforms import Doubt
from kaishu.evaluation.census.words import frequencies

#: Endings of a title and the kind that they make it; the first that fits holds.
KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("细则", ("细则",)),
    ("条例", ("条例",)),
    ("办法", ("办法",)),
    ("规定", ("规定", "规则")),
    ("意见", ("意见",)),
    ("方案", ("方案",)),
    ("规划", ("规划", "纲要")),
    ("计划", ("计划", "要点")),
    ("指南", ("指南", "指引")),
    ("标准规范", ("规范", "标准", "国家标准")),
    ("法律", ("法",)),
    ("通知", ("通知", "公告", "决定")),
)
KINDS_EN = {
    "细则": "detailed rules",
    "条例": "regulations",
    "办法": "measures",
    "规定": "provisions",
    "意见": "opinions",
    "方案": "schemes",
    "规划": "outlines and plans",
    "计划": "action plans",
    "指南": "guides",
    "标准规范": "standards",
    "法律": "laws",
    "通知": "notices",
    "其他": "others",
}
OTHER = "其他"
_DRAFT, _TRIAL = ("草案", "征求意见稿", "意见稿", "送审稿"), ("试行", "暂行")
_BRACKETS = re.compile(r"[（(][^（()）]*[）)]")


def title_of(document: str) -> str:
    """The title without its book marks, whatever stands before them, and one closing mark that was lost.

    >>> title_of("国务院《促进大数据发展行动纲要》")
    '促进大数据发展行动纲要'
    """
    inside = re.search(r"《([^》]+)》?", document)
    return (inside.group(1) if inside else document).strip()


def kind_of(document: str) -> str:
    """The kind of a document by the end of its title, brackets such as （试行） aside.

    A notice that passes on something is of the kind of what it passes on.

    >>> kind_of("宁波市公共数据授权运营管理实施细则（试行）")
    '细则'
    >>> kind_of("《四川省促进大数据发展工作方案的通知》")
    '方案'
    """
    title = _BRACKETS.sub("", title_of(document)).strip("》《 ")
    passed_on = re.sub(r"(的)?通知$", "", title)
    for text in (passed_on, title, document.strip()):
        for kind, endings in KINDS:
            if text.endswith(endings):
                return kind
    return OTHER


def status_of(document: str) -> str:
    """草案, 试行 or 正式, as the title says."""
    if any(word in document for word in _DRAFT):
        return "草案"
    return "试行" if any(word in document for word in _TRIAL) else "正式"


STATUS_EN = {"正式": "in force", "试行": "on trial", "草案": "draft"}


def described(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with kind and status."""
    documents = frame["document"].to_list()
    return frame.with_columns(
        pl.Series("kind", [kind_of(each) for each in documents], dtype=pl.String),
        pl.Series("status", [status_of(each) for each in documents], dtype=pl.String),
    )


def by(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """``column``, policies, share (of the rows, in parts of 1), the most first; empty cells left out."""
    return (
        frame.filter(pl.col(column) != "")
        .group_by(column)
        .agg(pl.len().cast(pl.Int64).alias("policies"))
        .with_columns((pl.col("policies") / max(1, frame.height)).alias("share"))
        .sort(["policies", column], descending=[True, False])
    )


def by_year(frame: pl.DataFrame) -> pl.DataFrame:
    """year, policies, total so far, growth of the total (in parts of 1); no year is left out."""
    counts = frame.group_by(pl.col("year").cast(pl.Int64)).agg(pl.len().cast(pl.Int64).alias("policies"))
    low, high = counts["year"].min(), counts["year"].max()
    assert isinstance(low, int) and isinstance(high, int)
    every = pl.DataFrame({"year": range(low, high + 1)}, schema={"year": pl.Int64})
    found = (
        every.join(counts, on="year", how="left").sort("year").with_columns(pl.col("policies").fill_null(0))
    )
    found = found.with_columns(pl.col("policies").cum_sum().alias("total"))
    return found.with_columns((pl.col("total") / pl.col("total").shift(1) - 1).alias("growth"))


def kinds_by_year(frame: pl.DataFrame) -> pl.DataFrame:
    """year, kind, policies."""
    grouped = frame.group_by([pl.col("year").cast(pl.Int64), "kind"]).agg(
        pl.len().cast(pl.Int64).alias("policies")
    )
    return grouped.sort(["year", "policies", "kind"], descending=[False, True, False])


def title_words(frame: pl.DataFrame, places: bool = False) -> pl.DataFrame:
    """Words of the titles: word, count, texts; names of places are left out unless ``places``."""
    left_out = set() if places else set(_place_words(frame))
    titles = [(title_of(each), 1) for each in frame["document"]]
    found = frequencies(titles)
    return found.filter(~pl.col("word").is_in(sorted(left_out)))


def doubts(frame: pl.DataFrame) -> list[Doubt]:
    """Titles twice, closing marks lost, no month, no kind."""
    found = []
    rows: dict[str, list[int]] = {}
    for row in frame.iter_rows(named=True):
        line, document = int(row["row"]), str(row["document"])
        rows.setdefault(title_of(document) + row["place"], []).append(line)
        if document.count("《") != document.count("》"):
            found.append(Doubt(line, "document", document, Said("书名号不成对", "a book mark is lost")))
        if kind_of(document) == OTHER:
            told = Said("按标题认不出种类", "the title does not tell the kind")
            found.append(Doubt(line, "document", document, told))
    for title, lines in rows.items():
        if len(lines) > 1:
            told = Said(f"列了{len(lines)}次", f"listed {len(lines)} times")
            found.append(Doubt(lines[1], "document", title, told))
    return sorted(found, key=lambda each: (each.row, each.column))


def _place_words(frame: pl.DataFrame) -> Sequence[str]:
    from kaishu.evaluation.census.places import divisions

    known = divisions()
    names = {*known.provinces.values(), *known.cities.values(), *frame["place"], *frame["province"]}
    short = {name.removesuffix("省").removesuffix("市").removesuffix("自治区") for name in names}
    return sorted(
        {each for each in names | short if each} | {"自治区", "全市", "全省", "经济特区", "内蒙古", "大理州"}
    )
