"""From a duty (L1) to information (L2), its usual fields (L3) and the entry proposed for it.  Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from kaishu.compilation.duty_files import DutyRow
from kaishu.compilation.rules import rules

NAME_LIMIT = 120
MOST_ELEMENTS = 40


@dataclass(slots=True)
class Information:
    """L2: something that a duty brings about.  ``origin`` is given, result, register or material."""

    name: str
    origin: str
    duties: list[DutyRow] = field(default_factory=list)
    elements: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Derived:
    """Of one duty: what it makes, and what it only needs from others (name, who issues it)."""

    made: list[tuple[str, str]]
    needs: list[str]


def derive(duty: DutyRow) -> Derived:
    """What a duty makes and needs.

    Information that the list names is taken as it stands.  Without any, each certificate among the
    results is one; without those too, the dealings themselves are the register.  A material counts only
    if it is a list of its own, and no other office issues it.
    """
    made = {_informed(name): "given" for name in split(duty.said.get("information", ""))}
    if not made:
        results = split(duty.said.get("results", ""))
        made = {_informed(name): "result" for name in results if _ends(name, "certificate")}
    if not made:
        made[_register(duty)] = "register"
    needs: list[str] = []
    for name in split(duty.said.get("materials", "")):
        issuer = issued_elsewhere(name)
        if issuer:
            needs.append(f"{name}（{issuer}）")
        elif _ends(name, "lists") and not _holds(name, "asking"):
            made.setdefault(_informed(name), "material")
    return Derived(list(made.items()), needs)


def split(cell: str) -> list[str]:
    """The things that one cell names, without numbering, remarks and how many copies."""
    written = rules("duties")
    parts = re.split("|".join(map(re.escape, written["separators"])), re.sub(written["remarks"], "", cell))
    found: dict[str, None] = {}
    for part in parts:
        name = _bare(re.sub(written["numbering"], "", part.strip()))
        changed = True
        while changed:
            changed = False
            for word in written["leading"]:
                if name.startswith(word) and len(name) > len(word) + 1:
                    name, changed = _bare(name.removeprefix(word).lstrip("的")), True
            for word in written["trailing"]:
                if name.endswith(word) and len(name) > len(word):
                    name, changed = _bare(name.removesuffix(word)), True
        name = _bare(name[:NAME_LIMIT])
        if len(name) > 1 and name not in written["nothing"]:
            found[name] = None
    return list(found)


def _bare(name: str) -> str:
    """Without blanks and signs around it, in whatever order they stand."""
    while True:
        bare = name.strip().strip(" 。.：:《》“”\"'")
        if bare == name:
            return name
        name = bare


def issued_elsewhere(name: str) -> str:
    """Who issues a material, if it is known to come from elsewhere."""
    for issuer, words in rules("duties")["elsewhere"].items():
        if any(word in name for word in words):
            return str(issuer)
    return ""


def merged(duties: Sequence[DutyRow]) -> tuple[list[Information], dict[int, list[str]]]:
    """Information of all duties, each name once; and by row what the duty needs from others."""
    found: dict[str, Information] = {}
    needs: dict[int, list[str]] = {}
    for duty in duties:
        derived = derive(duty)
        needs[duty.row] = derived.needs
        for name, origin in derived.made:
            information = found.setdefault(name, Information(name, origin))
            information.duties.append(duty)
    for information in found.values():
        information.elements = elements_of(information.name, information.origin)
    return list(found.values()), needs


@cache
def _by_word() -> list[tuple[str, list[str]]]:
    words: dict[str, list[str]] = rules("elements")["by_word"]
    return sorted(words.items(), key=lambda pair: -len(pair[0]))


def elements_of(name: str, origin: str) -> list[str]:
    """L3: fields that such information usually has; the word that says most first, then by origin."""
    written = rules("elements")
    found = [list(fields) for word, fields in _by_word() if word in name][:1]
    if origin == "result":
        found.append(written["certificate"])
    elif not found:
        found.append(written["material" if origin == "material" else "register"])
    return list(dict.fromkeys(element for fields in found for element in fields))[:MOST_ELEMENTS]


def record_of(information: Information, office: str, contact: str) -> dict[str, Any]:
    """The entry as it is proposed: the 13 core items as far as the list says them, and L1 to L3."""
    written = rules("duties")
    duty = information.duties[0]
    basis = " ".join(duty.said.get("basis", "").split())[:1000]
    private = any(word in information.name for word in written["personal"])
    public = not private and any(word in information.name for word in written["public"])
    ground = f"法律依据：{basis}" if basis else ""
    return {
        "title": information.name,
        "description": summary(information, office),
        "resource_class": "department",
        "format_category": "database",
        "items": [
            {"name": element, "title": element, "type": _type(element), "letter": _letter(element)}
            for element in information.elements
        ],
        "share_class": "conditional",
        "share_condition": ground or f"因履行职责需要使用“{duty.name}”形成的信息",
        "open_class": "unconditional" if public else "none" if private else "conditional",
        "open_condition": ""
        if public
        else f"涉及个人信息，不予开放。{ground}"
        if private
        else f"依申请开放。{ground}",
        "update_frequency": written["kinds"][duty.kind]["frequency"],
        "themes": themes_of(information.name + duty.name),
        "tags": [duty.kind, office],
        "contact_name": duty.said.get("unit", "") or contact or office,
        "business_item": duty.name,
        "business_information": information.name,
        "data_standard": "、".join(information.elements)[:300],
    }


def summary(information: Information, office: str) -> str:
    """One or two sentences composed of what the list says."""
    duty = information.duties[0]
    more = f"等{len(information.duties)}个事项" if len(information.duties) > 1 else ""
    how = {"result": "颁发", "material": "收取"}.get(information.origin, "形成")
    fields = "、".join(information.elements[:6])
    target = f"，对象为{duty.said['object']}" if duty.said.get("object") else ""
    made = f"{how}的{information.name}{target}，包括{fields}等。"
    return f"{office}在办理“{duty.name}”（{duty.kind}）{more}时{made}"


def themes_of(text: str) -> list[str]:
    """At most two themes, those with most words in the text first."""
    counted = {
        theme: sum(word in text for word in words) for theme, words in rules("duties")["themes"].items()
    }
    best = sorted((theme for theme in counted if counted[theme]), key=lambda theme: -counted[theme])
    return best[:2] or ["government-affairs"]


def _register(duty: DutyRow) -> str:
    core = re.sub(rules("duties")["remarks"], "", duty.name)
    for word in ("对", "关于"):
        core = core.removeprefix(word)
    tail = str(rules("duties")["kinds"][duty.kind]["register"])
    core = re.sub(r"的?(行政)?(许可|处罚|强制|征收|给付|检查|确认|奖励|裁决|审批|核准)$", "", core)
    core = core[:NAME_LIMIT]
    shared = next((size for size in range(min(len(core), len(tail)), 0, -1) if core.endswith(tail[:size])), 0)
    return core + tail[shared:]


def _informed(name: str) -> str:
    return name if name.endswith(("信息", "数据", "名录", "名单", "目录", "台账", "清单")) else f"{name}信息"


def _ends(name: str, words: str) -> bool:
    return name.endswith(tuple(rules("duties")[words]))


def _holds(name: str, words: str) -> bool:
    return any(word in name for word in rules("duties")[words])


def _type(element: str) -> str:
    if element.endswith(("日期", "期起", "期止")):
        return "date"
    if element.endswith(("金额", "资金", "数额", "标准", "面积")):
        return "number"
    return (
        "integer"
        if element.endswith(("人数", "床位数", "生数", "计划数", "录取数", "年龄", "班级数", "幼儿数"))
        else "text"
    )


def _letter(element: str) -> str:
    return {"date": "D", "number": "N", "integer": "I"}.get(_type(element), "C")
