"""What keeps an analysis from being made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kaishu.base.errors import NotFound, Terminal, several


def _told(names: str | Sequence[str]) -> str:
    return names if isinstance(names, str) else several(names)


class AnalysisMissing(Terminal):
    """The extra with the statistical libraries is not installed."""

    code = "analysis.extra-missing"
    zh = "没有安装 {library}，做不了这项统计分析（需要附加组件 analysis）。"
    en = "{library} is not installed, so this analysis cannot be made (it needs the extra analysis)."
    next_zh = "运行 pip install 'kaishu[analysis]'，然后再试。"
    next_en = "Run pip install 'kaishu[analysis]', and try again."


class TooFewValues(Terminal):
    """Too few values for what was asked."""

    code = "analysis.too-few-values"
    zh = "“{name}”只有{count}个可用的值，这项分析至少要{least}个。"
    en = '"{name}" has {count} usable values; this analysis needs at least {least}.'
    next_zh = "补充数据，或换一种分析。"
    next_en = "Add data, or choose another analysis."


class TooMany(Terminal):
    """More units or columns than can be held at once."""

    code = "analysis.too-many"
    zh = "“{name}”有{count}个，这项分析最多{most}个。"
    en = '"{name}" counts {count}; this analysis takes at most {most}.'
    next_zh = "先筛选或汇总数据。"
    next_en = "Filter or aggregate the data first."


class ColumnMissing(NotFound):
    """A column was named that the data do not have."""

    code = "analysis.no-such-column"
    zh = "数据中没有列“{name}”。"
    en = 'The data have no column "{name}".'
    next_zh = "数据中的列：{known}"
    next_en = "The columns are: {known}"

    def __init__(self, name: str, known: Sequence[str], most: int = 12) -> None:
        super().__init__(kind="列 column", name=name, known=several(known, most))


class NotANumber(Terminal):
    """Text stands in a column of numbers."""

    code = "analysis.not-a-number"
    zh = "列“{name}”第{row}行的“{value}”不是数。"
    en = 'Column "{name}", row {row}: "{value}" is not a number.'
    next_zh = "改正这个值，或把它留空（按缺失处理）。"
    next_en = "Mend the value, or leave it empty to count as missing."


class LengthsDiffer(Terminal):
    """Things that belong together are not equally many."""

    code = "analysis.lengths-differ"
    zh = "“{first}”有{count}个，“{second}”有{other}个，应当相同。"
    en = '"{first}" counts {count}, "{second}" counts {other}; they must be equally many.'
    next_zh = "检查给出的数据。"
    next_en = "Check the data given."


class AllEqual(Terminal):
    """A column without any variation, where variation is what is analysed."""

    code = "analysis.all-equal"
    zh = "“{name}”的值全都相同，没有可分析的差异。"
    en = 'All values of "{name}" are equal; there is nothing to analyse.'
    next_zh = "去掉这一列，或补充数据。"
    next_en = "Leave the column out, or add data."


class GroupsTooFew(Terminal):
    """Fewer groups than a comparison takes, or more than a test of two takes."""

    code = "analysis.wrong-number-of-groups"
    zh = "“{name}”分成{count}组，{test}要{wanted}组。"
    en = '"{name}" makes {count} groups; {test} takes {wanted}.'
    next_zh = "换一个分组列，或换一种检验。"
    next_en = "Choose another column to group by, or another test."


class NegativeValue(Terminal):
    """A value below what the formula is defined for."""

    code = "analysis.negative-value"
    zh = "“{name}”中有{value}，{method}只对{domain_zh}有定义。"
    en = '"{name}" holds {value}; {method} is defined for {domain_en} only.'
    next_zh = "改正数据，或换一种方法。"
    next_en = "Mend the data, or choose another method."


class Collinear(Terminal):
    """A column that others give exactly."""

    code = "analysis.collinear"
    zh = "“{name}”可以由其他列完全算出，回归系数无法确定。"
    en = '"{name}" follows exactly from the other columns; its coefficient cannot be determined.'
    next_zh = "去掉其中一列。"
    next_en = "Leave one of them out."


class UnitTwice(Terminal):
    """The same unit stands in the data twice (for the same year)."""

    code = "analysis.unit-twice"
    zh = "“{name}”在“{place}”出现了不止一次。"
    en = '"{name}" stands in "{place}" more than once.'
    next_zh = "每个单位（每年）只留一行。"
    next_en = "Keep one row for each unit (and year)."


class ChoiceUnknown(Terminal):
    """A method, a unit or a year was named that there is none of."""

    code = "analysis.choice-unknown"
    zh = "“{option}”没有“{given}”这个选择。"
    en = '"{given}" is no choice of "{option}".'
    next_zh = "可选：{known}"
    next_en = "The choices are: {known}"

    def __init__(
        self, option: str, given: str | Sequence[str], known: str | Sequence[str], **facts: Any
    ) -> None:
        super().__init__(option=option, given=_told(given), known=_told(known), **facts)


class FactorsNotFound(Terminal):
    """An extraction of factors did not come to an end."""

    code = "analysis.factors-not-found"
    zh = "“{method}”没有得到因子：相关矩阵不可逆，或迭代不收敛。"
    en = '"{method}" found no factors: the correlations have no inverse, or the steps did not settle.'
    next_zh = "改用 principal-components，或去掉可由其他列算出的列。"
    next_en = "Use principal-components, or leave out columns that follow from others."


class ColumnCount(Terminal):
    """An analysis of a fixed number of columns got another number."""

    code = "analysis.column-count"
    zh = "{kind_zh}要{wanted}列，给了{count}列。"
    en = "Columns given: {count}; {kind_en} takes {wanted}."
    next_zh = "写明要分析的列。"
    next_en = "Name the columns to analyse."
