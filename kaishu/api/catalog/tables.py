"""The catalogue as a table of the 13 core items, and as a list of packages."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from kaishu import standards
from kaishu.crosswalk import Entry, Site, ckan, dcat

COLUMNS = (
    "信息资源分类",
    "信息资源名称",
    "信息资源代码",
    "信息资源提供方",
    "信息资源提供方代码",
    "信息资源摘要",
    "信息资源格式",
    "信息项信息",
    "共享类型",
    "共享条件",
    "开放类型",
    "开放条件",
    "更新周期",
    "发布日期",
    "关联资源代码",
    "标识",
    "网址",
)


def as_csv(entries: Iterable[Entry], site: Site, bom: bool = False) -> bytes:
    """A row for each dataset: the core items in the 编制指南's order, then identifier and address."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(entry, site) for entry in entries)
    return (b"\xef\xbb\xbf" if bom else b"") + text.getvalue().encode("utf-8", "replace")


def _row(entry: Entry, site: Site) -> list[str]:
    record = entry.record
    items = "、".join(str(item.get("title") or item.get("name")) for item in record.get("items") or ())
    return [
        _word("resource-class", record.get("resource_class")),
        record["title"],
        record.get("resource_code") or "",
        entry.publisher.title,
        entry.publisher.code,
        record.get("description") or "",
        _word("format-category", record.get("format_category")),
        items,
        _word("share-class", record.get("share_class")),
        record.get("share_condition") or "",
        _word("open-class", record.get("open_class")),
        record.get("open_condition") or "",
        _word("update-frequency", record.get("update_frequency")),
        str(record.get("issued") or ""),
        "、".join(record.get("related_codes") or ()),
        entry.identifier,
        f"{site.url}/datasets/{entry.name}",
    ]


def _word(vocabulary: str, code: Any) -> str:
    term = standards.vocabulary(vocabulary).codes.get(str(code or ""))
    return term.zh if term else str(code or "")


def as_json(entries: Iterable[Entry], site: Site, leaf: dcat.Leaf) -> bytes:
    """``{"count", "page", "pages", "next", "results"}`` with the datasets as CKAN's packages."""
    body: Mapping[str, Any] = {
        "count": leaf.total,
        "page": leaf.number,
        "pages": leaf.last,
        "previous": leaf.at(min(leaf.number - 1, leaf.last)) if leaf.number > 1 else None,
        "next": leaf.at(leaf.number + 1) if leaf.number < leaf.last else None,
        "results": [ckan.write_package(entry, site) for entry in entries],
    }
    return orjson.dumps(body, default=str)
