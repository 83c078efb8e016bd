"""What can be wrong when facts are asked for."""

from __future__ import annotations

from kaishu.base.errors import NotFound, Terminal


class NoFact(NotFound):
    """No fact has this name."""

    code = "evaluation.no-fact"
    zh = "没有名为“{name}”的{kind}。可选：{choices}"
    en = 'No {kind} is called "{name}". There are: {choices}'
    next_zh = "请用 kaishu facts --list 查看全部事实。"
    next_en = "kaishu facts --list shows all facts."


class NoScope(Terminal):
    """Facts were asked for by something they are not counted by."""

    code = "evaluation.no-scope"
    zh = "不能按“{by}”统计。可选：{choices}"
    en = 'Facts are not counted by "{by}". Choices: {choices}'
    next_zh = "请选其中之一。"
    next_en = "Choose one of them."


class NoFactsKept(NotFound):
    """Nothing was counted by this yet."""

    code = "evaluation.no-facts-kept"
    zh = "还没有按“{name}”统计过事实。"
    en = 'Facts were not counted by "{name}" yet.'
    next_zh = "请有权限的人在平台事实页点“统计”，或运行 kaishu facts --keep。"
    next_en = "Somebody who may has to count them on the page of facts, or with kaishu facts --keep."


class RowsDropped(NotFound):
    """The values are still there, the rows they came from are not."""

    code = "evaluation.rows-dropped"
    zh = "“{name}”的来源行没有保留。"
    en = 'The rows behind "{name}" were not kept.'
    next_zh = "请重新统计。"
    next_en = "Count again."
