"""One standard entity of the city: people, made of three registers that are made up from end to end.

Numbers begin with 99, which is no division of the country, so that none can be anybody's.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass

from kaishu import access, catalogue, lake, source, standardisation
from kaishu.access import TERMINAL, Actor, Call
from kaishu.base import clock, ids
from kaishu.base.errors import NotFound
from kaishu.db import session_scope
from kaishu.jobs import standardising

NAME, OWNER = "persons", "minzhengju"
#: The registers stand beside the city's own tables; where that is not whole they are left out.
BESIDE = "county-divisions"
PEOPLE = 60
_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = ("小明", "建国", "秀英", "丽", "伟", "芳", "敏", "静", "磊", "军", "洋", "艳", "勇", "娟", "涛")
_STREETS = ("开数路", "数据大道", "目录巷", "标准街", "共享里", "开放路")
MAPPING = """# 虚构的三份登记：民政的户籍登记、教育的学籍登记、交通的公交优惠卡登记。
entity: person
sources:
  - name: 民政户籍登记
    table: demo-residents
    unique: true
    updated: 登记日期
    fields:
      id_number: 公民身份号码
      name: 姓名
      sex: {column: 性别, values: {男: "1", 女: "2"}}
      birth_date: 出生日期
      address: 住址
  - name: 教育学籍登记
    table: demo-pupils
    unique: true
    id: 学籍号
    updated: 更新日期
    fields:
      id_number: 证件号码
      name: 学生姓名
      birth_date: 出生日期
      address: 家庭住址
      mobile: 联系电话
  - name: 公交优惠卡登记
    table: demo-bus-cards
    unique: true
    id: 卡号
    updated: 办卡日期
    fields:
      id_number: 身份证号
      name: 姓名
      birth_date: 生日
      address: 地址
      mobile: 手机号
survivorship:
  address: [newest, longest]
  mobile: newest
probable: {sure: 0.99, review: 0.01}
"""


@dataclass(frozen=True, slots=True)
class Register:
    """A made-up register: its dataset, its office, and its rows with the heads first."""

    name: str
    office: str
    title: str
    title_en: str
    rows: Sequence[Sequence[str]]


def put_standard(stewards: dict[str, Actor], reviewer: Actor) -> bool:
    """Make the registers, agree to the mapping and run it; False if that was done, or cannot be."""
    if not _wanted():
        return False
    for register in _registers():
        deliver(register)
    with session_scope() as session:
        call = Call(session, reviewer, clock.now(), ids.new_id())
        owner = access.office_by_name(session, OWNER)
        standardisation.add_standard(call, name=NAME, title="人口", title_en="People", office=owner.name)
        standardisation.keep_mapping(call, NAME, MAPPING, catalogue.find_registers(call))
        standardisation.submit_mapping(call, NAME)
        for office in (OWNER, "jiaoyuju", "jiaotongju"):
            answering = Call(session, stewards[office], call.now, call.request_id)
            standardisation.answer_mapping(answering, NAME, office, True)
        standardisation.put_in_force(call, NAME)
    standardising.run_now(reviewer, ids.new_id(), NAME, False, lambda done, total: None)
    return True


def _wanted() -> bool:
    with session_scope(write=False) as session:
        if not stands(Call(session, TERMINAL, clock.now(), ids.new_id()), BESIDE):
            return False
        return all(each.name != NAME for each in standardisation.standards(session))


def stands(call: Call, name: str) -> bool:
    """Is that dataset there?"""
    try:
        catalogue.dataset_by_name(call, name)
    except NotFound:
        return False
    return True


def as_file(rows: Sequence[Sequence[str]]) -> io.BytesIO:
    """Rows as a CSV file."""
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return io.BytesIO(written.getvalue().encode())


def deliver(register: Register) -> None:
    """Take a register in as a draft; one that is there from an interrupted build stays."""
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        if not stands(call, register.name):
            record = catalogue.DatasetRecord(title=register.title, title_en=register.title_en, source="虚构")
            dataset = catalogue.add_dataset(call, record=record, office=register.office, name=register.name)
            delivery = source.receive(call, f"{register.name}.csv", as_file(register.rows))
            table = lake.add_table(call, dataset.office_id)
            made = catalogue.add_resource(call, dataset.name, name=register.title, table=table)
            version = lake.ingest(call, delivery, table=table)
            catalogue.set_version(call, dataset.name, made.id, version)


def _registers() -> list[Register]:
    """The same at every build: who is in which register, and what is written otherwise there."""
    chance = random.Random(19)  # noqa: S311 - made-up people, no secrets
    residents = [["公民身份号码", "姓名", "性别", "出生日期", "住址", "登记日期"]]
    pupils = [["学籍号", "证件号码", "学生姓名", "出生日期", "家庭住址", "联系电话", "更新日期"]]
    cards = [["卡号", "身份证号", "姓名", "生日", "地址", "手机号", "办卡日期"]]
    for number in range(PEOPLE):
        name = chance.choice(_FAMILY) + chance.choice(_GIVEN)
        day = f"{chance.randint(1950, 2015)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        man = chance.random() < 0.5
        id = _number(day, number * 2 + man)
        home = _home(chance)
        moved = _home(chance) if chance.random() < 0.15 else home
        phone = f"199{chance.randint(0, 99_999_999):08}"
        residents.append([id, name, "男" if man else "女", day, home, "2023-05-01"])
        if number % 2 == 0:
            # Some are left to people: no number, and another name at the same address.
            doubtful = number % 12 == 0
            shown = "" if chance.random() < 0.25 or doubtful else id
            slip = name[0] + chance.choice(_GIVEN) if chance.random() < 0.12 or doubtful else name
            pupils.append(
                [f"XJ{number:04}", shown, slip, day, home if doubtful else moved, phone, "2025-09-01"]
            )
        if number % 3 == 0:
            shown = "" if chance.random() < 0.35 else id
            born = day.replace("-", "/") if chance.random() < 0.5 else day
            told = phone if chance.random() < 0.8 else f"199{chance.randint(0, 99_999_999):08}"
            cards.append([f"BK{number:04}", shown, name, born, home, told, "2024-03-15"])
    return [
        Register("demo-residents", OWNER, "户籍登记（虚构）", "Residents (made up)", residents),
        Register("demo-pupils", "jiaoyuju", "学籍登记（虚构）", "Pupils (made up)", pupils),
        Register("demo-bus-cards", "jiaotongju", "公交优惠卡登记（虚构）", "Bus cards (made up)", cards),
    ]


def _home(chance: random.Random) -> str:
    return f"开数市{chance.choice(_STREETS)}{chance.randint(1, 99)}号"


def _number(day: str, serial: int) -> str:
    """A number with a right check digit (GB 11643) of a division that does not exist."""
    digits = f"990101{day.replace('-', '')}{serial:03}"
    total = sum(2 ** (17 - place) % 11 * int(digit) for place, digit in enumerate(digits))
    return digits + "10X98765432"[total % 11]
