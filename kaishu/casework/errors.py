"""Errors of casework."""

from __future__ import annotations

from kaishu.base.errors import Conflict, Terminal


class WrongState(Conflict):
    """The step ``action`` does not start from the case's present ``state``."""

    code = "casework.wrong-state"
    zh = "这件事走到了别的一步，现在不能这样做。"
    en = "The case is at another step; that cannot be done now."
    next_zh = "请刷新页面，看看现在可以做什么。"
    next_en = "Reload the page to see what can be done now."


class ReasonNeeded(Terminal):
    """This step must say why."""

    code = "casework.reason-needed"
    zh = "请写明理由。"
    en = "Please give a reason."
