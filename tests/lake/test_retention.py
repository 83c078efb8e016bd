"""Old batches are dropped by a rule that a person confirms; what stays opens as before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaishu.access import Call
from kaishu.base.errors import Invalid
from kaishu.lake import (
    Retention,
    Update,
    clear_dropped,
    drop_versions,
    open_version,
    propose,
    set_retention,
    sweep,
    versions_of,
)
from kaishu.lake.errors import KeptVersion, RowsDropped
from kaishu.lake.folders import table_folder
from kaishu.lake.models import Table, Version
from kaishu.ledger.models import Entry

MERGE = Update(mode="merge", key=("码",))
TIMES = st.lists(st.datetimes(datetime(2024, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC)), min_size=1)


@pytest.fixture
def batches(take: Callable[..., Version]) -> list[Version]:
    """A table written whole, changed twice, written whole, changed once."""
    whole = "码,名\n" + "".join(f"{n},0\n" for n in range(50))
    steps = [(whole, Update()), ("码,名\n1,1\n", MERGE), ("码,名\n2,2\n", MERGE)]
    steps += [(whole.replace(",0", ",9"), Update()), ("码,名\n3,3\n", MERGE)]
    return [take(text, update=update) for text, update in steps]


def content(version: Version) -> list[Any]:
    return [row for batch in open_version(version).batches() for row in batch.to_pylist()]


@given(TIMES, st.integers(0, 5), st.integers(0, 400), st.booleans())
def test_a_rule_keeps_what_each_of_its_parts_keeps(times: Any, last: int, days: int, month: bool) -> None:
    times, now = sorted(times), datetime(2026, 1, 1, tzinfo=UTC)
    listed = list(enumerate(times, 1))
    kept = Retention(last=last, days=days, month_ends=month).kept(listed, now)
    assert len(times) in kept
    for number, at in listed:
        later = [other for other in times[number:] if (other.year, other.month) == (at.year, at.month)]
        wanted = number > len(times) - last or (days and at >= now - timedelta(days=days))
        wanted = wanted or (month and not later) or not (last or days or month)
        assert (number in kept) == bool(wanted or number == len(times))


def test_dropping_frees_what_no_other_batch_needs(call: Call, table: Table, batches: list[Version]) -> None:
    kept = {number: content(batches[number - 1]) for number in (3, 4, 5)}
    shown = {batches[2].id}
    proposed = propose(call.session, table, Retention(last=2), shown=shown, now=call.now)
    assert [each.version.number for each in proposed] == [1, 2]
    before = sum(path.stat().st_size for path in table_folder(table.id).rglob("*.*"))
    drop_versions(call, table, [1, 2], shown=shown)
    freed = clear_dropped(call, table.id)
    assert freed == sum(each.bytes for each in proposed) > 0
    assert before - sum(path.stat().st_size for path in table_folder(table.id).rglob("*.*")) == freed
    assert {number: content(batches[number - 1]) for number in kept} == kept, "version 3 needs files of 1"
    with pytest.raises(RowsDropped) as said:
        open_version(batches[0])
    assert said.value.facts["by"] == call.actor.name
    assert f"{call.now:%Y-%m-%d}" in said.value.facts["when"]
    cleared, entry = call.session.query(Entry).order_by(Entry.number.desc()).limit(2)
    assert (entry.action, entry.facts["numbers"]) == ("lake.retention.drop", [1, 2])
    assert (cleared.action, cleared.facts["bytes"]) == ("lake.retention.clear", freed)
    assert batches[0].delivery_id
    assert clear_dropped(call, table.id) == 0


def test_the_newest_and_shown_batches_are_never_dropped(
    call: Call, table: Table, batches: list[Version]
) -> None:
    for number, shown in ((5, set()), (2, {batches[1].id})):
        with pytest.raises(KeptVersion):
            drop_versions(call, table, [number], shown=shown)
    assert propose(call.session, table, Retention(), shown=(), now=call.now) == []
    set_retention(call, table, Retention(last=1, month_ends=True))
    assert Retention.from_dict(table.retention or {}) == Retention(last=1, month_ends=True)
    with pytest.raises(Invalid):
        Retention.from_dict({"last": "-1"})


def test_a_clearing_that_broke_off_is_finished_by_the_next_start(
    call: Call, table: Table, batches: list[Version], monkeypatch: pytest.MonkeyPatch
) -> None:
    unlink, done = Path.unlink, []

    def dies(path: Path, missing_ok: bool = False) -> None:
        if done:
            raise KeyboardInterrupt
        done.append(path)
        unlink(path, missing_ok)

    drop_versions(call, table, [1, 2, 3, 4], shown=())
    call.session.commit()
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Path, "unlink", dies)
        clear_dropped(call, table.id)
    call.session.rollback()
    sweep(call)
    needed = {layer.path for layer in open_version(batches[4]).layers}
    needed |= {layer.gone.file for layer in open_version(batches[4]).layers if layer.gone}
    there = {path for path in table_folder(table.id).rglob("*.*") if path.suffix in (".parquet", ".bin")}
    assert there == needed
    assert len(content(batches[4])) == 50
    assert all(v.freed_bytes is not None for v in versions_of(call.session, table.id)[1:])
