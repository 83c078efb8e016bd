"""Errors of discovery."""

from __future__ import annotations

from kaishu.base.errors import Terminal, Transient


class UnknownField(Terminal):
    """A filter, facet or sort names a field that the index does not have."""

    code = "discovery.unknown-field"
    status = 400
    zh = "搜索没有“{field}”这个字段。"
    en = 'Search has no field "{field}".'
    next_zh = "可用的字段：{known}"
    next_en = "Known fields: {known}"


class NoRange(Terminal):
    """A range was asked for on a field that has no order of numbers."""

    code = "discovery.no-range"
    status = 400
    zh = "字段“{field}”不能按范围筛选。"
    en = 'The field "{field}" cannot be filtered by a range.'
    next_zh = "可按范围筛选的字段：{known}"
    next_en = "Fields with ranges: {known}"


class BadValue(Terminal):
    """A value that its field cannot have: a day that does not exist, a word for a number."""

    code = "discovery.bad-value"
    status = 400
    zh = "“{value}”不是字段“{field}”可用的值。"
    en = '"{value}" is not a value of the field "{field}".'
    next_zh = "日期请写成 2026-11-21 或 2026-11-21T08:00:00Z，数字请写整数。"
    next_en = "Write 2026-11-21 or 2026-11-21T08:00:00Z for times, whole numbers for numbers."


class IndexBeingBuilt(Transient):
    """There is no usable index yet; it is being built from the catalogue."""

    code = "discovery.index-being-built"
    zh = "搜索索引正在建立，请稍候。"
    en = "The search index is being built."
    next_zh = "请过一会儿再试。"
    next_en = "Try again in a moment."


class IndexBusy(Transient):
    """Another process has been writing the index for too long."""

    code = "discovery.index-busy"
    zh = "搜索索引正被另一个进程写入，已等待{seconds}秒。"
    en = "Another process is writing the search index; waited {seconds} seconds."
    next_zh = "请稍后再试。"
    next_en = "Try again later."


class NoSuchSynonym(Terminal):
    """There is no group of synonyms with this key."""

    code = "discovery.no-such-synonym"
    status = 404
    zh = "没有同义词组“{key}”。"
    en = 'There is no group of synonyms "{key}".'
    next_zh = "用 kaishu synonym list 查看全部同义词组。"
    next_en = "See all groups with kaishu synonym list."
