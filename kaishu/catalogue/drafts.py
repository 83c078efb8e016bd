"""The catalogue record as it is written: the 13 core items of the 编制指南 (2017) and what portals need."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from kaishu import standards
from kaishu.base.errors import Invalid, Said
from kaishu.catalogue.category_choice import category_problem

Line = Annotated[str, Field(max_length=300)]
Prose = Annotated[str, Field(max_length=20_000)]
Address = Annotated[str, Field(max_length=2000)]
#: Foreign statements that have no field here, by the name or address their own standard gives them.
Extras = Annotated[
    dict[Annotated[str, Field(max_length=500)], Annotated[str, Field(max_length=20_000)]],
    Field(max_length=500),
]
#: Fields of the record whose values come from a vocabulary, with its name.
CODED = {
    "resource_class": "resource-class",
    "format_category": "format-category",
    "share_class": "share-class",
    "open_class": "open-class",
    "update_frequency": "update-frequency",
    "licence": "licence",
    "themes": "theme",
    "languages": "language",
    "secrecy": "secrecy",
    "level": "administrative-level",
}
#: Class digit, two digits of 项, three of 目, and a 细目.
CATEGORY = r"^([0-9]{3}([0-9]{3,})?)?$"
DIGITS = r"^\d*$"
UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
LETTERS = {"text": "C", "integer": "I", "number": "N", "boolean": "L", "date": "D", "datetime": "T"}


class Item(BaseModel):
    """信息项, one field of the table; ``letter`` is the 编制指南's type letter (one of CNYDTLMGBIF)."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: Annotated[str, Field(min_length=1, max_length=300)]
    title: Line = ""
    title_en: Line = ""
    type: Line = "text"
    letter: Annotated[str, Field(max_length=1)] = "C"
    length: int | None = Field(default=None, ge=0)
    unit: Line = ""
    description: Annotated[str, Field(max_length=4000)] = ""
    description_en: Annotated[str, Field(max_length=4000)] = ""
    format: Line = ""
    uri: Address = ""
    code_list: Address = ""
    constraints: Annotated[dict[str, Any], Field(max_length=50)] = {}


