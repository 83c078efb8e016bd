"""The functions of the language: how many arguments they take, and what they give."""

from __future__ import annotations

from dataclasses import dataclass

MANY = 50


@dataclass(frozen=True, slots=True)
class Function:
    """``least`` to ``most`` arguments; ``use`` shows one call."""

    least: int
    most: int
    use: str
    zh: str
    en: str


FUNCTIONS: dict[str, Function] = {
    "count": Function(
        1, 1, "count(t where c)", "行数；列则为非空个数", "rows; of a column: cells that are not empty"
    ),
    "distinct": Function(1, 1, "distinct(t.a)", "不重复的值", "the values, each once"),
    "sum": Function(1, MANY, "sum(t.a)", "合计", "the total"),
    "mean": Function(1, MANY, "mean(t.a)", "平均值", "the mean"),
    "median": Function(1, MANY, "median(t.a)", "中位数", "the median"),
    "min": Function(1, MANY, "min(t.a)", "最小值", "the least"),
    "max": Function(1, MANY, "max(t.a)", "最大值", "the greatest"),
    "share": Function(2, 2, "share(k, n)", "百分比 100k/n", "per cent: 100k/n"),
    "growth": Function(2, 2, "growth(new, old)", "增长百分比 100(新-旧)/旧", "growth in per cent"),
    "cagr": Function(
        3, 3, "cagr(new, old, years)", "年均复合增长率，百分比", "compound growth a year, per cent"
    ),
    "ratio": Function(2, MANY, "ratio(a, b)", "写作 a:b", "written as a:b"),
    "rank": Function(
        2, 2, "rank(t.a, x)", "x 在列中从大到小的名次", "place of x among the values, largest first"
    ),
    "duplicates": Function(
        1, MANY, "duplicates(t.a, t.b)", "重复前面的行数", "rows that repeat an earlier one"
    ),
    "every": Function(2, 2, "every(t, c)", "每行都满足", "does the condition hold in every row"),
    "each": Function(2, 2, "each(t where c, a + b)", "每行的值", "what the formula gives in each row"),
    "rising": Function(1, 1, "rising(t.a)", "逐行增大", "does every value exceed the one before"),
    "falling": Function(1, 1, "falling(t.a)", "逐行减小", "is every value below the one before"),
    "fits": Function(
        2, 2, "fits(p, n)", "有整数 k 使 k/n 印作 p%", "is there a whole k for which k/n prints as p %"
    ),
    "candidates": Function(
        4,
        4,
        "candidates(k, 0, 86, share(k, 86))",
        "k 取每个整数时的值，其一相符即可",
        "the value for every whole k; one that agrees is enough",
    ),
    "rounded": Function(
        1, 1, "rounded(t.a)", "印出的数，带其舍入误差", "a printed number with its rounding error"
    ),
    "unknown": Function(1, 1, "unknown(5)", "0 到几之间，不知多少", "from 0 to that many, not known"),
    "round": Function(1, 2, "round(x, 2)", "四舍五入", "rounded half up"),
    "abs": Function(1, 1, "abs(x)", "绝对值", "without its sign"),
    "number": Function(1, 1, "number(x)", "读作数", "read as a number"),
    "concat": Function(2, MANY, "concat(a, ' ', b)", "连成文字", "texts joined"),
    "contains": Function(2, 2, "contains(a, 'x')", "文字包含", "has the text inside"),
    "starts_with": Function(2, 2, "starts_with(a, 'x')", "以其开头", "begins with the text"),
    "ends_with": Function(2, 2, "ends_with(a, 'x')", "以其结尾", "ends with the text"),
    "union": Function(2, MANY, "union(t.a, u.b)", "在任一列中的值", "values of any of the lists, each once"),
    "common": Function(2, MANY, "common(t.a, u.b)", "在每列中的值", "values that all lists have"),
    "without": Function(
        2, 2, "without(t.a, u.b)", "前者有后者无", "values of the first that the second lacks"
    ),
    "set": Function(1, MANY, "set(t.a)", "不计顺序", "a list whose order does not matter"),
    "if": Function(
        3, 3, "if(c, a, b)", "条件成立取前者，否则取后者", "the second if the first is true, else the third"
    ),
}
