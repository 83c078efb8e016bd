"""An exploration as plain tables, for a page, a workbook and CSV; in Chinese or English."""

# Sentences and drawings are easier to compare when each stands on one line.
# ruff: noqa: E501

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from kaishu.quality.exploration.answers import GROUPS
from kaishu.quality.exploration.arrival import PERIODS
from kaishu.quality.exploration.findings import RULES
from kaishu.quality.exploration.kinds import KINDS, type_words
from kaishu.quality.exploration.naming import PROBLEMS, STYLES
from kaishu.quality.exploration.signs import CHARACTERS

STATES = {"good": ("没有问题", "fine"), "look": ("要看", "look"), "none": ("不涉及", "not asked")}
_SHARES = "share"


@dataclass(frozen=True, slots=True)
class Sheet:
    """``key`` for addresses; ``numbers`` and ``shares`` are places of columns; cells are text, number or None."""

    key: str
    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Any]]
    numbers: Sequence[int] = ()
    shares: Sequence[int] = ()


def exploration_sheets(found: Mapping[str, Any], language: str = "zh") -> list[Sheet]:
    """The tables of a profile that has its ``exploration``; those without rows are left out."""
    explored = found["exploration"]
    wording = _Wording(language)
    made = [
        wording.checks(explored),
        wording.fields(explored),
        wording.statistics(found),
        wording.findings(explored),
        wording.keys(explored),
        wording.rules(explored),
        wording.references(explored),
        wording.arrival(explored),
    ]
    return [sheet for sheet in made if sheet.rows]


def write_exploration_csv(found: Mapping[str, Any], stream: IO[str], language: str = "zh") -> None:
    """All tables one under another, each with its title."""
    writer = csv.writer(stream)
    for place, sheet in enumerate(exploration_sheets(found, language)):
        if place:
            writer.writerow([])
        writer.writerow([sheet.title])
        writer.writerow(sheet.heads)
        writer.writerows([[_safe(cell) for cell in row] for row in sheet.rows])


def write_exploration_workbook(found: Mapping[str, Any], target: Any, language: str = "zh") -> None:
    """A workbook with a sheet for each table; ``target`` is a path or a binary stream."""
    import xlsxwriter

    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(target, options) as book:
        strong = book.add_format({"bold": True})
        for sheet in exploration_sheets(found, language):
            page = book.add_worksheet(sheet.title[:31])
            page.freeze_panes(1, 0)
            page.set_column(0, len(sheet.heads) - 1, 18)
            for place, row in enumerate([sheet.heads, *sheet.rows]):
                for column, cell in enumerate(row):
                    if cell is not None:
                        page.write(place, column, cell, None if place else strong)


def _safe(cell: Any) -> Any:
    """Text that a spreadsheet would take for a formula is quoted."""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + cell
    return cell


