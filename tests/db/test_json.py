"""JSON comes back from the database as it was stored, whatever reads it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kaishu.db.session import _loads

VALUES: list[Any] = [
    {"a": [1, 2.5, None, True, "开数"]},
    2**63,
    -(2**64) - 1,
    [0, 12345678901234567890123456789],
    {"text": "1234567890123456789012345"},
    "\ud800",
    1e300,
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_json_comes_back_as_it_was_stored(value: Any, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    assert _loads(text) == value
    if ascii_only or value != "\ud800":
        assert _loads(text.encode()) == value


def test_what_only_python_writes_is_read() -> None:
    assert _loads("[Infinity, -Infinity]") == [float("inf"), float("-inf")]
