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
