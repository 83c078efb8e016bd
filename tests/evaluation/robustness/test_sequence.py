"""The points are those of Joe and Kuo, and the same in every run."""

from __future__ import annotations

import doctest
import importlib

import numpy as np
import pytest

from kaishu.evaluation.robustness.errors import BadNumber
from kaishu.evaluation.robustness.sequence import DIMENSIONS, bits, sobol, uniform, whole


@pytest.mark.parametrize("name", ["sequence", "sensitivity", "wording"])
def test_examples_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"kaishu.evaluation.robustness.{name}")).failed == 0


def test_points_equal_those_of_another_program_bit_for_bit() -> None:
    qmc = pytest.importorskip("scipy.stats.qmc")
    theirs = qmc.Sobol(DIMENSIONS, scramble=False, bits=32).random_base2(10)
    assert DIMENSIONS >= 20
    assert (sobol(1024, DIMENSIONS) == theirs).all()


def test_a_seed_shifts_the_points_and_keeps_them_even() -> None:
    plain, shifted, other = sobol(256, 8), sobol(256, 8, seed=1), sobol(256, 8, seed=2)
    assert (shifted != plain).any() and (shifted != other).any()
    for points in (plain, shifted, other):
        assert ((points >= 0) & (points < 1)).all()
        counts = [np.bincount((column * 16).astype(int), minlength=16) for column in points.T]
        assert all((count == 16).all() for count in counts)


def test_numbers_by_a_seed_never_change() -> None:
    assert bits(1, 3).tolist() == [6791897765849424158, 17405687883870564846, 834844254806117752]
    first = uniform(np.array([0.25, 0.5, 0.25]), 7, 1000)
    assert (first[0] == first[2]).all() and (first[0] != first[1]).all()
    assert abs(first.mean() - 0.5) < 0.03 and abs(first[0].std() - 12**-0.5) < 0.03
    drawn = whole(5, 10, (2, 5000))
    assert drawn.min() == 0 and drawn.max() == 9
    assert (whole(5, 10, (2, 5000)) == drawn).all()


def test_more_dimensions_than_there_are_numbers_for_are_refused() -> None:
    with pytest.raises(BadNumber):
        sobol(4, DIMENSIONS + 1)
