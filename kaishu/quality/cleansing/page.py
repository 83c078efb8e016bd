"""A run of cleansing as one HTML page that needs nothing else: no script, no font, no picture file."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from kaishu.base import clock
from kaishu.quality.cleansing.results import COUNTS, Cleansed, StepResult
from kaishu.quality.cleansing.treatments import STRATEGIES

CHANGE_WORDS = {
    "changed": ("改动的单元格", "cells changed"),
    "added": ("新列的单元格", "cells of new columns"),
    "removed": ("移出的行", "rows set apart"),
    "refused": ("未能处理", "could not be treated"),
    "tolerated": ("保留并列出的行", "rows left and listed"),
}
_STYLE = """
:root{color-scheme:light dark;--line:#8886;--old:#b3261e;--new:#1b6e3c}
@media(prefers-color-scheme:dark){:root{--old:#ff8a80;--new:#7fd6a0}}
body{font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;
margin:0 auto;max-width:64rem;padding:1rem}
h1{font-size:1.5rem;margin:.5rem 0}h2{font-size:1.2rem;margin:2rem 0 .5rem}
h3{font-size:1rem;margin:1.2rem 0 .3rem}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;min-width:40rem}
th,td{border-bottom:1px solid var(--line);padding:.3rem .6rem;text-align:left;vertical-align:top}
td{overflow-wrap:anywhere;white-space:pre-wrap}.n{text-align:right;font-variant-numeric:tabular-nums}
del{color:var(--old)}ins{color:var(--new);text-decoration:none;font-weight:600}
"""


def write_cleansing_report(
    path: Path, result: Cleansed, *, file: str, language: str = "zh", preview: bool = False
) -> None:
    """Write the page in ``zh`` or ``en``; all text from data is escaped."""
    path.write_text(_Page(result, file, language, preview).whole(), encoding="utf-8")


class _Page:
    def __init__(self, result: Cleansed, file: str, language: str, preview: bool) -> None:
        self.result, self.file, self.language, self.preview = result, file, language, preview

    def say(self, zh: str, en: str) -> str:
        return en if self.language == "en" else zh

    def whole(self) -> str:
        title = self.say(f"数据清洗：{self.file}", f"Cleansing: {self.file}")
        if self.preview:
            title = self.say(f"数据清洗预览：{self.file}", f"Preview of cleansing: {self.file}")
        return "".join(
            [
                f'<!doctype html><html lang="{self.say("zh-Hans", "en")}"><head><meta charset="utf-8">',
                '<meta name="viewport" content="width=device-width,initial-scale=1">',
                f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>",
                f"<h1>{escape(title)}</h1><p>{escape(self.summary())}</p>",
                f"<h2>{self.say('步骤', 'Steps')}</h2>{self.steps()}",
                f"<h2>{self.say('改动（举例）', 'Changes (a sample)')}</h2>{self.changes()}",
                f"<h2>{self.say('未能处理（举例）', 'Could not be treated (a sample)')}</h2>",
                self.refusals(),
                "</main></body></html>\n",
            ]
        )

    def summary(self) -> str:
        when = clock.now().strftime("%Y-%m-%d %H:%M UTC")
        rows, left, steps = self.result.rows, self.result.left, len(self.result.steps)
        return self.say(
            f"读入{rows:,}行，{steps}个步骤，留下{left:,}行。运行于{when}。",
            f"{rows:,} rows were read, {steps} steps, {left:,} rows are left. Run at {when}.",
        )

    def steps(self) -> str:
        heads = [(self.say("步骤", "step"), ""), (self.say("策略", "strategy"), "")]
        heads += [(self.say(*CHANGE_WORDS[name]), "n") for name in COUNTS]
        return self.table(heads, (self.counts(each) for each in self.result.steps))

    def counts(self, each: StepResult) -> list[str]:
        step = each.step
        more = f"<br><small>{escape(step.note)}</small>" if step.note else ""
        return [
            f"{escape(self.title(each))}<br><small>{escape(step.id)}</small>{more}",
            escape(self.say(*STRATEGIES[step.strategy])),
            *(f"{getattr(each, name):,}" for name in COUNTS),
        ]

    def title(self, each: StepResult) -> str:
        return each.step.title or self.say(each.step.treatment.zh, each.step.treatment.en)

    def changes(self) -> str:
        heads = [*self.places(), (self.say("原值", "before"), ""), (self.say("新值", "after"), "")]
        return self.samples(
            heads,
            lambda step: step.changes,
            lambda one: [f"<del>{_shown(one['old'])}</del>", self.after(one)],
        )

    def after(self, one: dict[str, Any]) -> str:
        return "" if one["column"] is None else f"<ins>{_shown(one['new'])}</ins>"

    def refusals(self) -> str:
        heads = [*self.places(), (self.say("值", "value"), ""), (self.say("原因", "reason"), "")]
        reason = f"reason_{self.say('zh', 'en')}"
        return self.samples(
            heads, lambda step: step.refusals, lambda one: [_shown(one["old"]), escape(one[reason] or "")]
        )

    def places(self) -> list[tuple[str, str]]:
        return [
            (self.say("行", "row"), "n"),
            (self.say("键", "key"), ""),
            (self.say("列", "column"), ""),
        ]

    def samples(self, heads: list[tuple[str, str]], of: Any, cells: Any) -> str:
        parts = []
        for each in self.result.steps:
            rows = [
                [f"{one['row']:,}", _shown(one["key"]), escape(one["column"] or "—"), *cells(one)]
                for one in of(each)
            ]
            if rows:
                parts.append(f"<h3>{escape(self.title(each))}</h3>{self.table(heads, rows)}")
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
