"""The functions of the language: what they take, what they give."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Function:
    """``takes`` are the types of its arguments (the last one repeats), ``gives`` its own.

    ``same`` stands for one type that all such arguments share.
    """

    takes: tuple[str, ...]
    gives: str
    least: int
    most: int
    zh: str
    en: str


FUNCTIONS: dict[str, Function] = {
    "abs": Function(("number",), "number", 1, 1, "绝对值", "without its sign"),
    "round": Function(
        ("number", "number"), "number", 1, 2, "四舍五入到几位小数", "rounded to so many decimals"
    ),
    "floor": Function(("number",), "number", 1, 1, "向下取整", "rounded down"),
    "length": Function(("text",), "number", 1, 1, "字符数", "number of characters"),
    "lower": Function(("text",), "text", 1, 1, "小写", "in small letters"),
    "upper": Function(("text",), "text", 1, 1, "大写", "in capitals"),
    "trim": Function(("text",), "text", 1, 1, "去掉两端空白", "without blanks at its ends"),
    "substr": Function(
        ("text", "number", "number"),
        "text",
        3,
        3,
        "从第几个字符起取几个",
        "so many characters from that one on",
    ),
    "starts_with": Function(("text", "text"), "boolean", 2, 2, "以其开头", "begins with"),
    "ends_with": Function(("text", "text"), "boolean", 2, 2, "以其结尾", "ends with"),
    "contains": Function(("text", "text"), "boolean", 2, 2, "包含", "has it inside"),
    "days": Function(
        ("date", "date"), "number", 2, 2, "前者比后者晚几天", "days from the second to the first"
    ),
    "years": Function(
        ("date", "date"), "number", 2, 2, "前者比后者晚几整年", "whole years from the second to the first"
    ),
    "year": Function(("date",), "number", 1, 1, "年", "the year"),
    "month": Function(("date",), "number", 1, 1, "月", "the month"),
    "day": Function(("date",), "number", 1, 1, "日", "the day of the month"),
    "today": Function((), "date", 0, 0, "检查当天", "the day of the check"),
    "date": Function(("any",), "date", 1, 1, "读作日期，读不出为空", "read as a date, else null"),
    "number": Function(("any",), "number", 1, 1, "读作数，读不出为空", "read as a number, else null"),
    "text": Function(("any",), "text", 1, 1, "写作文字", "written as text"),
    "coalesce": Function(("same",), "same", 1, 20, "第一个不为空的", "the first that is not null"),
    "least": Function(("same",), "same", 1, 20, "最小的", "the smallest"),
    "greatest": Function(("same",), "same", 1, 20, "最大的", "the largest"),
    "if": Function(
        ("boolean", "same"),
        "same",
        3,
        3,
        "条件成立取前者，否则取后者",
        "the second if the first is true, else the third",
    ),
}
