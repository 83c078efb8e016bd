"""The columns of the catalogue sheet, and how a value of the record stands in a cell."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kaishu import standards
from kaishu.base.errors import Said
from kaishu.catalogue import category_choices, category_meant, category_words
from kaishu.catalogue.drafts import CODED
from kaishu.db import canonical

MAIN, ITEMS, HELP, LISTS = "目录", "信息项", "说明", "代码表"
CELL_LIMIT = 32_000
TOO_LONG = "（内容过长，请在网页上修改）"
JOINT = "；"
_SPLIT = re.compile(r"[,，、;；\n]")
#: What a workbook cannot hold, and what spreadsheets do not show.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Column:
    """``key`` is the record's field; ``core`` of the 13 core items; ``given`` is filled by the platform."""

    key: str
    zh: str
    en: str
    core: bool = False
    given: bool = False
    width: int = 16

    @property
    def vocabulary(self) -> str:
        """The vocabulary of its values, or nothing."""
        return CATEGORY if self.key == "resource_category" else CODED.get(self.key, "")

    @property
    def many(self) -> bool:
        """Does a cell hold several values?"""
        return self.key in LISTED

    @property
    def hint(self) -> str:
        """What stands beneath the heading."""
        return f"{self.en} · {self.key}"


LISTED = frozenset({"themes", "tags", "tags_en", "related_codes", "languages"})
DATES = frozenset({"issued", "temporal_start", "temporal_end"})
NAME, STAMP = "name", "stamp"
#: Where a vocabulary is named: the list of categories, the region's or the shipped one.
CATEGORY = "resource-category"

COLUMNS = (
    Column(NAME, "标识", "dataset name, do not change", given=True, width=24),
    Column(STAMP, "修订标记", "revision mark, do not change", given=True),
    Column("state", "状态", "state", given=True, width=9),
    Column("title", "信息资源名称", "title", core=True, width=32),
    Column("resource_class", "信息资源分类", "class", core=True),
    Column("resource_category", "项、目、细目", "item, subject, detail", width=22),
    Column("resource_code", "信息资源代码", "resource code", core=True, width=22),
    Column("office", "信息资源提供方", "provider", core=True, width=18),
    Column("office_code", "提供方代码", "provider's code", core=True, given=True, width=20),
    Column("description", "信息资源摘要", "abstract", core=True, width=48),
    Column("format_category", "信息资源格式", "format", core=True),
    Column(
        "item_count", "信息项信息", "number of fields, see the other sheet", core=True, given=True, width=11
    ),
    Column("share_class", "共享属性", "sharing", core=True),
    Column("share_condition", "共享条件或依据", "ground of sharing", core=True, width=28),
    Column("open_class", "开放属性", "openness", core=True),
    Column("open_condition", "开放条件或依据", "ground of openness", core=True, width=28),
    Column("update_frequency", "更新周期", "update frequency", core=True, width=11),
    Column("issued", "发布日期", "date of issue", core=True, width=12),
    Column("related_codes", "关联资源代码", "related codes", core=True, width=22),
    Column("themes", "主题", "themes, several by semicolon", width=20),
    Column("secrecy", "涉密属性", "secrecy", width=11),
    Column("level", "层级", "administrative level", width=9),
    Column("licence", "许可协议", "licence", width=20),
    Column("contact_name", "联系人或处室", "contact"),
    Column("contact_phone", "电话", "telephone"),
    Column("contact_email", "电子邮箱", "e-mail", width=20),
    Column("tags", "标签", "tags, several by semicolon", width=22),
    Column("business_item", "业务事项（L1）", "duty", width=26),
    Column("business_information", "业务信息（L2）", "business information", width=26),
    Column("data_standard", "数据标准（L3）", "data standard", width=26),
    Column("data_source", "数据来源表（L4）", "data source", width=26),
    Column("temporal_start", "数据起始日期", "data from", width=12),
    Column("temporal_end", "数据结束日期", "data until", width=12),
    Column("spatial", "覆盖地区", "area"),
    Column("spatial_code", "行政区划代码", "division code", width=12),
    Column("languages", "数据的语言", "languages", width=11),
    Column("source", "数据来源", "origin", width=22),
    Column("source_url", "来源网址", "address of the origin", width=24),
    Column("provenance", "加工说明", "provenance", width=28),
    Column("title_en", "英文名称", "title in English", width=28),
    Column("description_en", "英文摘要", "abstract in English", width=36),
    Column("tags_en", "英文标签", "tags in English", width=22),
)
BY_KEY = {column.key: column for column in COLUMNS}
#: Columns whose cells go into the record.
WRITTEN = tuple(c for c in COLUMNS if not c.given and c.key != "office")

