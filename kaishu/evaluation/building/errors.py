"""What keeps an evaluation from being built."""

from __future__ import annotations

from collections.abc import Sequence

from kaishu.base.errors import NotFound, Said, Terminal
from kaishu.base.problems import BadFile, CellProblem


class NoUnit(NotFound):
    """No such unit in the result."""

    code = "evaluation.no-unit"
    zh = "结果里没有{kind}“{name}”。"
    en = 'There is no {kind} "{name}" in the result.'
    next_zh = "请给出数据里的 id 或名称。"
    next_en = "Give an id or a name of the data."


class NotAResult(Terminal):
    """A file that should hold a result does not."""

    code = "evaluation.not-a-result"
    zh = "这不是评估结果文件：{reason}"
    en = "This is not the file of a result: {reason}"
    next_zh = "请给出 kaishu evaluate --json 写出的文件。"
    next_en = "Give a file that kaishu evaluate --json wrote."


class BadData(BadFile[CellProblem]):
    """The data do not fit the system; every problem is named with its row and column."""

    code = "evaluation.bad-data"
    zh = "数据“{file}”有{count}处问题：{summary}"
    en = 'The data "{file}" have {count_en}: {summary}'
    next_zh = "请改正数据，或在指标体系里写明怎样处理（missing、marks）。"
    next_en = "Mend the data, or say in the system what is to be done (missing, marks)."

    shown = 30


class TwoSources(Terminal):
    """A column comes from two sources of a run."""

    code = "evaluation.two-sources"
    zh = "“{column}”既在{one_zh}里，又在{other_zh}里，不知道用哪一个。"
    en = 'The column "{column}" is in {one_en} and in {other_en}; one has to go.'
    next_zh = "请从数据里去掉这一列，或不选另一个来源。"
    next_en = "Remove the column from the data, or do not choose the other source."

    def __init__(self, column: str, one: Said, other: Said) -> None:
        super().__init__(
            column=column, one_zh=str(one), one_en=one.en, other_zh=str(other), other_en=other.en
        )


class NoSource(Terminal):
    """Some indicators have a value from none of the sources that were chosen."""

    code = "evaluation.no-source"
    zh = "这些指标没有数据来源：{listed_zh}"
    en = "No source fills these indicators: {listed_en}"
    next_zh = "请再选一个表或文件、平台事实或评判轮次；或写明没有的按缺失处理。"
    next_en = "Choose a table or a file, facts or a round of judging as well, or let them be missing."

    #: So many are named.
    shown = 20

    def __init__(self, indicators: Sequence[Said]) -> None:
        named = indicators[: self.shown]
        more = len(indicators) > self.shown
        super().__init__(
            listed_zh="、".join(map(str, named)) + ("……" if more else ""),
            listed_en=", ".join(each.en for each in named) + (" …" if more else ""),
        )


class SeveralPeriods(Terminal):
    """Units with several periods cannot be joined with what is true of today."""

    code = "evaluation.several-periods"
    zh = "“{unit}”有多行（多期），而平台事实和评判只说现在，不能合在一起。"
    en = '"{unit}" is there several times, but facts and judgements tell of today only and cannot be joined.'
    next_zh = "请只给出一期的数据，每个对象一行。"
    next_en = "Give the data of one period, one row for each unit."


class Undefined(Terminal):
    """A method of the system is not defined for some values of the data."""

    code = "evaluation.undefined"
    zh = "“{node}”：{problem_zh}（{units}）"
    en = '"{node}": {problem_en} ({units})'
    next_zh = (
        "请改正数据，或换一种方法：例如先标准化到大于0的区间（min-max: [1, 100]），"
        "或改用 aggregate: arithmetic。"
    )
    next_en = (
        "Mend the data or choose another method: normalise to a range above 0 (min-max: [1, 100]), "
        "or use aggregate: arithmetic."
    )


class NoData(Terminal):
    """A system has no data of its own, and none were given."""

    code = "evaluation.no-data"
    zh = "指标体系“{system}”没有自带数据，请给出数据文件。"
    en = 'The system "{system}" has no data of its own; give a file.'
    next_zh = "用法：kaishu evaluate 体系 数据文件。"
    next_en = "Usage: kaishu evaluate SYSTEM DATA."
