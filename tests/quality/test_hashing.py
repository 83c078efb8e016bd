"""Codes are found again among others exactly where they are."""

from __future__ import annotations

import numpy as np
import pytest

from kaishu.quality import check_data, parse_rules
from kaishu.quality.hashing import Known, repeated
from tests.quality.rows_in_memory import RowsInMemory

_RANDOM = np.random.default_rng(4)


@pytest.mark.parametrize("known", [0, 1, 300, 40_000])
@pytest.mark.parametrize("step", [1, 1 << 40])
def test_what_is_known_is_found_and_nothing_else(known: int, step: int) -> None:
    codes = np.arange(1, known + 1, dtype=np.uint64) * np.uint64(step)
    asked = _RANDOM.permutation(
        np.concatenate([codes, codes + np.uint64(known * step), codes ^ np.uint64(3 << 50)])
    )

    assert (Known(codes).holds(asked) == np.isin(asked, codes)).all()
    assert not Known(codes).holds(np.zeros(0, np.uint64)).any()


def test_repeated_codes_are_told_once() -> None:
    assert repeated(np.array([5, 3, 5, 9, 5, 3], np.uint64)).tolist() == [3, 5]


def test_ids_that_a_rule_reads_repeat_as_they_did() -> None:
    right, odd = "11010519491231002X", "11010519491231002x"
    ids = [right, odd, right, "", odd, None, "１１０", "110", "１１０", None]
    rules = "rules:\n  - {id: u, check: unique, column: 证件}\n"
    found = []
    for more in ("", "  - {id: c, check: citizen-id, column: 证件}\n"):
        data = RowsInMemory({"证件": "text"}, {"证件": ids}, cut=3)
        first = check_data(data, parse_rules(rules + more, "r.yaml"), sample=9).rules[0]
        found.append((first.checked, first.failed, [each["row"] for each in first.sample]))

    assert found == [(7, 6, [1, 2, 3, 5, 7, 9])] * 2
