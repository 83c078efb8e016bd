"""Cleansing of a stored table: from a plan in review to a new version, its record, and back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pytest

from kaishu import access, lake, quality, source
from kaishu.access import Actor, Call, Role
from kaishu.access.errors import NotAllowed
from kaishu.base import clock, ids, settings
from kaishu.base.errors import NotFound
from kaishu.db import session_scope
from kaishu.lake.errors import VersionMoved
from kaishu.lake.models import Table, Version
from kaishu.quality.errors import (
    BadSteps,
    CannotUndo,
    ChangesNotKept,
    CleansingUnderReview,
    NoCleansing,
    SameOwner,
)
from kaishu.quality.models import CleansingRun

STEPS = """\
key: 编号
steps:
  - id: blanks
    step: trim
    column: 名称
  - id: height
    step: numbers
    column: 高度
  - id: twice
    step: deduplicate
    column: 编号
  - id: kind
    step: split
    column: 名称
    into: [类, 号]
    separator: "-"
"""
TABLE = "编号,名称,高度,日期\n1, 灯-1 ,八,2024-01-02\n2,灯-2,8,2024-01-03\n2,灯-2,8,\n3,　灯3,高,2024-01-05\n"


def nobody(name: str) -> Version:
    raise NotFound(kind="数据集 dataset", name=name)


@contextmanager
def calling(actor: Actor) -> Iterator[Call]:
    with session_scope() as session:
        yield Call(session, actor, clock.now(), ids.new_id())


class Lamps:
    """A table of an office, its steward and a reviewer."""

    def __init__(self, tmp_path: Path) -> None:
        self.folder = tmp_path
        with calling(access.TERMINAL) as call:
            self.office = access.add_office(call, title="路灯管理处", name="lamps", code="11000001").id
            self.table = lake.add_table(call, self.office).id
        self.steward = Actor("person", "s", "管理员甲", Role.steward, self.office)
        self.reviewer = Actor("person", "r", "审核员乙", Role.reviewer)
        self.stranger = Actor("person", "x", "外单位", Role.steward, "other")

    def load(self, text: str = TABLE) -> Version:
        path = self.folder / f"{ids.new_id()}.csv"
        path.write_text(text, encoding="utf-8")
        with calling(access.TERMINAL) as call:
            delivery = source.receive_path(call, path)
            return lake.ingest(call, delivery, table=lake.table_by_id(call.session, self.table))

    def force(self, text: str = STEPS) -> None:
        with calling(self.steward) as call:
            quality.keep_cleansing_plan(call, self.table, text)
            quality.submit_cleansing_plan(call, self.table)
            quality.approve_cleansing_plan(call, self.table)
        with calling(self.reviewer) as call:
            quality.approve_cleansing_plan(call, self.table)

    def compute(self) -> quality.CleansedVersion:
        with session_scope(write=False) as session:
            call = Call(session, self.steward, clock.now(), ids.new_id())
            prepared = quality.prepare_cleansing(call, self.table, nobody)
        return quality.compute_cleansing(prepared)

    def run(self) -> CleansingRun:
        computed = self.compute()
        with calling(self.steward) as call:
            return quality.keep_cleansing(call, ids.new_id(), computed)

    def undo(self, run: CleansingRun) -> CleansingRun:
        with session_scope(write=False) as session:
            prepared = quality.prepare_undo(Call(session, self.steward, clock.now(), ids.new_id()), run.id)
        computed = quality.compute_undo(prepared)
        with calling(self.steward) as call:
            return quality.keep_undo(call, ids.new_id(), computed)

    def rows(self, version_id: str) -> pl.DataFrame:
        with session_scope(write=False) as session:
            version = lake.version_by_id(session, version_id)
        return lake.open_version(version).lazy().collect()


@pytest.fixture
def lamps(home: Path, tmp_path: Path) -> Lamps:
    return Lamps(tmp_path)


def test_a_plan_runs_only_after_two_different_people_have_agreed(lamps: Lamps) -> None:
    lamps.load()
    administrator = Actor("person", "a", "管理员丙", Role.administrator)
    with calling(administrator) as call:
        quality.keep_cleansing_plan(call, lamps.table, STEPS)
        with pytest.raises(NoCleansing):
            quality.prepare_cleansing(call, lamps.table, nobody)
        quality.submit_cleansing_plan(call, lamps.table)
        with pytest.raises(CleansingUnderReview):
            quality.keep_cleansing_plan(call, lamps.table, STEPS)
        quality.approve_cleansing_plan(call, lamps.table)
        with pytest.raises(SameOwner):
            quality.approve_cleansing_plan(call, lamps.table)
    with calling(lamps.reviewer) as call:
        plan = quality.return_cleansing_plan(call, lamps.table, "先核对")
        assert (plan.state, plan.reason) == ("returned", "先核对")
    lamps.force()
    with calling(lamps.stranger) as call, pytest.raises(NotAllowed):
        quality.prepare_cleansing(call, lamps.table, nobody)
    with calling(lamps.stranger) as call, pytest.raises(NotAllowed):
        quality.keep_cleansing_plan(call, lamps.table, STEPS)


def test_steps_are_held_against_the_newest_version_and_name_no_files(lamps: Lamps) -> None:
    lamps.load()
    with calling(lamps.steward) as call:
        with pytest.raises(BadSteps) as wrong:
            quality.keep_cleansing_plan(call, lamps.table, "steps:\n  - step: trim\n    column: 名\n")
        assert wrong.value.problems[0].line == 3
        filed = "steps:\n  - {step: fill, column: 高度, key: 编号, reference: ../x.csv}\n"
        with pytest.raises(BadSteps, match="dataset"):
            quality.keep_cleansing_plan(call, lamps.table, filed)


def test_cleansing_makes_a_version_with_its_record_and_undoing_brings_the_rows_back(lamps: Lamps) -> None:
    before = lamps.load()
    lamps.force()
    run = lamps.run()
    cleansed = lamps.rows(run.version_id)
    assert cleansed["名称"].to_list() == ["灯-1", "灯-2", "灯3"]
    assert cleansed["高度"].to_list() == ["8", "8", "高"]
    assert cleansed["类"].to_list() == ["灯", "灯", None]
    counts = {step["id"]: (step["changed"], step["removed"], step["refused"]) for step in run.steps}
    assert counts == {"blanks": (2, 0, 0), "height": (1, 0, 1), "twice": (0, 1, 0), "kind": (0, 0, 1)}
    with session_scope(write=False) as session:
        made = lake.version_by_id(session, run.version_id)
        record = pl.read_parquet(quality.changes_path(made))
        table = session.get_one(Table, lamps.table)
    assert (made.number, made.mode, table.update) == (2, "cleanse", {"mode": "replace"})
    changed = record.filter(pl.col("kind") == "changed").select("row", "key", "column", "old", "new")
    assert changed.rows() == [
        (1, "1", "名称", " 灯-1 ", "灯-1"),
        (4, "3", "名称", "　灯3", "灯3"),
        (1, "1", "高度", "八", "8"),
    ]
    back = lamps.undo(run)
    assert lamps.rows(back.version_id).equals(lamps.rows(before.id))
    with session_scope(write=False) as session:
        restored = lake.version_by_id(session, back.version_id)
        assert restored.columns == before.columns and restored.mode == "undo"
        assert not quality.may_be_undone(session, back)
    assert lamps.rows(run.version_id).equals(cleansed)


def test_a_batch_that_comes_meanwhile_is_not_lost_and_ends_what_can_be_undone(lamps: Lamps) -> None:
    lamps.load()
    lamps.force()
    computed = lamps.compute()
    later = lamps.load(TABLE.replace("灯-1", "灯-9"))
    with calling(lamps.steward) as call, pytest.raises(VersionMoved):
        quality.keep_cleansing(call, ids.new_id(), computed)
    run = lamps.run()
    assert run.base_id == later.id and lamps.rows(run.version_id)["名称"][0] == "灯-9"
    lamps.load()
    with calling(lamps.steward) as call, pytest.raises(CannotUndo):
        quality.prepare_undo(call, run.id)


def test_nothing_to_mend_makes_no_version(lamps: Lamps) -> None:
    lamps.load("编号,名称,高度\n1,a,8\n")
    lamps.force("steps:\n  - {step: trim, column: 名称}\n")
    assert lamps.compute().staged is None
    with session_scope(write=False) as session:
        assert len(lake.versions_of(session, lamps.table)) == 1
    assert [path.name for path in (settings.home() / "lake/unfinished").iterdir()] == []


def test_listed_rows_are_on_record_once(lamps: Lamps) -> None:
    lamps.load()
    lamps.force("steps:\n  - {step: tolerate, condition: 高度 = '高'}\n")
    run = lamps.run()
    assert run.listed == 1 and run.steps[0]["tolerated"] == 1
    assert lamps.compute().staged is None


def test_the_record_goes_with_the_rows_of_its_version(lamps: Lamps) -> None:
    lamps.load()
    lamps.force()
    run = lamps.run()
    lamps.load()
    with calling(lamps.steward) as call:
        table = lake.table_by_id(call.session, lamps.table)
        lake.drop_versions(call, table, [2], shown=())
    with calling(lamps.steward) as call:
        lake.clear_dropped(call, lamps.table)
        with pytest.raises(ChangesNotKept):
            quality.changes_path(lake.version_by_id(call.session, run.version_id))


def test_cells_are_filled_from_another_table_of_the_platform(lamps: Lamps) -> None:
    reference = Lamps.__new__(Lamps)
    reference.__dict__.update(lamps.__dict__)
    with calling(access.TERMINAL) as call:
        reference.table = lake.add_table(call, lamps.office).id
    heights = reference.load("号,高\n1,5\n3,7\n3,9\n")
    lamps.load("编号,高度\n1,\n2,6\n3,\n")
    lamps.force(
        "steps:\n  - {step: fill, column: 高度, reference: heights,\n"
        "     key: 编号, reference-key: 号, value: 高}\n"
    )
    with session_scope(write=False) as session:
        call = Call(session, lamps.steward, clock.now(), ids.new_id())
        prepared = quality.prepare_cleansing(call, lamps.table, {"heights": heights}.__getitem__)
    seen = quality.preview_cleansing(prepared)["steps"][0]
    assert (seen["changed"], seen["refused"]) == (1, 1), "two values for one key are none"
    with calling(lamps.steward) as call:
        run = quality.keep_cleansing(call, ids.new_id(), quality.compute_cleansing(prepared))
    assert lamps.rows(run.version_id)["高度"].to_list() == [5, 6, None]
