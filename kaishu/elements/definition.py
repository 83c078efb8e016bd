"""What is said of an element and of a code set, and what must be right about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kaishu.base.errors import Invalid, Said
from kaishu.elements.errors import BadRepresentation
from kaishu.elements.representation import Representation, parse

#: Type letters of the 编制指南 and their words.
LETTERS: dict[str, Said] = {
    "C": Said("字符型", "characters"),
    "N": Said("数值型", "number"),
    "Y": Said("货币型", "currency"),
    "D": Said("日期型", "date"),
    "T": Said("日期时间型", "date and time"),
    "L": Said("逻辑型", "logical"),
    "M": Said("备注型", "memo"),
    "G": Said("通用型", "general"),
    "B": Said("双精度型", "double"),
    "I": Said("整型", "integer"),
    "F": Said("浮点型", "float"),
}
#: Kinds of quality rule that look at one value of a certain meaning.
CHECKS = (
    "citizen-id",
    "credit-code",
    "organisation-code",
    "division",
    "mobile",
    "phone",
    "bank-card",
    "plate",
    "postal-code",
    "email",
    "person-name",
)
IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,59}")
UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
BOUND = re.compile(r"-?\d{1,18}(\.\d{1,10})?|\d{4}-\d\d-\d\d|today")
MOST_ITEMS = 100_000

Short = Annotated[str, Field(max_length=100)]
Line = Annotated[str, Field(max_length=300)]
Prose = Annotated[str, Field(max_length=4000)]


class Element(BaseModel):
    """数据元.  ``code`` is its identifier; ``minimum`` and ``maximum`` are numbers, days or today."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)

    code: Short
    name: Annotated[str, Field(min_length=1, max_length=100)]
    name_en: Line = ""
    letter: Annotated[str, Field(max_length=1)] = "C"
    representation: Annotated[str, Field(min_length=1, max_length=20)]
    unit: Short = ""
    minimum: Short = ""
    maximum: Short = ""
    code_set: Short = ""
    check: Short = ""
    object_class: Line = ""
    feature: Line = ""
    definition: Prose = ""
    definition_en: Prose = ""
    standard: Line = ""
    synonyms: Annotated[tuple[Short, ...], Field(max_length=100)] = ()

    @property
    def form(self) -> Representation:
        """The representation, read."""
        return parse(self.representation)

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that a column with it may be called."""
        return tuple(dict.fromkeys(filter(None, (self.name, *self.synonyms, self.name_en, self.code))))


class Code(BaseModel):
    """One code; ``valid_from`` and ``valid_to`` are years or days and belong to the time it holds."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)

    code: Annotated[str, Field(min_length=1, max_length=60)]
    name: Annotated[str, Field(min_length=1, max_length=300)]
    name_en: Line = ""
    parent: Annotated[str, Field(max_length=60)] = ""
    valid_from: Annotated[str, Field(max_length=10)] = ""
    valid_to: Annotated[str, Field(max_length=10)] = ""
    successor: Annotated[str, Field(max_length=200)] = ""


