"""The thirteen core items of 政务信息资源目录编制指南（试行） (2017), as CSV, JSON and XML."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from kaishu.crosswalk.carrying import Shape, readings
from kaishu.crosswalk.errors import NotThatStandard, Unreadable
from kaishu.crosswalk.forms import Marked, read_json, write_json
from kaishu.crosswalk.keeping import OURS, Object, kept_text, put_path, value_of
from kaishu.crosswalk.model import Entry, Reading, Site
from kaishu.crosswalk.places import objects_at
from kaishu.crosswalk.tables import table

ITEMS = "信息项信息/信息项"
#: Names in use for the same element, as the platforms of provinces and cities write them.
VARIANTS = {
    "信息资源分类": "资源分类 资源属性 资源属性分类 信息资源属性 数据分类 所属分类",
    "信息资源名称": "资源名称 数据资源名称 数据集名称 数据名称 目录名称 资源标题 名称 标题",
    "信息资源代码": "资源代码 资源编码 信息资源编码 数据资源编码 目录编码 目录代码 资源标识符",
    "信息资源提供方": "提供方 资源提供方 数据资源提供方 提供单位 数源单位 数据来源单位 来源部门 "
    "提供部门 提供机构 责任部门 数据提供方 发布机构",
    "信息资源提供方代码": "提供方代码 提供单位代码 提供部门代码 资源提供方代码 统一社会信用代码",
    "信息资源摘要": "摘要 资源摘要 数据摘要 资源描述 数据描述 描述 简介 数据简介 内容摘要",
    "信息资源格式/信息资源格式分类": "信息资源格式 信息资源格式分类 资源格式 资源格式分类 数据格式 格式",
    "信息项信息": "信息项 数据项 数据项信息 字段信息 信息项名称",
    "共享属性/共享类型": "共享类型 共享属性 共享级别 共享方式类型",
    "共享属性/共享条件": "共享条件 共享要求",
    "开放属性/是否向社会开放": "是否向社会开放 开放属性 开放类型 是否开放 开放方式 开放级别",
    "开放属性/开放条件": "开放条件 开放要求",
    "更新周期": "更新频率 更新频度 数据更新周期 更新频次",
    "发布日期": "发布时间 首次发布日期 首次发布时间 发布日 上线时间",
    "关联资源代码": "关联信息资源代码 关联资源 关联目录代码 关联资源编码",
}
PATHS = {variant: path for path, variants in VARIANTS.items() for variant in variants.split()}


class Guide(Shape):
    """As JSON."""

    name = "guide-2017"
    containers = frozenset({ITEMS})

    def item_places(self, document: Object) -> list[Object]:
        return objects_at(document, ITEMS)

    def prepare(self, document: Object, entry: Entry) -> None:
        if entry.record.get("items"):
            document["信息项信息"] = {"信息项": [{} for _ in entry.record["items"]]}

    def finish(self, document: Object, entry: Entry, site: Site) -> None:
        wanted = (row.element.partition(".")[0] for row in table(self.name).rows if row.about == "dataset")
        known = {key: document.pop(key) for key in dict.fromkeys(wanted) if key in document}
        document.update({**known, **document})


class GuideXml(Marked, Guide):
    """As XML."""

    root, child = "政务信息资源目录", "信息资源"


class GuideCsv(Guide):
    """As CSV: a column an element, a row a dataset, the items in one cell with a line each."""

    def settled(self, document: Object) -> Object:
        return documents_of(self.bytes_of(document))[0]

    def allowed(self, path: str) -> bool:
        return bool(path.strip())

    def bytes_of(self, document: Mapping[str, Any]) -> bytes:
        """Header and row, with a mark for Excel."""
        text = io.StringIO()
        cells = dict(_cells(document))
        writer = csv.writer(text)
        writer.writerow(cells)
        writer.writerow(cells.values())
        return b"\xef\xbb\xbf" + text.getvalue().encode()


JSON, XML, CSV = Guide(), GuideXml(), GuideCsv()


def to_bytes(entry: Entry, site: Site) -> bytes:
    """One dataset as XML."""
    return XML.bytes_of(XML.write(entry, site))


def from_bytes(data: bytes) -> Iterator[Reading]:
    """Every dataset of an XML document.  Raises ``Unreadable`` and ``NotThatStandard``."""
    yield from readings(XML, (settled_names(each) for each in XML.documents(data)), XML.child)


def to_json(entry: Entry, site: Site) -> bytes:
    """One dataset as JSON."""
    return write_json(JSON, entry, site)


def from_json(data: bytes) -> Iterator[Reading]:
    """From JSON.  Raises ``Unreadable`` and ``NotThatStandard``."""
    return read_json(_Lenient(), data)


def to_csv(entry: Entry, site: Site) -> bytes:
    """One dataset as CSV."""
    return CSV.bytes_of(CSV.write(entry, site))


def from_csv(data: bytes) -> Iterator[Reading]:
    """Every row of a CSV file.  Raises ``Unreadable`` and ``NotThatStandard``."""
    yield from readings(CSV, iter(documents_of(data)), "row")


def read_row(cells: Mapping[str, Any]) -> Reading:
    """One row of a spreadsheet: usual or official names of columns, and what stands in the cells."""
    return CSV.read(_from_cells(cells))


def settled_names(document: Any) -> Any:
    """The document with every element under its official name and in its place."""
    if not isinstance(document, dict):
        return document
    known = {row.element.partition(".")[0] for row in table("guide-2017").rows}
    found: Object = {}
    for key, value in document.items():
        path = PATHS.get(key.strip()) if isinstance(key, str) else None
        if key in known and (isinstance(value, dict | list) or path in (None, key)):
            found[key] = value
        elif path and not isinstance(value, dict):
            _place(found, path, value)
        else:
            found[key] = value
    return found


class _Lenient(Guide):
    def read(self, document: Any, notes: Any = None) -> Reading:
        return super().read(settled_names(document), notes)


def _place(document: Object, path: str, value: Any) -> None:
    if path == "信息项信息":
        value = {"信息项": _items(value)} if not isinstance(value, dict) else value
    if path == "关联资源代码" and isinstance(value, str):
        value = [part for part in re.split(r"[;；,，、\s]+", value) if part]
    put_path(document, path, value)


def _cells(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in document.items():
        if key.startswith(OURS):
            yield key, kept_text(value)
        elif key == "信息项信息" and isinstance(value, dict):
            yield key, "\n".join(_line(each) for each in objects_at(document, ITEMS))
            marks = [
                {k: v for k, v in each.items() if k.startswith(OURS)} for each in objects_at(document, ITEMS)
            ]
            if any(marks):
                yield f"{OURS}of-items", kept_text(marks)
        elif isinstance(value, dict):
            for name, each in value.items():
                yield name, _cell(each)
        else:
            yield key, _cell(value)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "；".join(str(each) for each in value)
    return value if isinstance(value, str) else kept_text(value)


def _line(item: Mapping[str, Any]) -> str:
    kind, length = item.get("数据类型", ""), item.get("数据长度", "")
    name = re.sub(r"\s+", " ", str(item.get("信息项名称", "")))
    return f"{name}（{kind}{'，' if length else ''}{length}）" if kind else name


def _items(text: Any) -> list[Object]:
    """Items of a cell: a line each, or with semicolons or commas between."""
    if isinstance(text, list):
        return [each if isinstance(each, dict) else {"信息项名称": each} for each in text]
    found = []
    for line in (
        re.split(r"[\n;；]", str(text))
        if re.search(r"[\n;；（]", str(text))
        else re.split(r"[,，、]", str(text))
    ):
        said = re.fullmatch(r"\s*(.+?)\s*[（(]\s*([^（）()，,]*?)\s*(?:[，,]\s*(\d+))?\s*[）)]\s*", line)
        if said:
            item = {"信息项名称": said[1], "数据类型": said[2], "数据长度": said[3]}
            found.append({key: value for key, value in item.items() if value})
        elif line.strip():
            found.append({"信息项名称": line.strip()})
    return found


def _from_cells(cells: Mapping[str, Any]) -> Object:
    document: Object = {}
    for key, value in cells.items():
        name = str(key or "").strip()
        if not name or value in (None, ""):
            continue
        if name.startswith(OURS):
            document[name] = value_of(value) if isinstance(value, str) else value
        else:
            _place(document, PATHS.get(name, name), value)
    marks = document.pop(f"{OURS}of-items", None)
    if isinstance(marks, list):
        for place, mark in zip(objects_at(document, ITEMS), marks, strict=False):
            place.update(mark if isinstance(mark, dict) else {})
    return document


def documents_of(data: bytes) -> list[Object]:
    """The rows of a CSV file in UTF-8 or GB 18030 as objects."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", errors="replace")
    try:
        csv.field_size_limit(max(csv.field_size_limit(), 2**24))
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise Unreadable(standard="guide-2017", line=1, column=1, reason=str(error)) from error
    if len(rows) < 2:
        raise NotThatStandard(standard="guide-2017", reason="CSV")
    return [_from_cells(dict(zip(rows[0], row, strict=False))) for row in rows[1:] if any(row)]
