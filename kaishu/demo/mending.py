"""One made-up register that goes through the whole loop: delivered three times, checked each time, its work
orders accepted, refused and mended, its cells cleansed by an agreed plan, and checked again."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta

from kaishu import catalogue, jobs, lake, quality, source
from kaishu.access import TERMINAL, Actor, Call
from kaishu.base import clock, ids
from kaishu.db import session_scope
from kaishu.demo.registers import Register, as_file, deliver, stands
from kaishu.demo.ruling import FOLDER
from kaishu.jobs import cleansing, quality_checking
from kaishu.quality.models import WorkOrder

NAME, OFFICE = "demo-bus-shelters", "jiaotongju"
#: The register stands beside the city's own tables; where that is not whole it is left out.
BESIDE = "subway-lines-and-stations"
#: Rows and the share of flawed ones, by delivery: a new contractor first makes it worse.
DELIVERIES = ((180, 0.10), (220, 0.22), (240, 0.15))
REFUSED = "三队的站亭还没有分配线路，线路由规划处下月公布，现在无从填写。"
_PLACES = ("人民", "解放", "建设", "文化", "新华", "中山", "团结", "和平", "胜利", "友谊")
_KINDS = ("路口", "广场", "小区", "医院", "学校", "公园")
_HEADS = ("站亭编号", "站名", "所属线路", "养护队", "建成日期", "经度", "纬度", "联系电话", "巡查日期")
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def put_shelters(steward: Actor, reviewer: Actor) -> bool:
    """Deliver, check, order, cleanse; False if the city has the register, or cannot have it."""
    if not _wanted():
        return False
    today = clock.day_of(clock.now())
    for number in range(len(DELIVERIES)):
        table = _delivered(number, today)
        _agree_to_rules(table, steward, reviewer)
        quality_checking.check_now(TERMINAL, ids.new_id(), {"table_id": table}, _silent)
    _decide(table, steward)
    _cleanse(table, steward, reviewer)
    jobs.run_waiting()
    run = quality_checking.check_now(TERMINAL, ids.new_id(), {"table_id": table}, _silent)["run"]
    with session_scope() as session:
        call = Call(session, reviewer, clock.now(), ids.new_id())
        remark = "经纬度疑似填反，请对照地图核实。"
        quality.open_orders(call, quality.run_by_id(session, run), ["place"], remark=remark)
    return True


def _wanted() -> bool:
    with session_scope(write=False) as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        if not stands(call, BESIDE):
            return False
        return not stands(call, NAME) or not quality.cleansing_runs(session, _table(call))


def _table(call: Call) -> str:
    dataset = catalogue.dataset_by_name(call, NAME)
    return str(catalogue.draft_resources(call, dataset)[0].table_id)


def _delivered(number: int, today: date) -> str:
    """The table, with that delivery in it."""
    rows = _rows(number, today)
    if number == 0:
        deliver(Register(NAME, OFFICE, "公交站亭登记（虚构）", "Bus shelters (made up)", rows))
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        table = lake.table_by_id(session, _table(call))
        if len(lake.versions_of(session, table.id)) <= number:
            version = lake.ingest(call, source.receive(call, f"{NAME}.csv", as_file(rows)), table=table)
            entry = catalogue.draft_resources(call, catalogue.dataset_by_name(call, NAME))[0]
            catalogue.set_version(call, NAME, entry.id, version)
        return table.id


def _agree_to_rules(table: str, steward: Actor, reviewer: Actor) -> None:
    with session_scope() as session:
        if quality.rulebooks_of(session, table):
            return
        owner = Call(session, steward, clock.now(), ids.new_id())
        text = (FOLDER / "bus-shelters.yaml").read_text(encoding="utf-8")
        quality.keep_rules(owner, table, text, order_from="error")
        quality.submit_rules(owner, table)
        quality.approve_rules(owner, table)
        quality.approve_rules(Call(session, reviewer, owner.now, owner.request_id), table)


def _decide(table: str, steward: Actor) -> None:
    """The office takes on what it can mend, and refuses what it cannot."""
    with session_scope() as session:
        call = Call(session, steward, clock.now(), ids.new_id())
        for order, case in quality.orders(session, table=table):
            if case.state == "open":
                _answer(call, order)


def _answer(call: Call, order: WorkOrder) -> None:
    if order.rule_id == "line-given":
        quality.refuse_order(call, order.id, REFUSED)
    else:
        quality.accept_order(call, order.id)


def _cleanse(table: str, steward: Actor, reviewer: Actor) -> None:
    """The plan is agreed and run; the re-checks of the orders that it touches wait in the queue."""
    with session_scope() as session:
        owner = Call(session, steward, clock.now(), ids.new_id())
        if quality.plan_in_force(session, table) is None:
            text = (FOLDER / "bus-shelters.steps.yaml").read_text(encoding="utf-8")
            quality.keep_cleansing_plan(owner, table, text, importance={"建成日期": "high", "纬度": "low"})
            quality.submit_cleansing_plan(owner, table)
            quality.approve_cleansing_plan(owner, table)
            quality.approve_cleansing_plan(Call(session, reviewer, owner.now, owner.request_id), table)
    cleansing.run_now(steward, ids.new_id(), {"table_id": table, "dataset": NAME}, _silent)


def _rows(number: int, today: date) -> Sequence[Sequence[str]]:
    """The same at every build but for the dates, which count back from the day of it."""
    count, flawed = DELIVERIES[number]
    chance, slips = random.Random(7), random.Random(number)  # noqa: S311 - made-up shelters, no secrets
    rows = [list(_HEADS)]
    for each in range(1, count + 1):
        row = _shelter(each, today, chance)
        if slips.random() < flawed:
            _spoil(row, slips)
        if row[3] == "三队" and slips.random() < 0.5:
            row[2] = ""
        rows.append(row)
    twice = [list(row) for row in slips.sample(rows[1:], 2 + 3 * number)]
    for row in twice:
        row[8] = (today - timedelta(days=slips.randint(1, 20))).isoformat()
    return [*rows, *twice]


def _shelter(number: int, today: date, chance: random.Random) -> list[str]:
    built = today - timedelta(days=chance.randint(900, 6000))
    seen = today - timedelta(days=chance.randint(30, 700))
    name = chance.choice(_PLACES) + chance.choice(_KINDS)
    return [
        f"ZT{number:04}",
        f"{name}站",
        f"{chance.randint(1, 48)}路",
        chance.choice(("一队", "二队", "三队", "四队")),
        built.isoformat(),
        f"{chance.uniform(117.1, 117.6):.5f}",
        f"{chance.uniform(34.1, 34.5):.5f}",
        f"199{chance.randint(0, 99_999_999):08}",
        seen.isoformat(),
    ]


def _spoil(row: list[str], slips: random.Random) -> None:
    """One slip of those that people make when they fill in a table."""
    built = date.fromisoformat(row[4])
    slip = slips.randrange(7)
    if slip == 0:
        row[1] = f" {row[1]}　"
    elif slip == 1:
        row[7] = row[7].translate(_WIDE)
    elif slip == 2:
        row[4] = f"{built.year}年{built.month}月{built.day}日"
    elif slip == 3:
        row[4] = f"{built.year}/{built.month}/{built.day}"
    elif slip == 4:
        row[5], row[6] = row[6], row[5]
    elif slip == 5:
        row[7] = row[7][:-1]
    else:
        row[4] = f"{built.year}.{built.month}.31" if built.month in (2, 4, 6, 9, 11) else f"{built.year}年"


def _silent(done: int, total: int) -> None:
    """Nobody looks on."""
