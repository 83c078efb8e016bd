"""Errors of kept systems and evaluations, and the ones of reading that others name."""

from __future__ import annotations

from collections.abc import Mapping

from kaishu.base.errors import Conflict, Said, Terminal
from kaishu.evaluation.building.errors import (
    BadData,
    NoData,
    NoSource,
    NotAResult,
    NoUnit,
    SeveralPeriods,
    TwoSources,
    Undefined,
)
from kaishu.evaluation.system.errors import BadSystem, NoSystem

__all__ = [
    "BadData",
    "BadSystem",
    "EditionInState",
    "EvaluationInState",
    "NoData",
    "NoSource",
    "NoSystem",
    "NoUnit",
    "NotAResult",
    "NotComparable",
    "OtherSystem",
    "ResultTooLarge",
    "SeveralPeriods",
    "TooManyScores",
    "TwoSources",
    "Undefined",
]


#: The states of editions and of evaluations as they stand in a sentence.
STATES: Mapping[str, Said] = {
    "draft": Said("还是草稿", "is a draft"),
    "published": Said("已发布", "is published"),
    "replaced": Said("已被替换", "is replaced"),
    "withdrawn": Said("已撤销", "is withdrawn"),
    "waiting": Said("正在评估", "is being computed"),
    "kept": Said("还未公布", "is not published"),
    "failed": Said("没有成功", "has failed"),
}


class EditionInState(Conflict):
    """An edition of a system is not in a state for this act; ``state`` is draft, published, …"""

    code = "evaluation.edition-in-state"
    zh = "指标体系“{system}”的这个版本{state_zh}，不能这样做。"
    en = 'This edition of the system "{system}" {state_en}; that cannot be done now.'
    next_zh = "已发布的版本不再修改；请由它起草新版本。"
    next_en = "A published edition is not changed any more; draft a new one from it."

    def __init__(self, system: str, state: str) -> None:
        said = STATES[state]
        super().__init__(system=system, state=state, state_zh=str(said), state_en=said.en)


class OtherSystem(Terminal):
    """The text of an edition names another system."""

    code = "evaluation.other-system"
    zh = "这是“{system}”的版本，文中却写着 system: {written}。"
    en = 'This is an edition of "{system}", but the text says system: {written}.'
    next_zh = "请把 system 改回来；要建另一个体系，请新建。"
    next_en = "Set system back; for another system, make a new one."


class EvaluationInState(Conflict):
    """An evaluation is not in a state for this act; ``state`` is waiting, kept, published, …"""

    code = "evaluation.evaluation-in-state"
    zh = "这次评估{state_zh}，不能这样做。"
    en = "This evaluation {state_en}; that cannot be done now."
    next_zh = "请刷新页面，看看现在可以做什么。"
    next_en = "Refresh the page to see what can be done now."

    def __init__(self, state: str) -> None:
        said = STATES[state]
        super().__init__(state=state, state_zh=str(said), state_en=said.en)


class ResultTooLarge(Terminal):
    """A result or a file of data is larger than what is kept."""

    code = "evaluation.result-too-large"
    zh = "评估结果或数据有{size}字节，最多保存{most}字节。"
    en = "The result or the data have {size} bytes; at most {most} are kept."
    next_zh = "请减少评估对象或指标，或用 kaishu evaluate 在命令行运行。"
    next_en = "Take fewer units or indicators, or run kaishu evaluate at the terminal."


class TooManyScores(Terminal):
    """An evaluation would have more scores than are kept."""

    code = "evaluation.too-many-scores"
    zh = "这次评估会有{count}个得分（评估对象×体系各项），最多保存{most}个。"
    en = "This evaluation would have {count} scores (units times nodes); at most {most} are kept."
    next_zh = "请减少评估对象，或用 kaishu evaluate 在命令行运行。"
    next_en = "Take fewer units, or run kaishu evaluate at the terminal."


class NotComparable(Terminal):
    """Two evaluations have no unit in common."""

    code = "evaluation.not-comparable"
    zh = "两次评估没有共同的评估对象，无法比较。"
    en = "The two evaluations have no unit in common and cannot be compared."
    next_zh = "请选同一批对象的两次评估。"
    next_en = "Choose two evaluations of the same units."
