"""The catalogue record between form and draft."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.datastructures import FormData

from kaishu import standards
from kaishu.base.errors import in_language
from kaishu.catalogue import DatasetRecord, category_choices
from kaishu.web.routing import text
from kaishu.web.words import _, language, pick

PLAIN = (
    "title",
    "title_en",
    "description",
    "description_en",
    "resource_class",
    "resource_category",
    "resource_code",
    "format_category",
    "share_class",
    "share_condition",
    "open_class",
    "open_condition",
    "update_frequency",
    "issued",
    "temporal_start",
    "temporal_end",
    "spatial",
    "spatial_code",
    "licence",
    "contact_name",
    "contact_email",
    "contact_phone",
    "source",
    "source_url",
    "provenance",
    "secrecy",
    "level",
    "business_item",
    "business_information",
    "data_standard",
    "data_source",
)
LISTS = ("tags", "tags_en", "related_codes")
CHECKED = ("themes", "languages")
ITEM = ("name", "type", "title", "title_en", "letter", "length", "unit", "description", "description_en")
DATES = ("issued", "temporal_start", "temporal_end")
CODES = (
    "resource-class",
    "format-category",
    "theme",
    "share-class",
    "open-class",
    "licence",
    "update-frequency",
    "language",
    "item-type",
    "secrecy",
    "administrative-level",
)
COMMAS = re.compile(r"[,，、;；]")


def values_of(record: DatasetRecord) -> dict[str, Any]:
    """What the form shows of a record."""
    data = record.model_dump(mode="json")
    values: dict[str, Any] = {name: data[name] or "" for name in PLAIN}
    values |= {name: "，".join(data[name]) for name in LISTS}
    values |= {name: data[name] for name in CHECKED}
    values["bbox"] = ",".join(f"{edge:g}" for edge in record.bbox) if record.bbox else ""
    values["rows"] = data["items"]
    return values


def values_from(form: FormData) -> dict[str, Any]:
    """What was filled in, as the form shows it again."""
    values: dict[str, Any] = {name: text(form, name) for name in (*PLAIN, *LISTS, "bbox")}
    values |= {name: [str(value) for value in form.getlist(name)] for name in CHECKED}
    columns = [[str(value).strip() for value in form.getlist(f"item-{name}")] for name in ITEM]
    values["rows"] = [dict(zip(ITEM, row, strict=True)) for row in zip(*columns, strict=False)]
    return values


def record_data(values: Mapping[str, Any], known: DatasetRecord) -> dict[str, Any]:
    """For ``catalogue.record_from``, which checks it; what the form does not show stays as it was."""
    data: dict[str, Any] = known.model_dump(mode="json")
    data |= {name: values[name] for name in PLAIN}
    data |= {name: values[name] or None for name in DATES}
    data |= {name: [part for part in COMMAS.split(values[name]) if part.strip()] for name in LISTS}
    data |= {name: values[name] for name in CHECKED}
    edges = [part.strip() for part in COMMAS.split(values["bbox"]) if part.strip()]
    data["bbox"] = edges or None
    items = {item["name"]: item for item in data["items"]}
    data["items"] = [
        {**items.get(row["name"], {}), **row, "length": row["length"] or None} for row in values["rows"]
    ]
    return data


def gathered(problems: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Problems under the fields that the form has: ``bbox.2`` belongs to ``bbox``."""
    found: dict[str, list[str]] = {}
    for field, sentences in problems.items():
        stem = field.split(".")[0]
        key = field if stem == "items" else stem
        found.setdefault(key, []).extend(s for s in sentences if s not in found.get(key, []))
    return found


def code_lists(category: str = "") -> dict[str, list[tuple[str, str]]]:
    """Every code list of the form with its words; ``category`` is the one that the record has."""
    lists = {
        name: [(term.code, pick(term.zh, term.en)) for term in standards.vocabulary(name).terms]
        for name in CODES
    }
    choices = category_choices(category)
    return {**lists, "resource-category": [(code, in_language(said, language())) for code, said in choices]}


def titles() -> dict[str, str]:
    """The words for the fields of the record."""
    return {
        "kind": _("类型"),
        "title": _("信息资源名称"),
        "title_en": _("英文名称"),
        "description": _("信息资源摘要"),
        "description_en": _("英文摘要"),
        "resource_class": _("信息资源分类"),
        "resource_category": _("项、目、细目"),
        "resource_code": _("信息资源代码"),
        "format_category": _("信息资源格式"),
        "items": _("信息项（字段说明）"),
        "share_class": _("共享属性"),
        "share_condition": _("共享条件或依据"),
        "open_class": _("开放属性"),
        "open_condition": _("开放条件或依据"),
        "update_frequency": _("更新周期"),
        "issued": _("发布日期"),
        "related_codes": _("关联资源代码"),
        "themes": _("主题"),
        "tags": _("标签"),
        "tags_en": _("英文标签"),
        "temporal_start": _("数据起始日期"),
        "temporal_end": _("数据结束日期"),
        "spatial": _("覆盖地区"),
        "spatial_code": _("行政区划代码"),
        "bbox": _("经纬度范围"),
        "licence": _("许可协议"),
        "contact_name": _("联系人或处室"),
        "contact_email": _("电子邮箱"),
        "contact_phone": _("电话"),
        "languages": _("数据的语言"),
        "source": _("数据来源"),
        "source_url": _("来源网址"),
        "provenance": _("加工说明"),
        "secrecy": _("涉密属性"),
        "level": _("层级属性"),
        "business_item": _("业务事项（L1）"),
        "business_information": _("业务信息（L2）"),
        "data_standard": _("数据标准（L3）"),
        "data_source": _("数据来源表（L4）"),
    }
