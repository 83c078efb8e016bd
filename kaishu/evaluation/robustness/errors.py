"""What keeps robustness from being examined."""

from __future__ import annotations

from collections.abc import Sequence

from kaishu.base.errors import NotFound, Terminal, several


class NothingUncertain(Terminal):
    """No choice is left open, so there is nothing to draw."""

    code = "robustness.nothing-uncertain"
    zh = "没有任何不确定的选择，无从模拟。"
    en = "Nothing is uncertain, so there is nothing to draw."
    next_zh = "至少放开一项：标准化、权重、合成、插补、异常值、权重扰动、剔除指标或数据误差。"
    next_en = (
        "Open at least one: normalisation, weights, aggregation, imputation, outliers, noise of weights, "
        "a left-out indicator or noise of data."
    )


class TooManyRuns(Terminal):
    """More runs than can be held."""

    code = "robustness.too-many-runs"
    zh = "{runs}次模拟乘{units}个单位，超过一次能存下的{most}个结果。"
    en = "{runs} runs of {units} units are more than the {most} outcomes that are held at once."
    next_zh = "把次数减到{fit}以下。"
    next_en = "Take {fit} runs or fewer."


class BadNumber(Terminal):
    """A number outside its range."""

    code = "robustness.bad-number"
    zh = "“{name}”应在{low}到{high}之间，给出的是{given}。"
    en = '"{name}" lies between {low} and {high}; given was {given}.'
    next_zh = "改正后再试。"
    next_en = "Mend it and try again."


class NoSuchNode(NotFound):
    """A code that is not in the tree, or not where it is needed."""

    code = "robustness.no-such-node"
    zh = "体系里没有可以这样用的“{name}”。"
    en = 'The system has no "{name}" that can be used so.'
    next_zh = "可用的代码：{known}"
    next_en = "Codes that can be used: {known}"

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(name=name, known=several(known))


class NotRuns(Terminal):
    """A file that does not hold runs."""

    code = "robustness.not-runs"
    zh = "这个文件里没有模拟结果：{reason}"
    en = "This file does not hold runs: {reason}"
    next_zh = "请使用 kaishu robustness --save 写出的文件。"
    next_en = "Use a file that kaishu robustness --save wrote."


class OtherRuns(Terminal):
    """Runs of another system or of other data."""

    code = "robustness.other-runs"
    zh = "保存的模拟属于另一个体系或另一份数据。"
    en = "The kept runs belong to another system or to other data."
    next_zh = "用当时的体系和数据，或重新模拟。"
    next_en = "Use the system and data of that time, or draw again."
