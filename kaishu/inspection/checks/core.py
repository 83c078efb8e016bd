"""The 13 core items of the 编制指南 (2017) as fields of our record."""

from __future__ import annotations

from kaishu.base.errors import Said
from kaishu.inspection.scopes import Subject

#: Field to its name; 关联资源代码 is asked for only where there is a related resource, so it is not in it.
CORE: dict[str, Said] = {
    "resource_class": Said("信息资源分类", "resource class"),
    "title": Said("信息资源名称", "name of the resource"),
    "resource_code": Said("信息资源代码", "resource code"),
    "provider": Said("信息资源提供方", "provider"),
    "provider_code": Said("信息资源提供方代码", "provider's code"),
    "description": Said("信息资源摘要", "abstract"),
    "format_category": Said("信息资源格式", "format of the resource"),
    "items": Said("信息项信息", "items"),
    "share_class": Said("共享属性", "sharing class"),
    "open_class": Said("开放属性", "open class"),
    "update_frequency": Said("更新周期", "update frequency"),
    "issued": Said("发布日期", "date of issue"),
}


def filled(subject: Subject, field: str) -> bool:
    """Is this core item filled in?"""
    if field == "provider":
        return bool(subject.department)
    if field == "provider_code":
        return bool(subject.code)
    value = subject.record.get(field)
    if field == "update_frequency":
        return bool(value) and value != "unknown"
    return bool(value.strip()) if isinstance(value, str) else bool(value)
