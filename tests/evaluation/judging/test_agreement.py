"""Kappas against figures worked out by hand."""

from __future__ import annotations

import pytest

from kaishu.evaluation import agreement

#: 50 proposals judged yes or no by two readers: 20 yes both, 15 no both, 5 yes-no, 10 no-yes.
FIRST = [1.0] * 25 + [0.0] * 25
SECOND = [1.0] * 20 + [0.0] * 5 + [1.0] * 10 + [0.0] * 15


def test_kappa_is_the_agreement_beyond_chance() -> None:
    found = agreement(FIRST, SECOND)
    # po = 35/50 = 0.7; pe = 0.5 x 0.6 + 0.5 x 0.4 = 0.5; (0.7 - 0.5) / 0.5 = 0.4
    assert (found.pairs, found.same) == (50, 0.7)
    assert found.kappa == pytest.approx(0.4)
    # With two steps every difference weighs the same.
    assert found.weighted == pytest.approx(0.4)


def test_small_differences_weigh_less() -> None:
    near = agreement([0, 1, 2, 3, 4, 5], [1, 1, 2, 3, 4, 4])
    far = agreement([0, 1, 2, 3, 4, 5], [5, 1, 2, 3, 4, 0])
    assert near.kappa is not None and far.kappa is not None and near.weighted and far.weighted is not None
    assert near.same == far.same and near.weighted > near.kappa > far.weighted


def test_less_than_chance_is_negative_and_one_value_says_nothing() -> None:
    assert agreement([1, 0], [0, 1]).kappa == -1
    assert agreement([3, 3, 3], [3, 3, 3]).kappa is None


@pytest.mark.parametrize(
    ("second", "word"),
    [
        (FIRST, "almost perfect"),  # 1.00
        ([1.0] * 20 + [0.0] * 30, "substantial"),  # 0.80, the end of its step
        ([1.0] * 20 + [0.0] * 29 + [1.0], "substantial"),  # 0.76
        (SECOND, "fair"),  # 0.40, the end of its step
        ([0.0] * 25 + [1.0] * 25, "less than by chance"),  # -1.00
        ([1.0] * 50, "slight"),  # 0.00
    ],
)
def test_a_kappa_has_a_word(second: list[float], word: str) -> None:
    assert agreement(FIRST, second).word.en == word


def test_no_kappa_has_no_word() -> None:
    assert agreement([3] * 9, [3] * 9).word == ""
    few = agreement([5, 3, 5, 3], [5, 3, 3, 3])
    assert few.kappa is not None and few.word == ""
