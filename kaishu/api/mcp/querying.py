"""The tool that takes SQL."""

from __future__ import annotations

from kaishu import catalogue, delivery
from kaishu.api.mcp import wanted
from kaishu.api.mcp.desk import Desk, Reply
from kaishu.api.mcp.reading import table_lines
from kaishu.catalogue.models import Dataset


def ckan_datastore_search_sql(desk: Desk, sql: wanted.Sql) -> Reply:
    """用一条 SELECT 查询一张或几张表（表名为双引号中的资源标识），可分组、汇总、连接；至多 200 行。

    One SELECT over tables named by their resource ids in double quotes: groups, sums, joins; 200 rows.
    """
    datasets: dict[str, Dataset] = {}
    tables: list[dict[str, object]] = []

    def find(name: str) -> delivery.Asked:
        owner = catalogue.dataset_of_resource(desk.call, name)
        dataset, entry, version = catalogue.readable_version(desk.call, owner.name, name)
        datasets[dataset.id] = dataset
        tables.append({"resource_id": entry.id, "version": version.number, "sha256": version.sha256})
        return delivery.Asked(version, dataset.id)

    answer = delivery.query_sql(desk.call, sql, find, wanted.MOST_ROWS)
    names = [column["name"] for column in answer.columns]
    lines = table_lines(names, answer.rows)
    if answer.truncated:
        lines.append(f"… {wanted.MOST_ROWS}+")
    return Reply(
        {
            "sql": sql,
            "tables": tables,
            "fields": answer.columns,
            "records": [dict(zip(names, row, strict=False)) for row in answer.rows],
            "records_truncated": answer.truncated,
        },
        lines,
        desk.papers(list(datasets.values())),
        total=None if answer.truncated else len(answer.rows),
        empty=not answer.rows,
    )
