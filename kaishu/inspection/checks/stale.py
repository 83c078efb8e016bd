"""Updates that were promised and have not come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from kaishu import standards
from kaishu.base.errors import Said
from kaishu.inspection.checks.check import CARE, Check, Found, Surroundings, both
from kaishu.inspection.scopes import OWN, Subject


def stale(subject: Subject, around: Surroundings) -> Iterator[Found]:
    """Is the last update longer ago than the frequency promises?"""
    frequency = str(subject.record.get("update_frequency") or "")
    last = last_update(subject)
    if last is None or not standards.overdue(frequency, last, around.today):
        return
    term = standards.vocabulary("update-frequency").find(frequency)
    words = both(term.zh, term.en, "frequency") if term else {}
    days = (around.today - last).days
    yield Found(
        subject=subject, field="update_frequency", value=last.isoformat(), facts={**words, "days": days}
    )


def last_update(subject: Subject) -> date | None:
    """The newest day of change that is said; of our own datasets also that of the tables."""
    said = [str(subject.record.get("modified") or "")]
    said += [str(link.get("modified") or "") for link in subject.links]
    if subject.catalogue == OWN:
        said += [str(link.get("modified_at") or "") for link in subject.links]
        said.append(subject.published.isoformat() if subject.published else "")
    days = [day for day in map(_day, said) if day]
    return max(days, default=_day(str(subject.record.get("issued") or "")))


def _day(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text[:10]).date() if len(text) >= 10 else None
    except ValueError:
        return None


CHECK = Check(
    name="stale",
    severity=CARE,
    title=Said("逾期未更新", "Update overdue"),
    why=Said("更新周期是对用户的承诺。", "The update frequency is a promise to the users."),
    said=Said(
        "承诺{frequency}更新，最近一次是{value}，已过{days}天。",
        "Updates are promised ({frequency}); the last one was on {value}, {days} days ago.",
    ),
    mend=Said(
        "上传新版本，或把更新周期改成实际的。", "Upload a new version, or say the frequency that is true."
    ),
    each=stale,
)