class Link(BaseModel):
    """What a person or another portal says of one distribution; addresses are ``http(s)`` or ``ftp``.

    ``bytes`` is the size said, ``checksum`` reads ``algorithm:hexadecimal``, ``role`` is CKAN's
    resource_type (file, api, documentation, image, visualization), ``licence_text`` what was written
    where no licence of ours is meant.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: Annotated[str, Field(max_length=1000)] = ""
    description: Prose = ""
    format: Line = ""
    url: Address = ""
    access_url: Address = ""
    media_type: Line = ""
    role: Line = ""
    bytes: int | None = Field(default=None, ge=0)
    checksum: Line = ""
    issued: Line = ""
    modified: Line = ""
    licence: str = ""
    licence_text: Annotated[str, Field(max_length=2000)] = ""
    rights: Prose = ""
    languages: Annotated[list[str], Field(max_length=20)] = []
    conforms_to: Annotated[list[Address], Field(max_length=50)] = []
    described_by: Address = ""
    compression: Line = ""
    packaging: Line = ""
    encoding: Line = ""
    availability: Line = ""
    status: Line = ""
    original_id: Line = ""
    extras: Extras = {}

    @field_validator("url", "access_url", "described_by")
    @classmethod
    def _web_address(cls, value: str) -> str:
        return _address(value)


class DatasetRecord(BaseModel):
    """The record of one dataset.  Codes are those of the shipped vocabularies; dates are ISO.

    The first fields are the 编制指南's and those of every day; from ``kind`` on they are what other
    standards and other portals say.  ``resource_category`` begins with the class digit: 209 is 项 09 of the
    themes, longer ones have 目 and 细目.  ``business_item`` to ``data_source`` are L1 to L4 of a 权责清单.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    title: Annotated[str, Field(min_length=1, max_length=300)]
    title_en: Line = ""
    description: Prose = ""
    description_en: Prose = ""
    resource_class: str = ""
    resource_category: Annotated[str, Field(max_length=40, pattern=CATEGORY)] = ""
    resource_code: Line = ""
    format_category: str = ""
    items: Annotated[list[Item], Field(max_length=5000)] = []
    share_class: str = ""
    share_condition: Annotated[str, Field(max_length=4000)] = ""
    open_class: str = ""
    open_condition: Annotated[str, Field(max_length=4000)] = ""
    update_frequency: str = ""
    issued: date | None = None
    related_codes: Annotated[list[Line], Field(max_length=200)] = []
    themes: Annotated[list[str], Field(max_length=20)] = []
    tags: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=200)] = []
    tags_en: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=200)] = []
    temporal_start: date | None = None
    temporal_end: date | None = None
    spatial: Line = ""
    spatial_code: Annotated[str, Field(max_length=12, pattern=DIGITS)] = ""
    bbox: tuple[float, float, float, float] | None = None
    licence: str = ""
    contact_name: Line = ""
    contact_email: Line = ""
    contact_phone: Annotated[str, Field(max_length=100)] = ""
    languages: Annotated[list[str], Field(max_length=20)] = ["zh"]
    source: Annotated[str, Field(max_length=4000)] = ""
    source_url: Annotated[str, Field(max_length=2000)] = ""
    provenance: Prose = ""
    kind: Literal["dataset", "series", "service"] = "dataset"
    in_series: Annotated[list[Address], Field(max_length=50)] = []
    serves: Annotated[list[Address], Field(max_length=500)] = []
    endpoint_url: Address = ""
    endpoint_description: Address = ""
    secrecy: str = ""
    level: str = ""
    business_item: Line = ""
    business_information: Line = ""
    data_standard: Line = ""
    data_source: Line = ""
    identifiers: Annotated[list[Address], Field(max_length=50)] = []
    publisher: Line = ""
    publisher_url: Address = ""
    creator: Line = ""
    maintainer: Line = ""
    maintainer_email: Line = ""
    contact_url: Address = ""
    modified: Line = ""
    version: Line = ""
    version_notes: Prose = ""
    subjects: Annotated[list[Line], Field(max_length=200)] = []
    conforms_to: Annotated[list[Address], Field(max_length=50)] = []
    derived_from: Annotated[list[Address], Field(max_length=200)] = []
    generated_by: Annotated[str, Field(max_length=2000)] = ""
    related: Annotated[list[Address], Field(max_length=200)] = []
    documentation: Annotated[list[Address], Field(max_length=200)] = []
    spatial_uri: Address = ""
    spatial_resolution: Line = ""
    temporal_resolution: Line = ""
    licence_text: Annotated[str, Field(max_length=2000)] = ""
    rights: Prose = ""
    policy: Prose = ""
    extras: Extras = {}

    @field_validator("source_url", "publisher_url", "contact_url", "endpoint_url", "endpoint_description")
    @classmethod
    def _web_address(cls, value: str) -> str:
        return _address(value)

    @field_validator("bbox")
    @classmethod
    def _box(cls, box: tuple[float, ...] | None) -> tuple[float, ...] | None:
        if box and not (-180 <= box[0] <= box[2] <= 180 and -90 <= box[1] <= box[3] <= 90):
            raise ValueError("west, south, east, north")
        return box

    @field_validator("tags", "tags_en", "related_codes", "themes", "languages", "subjects", "identifiers")
    @classmethod
    def _once(cls, values: list[str]) -> list[str]:
        return list(dict.fromkeys(value.strip() for value in values if value.strip()))


def link_from(data: Mapping[str, Any]) -> Link:
    """A distribution from untrusted input.  Raises ``Invalid`` with every problem by field."""
    _refuse_unwritable(data)
    try:
        return Link.model_validate(dict(data))
    except ValidationError as error:
        raise Invalid(_problems(error)) from error


def record_from(data: Mapping[str, Any]) -> DatasetRecord:
    """A record from untrusted input.  Raises ``Invalid`` with every problem by field."""
    _refuse_unwritable(data)
    try:
        record = DatasetRecord.model_validate(dict(data))
    except ValidationError as error:
        raise Invalid(_problems(error)) from error
    problems = _unknown_codes(record)
    if record.temporal_start and record.temporal_end and record.temporal_start > record.temporal_end:
        problems["temporal_end"] = [Said("结束日期早于开始日期。", "Ends before it starts.")]
    differs = category_problem(record.resource_category, record.resource_class)
    if differs and "resource_class" not in problems:
        problems["resource_category"] = [differs]
    if problems:
        raise Invalid(problems)
    return record


