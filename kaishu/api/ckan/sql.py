"""``datastore_search_sql``: one safe SELECT over tables that the caller may read."""

from __future__ import annotations

from typing import Any

from kaishu import delivery
from kaishu.api.ckan.arguments import Asked
from kaishu.api.ckan.datastore import TYPES, table_of
from kaishu.api.ckan.registry import action
from kaishu.api.reading import readable
from kaishu.base.errors import NotFound


@action("datastore_search_sql")
def datastore_search_sql(asked: Asked) -> dict[str, Any]:
    """Rows of one SELECT in PostgreSQL's words: ``sql``; a table is named by its resource's id in double
    quotes, or by the name of its dataset.  At most 32000 rows, ``records_truncated`` says if there were more.
    """
    text = asked.needed("sql")
    with asked.reading() as call:

        def find(name: str) -> delivery.Asked:
            try:
                found = table_of(asked, call, name)
            except NotFound:
                found = readable(asked.request, call.actor, name)
            return delivery.Asked(found.version, found.dataset_id)

        answer = delivery.query_sql(call, text, find)
    names = [column["name"] for column in answer.columns]
    result: dict[str, Any] = {
        "sql": text,
        "records": [dict(zip(names, row, strict=True)) for row in answer.rows],
        "fields": [{"id": column["name"], "type": TYPES[column["type"]]} for column in answer.columns],
    }
    return result | ({"records_truncated": True} if answer.truncated else {})
