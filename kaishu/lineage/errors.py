"""Errors of lineage."""

from __future__ import annotations

from kaishu.base.errors import Conflict, NotFound


class NoSuchColumn(NotFound):
    """The version has no column of that name."""

    code = "lineage.no-such-column"
    zh = "“{name}”第{version}版没有“{column}”列；有：{known}。"
    en = 'Version {version} of "{name}" has no column "{column}"; it has {known}.'
    next_zh = "请按数据集页面“字段”里的名称填写。"
    next_en = "Write a name that the fields of the dataset's page list."


class Circular(Conflict):
    """What comes from a column cannot be where it comes from."""

    code = "lineage.circular"
    zh = "血缘成环，经过“{node}”，不能画出。"
    en = 'The lineage runs in a circle through "{node}" and is not shown.'
    next_zh = "请核对把这一列写回其来源的步骤或映射。"
    next_en = "See which step or mapping writes the column back to where it comes from."


class TooManyNodes(Conflict):
    """More than is worked out at once."""

    code = "lineage.too-many-nodes"
    zh = "血缘有{count:,}个节点或关系，超过上限{most:,}。"
    en = "The lineage has {count:,} nodes or edges; {most:,} is the most."
    next_zh = "请把这张表拆成列数较少的几张。"
    next_en = "Split the table into narrower ones."
