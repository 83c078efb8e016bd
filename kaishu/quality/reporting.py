"""The result of a check as a report: scores, rules, and a sample of the rows that failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaishu.base import clock
from kaishu.base.errors import in_language
from kaishu.quality.checks import DIMENSION_WORDS
from kaishu.quality.results import RuleResult, TableResult
from kaishu.quality.telling import shown

if TYPE_CHECKING:
    from kaishu.reporting import Block, Document

LEVEL_WORDS = {"warning": ("警告", "warning"), "error": ("错误", "error"), "critical": ("严重", "critical")}


def check_document(result: TableResult, *, file: str, language: str = "zh") -> Document:
    """The report in ``zh`` or ``en``."""
    from kaishu.reporting import Document, Heading, Paragraph

    def say(zh: str, en: str) -> str:
        return en if language == "en" else zh

    failing = sum(each.level is not None for each in result.rules)
    when = clock.now().strftime("%Y-%m-%d %H:%M UTC")
    summary = say(
        f"{result.rows:,}行，{len(result.rules)}条规则，其中{failing}条未达到要求。检查于{when}。",
        f"{result.rows:,} rows, {len(result.rules)} rules, {failing} of them not met. Checked at {when}.",
    )
    samples = _samples(result, language)
    blocks: list[Block] = [
        Paragraph(summary),
        Heading(say("得分", "Scores")),
        _scores(result, language),
        Heading(say("规则", "Rules")),
        _rules(result, language),
        Heading(say("不合格的行（举例）", "Failing rows (a sample)")),
        *(samples or [Paragraph(say("没有。", "None."))]),
    ]
    return Document(say(f"数据质量检查：{file}", f"Data quality check: {file}"), language, blocks)


def _scores(result: TableResult, language: str) -> Block:
    from kaishu.reporting import Bar, Bars

    words = {"total": ("总分", "total"), **DIMENSION_WORDS}
    bars = [
        Bar(
            words[name][language == "en"],
            (score or 0) / 100,
            "—" if score is None else f"{score:.2f}",
        )
        for name, score in result.scores.items()
    ]
    title = "score of each dimension, of 100" if language == "en" else "各维度得分，满分100"
    return Bars(title, bars)


def _rules(result: TableResult, language: str) -> Block:
    from kaishu.reporting import Table

    heads = {
        "zh": ("规则", "维度", "级别", "检查数", "不合格", "比例"),
        "en": ("rule", "dimension", "level", "checked", "failed", "share"),
    }[language]
    rows = [_rule(each, language) for each in result.rules]
    return Table("", heads, rows, frozenset({3, 4, 5}))


def _rule(each: RuleResult, language: str) -> tuple[str, ...]:
    english = language == "en"
    rule = each.rule
    told = [rule.titled(language), rule.id, rule.note, *(in_language(note, language) for note in each.notes)]
    level = ("合格", "fine") if each.level is None else LEVEL_WORDS[each.level]
    return (
        "\n".join(text for text in told if text),
        DIMENSION_WORDS[rule.dimension][english],
        level[english],
        f"{each.checked:,}",
        f"{each.failed:,}",
        "" if each.share is None else f"{each.share:.4%}",
    )


def _samples(result: TableResult, language: str) -> list[Block]:
    from kaishu.reporting import Table

    english = language == "en"
    heads = [pair[english] for pair in (("行", "row"), ("键", "key"), ("值", "value"))]
    reason = "reason" if english else "原因"
    found: list[Block] = []
    for each in result.rules:
        rows = [
            (
                "" if one["row"] is None else f"{one['row']:,}",
                shown(one["key"], language),
                shown(one["value"], language),
                *([in_language(one["reason"], language)] if "reason" in one else []),
            )
            for one in each.sample
        ]
        if rows:
            words = [*heads, reason] if any(len(row) > len(heads) for row in rows) else heads
            whole = [(*row, *[""] * (len(words) - len(row))) for row in rows]
            title = f"{each.rule.titled(language)} · {each.rule.id}"
            found.append(Table(title, words, whole, frozenset({0})))
    return found