ITEM_COLUMNS = (
    Column("dataset", "标识", "dataset name, do not change", given=True, width=24),
    Column("name", "字段", "field name, do not change", given=True, width=22),
    Column("title", "字段名称", "title", width=22),
    Column("letter", "数据类型", "type", width=12),
    Column("length", "长度", "length", width=8),
    Column("unit", "单位", "unit", width=10),
    Column("description", "说明", "description", width=40),
    Column("title_en", "英文名称", "title in English", width=22),
    Column("description_en", "英文说明", "description in English", width=40),
)
ITEM_WRITTEN = ITEM_COLUMNS[2:]


def stamp_of(record: Mapping[str, Any]) -> str:
    """A mark of what the record was when the sheet was taken out."""
    return hashlib.sha256(canonical(dict(record)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def clean(text: str) -> str:
    """As a spreadsheet gives it back."""
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def cell_of(column: Column, value: Any) -> str:
    """A value of the record as it stands in the cell."""
    if value is None:
        return ""
    if isinstance(value, list):
        said = JOINT.join(_label(column, str(each)) for each in value)
    else:
        said = _label(column, str(value))
    said = clean(said)
    return said if len(said) <= CELL_LIMIT else TOO_LONG


def value_of(column: Column, cell: str) -> Any:
    """A cell as a value of the record.  Raises ``ValueError`` with a ``Said`` for unknown words."""
    if column.many:
        parts = [part.strip() for part in _SPLIT.split(cell) if part.strip()]
        return [_code(column, part) for part in parts]
    if column.key in DATES:
        return _day(cell) or None
    return _code(column, cell)


def item_cell(column: Column, item: Mapping[str, Any]) -> str:
    """A cell of the field dictionary."""
    value = item.get(column.key)
    if column.key == "letter":
        term = standards.vocabulary("item-type").codes.get(str(value or ""))
        return term.zh if term else str(value or "")
    return clean("" if value is None else str(value))[:CELL_LIMIT]


def item_value(column: Column, cell: str) -> Any:
    """A cell of the field dictionary as a value.  Raises ``ValueError``."""
    if column.key == "letter":
        term = standards.vocabulary("item-type").find(cell)
        if term is None:
            raise ValueError(_unknown("item-type", cell))
        return term.code
    if column.key == "length":
        if cell and not cell.isdecimal():
            raise ValueError(Said("应为整数。", "A whole number is needed."))
        return int(cell) if cell else None
    return cell


def labels(name: str) -> list[str]:
    """The words of a vocabulary for a drop-down list."""
    if name == CATEGORY:
        return [str(category_words(code)) for code, _ in category_choices()]
    return [term.zh for term in standards.vocabulary(name).terms]


def _label(column: Column, code: str) -> str:
    if not column.vocabulary:
        return code
    if column.vocabulary == CATEGORY:
        return str(category_words(code)) if code else ""
    term = standards.vocabulary(column.vocabulary).codes.get(code)
    return term.zh if term else code


def _code(column: Column, text: str) -> str:
    if not column.vocabulary or not text:
        return text
    if column.vocabulary == CATEGORY:
        return _category(text)
    term = standards.vocabulary(column.vocabulary).find(text)
    if term is None:
        raise ValueError(_unknown(column.vocabulary, text))
    return term.code


def _category(text: str) -> str:
    """Digits that no list has are kept: they are looked at when a code is made of them."""
    meant = category_meant(text)
    if meant is None and not text.isdecimal():
        raise ValueError(_unknown(CATEGORY, text))
    return text if meant is None else meant


def _unknown(name: str, text: str) -> Said:
    if name == CATEGORY:
        zh, en = "、".join(labels(name)[:30]), ", ".join(said.en for _, said in category_choices()[:30])
        return Said(f"“{text}”不在分类表里。可填：{zh}。", f'"{text}" is not in the list: {en}.')
    zh = "、".join(labels(name)[:30])
    en = ", ".join(term.en for term in standards.vocabulary(name).terms[:30])
    return Said(f"“{text}”不在代码表里。可填：{zh}。", f'"{text}" is not in the list: {en}.')


def _day(cell: str) -> str:
    """``2026/1/5``, ``2026年1月5日``, ``2026-01-05 00:00:00`` as ISO; other forms stay, to be refused."""
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?)?", cell)
    return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}" if found else cell