class _Wording:
    def __init__(self, language: str) -> None:
        self.language = language

    def say(self, zh: str, en: str) -> str:
        return en if self.language == "en" else zh

    def checks(self, explored: Mapping[str, Any]) -> Sheet:
        heads = [
            self.say("类", "group"),
            self.say("检查", "check"),
            self.say("结果", "result"),
            self.say("发现", "finding"),
        ]
        rows = [
            [
                self.say(*GROUPS[one["group"]]),
                f"{one['no']}. {self.say(one['zh'], one['en'])}",
                self.say(*STATES[one["state"]]),
                one["answer"][self.language],
            ]
            for one in explored["checks"]
        ]
        return Sheet("checks", self.say("23项探查", "The 23 checks"), heads, rows)

    def fields(self, explored: Mapping[str, Any]) -> Sheet:
        heads = [
            self.say(*pair)
            for pair in (
                ("字段", "field"),
                ("命名", "naming"),
                ("变量", "variable"),
                ("类型", "type"),
                ("实际类型", "real type"),
                ("表示格式", "form"),
                ("类型代码", "type letter"),
                ("编码规范", "code system"),
                ("代码表", "code table"),
            )
        ]
        styles = {one["name"]: one for one in explored["names"]["fields"]}
        rows = []
        for place, one in enumerate(explored["fields"]):
            named = styles.get(one["name"]) or explored["names"]["fields"][place]
            problems = self.say("、", ", ").join(self.say(*PROBLEMS[code]) for code in named["problems"])
            style = self.say(*STYLES[named["style"]]) + (f" ({problems})" if problems else "")
            rows.append(
                [
                    one["name"],
                    style,
                    self.say(*KINDS[one["variable"]]),
                    self.say(*type_words(one["type"])),
                    self.say(*type_words(one["real_type"]["type"])),
                    one["representation"]["form"],
                    one["representation"]["letter"],
                    self.say("、", ", ").join(self.say(each["zh"], each["en"]) for each in one["codes"]),
                    self.say("、", ", ").join(
                        self.say(each["zh"], each["en"]) for each in one["code_tables"][:1]
                    ),
                ]
            )
        return Sheet("fields", self.say("字段", "Fields"), heads, rows)

    def statistics(self, found: Mapping[str, Any]) -> Sheet:
        from kaishu import standards

        terms = [
            term for term in standards.vocabulary("profile-statistic").terms if term.code.startswith("field.")
        ]
        heads = [self.say("字段", "field"), *(self.say(term.zh, term.en) for term in terms)]
        more = [
            ("minimum", "最小", "minimum"),
            ("median", "中位数", "median"),
            ("maximum", "最大", "maximum"),
        ]
        heads += [self.say(zh, en) for _, zh, en in more]
        keys = [*(term.code.removeprefix("field.") for term in terms), *(key for key, _, _ in more)]
        rows = [[one["name"], *(one[key] for key in keys)] for one in found["fields"]]
        title = self.say("统计量", "Statistics")
        rates = [place for place, key in enumerate(keys, start=1) if key.endswith("_rate")]
        return Sheet("statistics", title, heads, rows, range(1, len(heads)), rates)

    def findings(self, explored: Mapping[str, Any]) -> Sheet:
        heads = [
            self.say("字段", "field"),
            self.say("发现", "finding"),
            self.say("行数", "rows"),
            self.say("例", "examples"),
        ]
        rows: list[list[Any]] = []
        for one in explored["fields"]:
            name, real = one["name"], one["real_type"]
            if not real["fits"]:
                zh, en = type_words(real["type"])
                said = self.say(f"值是{zh}；行数是例外", f"values are {en}; the rows are exceptions")
                rows.append([name, said, real["exceptions"], self._listed(real["examples"])])
            rows += [
                [name, self.say("约定的异常值", "agreed abnormal value"), each["count"], str(each["value"])]
                for each in one["agreed"]
            ]
            rows += [
                [name, self.say(*CHARACTERS[each["kind"]][1:]), each["count"], self._listed(each["examples"])]
                for each in one["characters"]
            ]
            rows += [
                [
                    name,
                    self.say(f"不是{each['zh']}", f"no {each['en']}"),
                    each["wrong"],
                    self._listed(each["examples"]),
                ]
                for each in one["codes"]
                if each["wrong"]
            ]
            rows += [
                [name, self.say(*RULES[each["rule"]]), each["count"], ""]
                for each in one["rules"]
                if each["count"] and each["rule"] not in ("padded", "break")
            ]
        return Sheet("findings", self.say("值的发现", "Findings in values"), heads, rows, (2,))

    def keys(self, explored: Mapping[str, Any]) -> Sheet:
        heads = [
            self.say("候选键", "candidate key"),
            self.say("重复行", "rows repeated"),
            self.say("缺失行", "rows missing"),
        ]
        rows: list[list[Any]] = [[" + ".join(key), 0, 0] for key in explored["keys"]["keys"]]
        rows += [[one["name"], one["repeated"], one["missing"]] for one in explored["keys"]["near"]]
        return Sheet("keys", self.say("候选键", "Candidate keys"), heads, rows, (1, 2))

    def rules(self, explored: Mapping[str, Any]) -> Sheet:
        heads = [
            self.say("字段", "field"),
            self.say("关系", "relation"),
            self.say("字段", "field") + " 2",
            self.say("例外行", "exceptions"),
            self.say("比例", "share"),
        ]
        rows: list[list[Any]] = [
            [one["from"], self.say("决定", "decides"), one["to"], one["exceptions"], one[_SHARES]]
            for one in explored["dependencies"]["found"]
        ]
        rows += [
            [one["before"], self.say("不晚于", "not after"), one["after"], one["exceptions"], one[_SHARES]]
            for one in explored["orders"]
        ]
        for one in explored["twins"]:
            rows.append(
                [one["one"], self.say("几乎相同", "nearly equals"), one["other"], None, 1 - one[_SHARES]]
            )
        return Sheet("rules", self.say("字段之间", "Between fields"), heads, rows, (3, 4), (4,))

    def references(self, explored: Mapping[str, Any]) -> Sheet:
        heads = [
            self.say("字段", "field"),
            self.say("关联表", "table"),
            self.say("键", "key"),
            self.say("找到的比例", "share found"),
            self.say("找不到的行", "rows that find none"),
            self.say("名称相似", "likeness of names"),
            self.say("例", "examples"),
        ]
        rows = [
            [
                one["field"],
                one["table"],
                one["to"],
                one[_SHARES],
                one["orphans"],
                one["likeness"],
                self._listed(one["examples"]),
            ]
            for one in explored["references"]["found"]
        ]
        return Sheet("references", self.say("外键", "Foreign keys"), heads, rows, (3, 4, 5), (3,))

    def arrival(self, explored: Mapping[str, Any]) -> Sheet:
        words = {code: (zh, en) for code, _, zh, en in PERIODS}
        heads = [
            self.say(*pair)
            for pair in (
                ("时间字段", "field of time"),
                ("用途", "role"),
                ("最早", "first"),
                ("最晚", "last"),
                ("天数", "days"),
                ("节奏", "period"),
                ("最长间隔（天）", "longest gap (days)"),
                ("每天行数", "rows a day"),
            )
        ]
        roles = {"update": ("更新时间", "update"), "business": ("业务时间", "business")}
        rows = [
            [
                one["name"],
                self.say(*roles[one["role"]]),
                one["first"],
                one["last"],
                one["days"],
                self.say(*words[one["period"]]) if one["period"] else "",
                one["longest_gap"],
                one["rows_a_day"],
            ]
            for one in explored["arrival"]["times"]
        ]
        return Sheet("arrival", self.say("时间与接入", "Times and arrival"), heads, rows, (4, 6, 7))

    def _listed(self, examples: Sequence[str]) -> str:
        return self.say("、", ", ").join(map(str, examples))
