"""Is a promise to update kept?"""

from __future__ import annotations

from datetime import date, timedelta

from kaishu.standards.loading import vocabulary

#: A promise is broken when a tenth more than the period has gone by, and never before a day more.
GRACE = 0.1


def overdue(frequency: str, last: date, today: date) -> bool | None:
    """Should there have been an update since ``last``?  None where the frequency promises nothing."""
    term = vocabulary("update-frequency").find(frequency)
    days = term.extra.get("days") if term else None
    if not days:
        return None
    return today - last > timedelta(days=days + max(1.0, days * GRACE))
