"""What can be wrong with a mapping, and with what it leads to."""

from __future__ import annotations

from kaishu.base.errors import NotFound, Terminal
from kaishu.quality.errors import BadRules


class BadMapping(BadRules):
    """A mapping cannot be used; every problem is named with its line and key."""

    code = "standardisation.bad-mapping"
    zh = "映射文件“{file}”有{count}处问题：{summary}"
    en = 'The mapping "{file}" has {count} problems: {summary}'
    next_zh = "请按行号改正后再试；映射的写法见文档 standardisation。"
    next_en = "Mend the lines named and try again; the page standardisation tells how mappings are written."


class FusionNotInstalled(Terminal):
    """Probable matching needs a library that the core does not bring."""

    code = "standardisation.fusion-not-installed"
    zh = "映射要求近似匹配，但没有安装 splink。"
    en = "The mapping asks for probable matching, and splink is not installed."
    next_zh = '请安装：pip install "kaishu[fusion]"；或在映射里写 probable: false，只按键匹配。'
    next_en = 'Install it: pip install "kaishu[fusion]"; or write probable: false to match by key only.'


class BadReviewFile(Terminal):
    """The file of decisions cannot be read."""

    code = "standardisation.bad-review-file"
    zh = "核对文件“{file}”第{line}行：{reason_zh}"
    en = 'Review file "{file}", line {line}: {reason_en}'
    next_zh = "decision 一栏写 same、different 或留空；其他栏不要改。"
    next_en = "The column decision holds same, different or nothing; leave the others as they are."


class DecisionsContradict(Terminal):
    """Decisions say of the same rows that they are one and that they are not."""

    code = "standardisation.decisions-contradict"
    zh = "核对结果互相矛盾：{left} 与 {right} 被判为不同，但别的判断把它们连在了一起。"
    en = "Decisions contradict each other: {left} and {right} are different, and others join them."
    next_zh = "请改正其中一个判断。"
    next_en = "Mend one of the decisions."


class NoSuchEntity(NotFound):
    """Nothing has this id, key or row."""

    code = "standardisation.no-such-entity"
    zh = "没有标识或键为“{key}”的实体。"
    en = 'No entity has the id or key "{key}".'
    next_zh = "可用实体标识、键的值，或“来源:行号”。"
    next_en = "Give an entity's id, the value of a key, or SOURCE:ROW."
