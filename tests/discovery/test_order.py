"""The newest first: by what the records say, not by when a harvest brought them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from kaishu.discovery.documents import modified_order
from kaishu.discovery.rows import Row

PUBLISHED = datetime(2026, 11, 21, 8, tzinfo=UTC)


def order(name: str = "a", harvest: str | None = None, published: datetime = PUBLISHED, **record: Any) -> int:
    row = Row("1", name, "published", name, "", record, [], published, published, "o", "O", "", harvest)
    return modified_order(row)


def test_harvested_datasets_stand_where_their_own_dates_put_them() -> None:
    own = order()
    newest = order(harvest="x", modified="2026-11-20T10:00:00+08:00")
    old = order(harvest="x", modified="2015-06-03")
    issued = order(harvest="x", modified="R/P1D", issued="2014-01-01")
    unknown = order(harvest="x", modified="2020-02-30")
    assert own > newest > old > issued > unknown
    assert order(modified="2019-05-01 08:00") < newest


def test_a_date_to_come_moves_nothing_ahead() -> None:
    assert order(modified="2099-01-01") == order()
    assert order(modified="9999-12-31T23:59:59") == order()


def test_what_is_of_one_moment_stands_by_name() -> None:
    names = ["metro", "metro-lines", "air", "0a", "bus_stops"]
    found = sorted(names, key=lambda name: order(name), reverse=True)
    assert found == ["0a", "air", "bus_stops", "metro", "metro-lines"]


def test_the_order_fits_the_index() -> None:
    assert 0 <= order(modified="0001-01-01") < order(published=datetime(2090, 1, 1, tzinfo=UTC)) < 2**63
