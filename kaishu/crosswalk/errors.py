"""What can be wrong with a document as a whole; what is wrong with one dataset is a note."""

from __future__ import annotations

from kaishu.base.errors import Terminal


class Unreadable(Terminal):
    """A document that cannot be taken apart."""

    code = "crosswalk.unreadable"
    zh = "{standard} 文档在第 {line} 行第 {column} 列读不下去：{reason}"
    en = "The {standard} document cannot be read at line {line}, column {column}: {reason}"
    next_zh = "请改正这个位置，或重新导出后再试。"
    next_en = "Mend that place, or export it again."


class NotThatStandard(Terminal):
    """A document that can be taken apart and is something else."""

    code = "crosswalk.other-standard"
    zh = "这不是 {standard} 文档：{reason}"
    en = "This is not a {standard} document: {reason}"
    next_zh = "请核对来源的类型。"
    next_en = "Check which kind of source this is."
