"""Many elements, or the codes of a set, written in one sheet: headings recognised, every wrong row told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kaishu.base.errors import Invalid, Said, in_language, several
from kaishu.elements.definition import Code, code_problems, element_from
from kaishu.elements.duplicates import folded
from kaishu.elements.errors import NoSheetColumn, SheetRowsWrong

Row = tuple[int, Sequence[str]]

#: Field to the headings by which a sheet may call it, ours first.
ELEMENT_HEADINGS: dict[str, tuple[str, ...]] = {
    "code": ("标识", "内部标识符", "数据元标识", "标识符", "编号", "code", "identifier"),
    "name": ("中文名称", "名称", "数据元名称", "name"),
    "name_en": ("英文名称", "name_en", "english name"),
    "letter": ("类型", "数据类型", "类型字母", "letter", "type"),
    "representation": ("表示格式", "数据格式", "格式", "representation"),
    "unit": ("计量单位", "单位", "unit"),
    "minimum": ("下限", "最小值", "minimum"),
    "maximum": ("上限", "最大值", "maximum"),
    "code_set": ("代码集", "代码表", "值域代码", "code_set"),
    "check": ("专用校验", "校验", "check"),
    "object_class": ("对象类词", "对象类", "object_class"),
    "feature": ("特性词", "特性", "feature"),
    "definition": ("定义", "说明", "definition"),
    "definition_en": ("英文定义", "definition_en"),
    "standard": ("依据标准", "来源标准", "标准", "standard"),
    "synonyms": ("同义名称", "同义词", "常见列名", "synonyms"),
}
CODE_HEADINGS: dict[str, tuple[str, ...]] = {
    "code": ("代码", "编码", "code"),
    "name": ("名称", "中文名称", "含义", "zh", "name"),
    "name_en": ("英文名称", "en", "name_en"),
    "parent": ("上级代码", "上级", "父代码", "parent"),
    "valid_from": ("有效期起", "启用", "生效", "from", "valid_from"),
    "valid_to": ("有效期止", "停用", "失效", "to", "valid_to"),
    "successor": ("接替代码", "后继代码", "变更为", "successor"),
}


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """What is wrong with a row: its line in the file, our field, and the sentence."""

    row: int
    field: str
    said: Said


def read_elements(
    headings: Sequence[str], rows: Iterable[Row], file: str, code_sets: Iterable[str]
) -> tuple[list[dict[str, str]], list[SheetProblem]]:
    """Good rows as ``propose_element`` takes them, and what is wrong with the others.

    Raises ``NoSheetColumn`` unless identifier, name and representation have their columns.
    """
    places = _places(headings, ELEMENT_HEADINGS, ("code", "name", "representation"), file)
    known = frozenset(code_sets)
    good: list[dict[str, str]] = []
    wrong: list[SheetProblem] = []
    seen: dict[str, int] = {}
    for line, cells in rows:
        said = _said(places, cells)
        if not said:
            continue
        problems = _problems(said, known)
        if (before := seen.get(said.get("code", ""))) is not None:
            text = Said(f"与第{before}行的标识重复。", f"Row {before} has the same identifier.")
            problems = [("code", text), *problems]
        seen.setdefault(said.get("code", ""), line)
        wrong += [SheetProblem(line, field, text) for field, text in problems]
        if not problems:
            good.append(said)
    return good, wrong


def read_codes(
    headings: Sequence[str], rows: Iterable[Row], file: str
) -> tuple[list[dict[str, str]], list[SheetProblem]]:
    """The codes of a set, and what is wrong with its rows.  Raises ``NoSheetColumn``."""
    places = _places(headings, CODE_HEADINGS, ("code", "name"), file)
    lines, found = [], []
    wrong: list[SheetProblem] = []
    for line, cells in rows:
        said = _said(places, cells)
        if not said:
            continue
        lacks = [field for field in ("code", "name") if not said.get(field)]
        wrong += [SheetProblem(line, field, Said("必填。", "Needed.")) for field in lacks]
        if not lacks:
            lines.append(line)
            found.append(said)
    blank: dict[str, Any] = dict.fromkeys(CODE_HEADINGS, "")
    codes = [Code.model_construct(**(blank | each)) for each in found]
    wrong += [SheetProblem(lines[place], "code", said) for place, said in code_problems(codes)]
    return found, sorted(wrong, key=lambda each: each.row)


def refuse_wrong(wrong: Sequence[SheetProblem]) -> None:
    """Raise ``SheetRowsWrong`` if any row is wrong."""
    if wrong:
        first = wrong[0]
        rows = len({each.row for each in wrong})
        raise SheetRowsWrong(count=rows, row=first.row, reason=str(first.said), reason_en=first.said.en)


def sheet_template(elements: Iterable[Mapping[str, str]] = ()) -> list[list[str]]:
    """Headings of a sheet of elements, and rows for those given."""
    rows = [[str(each.get(field) or "") for field in ELEMENT_HEADINGS] for each in elements]
    return [[names[0] for names in ELEMENT_HEADINGS.values()], *rows]


def code_template() -> list[str]:
    """Headings of a sheet of codes."""
    return [names[0] for names in CODE_HEADINGS.values()]


def _places(
    headings: Sequence[str], known: Mapping[str, tuple[str, ...]], needed: Sequence[str], file: str
) -> dict[str, int]:
    spelled = [folded(heading) for heading in headings]
    places: dict[str, int] = {}
    for field, names in known.items():
        place = next((spelled.index(key) for key in map(folded, names) if key in spelled), None)
        if place is not None and place not in places.values():
            places[field] = place
    missing = [known[field][0] for field in needed if field not in places]
    if missing:
        columns = several(str(each) for each in headings[:30])
        raise NoSheetColumn(file=file, missing=several(missing), columns=columns)
    return places


def _said(places: Mapping[str, int], cells: Sequence[str]) -> dict[str, str]:
    said = {field: cells[place].strip() for field, place in places.items() if place < len(cells)}
    return {field: text for field, text in said.items() if text}


def _problems(said: Mapping[str, str], code_sets: frozenset[str]) -> list[tuple[str, Said]]:
    try:
        element_from(said, code_sets)
    except Invalid as error:
        return [
            (field, each if isinstance(each, Said) else Said(each, in_language(each, "en")))
            for field, sentences in error.problems.items()
            for each in sentences
        ]
    return []
