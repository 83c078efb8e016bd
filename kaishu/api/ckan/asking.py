"""What CKAN's arguments ask of a table's rows; a wrong one is named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kaishu import delivery
from kaishu.base.errors import Invalid, Said
from kaishu.delivery.errors import BadQuery

Given = Iterable[Mapping[str, Any]] | delivery.Columns


def row_query(columns: Given, arguments: Mapping[str, Any]) -> delivery.RowQuery:
    """The query.  Raises ``Invalid`` under the name of the argument that is wrong."""
    if not isinstance(arguments.get("q"), str | int | float | dict | None):
        raise Invalid({"q": [Said("应为文字，或按列写文字。", "Must be text, or text by column")]})
    try:
        return delivery.RowQuery.from_ckan(columns, arguments)
    except BadQuery as error:
        said = [f"{error.sentence(each)} {error.advice(each)}".strip() for each in ("zh", "en")]
        raise Invalid({_blamed(columns, arguments): [Said(*said)]}) from error


def _blamed(columns: Given, arguments: Mapping[str, Any]) -> str:
    for name, value in arguments.items():
        try:
            delivery.RowQuery.from_ckan(columns, {name: value})
        except BadQuery:
            return name
    return "id"
