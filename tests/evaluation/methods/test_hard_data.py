"""Whatever the data, results have their shape, nothing is infinite, and nothing warns."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from kaishu.evaluation import methods

HARD = [0, 1, 2.5, -1, np.nan, 1e9, 1e-9, 0.1 + 0.2, 0.3]


def hard_table(seed: int) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    units, members = draw.integers(0, 6), draw.integers(1, 4)
    return draw.choice(HARD, (units, members)), draw.choice([0, 0.5, 1], members)


@pytest.fixture(autouse=True)
def warnings_are_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.mark.parametrize("first", range(0, 100, 20))
def test_scores_of_hard_columns(first: int) -> None:
    for seed in range(first, first + 20):
        x, _ = hard_table(seed)
        for scores in (
            methods.min_max(x).scores,
            methods.z_score(x).scores,
            methods.rank_score(x).scores,
            methods.percentile(x).scores,
            methods.to_maximum(x).scores,
            methods.efficacy(x).scores,
            methods.share_of_maximum(np.abs(x), -1).scores,
            methods.to_target(x, 1).scores,
            methods.goalposts(x, (0, 2)).scores,
            methods.treat(x).values,
            methods.impute(x, "median").values,
            methods.impute_from_row(x).values,
        ):
            assert scores.shape == x.shape and not np.isinf(scores).any()


@pytest.mark.parametrize("policy", ["skip", "zero", "propagate", 0.5])
def test_indices_of_hard_tables(policy) -> None:
    for seed in range(60):
        x, w = hard_table(seed)
        positive = np.abs(x)
        for index in (
            methods.arithmetic(x, w, missing=policy),
            methods.geometric(positive, w, missing=policy),
            methods.harmonic(positive, w, missing=policy),
            methods.median(x, w, missing=policy),
            methods.minimum(x, w, missing=policy),
            methods.topsis(x, w, missing=policy),
            methods.copeland(x, w, missing=policy),
            methods.mazziotta_pareto(x, w, missing=policy),
        ):
            assert index.shape == x.shape[:1] and not np.isinf(index).any()
            ranks = methods.rank(index)
            assert (np.isnan(ranks) == np.isnan(index)).all()
            for limits in (
                methods.natural_breaks(index, 3),
                methods.quantile_limits(index, [0.5]),
                methods.equal_width_limits(index, 2),
                methods.sd_limits(index),
            ):
                assert ((methods.grades(index, limits) < 0) == np.isnan(index)).all()
