"""Which system of codes a column follows: the kernels over all its values, and the shipped code tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from kaishu.base.errors import Said
from kaishu.quality.exploration.naming import says
from kaishu.quality.fields import plain

#: Kernel to its name, shortest and longest value that it may take, and words in a field's name that it needs.
_CODES: dict[str, tuple[str, str, int, int, tuple[str, ...]]] = {
    "citizen-id": ("公民身份号码", "citizen id", 18, 18, ()),
    "credit-code": ("统一社会信用代码", "unified social credit code", 18, 18, ()),
    "organisation-code": ("组织机构代码", "organisation code", 9, 10, ()),
    "division": ("行政区划代码", "division code", 6, 6, ()),
    "mobile": ("手机号", "mobile number", 11, 11, ()),
    "bank-card": ("银行卡号", "bank card number", 12, 19, ()),
    "plate": ("机动车号牌", "number plate", 7, 8, ()),
    "email": ("电子邮箱", "e-mail address", 5, 254, ()),
    "phone": (
        "电话号码",
        "phone number",
        7,
        24,
        ("电话", "联系方式", "传真", "热线", "phone", "tel", "fax", "dh"),
    ),
    "postal-code": (
        "邮政编码",
        "postal code",
        6,
        6,
        ("邮编", "邮政编码", "zip", "postcode", "postal", "yb", "yzbm"),
    ),
    "person-name": (
        "姓名",
        "name of a person",
        2,
        60,
        ("姓名", "法定代表人", "法人", "负责人", "联系人", "xm"),
    ),
}
_OF_NUMBERS = ("division", "mobile", "bank-card", "postal-code")
#: Fewer right values than this, and the column follows another system or none.
FOLLOWS = 0.6
_ENOUGH, _HOPELESS, _EXAMPLES = 50_000, 0.1, 3
_CODE_SHARE = 0.95


@dataclass(slots=True)
class CodeCount:
    """One system of codes over one column: rows right and wrong; ``given_up`` when hardly any is right."""

    name: str
    right: int = 0
    wrong: int = 0
    seen: int = 0
    fine: int = 0
    given_up: bool = False
    examples: list[str] = field(default_factory=list)

    def take(self, values: Any, counts: Any) -> None:
        """Count a batch of different values (Arrow text) with their numbers of rows (numpy)."""
        if self.given_up:
            return
        import numpy as np

        from kaishu.quality.kernels import KERNELS

        ok = KERNELS[self.name].ok(values)
        self.right += int(counts[ok].sum())
        self.wrong += int(counts[~ok].sum())
        self.seen, self.fine = self.seen + len(ok), self.fine + int(ok.sum())
        if len(self.examples) < _EXAMPLES:
            wrong = np.flatnonzero(~ok)[: _EXAMPLES - len(self.examples)]
            self.examples += [str(plain(values[int(place)].as_py())) for place in wrong]
        self.given_up = self.seen >= _ENOUGH and self.fine < _HOPELESS * self.seen

    def told(self) -> dict[str, Any] | None:
        """As JSON, if the column follows this system."""
        whole = self.right + self.wrong
        if self.given_up or not whole or self.right < FOLLOWS * whole:
            return None
        zh, en, *_ = _CODES[self.name]
        return {
            "code": self.name,
            "zh": zh,
            "en": en,
            "right": self.right,
            "wrong": self.wrong,
            "share": self.right / whole,
            "examples": self.examples,
        }


def counters_for(profiled: Mapping[str, Any]) -> list[CodeCount]:
    """The systems that a field of these lengths, type and name could follow."""
    if profiled["type"] not in ("text", "integer") or not profiled["distinct"]:
        return []
    return [
        CodeCount(name)
        for name, (_, _, least, most, words) in _CODES.items()
        if profiled["shortest"] <= most
        and profiled["longest"] >= least
        and (profiled["type"] == "text" or name in _OF_NUMBERS)
        and (not words or says(profiled["name"], words))
    ]


def code_name(code: str) -> Said:
    """What a system of codes is called."""
    return Said(*_CODES[code][:2])


@cache
def _tables() -> tuple[tuple[str, str, str, frozenset[str], frozenset[str]], ...]:
    """Every shipped table: name, zh, en, codes, Chinese names."""
    from kaishu import standards

    found = []
    for name in (*standards.SETS, *standards.NAMES):
        if name == "profile-statistic":
            continue
        table = standards.code_set(name)
        columns = table.columns
        found.append((name, table.zh, table.en, frozenset(columns["code"]), frozenset(columns["zh"])))
    return tuple(found)


def code_tables(values: Mapping[str, int], name_of_field: str) -> list[dict[str, Any]]:
    """Shipped code tables that nearly all rows of an enumeration are in, the tightest first; at most three.

    ``by`` tells whether the column holds the codes or the names; ``outside`` are values not in the table.
    Short numbers are in many tables: for them the field's name must share a word with the table's.
    """
    rows = sum(values.values())
    found: list[dict[str, Any]] = []
    for name, zh, en, codes, names in _tables() if rows else ():
        for by, known in (("code", codes), ("name", names)):
            inside = [value for value in values if value.strip() in known]
            covered = sum(values[value] for value in inside)
            if covered < _CODE_SHARE * rows or len(inside) < 0.8 * len(values):
                continue
            if len(inside) < 2 or (by == "code" and _vague(inside) and not _share_word(name_of_field, zh)):
                continue
            outside = [plain(value) for value in values if value.strip() not in known][:5]
            found.append(
                {
                    "name": name,
                    "zh": zh,
                    "en": en,
                    "by": by,
                    "used": len(inside),
                    "size": len(known),
                    "share": covered / rows,
                    "outside": outside,
                }
            )
    found.sort(key=lambda one: (one["by"] != "name", int(one["size"]) - int(one["used"]), str(one["name"])))
    return found[:3]


def _vague(codes: list[str]) -> bool:
    """Codes that prove nothing: numbers of fewer than six digits, single letters, or hardly any."""
    return len(codes) < 3 or all(len(code) < 2 or (code.isdigit() and len(code) < 6) for code in codes)


def _share_word(field: str, table: str) -> bool:
    pairs = {table[place : place + 2] for place in range(len(table) - 1)}
    return any(pair in field for pair in pairs.difference(("代码", "分类", "名称", "编码", "中国")))