def items_from_columns(columns: Iterable[Mapping[str, Any]], known: Iterable[Item] = ()) -> list[Item]:
    """Items for the columns of a table; what a person wrote about a column of that name is kept."""
    by_name = {item.name: item for item in known}
    return [
        by_name[column["name"]].model_copy(update={"type": column["type"]})
        if column["name"] in by_name
        else Item(
            name=column["name"],
            title=column["name"],
            type=column["type"],
            letter=LETTERS.get(column["type"], "C"),
        )
        for column in columns
    ]


def _refuse_unwritable(data: Mapping[str, Any]) -> None:
    """PostgreSQL keeps no NUL, and half a surrogate pair is no text at all."""
    said = Said(
        "含有不能保存的字符（U+0000 或不成对的代理码）。",
        "Has characters that cannot be kept (U+0000, lone surrogates).",
    )
    problems = {str(field): [said] for field, value in data.items() if _unwritable(value)}
    if problems:
        raise Invalid(problems)


def _pattern(facts: dict[str, Any], message: str) -> Said:
    if facts.get("pattern") == CATEGORY:
        return Said(
            "应为数字：类1位、项2位，如 209；有目的再加3位，之后是细目。",
            "Digits: 1 of the class, 2 of the item, such as 209; then 3 of the subject, and the detail.",
        )
    return Said("应全是数字。", "Digits only.") if facts.get("pattern") == DIGITS else _other(message)


def _other(message: str) -> Said:
    return Said(f"格式不对（{message}）。", f"{message}.")


def _unwritable(value: Any) -> bool:
    if isinstance(value, str):
        return UNWRITABLE.search(value) is not None
    if isinstance(value, Mapping):
        return any(_unwritable(key) or _unwritable(each) for key, each in value.items())
    return isinstance(value, list | tuple) and any(_unwritable(each) for each in value)


def _address(value: str) -> str:
    if value and not re.match(r"(https?|ftps?)://\S+$", value):
        raise ValueError("web address")
    return value


def _unknown_codes(record: DatasetRecord) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    for field, name in CODED.items():
        value = getattr(record, field)
        codes = value if isinstance(value, list) else [value]
        known = {term.code for term in standards.vocabulary(name).terms}
        wrong = [code for code in codes if code and code not in known]
        if wrong:
            have, quoted = sorted(known)[:40], ", ".join(f'"{code}"' for code in wrong)
            problems[field] = [
                Said(
                    f"“{'、'.join(wrong)}”不在代码表里。可用：{'、'.join(have)}",
                    f"{quoted} is not in the code list. There are: {', '.join(have)}",
                )
            ]
    return problems


def _problems(error: ValidationError) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    for problem in error.errors():
        where = ".".join(str(part) for part in problem["loc"]) or "record"
        said.setdefault(where, []).append(
            _sentence(problem["type"], problem.get("ctx") or {}, problem["msg"])
        )
    return said


#: The wrong type, and what is needed instead.
FORMS = {
    "string": ("文字", "text"),
    "int": ("整数", "a whole number"),
    "float": ("数字", "a number"),
    "bool": ("true 或 false", "true or false"),
    "list": ("列表", "a list"),
    "dict": ("对象", "an object"),
    "model": ("对象", "an object"),
}


def _sentence(kind: str, facts: dict[str, Any], message: str) -> Said:
    if kind == "missing" or (kind == "string_too_short" and facts.get("min_length") == 1):
        return Said("必填。", "Required.")
    if kind in ("string_too_long", "too_long"):
        most = facts.get("max_length")
        return Said(f"太长，最多{most}。", f"Too long; at most {most}.")
    if kind == "extra_forbidden":
        return Said("没有这个项目。", "There is no such field.")
    if kind == "string_pattern_mismatch":
        return _pattern(facts, message)
    if kind.startswith("date"):
        return Said("应为日期，如 2026-11-21。", "A date is needed, such as 2026-11-21.")
    if kind == "value_error":
        return Said("格式不对。", f"Wrong form: {message.removeprefix('Value error, ')} is needed.")
    for form, (zh, en) in FORMS.items():
        if kind in (f"{form}_type", f"{form}_parsing"):
            return Said(f"应为{zh}。", f"Must be {en}.")
    return _other(message)
