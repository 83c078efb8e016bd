"""Whether a period was kept follows from contract, deliveries and the moment alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kaishu.source.timetable import (
    PERIODS,
    Came,
    Terms,
    due_at,
    judge,
    local_day,
    next_period,
    period_of,
    periods,
    retry_at,
)

DAYS = st.dates(date(2023, 1, 1), date(2027, 12, 31))
TERMS = st.builds(
    Terms, st.sampled_from(PERIODS), DAYS, st.sampled_from(["00:00", "02:30", "23:59"]), st.integers(0, 15)
)
MOMENTS = st.datetimes(datetime(2023, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))


@given(TERMS, DAYS)
def test_every_day_is_in_exactly_one_period(terms: Terms, day: date) -> None:
    start = period_of(terms, day)
    assert start <= day < next_period(terms, start)
    assert period_of(terms, start) == start
    assert period_of(terms, next_period(terms, start)) == next_period(terms, start)


@given(TERMS, MOMENTS, st.lists(st.tuples(st.integers(0, 30), MOMENTS, st.booleans()), max_size=12))
def test_states_agree_with_what_came(
    terms: Terms, now: datetime, came: list[tuple[int, datetime, bool]]
) -> None:
    starts = list(periods(terms, now))[-400:]
    found = [Came(starts[i % len(starts)], at, empty) for i, at, empty in came if starts and at <= now]
    judged = judge(terms, found, now)
    assert [each.start for each in judged] == starts
    for each in judged:
        mine = [one for one in found if one.period_start == each.start]
        full = [one.at for one in mine if not one.empty]
        assert each.due == due_at(terms, each.start)
        assert (each.state in ("kept", "late")) == bool(full)
        assert (each.state == "kept") == bool(full and min(full) <= each.due)
        assert (each.state == "empty") == bool(mine and not full)
        if not mine:
            assert (each.state == "waiting") == (now < each.due)


@given(TERMS, MOMENTS, MOMENTS)
def test_a_delivery_never_makes_a_period_worse(terms: Terms, now: datetime, at: datetime) -> None:
    starts = list(periods(terms, now))[-400:]
    if starts:
        before = judge(terms, [], now)
        after = judge(terms, [Came(starts[-1], at)], now)
        assert after[:-1] == before[:-1]
        assert after[-1].state in ("kept", "late")


@given(TERMS, MOMENTS, st.integers(0, 400))
def test_what_was_missed_stays_missed(terms: Terms, now: datetime, days: int) -> None:
    later = {each.start: each.state for each in judge(terms, [], now + timedelta(days=days))}
    for each in judge(terms, [], now):
        if each.state == "missed" and each.start in later:
            assert later[each.start] == "missed"


def test_working_days_of_grace_leave_weekends_out() -> None:
    terms = Terms("monthly", date(2026, 1, 1), "09:00", 3)
    assert due_at(terms, date(2026, 8, 1)) == datetime(2026, 8, 5, 1, 0, tzinfo=UTC)  # 1 August is a Saturday
    assert local_day(datetime(2026, 8, 1, 17, 0, tzinfo=UTC)) == date(2026, 8, 2)
    weekdays = [
        each.weekday()
        for each in periods(Terms("workday", date(2026, 8, 1)), datetime(2026, 9, 1, tzinfo=UTC))
    ]
    assert weekdays and max(weekdays) == 4


def test_pauses_grow_to_six_hours() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    waits = [(retry_at(now, n) - now).total_seconds() / 60 for n in (1, 2, 3, 9, 99)]
    assert waits == [1, 2, 4, 256, 360]
