"""The 23 checks of 《政务数据开发利用研究报告（2021版）》 4.5.2, answered."""

# Sentences and drawings are easier to compare when each stands on one line.
# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kaishu.base.errors import Said
from kaishu.quality.exploration.arrival import PERIODS
from kaishu.quality.exploration.kinds import KINDS, type_words
from kaishu.quality.exploration.naming import STYLES
from kaishu.quality.exploration.signs import CHARACTERS

GROUPS = {
    "metadata": ("数据字段的元数据信息探查", "Metadata of fields"),
    "distribution": ("数据值分布探查", "Distribution of values"),
    "form": ("数据字段表示形式探查", "Form of values"),
    "table": ("数据表探查", "The table"),
}
#: Group, number, check in the report's words, in English.
CHECKS: tuple[tuple[str, int, str, str], ...] = (
    ("metadata", 1, "分析数据字段的命名及命名规则", "Names of fields and the rule they follow"),
    ("metadata", 2, "分析数据字段的属性信息，包括数据类型、数据长度、精度等", "Type, length and precision of fields"),
    ("metadata", 3, "分析数据字段值的变量类型", "Kind of variable"),
    ("metadata", 4, "分析数据字段的数据类型", "Data type"),
    ("metadata", 5, "分析数据字段的数据元表示", "Representation as a data element"),
    ("metadata", 6, "分析数据字段的真实值是否符合定义的数据类型", "Do the values have the declared type?"),
    ("distribution", 1, "分析数据表中的主键是否唯一", "Is the primary key unique?"),
    ("distribution", 2, "分析数据字段的值是否满足指定阈值，分析数据字段值的统计量", "Thresholds and statistics"),
    ("distribution", 3, "分析各个维度值在总体数据中的分布情况", "Distribution over the values of a dimension"),
    ("distribution", 4, "分析数据字段中是否包含缺失数据", "Missing values"),
    ("distribution", 5, "分析数据字段中是否包含约定的异常数据", "Agreed abnormal values"),
    ("distribution", 6, "分析数据字段中是否包含特定的字符", "Special characters"),
    (
        "form",
        1,
        "从业务角度规定数据项值的格式要求，包括数据值的类型，允许的最大和最小字符长度，数据项值的表示格式等",
        "Form of values: type, shortest and longest, how written",
    ),
    ("form", 2, "分析编号类的数据字段是否符合特定的编码规范", "Do numbers and codes follow a system?"),
    ("form", 3, "分析枚举类的数据字段的唯一值列表是否符合特定的代码规范", "Do enumerations follow a code table?"),
    ("form", 4, "分析名称类的数据字段是否符合特定的规则", "Do names follow the rules?"),
    ("form", 5, "分析日期时间类的数据字段是否符合特定的规则", "Do dates and times follow the rules?"),
    ("form", 6, "分析数字类数据字段是否符合特定的规则", "Do numbers follow the rules?"),
    ("form", 7, "分析文本类数据字段是否符合特定的规则", "Do texts follow the rules?"),
    ("table", 1, "分析表中的外键是否都能在关联表中找到", "Are foreign keys found in their tables?"),
    ("table", 2, "分析数据字段之间，或数据表之间是否满足指定的业务规则", "Rules between fields and between tables"),
    ("table", 3, "分析业务时间和更新时间，分析数据表中数据接入和更新的规则", "Business time, update time, how rows arrive"),
    ("table", 4, "分析数据表是否满足业务需求", "Does the table serve its purpose?"),
)  # fmt: skip
_NAMED = 4
Answer = tuple[str, Said]


