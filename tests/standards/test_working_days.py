"""Days that are worked, by the yearly notices, and by a home's own file."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from kaishu.standards import add_working_days, works_on
from kaishu.standards.working_days import OWN, BadWorkingDays


def worked(year: int) -> int:
    first = date(year, 1, 1)
    return sum(works_on(first + timedelta(days=day)) for day in range((date(year + 1, 1, 1) - first).days))


def test_the_year_has_as_many_working_days_as_days_without_weekends_and_holidays() -> None:
    # Weekdays of the year less the holidays by law that do not fall on a weekend or are given another day:
    # 11 until 2024, 13 from 2025; in 2024 New Year's Eve of the lunar year stayed a working day.
    assert [worked(year) for year in (2024, 2025, 2026)] == [251, 248, 248]
    assert worked(2030) == 261, "of a year that is not announced only weekends are known"


def test_clocks_pass_over_holidays_and_count_saturdays_that_are_worked() -> None:
    assert add_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert add_working_days(date(2026, 10, 8), 2) == date(2026, 10, 10), "a Saturday worked for the holiday"
    assert add_working_days(date(2025, 9, 26), 1) == date(2025, 9, 28)
    assert add_working_days(date(2026, 11, 20), 1) == date(2026, 11, 23)
    assert add_working_days(date(2026, 5, 1), 0) == date(2026, 5, 1)


def test_a_home_may_add_a_year_or_correct_one(home: Path) -> None:
    home.mkdir(exist_ok=True)
    (home / OWN).write_text(
        "years:\n  2027:\n    off: [2027-01-01, 2027-02-05..2027-02-11]\n    on: [2027-02-14]\n"
    )
    assert add_working_days(date(2027, 2, 4), 1) == date(2027, 2, 12)
    assert works_on(date(2027, 2, 14)) and not works_on(date(2026, 10, 1))
    (home / OWN).write_text("years:\n  2026: {}\n")
    assert works_on(date(2026, 10, 1)), "the home's year takes the place of ours"


@pytest.mark.parametrize(
    "text",
    [
        "years: 3",
        "x",
        "years: {2027: {off: [2027-13-01]}}",
        "years: {2027: {off: [2027-01-01..2026-01-01]}}",
        "a: [",
    ],
)
def test_a_file_that_cannot_be_read_is_named(home: Path, text: str) -> None:
    home.mkdir(exist_ok=True)
    (home / OWN).write_text(text)
    with pytest.raises(BadWorkingDays, match=OWN):
        works_on(date(2026, 1, 1))
