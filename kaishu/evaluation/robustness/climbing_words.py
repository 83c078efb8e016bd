"""What lacks for a stage, in words: criterion, what is there, what is wanted, how far off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kaishu.base.errors import Said, in_language
from kaishu.evaluation.building.result import Result
from kaishu.evaluation.robustness.climbing import Climb, Need, climbs
from kaishu.evaluation.system import choices
from kaishu.evaluation.system.deciding import Stage

_SIGNS = {
    "at-least": ("≥ {}", "≥ {}"),
    "more-than": ("> {}", "> {}"),
    "at-most": ("≤ {}", "≤ {}"),
    "less-than": ("< {}", "< {}"),
    "equals": ("= {}", "= {}"),
    "not-equals": ("≠ {}", "≠ {}"),
    "data": ("有数据", "data"),
    "no-data": ("没有数据", "no data"),
}
_NOTHING = Said("—", "—")


@dataclass(frozen=True, slots=True)
class NeedSaid:
    """A need for people; ``gap`` is empty where it is no number."""

    what: Said
    held: Said
    wanted: Said
    gap: str


def needs_said(result: Result, needs: tuple[Need, ...], row: int) -> list[NeedSaid]:
    """Needs in their order."""
    return [_need(result, each, row) for each in needs]


def climb_said(found: Climb) -> Said:
    """How far it is, in one sentence; empty for systems without stages."""
    if found.next is None:
        if found.stage is None:
            return Said("", "")
        return Said("已处于最高阶段。", "It is in the highest stage.")
    name = stage_said(found.next)
    lacking = found.criteria - found.met
    zh = f"下一阶段是{name}：{found.criteria}条标准已满足{found.met}条，还差{lacking}条。"
    several = f" ({len(found.needs)} things to reach)" if len(found.needs) != lacking else ""
    if several:
        zh = f"{zh[:-1]}（共{len(found.needs)}项）。"
    criteria = "1 criterion" if found.criteria == 1 else f"{found.criteria} criteria"
    en = f"The next stage is {name.en}: {found.met} of {criteria} met, {lacking} to go{several}."
    return Said(zh, en)


def climbs_told(result: Result, language: str, rows: Iterable[int] | None = None) -> list[dict[str, Any]]:
    """For JSON, by row: ``next`` stage with what it lacks, and the ``vetoes`` that hold.

    Each only where the system has such; ``next`` is None in the highest stage.
    """
    passport = result.passport
    chosen = list(range(len(result.table)) if rows is None else rows)
    if not passport.stages and not passport.vetoes:
        return [{} for _ in chosen]

    found = []
    for row, each in zip(chosen, climbs(result, chosen), strict=True):
        told: dict[str, Any] = {}
        if passport.stages:
            told["next"] = each.next and {
                "stage": each.next.stage,
                "title": in_language(stage_said(each.next), language),
                "met": each.met,
                "criteria": each.criteria,
                "lacks": _lacks(result, each.needs, row, language),
            }
        if passport.vetoes:
            told["vetoes"] = [
                {
                    "note": one.veto.note.said(language),
                    "at_most": one.veto.at_most,
                    "lacks": _lacks(result, one.needs, row, language),
                }
                for one in each.vetoes
            ]
        found.append(told)
    return found


def told_with_climbs(result: Result, language: str) -> dict[str, Any]:
    """The whole result for JSON, each unit with what lacks for its next stage and the vetoes that hold."""
    told = result.as_dict(language)
    for unit, more in zip(told["units"], climbs_told(result, language), strict=True):
        unit.update(more)
    return told


def _lacks(result: Result, needs: tuple[Need, ...], row: int, language: str) -> list[dict[str, Any]]:
    return [
        {
            "what": in_language(said.what, language),
            "held": in_language(said.held, language),
            "wanted": in_language(said.wanted, language),
            "gap": need.gap,
        }
        for need, said in zip(needs, needs_said(result, needs, row), strict=True)
    ]


def stage_said(stage: Stage) -> Said:
    """A stage with its title."""
    return Said(stage.worded("zh"), stage.worded("en"))


def _need(result: Result, need: Need, row: int) -> NeedSaid:
    if need.of == "some":
        told = [[_need(result, one, row) for one in choice] for choice in need.choices]
        zh = "；或".join("，且".join(f"{one.what}{one.wanted}" for one in each) for each in told)
        en = "; or ".join(" and ".join(f"{one.what.en} {one.wanted.en}" for one in each) for each in told)
        what = Said(f"以下满足{need.take}项", f"{need.take} of these")
        return NeedSaid(what, _NOTHING, Said(zh, en), "")
    return NeedSaid(_what(result, need), _held(result, need, row), _wanted(result, need), number(need.gap))


def _what(result: Result, need: Need) -> Said:
    if need.of == "column":
        return Said(need.code, need.code)
    if need.code not in result.nodes:
        return Said("总分", "index")
    title = result.nodes[need.code][0].title
    return Said(title.said("zh") or need.code, title.said("en") or need.code)


def _held(result: Result, need: Need, row: int) -> Said:
    if need.absent:
        return Said("没有数据", "no data")
    if need.sign in ("data", "no-data"):
        return _NOTHING
    word = _word_held(result, need, row)
    shown = number(need.held) if not isinstance(need.held, str) else need.held
    if word:
        return Said(f"{word}（{shown}）", f"{word} ({shown})")
    unit_zh, unit_en = _units(result, need)
    return Said(_with_unit(shown, unit_zh), _with_unit(shown, unit_en))


def _word_held(result: Result, need: Need, row: int) -> str:
    """The word that stood in the data, for an indicator that reads words."""
    if need.of != "node" or need.code not in result.nodes or result.nodes[need.code][0].children:
        return ""
    return result.unit_at(row).nodes[need.code].text or ""


def _wanted(result: Result, need: Need) -> Said:
    zh, en = _SIGNS[need.sign]
    value = need.wanted if isinstance(need.wanted, str) else number(need.wanted)
    word = _word_wanted(result, need)
    unit_zh, unit_en = _units(result, need)
    zh, en = _with_unit(zh.format(value), unit_zh), _with_unit(en.format(value), unit_en)
    return Said(f"{zh}（{word}）", f"{en} ({word})") if word else Said(zh, en)


def _units(result: Result, need: Need) -> tuple[str, str]:
    indicator = result.nodes[need.code][0].indicator if need.of == "raw" else None
    return (indicator.unit.said("zh"), indicator.unit.said("en")) if indicator else ("", "")


def _with_unit(told: str, unit: str) -> str:
    return f"{told} {unit}".strip() if unit[:1].isascii() and unit[:1].isalpha() else told + unit


def _word_wanted(result: Result, need: Need) -> str:
    """The lowest of an indicator's words that reaches the score."""
    if need.of != "node" or need.sign != "at-least" or need.code not in result.nodes:
        return ""
    indicator = result.nodes[need.code][0].indicator
    how = (indicator.normalise if indicator else None) or result.passport.normalise
    if indicator is None or not isinstance(how, choices.Levels) or isinstance(need.wanted, str):
        return ""
    reaching = [(score, word) for word, score in how.levels.items() if score >= (need.wanted or 0.0)]
    return min(reaching)[1] if reaching else ""


def number(value: float | None) -> str:
    """Up to six significant digits, whole numbers whole."""
    if value is None:
        return ""
    return f"{int(value):,}" if value == int(value) and abs(value) < 1e15 else f"{value:,.6g}"
