"""What can be wrong in a round of judging."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kaishu.base.errors import Conflict, NotFound, Said, Terminal

#: The states of a round as they stand in a sentence.
ROUND_STATES: Mapping[str, Said] = {
    "judging": Said("还在评判中", "is still being judged"),
    "disclosed": Said("已公开得分", "has disclosed its scores"),
    "closed": Said("已结束", "is closed"),
}


class NothingJudged(Terminal):
    """A system without judged indicators cannot have a round."""

    code = "evaluation.nothing-judged"
    zh = "指标体系“{system}”没有由人评判的指标。"
    en = 'The indicator system "{system}" has no judged indicators.'
    next_zh = "请选带有 from: {{judged: …}} 的体系，或先为它起草一版。"
    next_en = "Choose a system with from: {{judged: …}}, or draft an edition that has some."


class NotSeated(Terminal):
    """Somebody acts in a round in which they have no such seat."""

    code = "evaluation.not-seated"
    status = 403
    zh = "您在“{title}”里不是{seat}。"
    en = 'You are not {seat_en} of the round "{title_en}".'
    next_zh = "请找本轮的评估员或复核人处理。"
    next_en = "Ask those who have a seat in this round."

    def __init__(self, title: str, seat: str, seat_en: str, title_en: str = "") -> None:
        super().__init__(title=title, title_en=title_en or title, seat=seat, seat_en=seat_en)


class Recused(Terminal):
    """Nobody judges a unit of the own office, whatever seat one has in the round."""

    code = "evaluation.recused"
    status = 403
    zh = "“{unit}”是您所在部门的，您须回避，不能评判它。"
    en = '"{unit}" is of your own department, so you may not judge it.'
    next_zh = "它由替补评判；还没有替补时，请本轮的管理人在总表“回避与替补”里指定。"
    next_en = "A stand-in judges it. If there is none yet, ask the bureau to name one on the overview."


class OwnUnit(Terminal):
    """Somebody is to judge a unit of the own office."""

    code = "evaluation.own-unit"
    zh = "“{person}”是“{unit}”所属部门的人，不能评判它。"
    en = '"{person}" is of the department of "{unit}" and may not judge it.'
    next_zh = "请从其他部门选一个人。"
    next_en = "Choose somebody of another department."


class NotVacant(Conflict):
    """A seat whose holder may judge the unit needs nobody else."""

    code = "evaluation.not-vacant"
    zh = "“{unit}”的{seat}不用回避，也就不用替补。"
    en = 'The {seat_en} of "{unit}" need not step aside, so nobody can stand in.'
    next_zh = "只有与评判对象同部门的人由替补接替；请看总表的“回避与替补”。"
    next_en = "Stand-ins are for those of the unit's own department; see the overview."


class NoPlace(NotFound):
    """No such unit or judged indicator in the round."""

    code = "evaluation.no-place"
    zh = "本轮没有{kind}“{name}”。"
    en = 'This round has no {kind} "{name}".'
    next_zh = "请从本轮的总表进入。"
    next_en = "Go there from the overview of the round."


class RoundInState(Conflict):
    """The round is in a state in which this is not done; ``state`` is judging, disclosed or closed."""

    code = "evaluation.round-in-state"
    zh = "本轮{state_zh}，不能这样做。"
    en = "The round {state_en}; this cannot be done."
    next_zh = "评判、公开、申诉依次进行；请看总表。"
    next_en = "Judging, disclosure and appeals follow each other; see the overview."

    def __init__(self, state: str) -> None:
        said = ROUND_STATES[state]
        super().__init__(state=state, state_zh=str(said), state_en=said.en)


class AlreadyJudged(Conflict):
    """Both scores are in, so neither can be changed any more."""

    code = "evaluation.already-judged"
    zh = "两位评估员都已打分，不能再改。"
    en = "Both assessors have given their scores; they cannot be changed any more."
    next_zh = "分歧由复核人裁定。"
    next_en = "The reviewer decides differences."


class NotToDecide(Conflict):
    """There is no difference to decide here."""

    code = "evaluation.not-to-decide"
    zh = "这里没有待裁定的分歧。"
    en = "There is no difference to decide here."
    next_zh = "只有两位评估员都已打分且分数不同时才裁定。"
    next_en = "Only scores that are both given and differ are decided."


class NotSettled(Conflict):
    """A round cannot be disclosed while scores are missing."""

    code = "evaluation.not-settled"
    zh = "还有{count}处没有定分。"
    en = "Scores that are not settled yet: {count}."
    next_zh = "请评估员打完分、复核人裁定分歧后再公开。"
    next_en = "Let the assessors finish and the reviewer decide the differences first."


class AppealOver(Conflict):
    """The days for appeals are over, or one is under way."""

    code = "evaluation.appeal-over"
    zh = "现在不能申诉：{reason}"
    en = "An appeal cannot be made now: {reason_en}"
    next_zh = "请在公开后的申诉期内提出，每处一次只办一件。"
    next_en = "Appeal within the days named at the disclosure; one appeal at a time for each score."


class AppealsOpen(Conflict):
    """A round cannot be closed while appeals may come or wait."""

    code = "evaluation.appeals-open"
    zh = "{waiting_zh}，不能结束。"
    en = "The round cannot be closed: {waiting_en}."
    next_zh = "请在申诉期（到{until}）过后、办结全部申诉再结束。"
    next_en = "Close it after {until} when every appeal has its answer."

    def __init__(self, count: int, until: date | None) -> None:
        zh, en = f"申诉期到{until}，还没有过", f"appeals may come until {until}"
        if count:
            zh = f"还有{count}件申诉没有办结"
            en = "an appeal waits for its answer" if count == 1 else f"{count} appeals wait for their answers"
        super().__init__(count=count, until=until, waiting_zh=zh, waiting_en=en)


class OtherCriteria(Conflict):
    """A system has other criteria for an indicator than those that a round was judged by."""

    code = "evaluation.other-criteria"
    zh = "“{title}”是按另外的标准评判的，不能用于这个体系的：{codes}。"
    en = 'The round "{title}" was judged by other criteria than this system has for: {codes}.'
    next_zh = "请用评判时的那一版体系，或按新的标准再评一轮。"
    next_en = "Evaluate by the edition that was judged by, or judge a new round by the new criteria."
