"""What is asked of a table's rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kaishu.delivery.columns import Columns
from kaishu.delivery.filters import Filter, Group
from kaishu.delivery.parameters import ckan_arguments, row_parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class RowQuery:
    """Which rows, which columns, in which order, which page.

    ``sort`` is ((column, descending), …); rows that are equal in it stand by ``_id``; missing values are
    the smallest.  ``search`` is words that must all be in the row, in any column, whatever their case.
    """

    filters: tuple[Filter | Group, ...] = ()
    columns: tuple[str, ...] | None = None
    sort: tuple[tuple[str, bool], ...] = ()
    search: str | None = None
    limit: int = 100
    cursor: str | None = None
    offset: int | None = None
    count: bool = True
    distinct: bool = False

    @classmethod
    def from_params(
        cls,
        columns: Iterable[Mapping[str, Any]] | Columns,
        params: Mapping[str, str] | Iterable[tuple[str, str]],
    ) -> RowQuery:
        """From the query parameters of the row API.  Raises ``BadQuery`` and its kin."""
        return cls(**row_parameters(_columns(columns), params))

    @classmethod
    def from_ckan(
        cls, columns: Iterable[Mapping[str, Any]] | Columns, arguments: Mapping[str, Any]
    ) -> RowQuery:
        """From the arguments of CKAN's ``datastore_search``.  Raises ``BadQuery`` and its kin."""
        return cls(**ckan_arguments(_columns(columns), arguments))


def _columns(columns: Iterable[Mapping[str, Any]] | Columns) -> Columns:
    return columns if isinstance(columns, Columns) else Columns.of(columns)
