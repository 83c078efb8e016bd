"""kill -9 at any moment of a run: the golden table, its runs, pairs and work orders agree afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from kaishu import lake, quality, standardisation
from kaishu.access import TERMINAL, Call
from kaishu.base import clock, ids
from kaishu.db import session_scope
from kaishu.jobs import standardising
from kaishu.ledger import verify
from kaishu.ledger.models import Entry
from kaishu.standardisation.models import FusionRun, WaitingPair
from tests.killing import SHARE, killed
from tests.standardisation.test_fuse import HEALTH
from tests.standardisation.test_platform import NAME, City, act, city, deliver, golden  # noqa: F401


def fuse(name: str, half: Callable[[], None]) -> None:
    """In the process that is killed; half is when the golden records are there and not yet taken in."""

    def report(done: int, total: int) -> None:
        if done == total - 1:
            half()

    standardising.run_now(TERMINAL, ids.new_id(), name, False, report)


def test_a_run_that_is_killed_leaves_nothing_half(city: City, home: Path) -> None:  # noqa: F811
    city.keep()
    city.agree()
    runs = 0
    for number in killed(fuse, lambda number: _before(number), SHARE):
        act(TERMINAL, lambda call: lake.sweep(call))
        with session_scope(write=False) as session:
            runs = _agree(session, runs)
            assert number >= 0 or runs == number + 3
    standardising.run_now(TERMINAL, ids.new_id(), NAME, False, lambda done, total: None)
    assert {"王小明", "张三", "赵六"} <= set(golden())
    folders = {path.name for path in (home / "standard").iterdir()}
    with session_scope(write=False) as session:
        assert set(session.scalars(select(FusionRun.id))) <= folders


def _before(number: int) -> tuple[str]:
    """Each run finds another delivery, in which two registers differ or agree."""
    deliver("health", HEALTH if number % 2 else HEALTH.replace("王晓明", "王小明"))
    return (NAME,)


def _agree(session: Any, before: int) -> int:
    """What stands in the records says the same everywhere; how many runs there are."""
    call = Call(session, TERMINAL, clock.now(), "")
    entity = standardisation.standard_by_name(session, NAME)
    runs = list(session.scalars(select(FusionRun).order_by(FusionRun.id)))
    versions = lake.versions_of(session, str(entity.table_id)) if entity.table_id else []
    assert before <= len(runs) <= before + 1
    assert sorted(run.version_id or "" for run in runs) == sorted(version.id for version in versions)
    said = select(func.count()).select_from(Entry).where(Entry.action == "standardisation.run")
    assert session.scalar(said) == len(runs)
    assert verify(session).ok
    if runs:
        assert lake.open_version(versions[0]).lazy().collect().height == runs[-1].entities
        assert set(session.scalars(select(WaitingPair.run_id))) <= {runs[-1].id}
        wanted = {f"standard:{NAME}:{each.field}" for each in standardisation.differences_in(runs[-1])}
        assert {order.rule_id for order, _case in quality.orders(call.session)} == wanted
        assert standardisation.run_file(session, runs[-1]).parent.name == runs[-1].id
    return len(runs)
