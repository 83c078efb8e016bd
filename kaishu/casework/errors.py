"""Errors of casework."""

from __future__ import annotations

from kaishu.base.errors import Conflict, Terminal


class WrongState(Conflict):
    """The step does not start from the case's present state."""

    code = "casework.wrong-state"
    zh = "当前状态是“{state}”，不能执行“{action}”。"
    en = 'The state is "{state}"; "{action}" cannot be done from it.'
    next_zh = "请刷新页面查看最新状态。"
    next_en = "Reload to see the latest state."


class ReasonNeeded(Terminal):
    """This step must say why."""

    code = "casework.reason-needed"
    zh = "请写明理由。"
    en = "Please give a reason."
