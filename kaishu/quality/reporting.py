"""The result of a check as one HTML page that needs nothing else: no script, no font, no picture file."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path

from kaishu.base import clock
from kaishu.base.errors import in_language
from kaishu.quality.checks import DIMENSION_WORDS
from kaishu.quality.results import RuleResult, TableResult

_LEVELS = {"warning": ("警告", "warning"), "error": ("错误", "error"), "critical": ("严重", "critical")}
_STYLE = """
:root{color-scheme:light dark;--line:#8886;--bar:#2f6fab;--warning:#9a6700;--error:#b3261e;--critical:#7d0f5b}
@media(prefers-color-scheme:dark){:root{--bar:#7db3e8;--warning:#e0b04a;--error:#ff8a80;--critical:#f2a0d8}}
body{font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;
margin:0 auto;max-width:64rem;padding:1rem}
h1{font-size:1.5rem;margin:.5rem 0}h2{font-size:1.2rem;margin:2rem 0 .5rem}
h3{font-size:1rem;margin:1.2rem 0 .3rem}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{border-bottom:1px solid var(--line);padding:.3rem .6rem;text-align:left;vertical-align:top}
td{overflow-wrap:break-word}td:first-child{min-width:6rem}.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.warning{color:var(--warning)}.error{color:var(--error)}.critical{color:var(--critical)}
.warning,.error,.critical{font-weight:600}svg{max-width:100%;height:auto}svg text{fill:currentColor}
"""
_BAR, _LABEL, _STEP = 300, 150, 30


def write_report(path: Path, result: TableResult, *, file: str, language: str = "zh") -> None:
    """Write the page in ``zh`` or ``en``; all text from data is escaped."""
    path.write_text(_Page(result, file, language).whole(), encoding="utf-8")


class _Page:
    def __init__(self, result: TableResult, file: str, language: str) -> None:
        self.result, self.file, self.language = result, file, language

    def say(self, zh: str, en: str) -> str:
        return en if self.language == "en" else zh

    def whole(self) -> str:
        title = self.say(f"数据质量检查：{self.file}", f"Data quality check: {self.file}")
        return "".join(
            [
                f'<!doctype html><html lang="{self.say("zh-Hans", "en")}"><head><meta charset="utf-8">',
                '<meta name="viewport" content="width=device-width,initial-scale=1">',
                f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>",
                f"<h1>{escape(title)}</h1><p>{escape(self.summary())}</p>",
                f"<h2>{self.say('得分', 'Scores')}</h2>{self.chart()}",
                f"<h2>{self.say('规则', 'Rules')}</h2>{self.rules()}",
                f"<h2>{self.say('不合格的行（举例）', 'Failing rows (a sample)')}</h2>{self.samples()}",
                "</main></body></html>\n",
            ]
        )

    def summary(self) -> str:
        failing = sum(each.level is not None for each in self.result.rules)
        when = clock.now().strftime("%Y-%m-%d %H:%M UTC")
        rows, rules = self.result.rows, len(self.result.rules)
        return self.say(
            f"{rows:,}行，{rules}条规则，其中{failing}条未达到要求。检查于{when}。",
            f"{rows:,} rows, {rules} rules, {failing} of them not met. Checked at {when}.",
        )

    def chart(self) -> str:
        """A bar for each score, with the number beside it."""
        words = {"total": ("总分", "total"), **DIMENSION_WORDS}
        shown = [(words[name], score) for name, score in self.result.scores.items()]
        bars = []
        for place, ((zh, en), score) in enumerate(shown):
            y = place * _STEP
            length = _BAR * (score or 0) / 100
            number = "—" if score is None else f"{score:.2f}"
            bars.append(
                f'<text x="0" y="{y + 19}">{escape(self.say(zh, en))}</text>'
                f'<rect x="{_LABEL}" y="{y + 5}" width="{length:.1f}" height="18" fill="var(--bar)"/>'
                f'<text x="{_LABEL + _BAR + 10}" y="{y + 19}">{number}</text>'
            )
        name = self.say("各维度得分，满分100", "score of each dimension, of 100")
        height = _STEP * len(shown)
        return (
            f'<svg role="img" aria-label="{name}" viewBox="0 0 {_LABEL + _BAR + 80} {height}" '
            f'width="{_LABEL + _BAR + 80}" height="{height}"><title>{name}</title>{"".join(bars)}</svg>'
        )

    def rules(self) -> str:
        heads = [
            (self.say("规则", "rule"), ""),
            (self.say("维度", "dimension"), ""),
            (self.say("级别", "level"), ""),
            (self.say("检查数", "checked"), "n"),
            (self.say("不合格", "failed"), "n"),
            (self.say("比例", "share"), "n"),
        ]
        return self.table(heads, (self.cells(each) for each in self.result.rules))

    def cells(self, each: RuleResult) -> list[str]:
        """One rule's row, as HTML."""
        rule = each.rule
        title = rule.title or self.say(rule.check.zh, rule.check.en)
        told = [rule.note, *(in_language(note, self.language) for note in each.notes)]
        more = "".join(f"<br><small>{escape(text)}</small>" for text in told if text)
        level = self.say("合格", "fine")
        if each.level is not None:
            level = f'<span class="{each.level}">{self.say(*_LEVELS[each.level])}</span>'
        return [
            f"{escape(title)}<br><small>{escape(rule.id)}</small>{more}",
            escape(self.say(*DIMENSION_WORDS[rule.dimension])),
            level,
            f"{each.checked:,}",
            f"{each.failed:,}",
            "" if each.share is None else f"{each.share:.4%}",
        ]

    def samples(self) -> str:
        parts = []
        heads = [
            (self.say("行", "row"), "n"),
            (self.say("键", "key"), ""),
            (self.say("值", "value"), ""),
            (self.say("原因", "reason"), ""),
        ]
        for each in self.result.rules:
            rows = [
                [
                    "" if one["row"] is None else f"{one['row']:,}",
                    _shown(one["key"]),
                    _shown(one["value"]),
                    escape(in_language(one["reason"], self.language)) if "reason" in one else "",
                ]
                for one in each.sample
            ]
            if rows:
                parts.append(f"<h3>{escape(each.rule.title or each.rule.id)}</h3>{self.table(heads, rows)}")
        return "".join(parts) or f"<p>{self.say('没有。', 'None.')}</p>"

    def table(self, heads: list[tuple[str, str]], rows: Iterable[list[str]]) -> str:
        """``heads`` are (word, class of the column); cells are HTML already."""
        top = "".join(f'<th scope="col" class="{kind}">{escape(word)}</th>' for word, kind in heads)
        body = "".join(
            "<tr>"
            + "".join(f'<td class="{heads[at][1]}">{cell}</td>' for at, cell in enumerate(row))
            + "</tr>"
            for row in rows
        )
        whole = f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
        return f'<div class="wide" tabindex="0">{whole}</div>'


def _shown(value: object) -> str:
    """A value cut to a readable length; null is told from empty text."""
    if value is None:
        return "<i>null</i>"
    text = str(value)
    return escape(text if len(text) <= 200 else text[:199] + "…")
