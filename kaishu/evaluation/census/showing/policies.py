"""Policies as a report."""

from __future__ import annotations

import polars as pl

from kaishu.evaluation.census import policies
from kaishu.evaluation.census.printed import policy_rows
from kaishu.evaluation.census.reading import Rows
from kaishu.evaluation.census.showing.writing import SCOPES_EN, Column, Writer, share, text, whole
from kaishu.reporting import Block, Document, Facts, Note

MOST_WORDS = 200
_DOCUMENTS: Column = ("policies", "文件", "documents", whole)
_SHARE: Column = ("share", "占比", "share", share)


def policies_document(rows: Rows, language: str) -> Document:
    """The census of policies in ``zh`` or ``en``."""
    return _Policies(rows, language).document()


class _Policies(Writer):
    def __init__(self, rows: Rows, language: str) -> None:
        super().__init__(language)
        self.rows, self.frame = rows, policies.described(rows.frame)

    def document(self) -> Document:
        title = self.say("数据政策文件普查", "Census of policies on data")
        blocks = [*self.summary(), *self.years(), *self.kinds(), *self.places(), *self.words(), *self.every()]
        if self.rows.shipped:
            blocks += self.printed(list(policy_rows(self.frame)))
        blocks += self.doubtful(policies.doubts(self.frame))
        return self.report(title, blocks)

    def summary(self) -> list[Block]:
        years = sorted(self.frame["year"].to_list())
        pairs = [
            (self.say("文件", "Documents"), whole(self.frame.height)),
            (self.say("年份", "Years"), f"{years[0]} – {years[-1]}"),
            (
                self.say("涉及省份", "Provinces"),
                whole(self.frame.filter(pl.col("province") != "")["province"].n_unique()),
            ),
            (
                self.say("试行或暂行", "On trial"),
                whole(self.frame.filter(pl.col("status") == "试行").height),
            ),
        ]
        blocks: list[Block] = [Facts(pairs)]
        if self.rows.shipped:
            source = self.say(
                "数据：《中国地方公共数据授权运营报告（2025年度）》附录73份，《政务数据开发利用研究报告（2021版）》表3-3的15份，"
                "《全球大数据发展分析报告（2020）》7份。三份清单的范围不同，年份的多少不代表全国。",
                "Data: 73 of the appendix of 《中国地方公共数据授权运营报告（2025年度）》, 15 of table 3-3 "
                "of "
                "《政务数据开发利用研究报告（2021版）》, 7 of 《全球大数据发展分析报告（2020）》. The "
                "lists differ in scope: "
                "their years do not stand for the country.",
            )
            blocks.append(Note(source))
        return blocks

    def years(self) -> list[Block]:
        found = policies.by_year(self.frame)
        most = found.sort("policies", descending=True).row(0, named=True)
        equal = found.filter(pl.col("policies") == most["policies"]).height
        title = self.say(
            f"{most['year']}年最多，{most['policies']}份", f"{most['year']} has the most, {most['policies']}"
        )
        if equal > 1:
            title = self.say(
                f"{equal}个年份并列最多，各{most['policies']}份",
                f"{equal} years have the most, {most['policies']} each",
            )
        heads: list[Column] = [
            ("year", "年份", "year", text),
            _DOCUMENTS,
            ("total", "累计", "total", whole),
            ("growth", "累计增长", "growth", share),
        ]
        return self.section(("按年份", "By year"), title, found, heads, ("各年", "Years"), newest=True)

    def kinds(self) -> list[Block]:
        found = policies.by(self.frame, "kind")
        first = found.row(0, named=True)
        words = {} if self.language == "zh" else policies.KINDS_EN
        kind = words.get(first["kind"], first["kind"])
        title = self.say(
            f"“{kind}”最多，占{share(first['share'])}", f"Most are {kind}: {share(first['share'])}"
        )
        heads: list[Column] = [
            ("kind", "种类", "kind", text),
            _DOCUMENTS,
            _SHARE,
        ]
        told = self.say(
            "种类由标题末尾的词定；括号里的（试行）等不算，转发某文件的通知归于该文件的种类。",
            "The kind is told by the end of the title, brackets such as （试行） aside; a notice that "
            "passes something "
            "on is of the kind of that.",
        )
        blocks = self.section(("按种类", "By kind"), title, found, heads, ("各种类", "Kinds"), words=words)
        return [*blocks, Note(told)]

    def places(self) -> list[Block]:
        found = policies.by(self.frame, "province")
        heading = ("按地方", "By place")
        blocks: list[Block] = [self.heading(*heading)]
        if found.height:
            first = found.row(0, named=True)
            title = self.say(
                f"{first['province']}最多，{first['policies']}份",
                f"{first['province']} leads with {first['policies']}",
            )
            heads: list[Column] = [
                ("province", "省份", "province", text),
                _DOCUMENTS,
                _SHARE,
            ]
            listed = ("各省（含下辖城市）", "Provinces with their cities")
            blocks = self.section(heading, title, found, heads, listed)
        scopes = policies.by(self.frame, "scope")
        if self.language == "en":
            scopes = scopes.with_columns(pl.col("scope").replace(SCOPES_EN))
        scope: list[Column] = [
            ("scope", "范围", "scope", text),
            _DOCUMENTS,
            _SHARE,
        ]
        return [*blocks, self.table(scopes, scope, self.say("国家、省域、城市", "Nation, provinces, cities"))]

    def words(self) -> list[Block]:
        found = policies.title_words(self.frame).head(MOST_WORDS)
        heads: list[Column] = [
            ("word", "词", "word", text),
            ("count", "次数", "times", whole),
            ("texts", "文件", "documents", whole),
        ]
        told = self.say("地名和停用词不计。", "Names of places and stop words are left out.")
        return [
            self.heading("标题里的词", "Words of the titles"),
            self.table(found, heads, self.say("标题里的词", "Words of the titles"), folded=True),
            Note(told),
        ]

    def every(self) -> list[Block]:
        words = {} if self.language == "zh" else {**policies.KINDS_EN, **policies.STATUS_EN}
        order = [
            pl.col("year").cast(pl.Int64),
            pl.col("month").replace("", "0").cast(pl.Int64),
            pl.col("row"),
        ]
        shown = self.frame.sort(order, descending=[True, True, False]).with_columns(
            pl.col("kind").replace(words), pl.col("status").replace(words)
        )
        heads: list[Column] = [
            ("document", "文件", "document", text),
            ("place", "地方", "place", text),
            ("year", "年", "year", text),
            ("month", "月", "month", text),
            ("kind", "种类", "kind", text),
            ("status", "状态", "status", text),
        ]
        title = self.say(f"全部{shown.height}份", f"All {shown.height}")
        return [self.heading("文件", "Documents"), self.table(shown, heads, title, folded=True)]
