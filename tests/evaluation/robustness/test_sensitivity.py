"""Indices against models whose indices are known."""

from __future__ import annotations

import numpy as np
import pytest

from kaishu.evaluation import robustness
from kaishu.evaluation.robustness import Uncertainty
from kaishu.evaluation.robustness.sensitivity import _effects, _parts, design, indices
from kaishu.evaluation.robustness.sequence import sobol
from tests.evaluation.robustness.systems import toy


def test_additive_models_give_their_shares_of_variance() -> None:
    slopes = np.array([4.0, 2.0, 1.0, 0.0])
    points = sobol(4096, 8, seed=3)
    first, total = indices(*_parts(design(points) @ slopes, 4096))
    expected = slopes**2 / (slopes**2).sum()
    assert np.allclose(first, expected, atol=0.01) and np.allclose(total, expected, atol=0.01)


def test_the_function_of_ishigami_has_the_indices_that_are_published() -> None:
    # T. Ishigami and T. Homma, 1990, with a = 7 and b = 0.1: first 0.3139, 0.4424, 0; total 0.5576, 0.4424,
    # 0.2437.
    points = sobol(8192, 6, seed=11)
    x = np.pi * (2 * design(points) - 1)
    y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    first, total = indices(*_parts(y, 8192))
    assert np.allclose(first, [0.3139, 0.4424, 0.0], atol=0.02)
    assert np.allclose(total, [0.5576, 0.4424, 0.2437], atol=0.02)
    effects, warnings = _effects(("normalise", "weights", "aggregate"), *_parts(y, 8192), 1)
    assert warnings == ()
    for each, known in zip(effects, (0.5576, 0.4424, 0.2437), strict=True):
        assert each.total_low is not None and each.total_high is not None
        assert each.total_low - 0.01 <= known <= each.total_high + 0.01


def test_wide_intervals_are_said() -> None:
    found = robustness.analyse_sensitivity(toy(), points=8)
    assert found.warnings and "8" in found.warnings[0].en and "8" in str(found.warnings[0])
    assert any(each.doubtful for each in found.effects)


def test_effects_for_the_index_and_for_every_unit() -> None:
    result = toy()
    found = robustness.analyse_sensitivity(
        result, Uncertainty(weight_noise=0.001, leave_out=True), points=256
    )
    by_name = {each.factor: each for each in found.effects}
    assert (by_name["leave-out"].total or 0) > 0.9 and (by_name["weight-noise"].total or 0) < 0.1
    assert found.runs == 256 * 4 == len(found.shifts)
    assert found.first.shape == found.total.shape == (20, 2)
    again = robustness.analyse_sensitivity(
        result, Uncertainty(weight_noise=0.001, leave_out=True), points=256
    )
    assert again.as_dict() == found.as_dict()
    back = robustness.from_bytes(robustness.as_bytes(found))
    assert back.as_dict() == found.as_dict()


def test_nothing_that_moves_is_said_plainly() -> None:
    found = robustness.analyse_sensitivity(toy(), Uncertainty(weight_noise=1e-12), points=16)
    assert found.effects[0].total is None and found.mean_shift == 0
    assert "No rank" in found.warnings[0].en
    assert robustness.blocks_of_sensitivity(found, "en")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_report_tells_all_of_it(language: str) -> None:
    from kaishu.reporting import html_page

    result = toy()
    document = robustness.report_on(
        result,
        robustness.analyse_uncertainty(result, runs=64),
        sensitivity=robustness.analyse_sensitivity(result, points=16),
        removed=robustness.removals(result),
        source="toy <b>",
        language=language,
    )
    page = html_page(document)
    assert ("稳健性" in page) == (language == "zh") and "toy &lt;b&gt;" in page
    assert ("Leaving one indicator out" in page) == (language == "en")
