"""A first mapping from a template and tables: columns that are called as items are, for people to go on."""

from __future__ import annotations

import json
from collections.abc import Sequence

from kaishu.standardisation.entity import Entity
from kaishu.standardisation.parsing import shipped

#: What columns of items are often called beside the item's own name and title.
_CALLED = {
    "id_number": ("身份证号", "身份证号码", "身份证", "证件号", "证件号码", "公民身份号码"),
    "credit_code": ("统一社会信用代码", "社会信用代码", "信用代码"),
    "name": (
        "姓名",
        "名称",
        "名字",
        "企业名称",
        "单位名称",
        "机构名称",
        "地名",
        "证照名称",
        "学生姓名",
        "人员姓名",
    ),
    "sex": ("性别",),
    "birth_date": ("出生日期", "生日", "出生"),
    "nationality": ("民族",),
    "marriage": ("婚姻状况", "婚姻"),
    "division": ("行政区划", "区划代码", "行政区划代码"),
    "address": (
        "住址",
        "地址",
        "住所",
        "联系地址",
        "户籍地址",
        "注册地址",
        "经营地址",
        "标准地址",
        "家庭住址",
        "现住址",
    ),
    "mobile": ("手机号", "手机", "手机号码", "联系电话"),
    "phone": ("电话", "联系电话", "办公电话"),
    "representative": ("法定代表人", "法人代表", "负责人"),
    "capital": ("注册资本", "注册资金"),
    "founded": ("成立日期", "注册日期", "设立日期"),
    "status": ("状态", "登记状态", "经营状态"),
    "longitude": ("经度",),
    "latitude": ("纬度",),
}
_UPDATED = (
    "更新时间",
    "更新日期",
    "更新",
    "修改时间",
    "updated",
    "updated_at",
    "时间",
    "建档日期",
    "登记日期",
)


def start_mapping(template: str, tables: Sequence[tuple[str, str, Sequence[str]]]) -> str:
    """YAML text for a shipped entity; ``tables`` are (name of the source, name of the table, columns).

    A table with no column that is known gets the key's item with a column to be filled in.
    """
    entity = shipped(template)
    parts = [f"entity: {template}", "sources:"]
    for source, table, columns in tables:
        parts += _source(entity, source, table, columns)
    return "\n".join(parts) + "\n"


def _source(entity: Entity, source: str, table: str, columns: Sequence[str]) -> list[str]:
    fields = _fields(entity, columns)
    updated = next((each for each in columns if each in _UPDATED), "")
    lines = [f"  - name: {_quoted(source)}", f"    table: {_quoted(table)}", "    unique: true"]
    if updated:
        lines.append(f"    updated: {_quoted(updated)}")
    lines.append("    fields:")
    for name, column in fields.items():
        lines.append(f"      {name}: {_quoted(column)}    # {entity.fields[name].title}")
    if not fields:
        first = next(iter(entity.fields))
        listed = " ".join("、".join(columns[:12]).split())
        lines.append(f'      {first}: "?"    # {listed}')
    return lines


def _fields(entity: Entity, columns: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, field in entity.fields.items():
        called = (name, field.title, field.title.removesuffix("代码"), *_CALLED.get(name, ()))
        column = next((each for word in called for each in columns if each.strip() == word), None)
        if column is not None and column not in found.values():
            found[name] = column
    return found


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
