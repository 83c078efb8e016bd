"""Rules of a stored table, their checks and work orders: from draft to a closed order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from kaishu import access, casework, lake, quality, source, standards
from kaishu.access import Actor, Call, Role
from kaishu.base import clock, ids, settings
from kaishu.base.errors import NotFound
from kaishu.db import session_scope
from kaishu.lake.models import Version
from kaishu.quality.errors import BadRules, NothingFailed, OrderOpen, RowsNotKept, SameOwner, UnderReview
from kaishu.quality.models import Run

RULES = """\
table: 路灯
key: 编号
rules:
  - id: unique
    check: unique
    column: 编号
    level: critical
  - id: height
    title: 灯高应为正数
    check: range
    column: 高度
    min: 1
    levels: {error: 5}
  - id: rows
    check: volatility
    by: 50%
"""
BAD = "编号,高度,来源\n" + "".join(
    f"{n},{-1 if n % 4 == 0 else 8},{'旧系统' if n % 4 == 0 or n == 1 else '新系统'}\n" for n in range(1, 101)
)
GOOD = BAD.replace(",-1,", ",8,")


def nobody(name: str) -> Version:
    raise NotFound(kind="数据集 dataset", name=name)


@contextmanager
def calling(actor: Actor) -> Iterator[Call]:
    with session_scope() as session:
        yield Call(session, actor, clock.now(), ids.new_id())


class Lamps:
    """A table of an office, its steward and two reviewers."""

    def __init__(self, tmp_path: Path) -> None:
        self.folder = tmp_path
        with calling(access.TERMINAL) as call:
            office = access.add_office(call, title="路灯管理处", name="lamps", code="11000001")
            self.office = office.id
            self.table = lake.add_table(call, office.id).id
        self.steward = Actor("person", "s", "管理员甲", Role.steward, self.office)
        self.reviewer = Actor("person", "r", "审核员乙", Role.reviewer)
        self.administrator = Actor("person", "a", "管理员丙", Role.administrator)

    def load(self, text: str) -> str:
        path = self.folder / f"{ids.new_id()}.csv"
        path.write_text(text, encoding="utf-8")
        with calling(access.TERMINAL) as call:
            delivery = source.receive_path(call, path)
            return lake.ingest(call, delivery, table=lake.table_by_id(call.session, self.table)).id

    def force(self, text: str = RULES, **settings: object) -> None:
        with calling(self.steward) as call:
            quality.keep_rules(call, self.table, text, **settings)  # type: ignore[arg-type]
            quality.submit_rules(call, self.table)
            quality.approve_rules(call, self.table)
        with calling(self.reviewer) as call:
            quality.approve_rules(call, self.table)

    def check(self, *only: str) -> Run:
        with session_scope(write=False) as session:
            call = Call(session, self.steward, clock.now(), ids.new_id())
            prepared = quality.prepare_check(call, self.table, nobody, only=only)
        computed = quality.compute_check(prepared)
        with calling(self.steward) as call:
            return quality.keep_check(call, computed)


@pytest.fixture
def lamps(home: Path, tmp_path: Path) -> Lamps:
    return Lamps(tmp_path)


def test_rules_count_only_after_two_different_people_have_agreed(lamps: Lamps) -> None:
    lamps.load(BAD)
    with calling(lamps.administrator) as call:
        quality.keep_rules(call, lamps.table, RULES)
        quality.submit_rules(call, lamps.table)
        with pytest.raises(UnderReview):
            quality.keep_rules(call, lamps.table, RULES)
        assert quality.approve_rules(call, lamps.table).state == "approved"
        with pytest.raises(SameOwner):
            quality.approve_rules(call, lamps.table)
        assert quality.book_in_force(call.session, lamps.table) is None
    with calling(lamps.reviewer) as call:
        book = quality.approve_rules(call, lamps.table)
    assert (book.state, book.business, book.technical) == ("in-force", "管理员丙", "审核员乙")


def test_a_mistake_is_told_with_its_line_and_files_of_the_machine_cannot_be_referred_to(lamps: Lamps) -> None:
    lamps.load(BAD)
    spied = "rules:\n  - check: exists\n    column: 编号\n    reference: ../records/kaishu.db\n"
    for text, line in ((RULES.replace("高度", "高渡"), 11), (spied, 4)):
        with calling(lamps.steward) as call, pytest.raises(BadRules) as raised:
            quality.keep_rules(call, lamps.table, text)
        assert [problem.line for problem in raised.value.problems] == [line]
    with calling(lamps.steward) as call:
        assert quality.rulebooks_of(call.session, lamps.table) == []


def test_new_rules_replace_the_old_when_they_come_into_force(lamps: Lamps) -> None:
    lamps.load(BAD)
    lamps.force()
    with calling(lamps.steward) as call:
        quality.keep_rules(call, lamps.table, RULES.replace("50%", "10%"))
        quality.submit_rules(call, lamps.table)
        quality.return_rules(call, lamps.table, "太严")
        assert quality.book_in_force(call.session, lamps.table).number == 1  # type: ignore[union-attr]
    lamps.force(RULES.replace("50%", "20%"))
    with calling(lamps.steward) as call:
        states = [(book.number, book.state) for book in quality.rulebooks_of(call.session, lamps.table)]
    assert states == [(2, "in-force"), (1, "replaced")]


def test_a_check_keeps_counts_samples_all_failing_rows_and_where_they_come_from(lamps: Lamps) -> None:
    lamps.load(BAD)
    lamps.force()
    with calling(lamps.steward) as call:
        assert quality.unchecked_tables(call.session) == [lamps.table]
    run = lamps.check()
    with calling(lamps.steward) as call:
        assert quality.unchecked_tables(call.session) == []
        found = {each.rule_id: each for each in quality.findings_of_run(call.session, run.id)}
        rows = list(quality.failing_rows(call, run, "height"))
        page = quality.failing_page(run, "height", after=rows.index(rows[9]), limit=3)
    height = found["height"]
    assert (height.checked, height.failed, height.level) == (100, 25, "error")
    assert [row["row"] for row in rows] == list(range(4, 101, 4))
    assert [each["row"] for each in page] == [44, 48, 52]
    assert {hint["column"] for hint in height.hints} >= {"来源"}
    hint = next(hint for hint in height.hints if hint["column"] == "来源")
    assert (hint["kind"], hint["value"], hint["failing"], hint["share"]) == ("source", "旧系统", 25, 1.0)
    assert (run.listed, run.failing, run.level) == (25, 1, "error")


def test_that_cells_without_a_value_have_none_is_no_hint(lamps: Lamps) -> None:
    rows = "".join(
        f"{n},{'' if n % 5 == 0 else n % 7},{'三队' if n % 5 == 0 else '一队'}\n" for n in range(100)
    )
    lamps.load(f"编号,线路,养护\n{rows}")
    lamps.force("rules:\n  - {id: line, check: not-null, column: 线路}\n")
    run = lamps.check()
    with calling(lamps.steward) as call:
        (line,) = quality.findings_of_run(call.session, run.id)
    assert [(hint["column"], hint["value"]) for hint in line.hints] == [("养护", "三队")]


def test_values_are_masked_for_whoever_may_not_read_the_table(lamps: Lamps) -> None:
    lamps.load(BAD)
    for actor, sees in ((lamps.steward, True), (lamps.reviewer, True), (access.VISITOR, False)):
        with calling(actor) as call:
            assert quality.may_read_rows(call, lamps.table) is sees
    assert quality.masked("110101199001011234") == "1••••••••"
    assert quality.masked("姓名=张三; 性别=") == "姓名=张•; 性别="
    assert quality.masked(None) is None


def test_rules_refer_to_other_tables_of_the_platform_by_name(lamps: Lamps) -> None:
    known = lamps.load("号\n" + "".join(f"{n}\n" for n in range(1, 91)))
    with calling(access.TERMINAL) as call:
        lamps.table = lake.add_table(call, lamps.office).id
    lamps.load(BAD)
    lamps.force(
        "rules: [{id: known, check: exists, column: 编号, reference: known-lamps, reference-column: 号}]"
    )
    asked: list[str] = []
    with session_scope(write=False) as session:
        call = Call(session, lamps.steward, clock.now(), ids.new_id())

        def resolve(name: str) -> Version:
            asked.append(name)
            return lake.version_by_id(session, known)

        prepared = quality.prepare_check(call, lamps.table, resolve)
    result = quality.compute_check(prepared).result
    assert asked == ["known-lamps"]
    assert result is not None and [each.failed for each in result.rules] == [10]


def test_trend_and_volatility_compare_with_earlier_versions(lamps: Lamps) -> None:
    lamps.load(BAD)
    lamps.force()
    lamps.check()
    lamps.load("".join(GOOD.splitlines(keepends=True)[:31]))
    run = lamps.check()
    with calling(lamps.steward) as call:
        found = {each.rule_id: each for each in quality.findings_of_run(call.session, run.id)}
        assert quality.courses(call.session, lamps.table)["height"] == [(1, 100, 25), (2, 30, 0)]
    assert found["rows"].failed == 1


def test_rules_that_no_longer_fit_are_a_check_with_trouble_and_nothing_half(lamps: Lamps) -> None:
    lamps.load(BAD)
    lamps.force()
    lamps.load("号码,高度\n1,2\n")
    run = lamps.check()
    assert not run.sound and run.trouble["zh"]["code"] == "quality.bad-rules"
    assert list(settings.folder("findings").iterdir()) == []


def test_an_order_is_closed_only_by_a_recheck_of_the_claimed_rule(lamps: Lamps) -> None:
    lamps.load(BAD)
    lamps.force()
    run = lamps.check()
    with calling(lamps.reviewer) as call:
        order = quality.open_orders(call, run, ["height"], remark="请核对")[0]
        with pytest.raises(OrderOpen):
            quality.open_orders(call, run, ["height"])
        with pytest.raises(NothingFailed):
            quality.open_orders(call, run, ["unique"])
        _, case = quality.order_by_id(call.session, order.id)
        assert case.due_on == standards.add_working_days(clock.day_of(call.now), quality.DAYS["error"])
    for text, state, failed in ((BAD, "accepted", 25), (GOOD, "closed", 0)):
        lamps.load(text)
        with calling(lamps.steward) as call:
            quality.claim_mended(call, order.id)
        recheck = lamps.check("height")
        with calling(lamps.steward) as call:
            assert [each.rule_id for each in quality.findings_of_run(call.session, recheck.id)] == ["height"]
            order = quality.conclude_recheck(call, order.id, recheck)
            _, case = quality.order_by_id(call.session, order.id)
            assert (case.state, order.last_failed) == (state, failed)
    with calling(lamps.reviewer) as call:
        assert quality.orders(call.session) == []


def test_rules_can_open_orders_by_level_but_not_twice_and_not_where_exempted(lamps: Lamps) -> None:
    lamps.load(BAD)
    lamps.force(order_from="error")
    run = lamps.check()
    with calling(access.SYSTEM) as call:
        opened = quality.open_orders_by_level(call, run)
        assert [(order.rule_id, order.origin) for order in opened] == [("height", "check")]
        assert quality.open_orders_by_level(call, run) == []
    with calling(lamps.steward) as call:
        quality.refuse_order(call, opened[0].id, "旧灯柱不在管辖范围")
    with calling(lamps.reviewer) as call:
        quality.exempt_order(call, opened[0].id, "年底前移交", clock.day_of(call.now) + timedelta(days=30))
        assert quality.open_orders_by_level(call, run) == []
        assert quality.exempt_rules(call.session, lamps.table, clock.day_of(call.now)) == {"height"}


def test_orders_are_reminded_of_before_and_escalated_after_their_last_day(lamps: Lamps) -> None:
    lamps.load(BAD)
    lamps.force()
    run = lamps.check()
    with calling(lamps.reviewer) as call:
        order = quality.open_orders(call, run, ["height"])[0]
        _, case = quality.order_by_id(call.session, order.id)
        due = case.due_on
        assert due is not None
    said: list[dict[str, int]] = []
    for days in (-5, -1, -1, 1, 2):
        with session_scope() as session:
            moment = clock.now().replace(year=due.year, month=due.month, day=due.day) + timedelta(days=days)
            said.append(quality.remind_and_escalate(Call(session, access.SYSTEM, moment, ids.new_id())))
    nothing = {"reminded": 0, "escalated": 0}
    assert said == [nothing, {**nothing, "reminded": 1}, nothing, {**nothing, "escalated": 1}, nothing]


def test_failing_rows_are_kept_for_the_newest_checks_only(
    lamps: Lamps, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kaishu.quality import failures

    monkeypatch.setattr(failures, "KEPT", 1)
    lamps.load(BAD)
    lamps.force()
    first, second = lamps.check(), lamps.check()
    with calling(access.SYSTEM) as call:
        assert quality.tidy_failing_rows(call) == 1
    with calling(lamps.steward) as call:
        assert len(quality.failing_page(second, "height")) == 25
        with pytest.raises(RowsNotKept):
            quality.failing_page(call.session.get_one(Run, first.id), "height")


def test_what_a_dead_process_left_goes_after_a_day_and_a_running_check_is_left_alone(lamps: Lamps) -> None:
    lamps.load(BAD)
    folder = settings.folder("findings")
    dead, running = folder / f"{ids.new_id()}.parquet", folder / f".{ids.new_id()}.parquet.part"
    for path in (dead, running):
        path.write_bytes(b"PAR1")
    os.utime(dead, (0, 0))
    with calling(access.SYSTEM) as call:
        assert quality.tidy_failing_rows(call) == 0
    assert list(folder.iterdir()) == [running]


@pytest.mark.parametrize("act", [quality.claim_mended, quality.accept_order])
def test_another_office_cannot_touch_an_order(lamps: Lamps, act: Callable[[Call, str], object]) -> None:
    lamps.load(BAD)
    lamps.force()
    run = lamps.check()
    with calling(lamps.reviewer) as call:
        order = quality.open_orders(call, run, ["height"])[0]
    stranger = Actor("person", "x", "别处", Role.steward, "elsewhere")
    with pytest.raises(access.errors.OtherOffice), calling(stranger) as call:
        act(call, order.id)
    with calling(lamps.steward) as call:
        assert casework.case_by_id(call.session, order.case_id).state == "open"