def answer_checks(profile: Mapping[str, Any], found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """``[{group, no, zh, en, state, answer: {zh, en}}]``; state is good, look (at it) or none (nothing to ask)."""
    answers = _Answers(profile, found)
    told = []
    for group, no, zh, en in CHECKS:
        ask: Callable[[], Answer] = getattr(answers, f"{group}_{no}")
        state, said = ask()
        told.append(
            {
                "group": group,
                "no": no,
                "zh": zh,
                "en": en,
                "state": state,
                "answer": {"zh": str(said), "en": said.en},
            }
        )
    return told


def _list(parts: Sequence[tuple[str, str]], none: tuple[str, str]) -> Said:
    """Some of the parts, in both languages."""
    if not parts:
        return Said(*none)
    more = len(parts) - _NAMED
    zh, en = "；".join(one[0] for one in parts[:_NAMED]), "; ".join(one[1] for one in parts[:_NAMED])
    return Said(
        zh + (f"；另有{more}处" if more > 0 else "") + "。",
        en + (f"; and {more} more" if more > 0 else "") + ".",
    )


def _state(parts: Sequence[Any]) -> str:
    return "look" if parts else "good"


def _same(text: str) -> tuple[str, str]:
    return text, text


class _Answers:
    def __init__(self, profile: Mapping[str, Any], found: Mapping[str, Any]) -> None:
        self.profile, self.found = profile, found
        self.fields: Sequence[Mapping[str, Any]] = found["fields"]
        self.profiled: Sequence[Mapping[str, Any]] = profile["fields"]

    def metadata_1(self) -> Answer:
        names = self.found["names"]
        wrong = [field["name"] for field in names["fields"] if field["problems"]]
        if not names["fields"]:
            return "none", Said("没有字段。", "There are no fields.")
        zh, en = STYLES[names["style"]]
        count, whole = names["styles"][names["style"]], len(names["fields"])
        said = Said(f"{count}/{whole}个字段的名称是{zh}", f"{count} of {whole} names are {en}")
        if wrong:
            listed = "、".join(wrong[:_NAMED])
            return "look", Said(f"{said}；名称要看的：{listed}。", f"{said.en}; names to look at: {listed}.")
        state = "good" if count == whole else "look"
        return state, Said(f"{said}。", f"{said.en}.")

    def metadata_2(self) -> Answer:
        parts = [_same(f"{f['name']} {f['representation']['form'] or '—'}") for f in self.fields]
        return self._all(parts)

    def metadata_3(self) -> Answer:
        kinds: dict[str, int] = {}
        for field in self.fields:
            kinds[field["variable"]] = kinds.get(field["variable"], 0) + 1
        parts = [(f"{KINDS[kind][0]}{n}个", f"{n} {KINDS[kind][1]}") for kind, n in kinds.items()]
        return self._all(parts)

    def metadata_4(self) -> Answer:
        types: dict[str, int] = {}
        for field in self.fields:
            letter = field["representation"]["letter"]
            types[letter] = types.get(letter, 0) + 1
        return self._all([(f"{letter} 型{n}个", f"{n} of type {letter}") for letter, n in types.items()])

    def metadata_5(self) -> Answer:
        parts = [
            (f"{f['name']} 像{f['codes'][0]['zh']}", f"{f['name']} looks like a {f['codes'][0]['en']}")
            for f in self.fields
            if f["codes"]
        ]
        return ("good" if parts else "none"), _list(
            parts,
            (
                "没有认出数据元，可按字段的表示格式拟定。",
                "No element recognised; forms are told for each field.",
            ),
        )

    def metadata_6(self) -> Answer:
        parts = []
        for field in self.fields:
            real = field["real_type"]
            if not real["fits"]:
                wrong, declared, meant = (
                    real["exceptions"],
                    type_words(real["declared"]),
                    type_words(real["type"]),
                )
                parts.append(
                    (
                        f"{field['name']} 定义为{declared[0]}，值实为{meant[0]}"
                        + (f"（{wrong:,}行例外）" if wrong else ""),
                        f"{field['name']} is declared as {declared[1]}, its values are {meant[1]}"
                        + (f" (but {rows_in_english(wrong)})" if wrong else ""),
                    )
                )
        return _state(parts), _list(parts, ("值都符合定义的类型。", "All values have the declared type."))

    def distribution_1(self) -> Answer:
        keys = self.found["keys"]
        near = [
            (
                f"{one['name']} 像主键，但{one['repeated']:,}行重复、{one['missing']:,}行缺失",
                f"{one['name']} looks like a key but repeats in {rows_in_english(one['repeated'])} and lacks {one['missing']:,}",
            )
            for one in keys["near"]
        ]
        single = any(len(key) == 1 for key in keys["keys"])
        if near and not single:
            return "look", _list(near, ("", ""))
        if keys["keys"]:
            listed = "、".join("+".join(key) for key in keys["keys"][:_NAMED])
            return "good", Said(f"可作主键且唯一：{listed}。", f"Unique and fit as a key: {listed}.")
        return "look", Said(
            "没有唯一的字段，三个以内的字段组合也没有找到。",
            "No unique field, and no set of up to three was found.",
        )

    def distribution_2(self) -> Answer:
        return self._rules(("extreme",), "数值都在上下限之内。", "All numbers lie within the fences.")

    def distribution_3(self) -> Answer:
        parts = []
        for field in self.fields:
            top = self._of(field)["top"]
            if field["variable"] in ("nominal", "ordinal", "binary") and top:
                share = top[0]["count"] / max(1, self._present(field))
                value = str(top[0]["value"])[:20]
                parts.append(
                    (
                        f"{field['name']}：“{value}”最多，占{share:.1%}",
                        f'{field["name"]}: "{value}" leads with {share:.1%}',
                    )
                )
        return ("good" if parts else "none"), _list(parts, ("没有分类字段。", "There are no categories."))

    def distribution_4(self) -> Answer:
        holed = sorted((f for f in self.profiled if f["missing"]), key=lambda f: -f["missing"])
        parts = [
            (f"{f['name']} 缺{f['missing']:,}（{f['missing_rate']:.1%}）", f"{f['name']} lacks {f['missing']:,} ({f['missing_rate']:.1%})")
            for f in holed
        ]  # fmt: skip
        return _state(parts), _list(parts, ("没有缺失。", "Nothing is missing."))

    def distribution_5(self) -> Answer:
        parts = [
            _same(f"{f['name']} {one['value']} × {one['count']:,}")
            for f in self.fields
            for one in f["agreed"][:2]
        ]
        odd = [one for f in self.fields for one in f["agreed"] if one["value"] not in (0, "0")]
        return _state(odd), _list(parts, ("没有约定的异常值。", "No agreed abnormal values."))

    def distribution_6(self) -> Answer:
        parts = [
            (
                f"{f['name']} {one['count']:,}行有{CHARACTERS[one['kind']][1]}",
                f"{f['name']} has {CHARACTERS[one['kind']][2]} in {rows_in_english(one['count'])}",
            )
            for f in self.fields
            for one in f["characters"]
        ]
        return _state(parts), _list(parts, ("没有特殊字符。", "No special characters."))

    def form_1(self) -> Answer:
        parts = [
            (
                f"{f['name']} {_between(f, '–')}个字符",
                f"{f['name']} {_between(f, ' to ')} character{'' if f['longest'] == f['shortest'] == 1 else 's'}",
            )
            for f in self.fields
            if f["longest"] is not None
        ]
        return self._all(parts)

    def form_2(self) -> Answer:
        coded = [
            (f, f["codes"][0]) for f in self.fields if f["codes"] and f["codes"][0]["code"] != "person-name"
        ]
        wrong = [
            (f"{f['name']} 有{one['wrong']:,}行不是{one['zh']}", f"{f['name']} has {rows_in_english(one['wrong'])} with no {one['en']}")
            for f, one in coded
            if one["wrong"]
        ]  # fmt: skip
        if wrong:
            return "look", _list(wrong, ("", ""))
        parts = [(f"{f['name']} 全是{one['zh']}", f"every {f['name']} is a {one['en']}") for f, one in coded]
        return ("good" if parts else "none"), _list(
            parts, ("没有认出编码规范。", "No system of codes was recognised.")
        )

    def form_3(self) -> Answer:
        tables = [(f, f["code_tables"][0]) for f in self.fields if f["code_tables"]]
        parts = [
            (
                f"{f['name']} 符合{one['zh']}" + (f"，表外有{'、'.join(one['outside'])}" if one["outside"] else ""),
                f"{f['name']} follows {one['en']}" + (f", but for {', '.join(one['outside'])}" if one["outside"] else ""),
            )
            for f, one in tables
        ]  # fmt: skip
        state = "none" if not tables else "look" if any(one["outside"] for _, one in tables) else "good"
        return state, _list(parts, ("没有字段符合已收录的代码表。", "No field follows a shipped code table."))

    def form_4(self) -> Answer:
        names = [f for f in self.fields if f["variable"] == "name"]
        if not names:
            return "none", Said("没有名称类字段。", "There are no names.")
        return self._rules(("digits-in-name", "padded"), "名称没有问题。", "The names are fine.", names)

    def form_5(self) -> Answer:
        days = [f for f in self.fields if f["variable"] == "date"]
        if not days:
            return "none", Said("没有日期时间类字段。", "There are no dates or times.")
        rules = ("future", "ancient", "off-calendar")
        return self._rules(rules, "日期时间没有问题。", "Dates and times are fine.", days)

    def form_6(self) -> Answer:
        numbers = [f for f in self.fields if f["type"] in ("integer", "number")]
        if not numbers:
            return "none", Said("没有数字类字段。", "There are no numbers.")
        return self._rules(
            ("negative", "infinite"), "没有负数和无穷大。", "No negative or infinite numbers.", numbers
        )

    def form_7(self) -> Answer:
        texts = [f for f in self.fields if f["type"] == "text"]
        if not texts:
            return "none", Said("没有文本类字段。", "There are no texts.")
        return self._rules(("padded", "break", "long"), "文本没有问题。", "The texts are fine.", texts)

    def table_1(self) -> Answer:
        found = self.found["references"]
        parts = [
            (
                f"{one['field']} → {one['table']}.{one['to']}：{one['orphans']:,}行找不到",
                f"{one['field']} → {one['table']}.{one['to']}: none found for {rows_in_english(one['orphans'])}",
            )
            for one in found["found"]
        ]
        if not parts:
            zh = "没有可比的关联表。" if not found["tables"] else f"比了{found['tables']}张表，没有发现外键。"
            en = (
                "There was no other table."
                if not found["tables"]
                else f"{found['tables']} tables held no keys of it."
            )
            return "none", Said(zh, en)
        lost = any(one["orphans"] for one in found["found"])
        return ("look" if lost else "good"), _list(parts, ("", ""))

    def table_2(self) -> Answer:
        rules = [(f"{one['from']} 决定 {one['to']}", f"{one['from']} decides {one['to']}", one) for one in self.found["dependencies"]["found"]]  # fmt: skip
        rules += [(f"{one['before']} 不晚于 {one['after']}", f"{one['before']} is never after {one['after']}", one) for one in self.found["orders"]]  # fmt: skip
        parts = [
            (f"{zh}（例外{one['exceptions']:,}行）", f"{en} ({one['exceptions']:,} exceptions)")
            for zh, en, one in rules
        ]
        broken = any(one["exceptions"] for _, _, one in rules)
        state = "none" if not rules else "look" if broken else "good"
        return state, _list(parts, ("字段之间没有发现规律。", "No rule between fields was found."))

    def table_3(self) -> Answer:
        words = {code: (zh, en) for code, _, zh, en in PERIODS}
        arrival = self.found["arrival"]
        parts = [
            (f"{one['name']} {one['first']} 至 {one['last']}，{words[one['period']][0]}有数据", f"{one['name']} from {one['first']} to {one['last']}, {words[one['period']][1]}")
            for one in arrival["times"]
            if one["period"]
        ]  # fmt: skip
        early = [
            (f"{one['update']} 有{one['early']:,}行早于 {one['business']}", f"{one['update']} is before {one['business']} in {rows_in_english(one['early'])}")
            for one in arrival["lags"]
            if one["early"]
        ]  # fmt: skip
        state = "look" if early else "good" if parts else "none"
        return state, _list([*early, *parts], ("没有可分析的时间字段。", "There is no field of time."))

    def table_4(self) -> Answer:
        table = self.profile["table"]
        if not table["records"]:
            return "look", Said("表里没有数据。", "The table is empty.")
        whole = table["records"] * table["fields"]
        full = 1 - table["missing_values"] / whole if whole else 1.0
        empty, twice = table["fields_all_missing"], table["duplicates"]
        said = Said(
            f"{table['records']:,}行{table['fields']}列，填充率{full:.1%}，{empty}列全空，{twice:,}行重复；是否够用由业务部门判断。",
            f"{table['records']:,} rows of {table['fields']} fields, {full:.1%} filled, {empty} fields empty, "
            f"{twice:,} rows repeated; whether that is enough its users must say.",
        )
        return ("look" if empty or twice else "good"), said

    def _of(self, field: Mapping[str, Any]) -> Mapping[str, Any]:
        return next(one for one in self.profiled if one["name"] == field["name"])

    def _present(self, field: Mapping[str, Any]) -> int:
        profiled = self._of(field)
        return int(profiled["records"] - profiled["missing"])

    def _all(self, parts: Sequence[tuple[str, str]]) -> Answer:
        return ("good" if parts else "none"), _list(parts, ("没有值。", "There are no values."))

    def _rules(
        self, wanted: Sequence[str], zh: str, en: str, fields: Sequence[Mapping[str, Any]] | None = None
    ) -> Answer:
        from kaishu.quality.exploration.findings import RULES

        parts = [
            (f"{f['name']} {one['count']:,}行{RULES[one['rule']][0]}", f"{f['name']} has {one['count']:,} {RULES[one['rule']][1]}")
            for f in (self.fields if fields is None else fields)
            for one in f["rules"]
            if one["rule"] in wanted and one["count"]
        ]  # fmt: skip
        return _state(parts), _list(parts, (zh, en))


def rows_in_english(count: int) -> str:
    """How many rows, in English."""
    return "1 row" if count == 1 else f"{count:,} rows"


def _between(field: Mapping[str, Any], to: str) -> str:
    """The shortest and the longest value, once if they are the same."""
    least, most = field["shortest"], field["longest"]
    return f"{most:,}" if least == most else f"{least:,}{to}{most:,}"
