"""Types of the tools' arguments, with their limits and what they mean."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

MOST_ROWS = 200

Id = Annotated[
    str, Field(min_length=1, max_length=200, description="数据集的名称或标识 / name or id of the dataset")
]
ResourceId = Annotated[
    str,
    Field(min_length=1, max_length=100, description="资源标识 / id of a resource (ckan_list_resources)"),
]
OfficeId = Annotated[
    str, Field(min_length=1, max_length=200, description="部门的名称或标识 / name or id of the department")
]
GroupId = Annotated[
    str, Field(min_length=1, max_length=200, description="主题代码 / code of the theme (ckan_group_list)")
]
Words = Annotated[
    str,
    Field(
        max_length=500,
        description="检索词，中文、拼音、首字母均可 / words: Chinese, pinyin or its initials, English",
    ),
]
Question = Annotated[Words, Field(min_length=1, pattern=r"\w")]
Pattern = Annotated[
    str, Field(min_length=1, max_length=200, description="名称中的文字 / text in the name or title")
]
Filter = Annotated[
    str,
    Field(
        max_length=4000,
        description="CKAN 的 fq，如 organization:jiaotongju AND res_format:CSV / CKAN's fq (Solr style)",
    ),
]
Sort = Annotated[
    str, Field(max_length=200, description="如 metadata_modified desc / such as metadata_modified desc")
]
Rows = Annotated[int, Field(ge=0, le=100, description="本页几项 / how many on this page")]
Start = Annotated[int, Field(ge=0, le=1_000_000, description="从第几项起 / how many to leap over")]
Limit = Annotated[int, Field(ge=1, le=MOST_ROWS, description="最多几行 / rows at most")]
Few = Annotated[int, Field(ge=1, le=50, description="最多几个 / how many at most")]
Facets = Annotated[
    list[Annotated[str, Field(max_length=50)]],
    Field(
        max_length=10,
        description="分面：organization、groups、tags、res_format、license_id / facets to count",
    ),
]
FacetLimit = Annotated[int, Field(ge=1, le=100, description="每个分面几个值 / values a facet")]
Columns = Annotated[
    list[Annotated[str, Field(max_length=300)]],
    Field(max_length=200, description="要哪些列，空为全部 / which columns, all if empty"),
]
Cell = str | int | float | bool | None
Filters = Annotated[
    dict[Annotated[str, Field(max_length=300)], Cell | Annotated[list[Cell], Field(max_length=200)]],
    Field(max_length=50, description='列名到值，如 {"区县": "东城区"}；列表为任一 / column to value(s)'),
]
Sql = Annotated[
    str,
    Field(
        min_length=1,
        max_length=10_000,
        description='如 / such as SELECT "区县", count(*) FROM "<resource_id>" GROUP BY "区县"',
    ),
]
Version = Annotated[
    int | None,
    Field(ge=1, description="数据版本号，空为最新 / number of the table's version, the newest if empty"),
]
Flag = bool
