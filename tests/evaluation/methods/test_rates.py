"""Rates over nothing are not defined; quality that was not checked is not perfect."""

from __future__ import annotations

import numpy as np
import pytest

from kaishu.evaluation import methods


def test_rates_of_use_and_their_shares() -> None:
    rates = methods.usage_rates([4, 10, 0, 5], [40, 300, 7, 0], [8, 30, 2, 0])
    assert rates.view_rate == pytest.approx([10, 30, np.nan, 0], nan_ok=True)
    assert rates.download_rate == pytest.approx([2, 3, np.nan, 0], nan_ok=True)
    assert rates.share_of_view_rates == pytest.approx([0.25, 0.75, np.nan, 0], nan_ok=True)
    assert rates.share_of_download_rates == pytest.approx([0.4, 0.6, np.nan, 0], nan_ok=True)
    assert np.nansum(rates.share_of_views) == pytest.approx(1)
    assert rates.share_of_downloads == pytest.approx([0.2, 0.75, 0.05, 0])
    assert rates.downloads_per_view == pytest.approx([0.2, 0.1, 2 / 7, np.nan], nan_ok=True)


def test_rates_of_nothing_at_all() -> None:
    rates = methods.usage_rates([0], [0], [0])
    assert all(np.isnan(getattr(rates, name)).all() for name in rates.__slots__)
    with pytest.raises(methods.UnsuitableValues):
        methods.usage_rates([1], [-1], [0])
    with pytest.raises(methods.BadChoice):
        methods.usage_rates([1], [1, 2], [0])
    with pytest.raises(methods.UnsuitableValues):
        methods.data_volume([-1], [2])


def test_quality_goes_from_rules_to_departments() -> None:
    shares = np.vstack([methods.rule_share([9, 8, 5], [10, 10, 10]), methods.rule_share([0] * 3, [0] * 3)])
    names, dimensions = methods.dimension_scores(shares, [1, 3, 1], ["完整性", "准确性", "准确性"])
    assert names == ["完整性", "准确性"]
    assert dimensions[0] == pytest.approx([0.9, 0.725])
    scores = methods.object_score(dimensions, [1, 1])
    assert scores == pytest.approx([0.8125, np.nan], nan_ok=True)
    assert methods.department_score(scores, [1, 100]) == pytest.approx(0.8125)
    assert np.isnan(methods.department_score([np.nan], [1]))


def test_more_cannot_pass_than_were_checked() -> None:
    with pytest.raises(methods.UnsuitableValues):
        methods.rule_share([11], [10])
    with pytest.raises(methods.BadChoice):
        methods.dimension_scores([[1.0]], [1, 1], ["a"])