class CodeSetText(BaseModel):
    """代码集 with its codes."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)

    code: Short
    name: Annotated[str, Field(min_length=1, max_length=100)]
    name_en: Line = ""
    edition: Line = ""
    standard: Line = ""
    definition: Prose = ""
    items: Annotated[list[Code], Field(max_length=MOST_ITEMS)] = []


def element_from(data: Mapping[str, Any], code_sets: Iterable[str] = ()) -> Element:
    """An element from untrusted input, which may name one of ``code_sets``.

    Raises ``Invalid`` with every problem by field.
    """
    given = {key: value for key, value in data.items() if value not in (None, "")}
    if isinstance(given.get("synonyms"), str):
        given["synonyms"] = words_of(given["synonyms"])
    problems = _unwritable(data)
    made = None
    try:
        made = Element.model_validate(given)
    except ValidationError as error:
        problems |= _said(error)
    problems |= _identifier(str(given.get("code", "")))
    if given.get("representation"):
        try:
            parse(str(given["representation"]))
        except BadRepresentation as error:
            problems["representation"] = [Said(error.sentence("zh"), error.sentence("en"))]
    if made is not None and not problems:
        problems |= _element_problems(made, frozenset(code_sets))
    if problems or made is None:
        raise Invalid(problems)
    return made.model_copy(update={"representation": str(made.form), "letter": made.letter.upper()})


def code_set_from(data: Mapping[str, Any]) -> CodeSetText:
    """A code set from untrusted input.  Raises ``Invalid``, which tells the first hundred wrong codes."""
    problems = _unwritable(data)
    made = None
    try:
        made = CodeSetText.model_validate({key: value for key, value in data.items() if value is not None})
    except ValidationError as error:
        problems |= _said(error)
    problems |= _identifier(str(data.get("code") or ""))
    if made is not None:
        wrong: list[str] = [said for _row, said in code_problems(made.items)]
        if not made.items:
            wrong.append(Said("至少要有一个代码。", "There must be at least one code."))
        if wrong:
            problems["items"] = wrong[:100]
    if problems or made is None:
        raise Invalid(problems)
    return made


def code_problems(items: list[Code]) -> list[tuple[int, Said]]:
    """What is wrong between the codes of a set: place in the list from 0, and the sentence."""
    known, found, seen = {item.code for item in items}, [], set()
    parents = {item.code: item.parent for item in items}
    for place, item in enumerate(items):
        key = (item.code, item.valid_from)
        if key in seen:
            found.append((place, Said(f"代码“{item.code}”重复。", f'The code "{item.code}" is there twice.')))
        seen.add(key)
        if item.parent and item.parent not in known:
            text = f"“{item.code}”的上级“{item.parent}”不在表里。"
            found.append((place, Said(text, f'"{item.parent}", above "{item.code}", is not in the set.')))
        elif item.parent and _rings(item.code, parents):
            text = f"“{item.code}”的上下级成了环。"
            found.append((place, Said(text, f'"{item.code}" stands above itself.')))
        for day in (item.valid_from, item.valid_to):
            if day and not _is_time(day):
                text = f"“{item.code}”的有效期“{day}”应写作年份或 YYYY-MM-DD。"
                found.append((place, Said(text, f'"{day}" of "{item.code}" must be a year or YYYY-MM-DD.')))
        if item.valid_from and item.valid_to and item.valid_from[: len(item.valid_to)] > item.valid_to:
            text = f"“{item.code}”的有效期起晚于止。"
            found.append((place, Said(text, f'"{item.code}" ends before it begins.')))
    return found


def words_of(text: str) -> list[str]:
    """A list written in one cell."""
    return list(dict.fromkeys(part.strip() for part in re.split(r"[,，、;；\n]", text) if part.strip()))


def _rings(code: str, parents: Mapping[str, str]) -> bool:
    at, steps = parents.get(code, ""), 0
    while at and steps <= 50:
        if at == code:
            return True
        at, steps = parents.get(at, ""), steps + 1
    return steps > 50


def _is_time(text: str) -> bool:
    if re.fullmatch(r"\d{4}", text, re.ASCII):
        return True
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _element_problems(made: Element, code_sets: frozenset[str]) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    if made.letter.upper() not in LETTERS:
        letters = "".join(LETTERS)
        problems["letter"] = [Said(f"类型字母应是 {letters} 之一。", f"The type letter is one of {letters}.")]
    if made.code_set and made.code_set not in code_sets:
        text = f"没有标识为“{made.code_set}”的代码集。"
        problems["code_set"] = [Said(text, f'There is no code set "{made.code_set}".')]
    if made.check and made.check not in CHECKS:
        kinds = "、".join(CHECKS)
        problems["check"] = [
            Said(f"专用校验应是 {kinds} 之一。", f"The check is one of {', '.join(CHECKS)}.")
        ]
    for field in ("minimum", "maximum"):
        bound = getattr(made, field)
        if bound and not BOUND.fullmatch(bound):
            text = f"“{bound}”应是数、YYYY-MM-DD 或 today。"
            problems[field] = [Said(text, f'"{bound}" must be a number, YYYY-MM-DD or today.')]
    if not problems and _reversed(made.minimum, made.maximum):
        problems["maximum"] = [Said("上限小于下限。", "The upper bound is below the lower one.")]
    return problems


def _reversed(low: str, high: str) -> bool:
    if not low or not high or "today" in (low, high):
        return False
    dates = [text.count("-") == 2 for text in (low, high)]
    if any(dates):
        return not all(dates) or low > high
    return float(low) > float(high)


def _identifier(code: str) -> dict[str, list[str]]:
    if IDENTIFIER.fullmatch(code):
        return {}
    text = "标识以字母开头，只含字母、数字、点、连字符、下划线，最多60个。"
    return {"code": [Said(text, "It begins with a letter and has up to 60 letters, digits and . - _ .")]}


def _unwritable(data: Mapping[str, Any]) -> dict[str, list[str]]:
    said = Said("含有不能保存的字符。", "It holds characters that cannot be kept.")
    return {key: [said] for key, value in data.items() if isinstance(value, str) and UNWRITABLE.search(value)}


def _said(error: ValidationError) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    for each in error.errors():
        place = ".".join(str(part) for part in each["loc"])
        problems.setdefault(place, []).append(_sentence(each))
    return problems


def _sentence(each: Mapping[str, Any]) -> Said:
    limits = each.get("ctx", {})
    if each["type"] in ("missing", "string_too_short"):
        return Said("必填。", "Needed.")
    if each["type"] == "string_too_long":
        return Said(
            f"太长，最多{limits['max_length']}字。", f"Too long: at most {limits['max_length']} characters."
        )
    if each["type"] == "too_long":
        return Said(f"太多，最多{limits['max_length']}个。", f"Too many: at most {limits['max_length']}.")
    if each["type"] == "extra_forbidden":
        return Said("没有这一项。", "There is no such field.")
    return Said("写法不对。", "It is not written right.")
