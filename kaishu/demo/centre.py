"""What comes into the city's data-resource centre: a source with its contracts, deliveries that were on time,
late, empty and not there, data elements under review, a rule for old versions, a table to be explored.

All is made up but the times: what came is written down when it came, at the building of the city.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.orm import Session

from kaishu import catalogue, elements, jobs, lake, queue, source
from kaishu.access import TERMINAL, Actor, Call
from kaishu.base import clock, ids
from kaishu.base.errors import KaishuError
from kaishu.db import session_scope
from kaishu.demo.registers import stands

#: The folder that the city's source stands in; whoever serves the city allows it to be read.
SOURCE_FOLDER = Path(__file__).parent / "source"
REGISTRY, PULLED = "school-registry", "demo-schools"
#: The centre is filled beside the city's own tables; where that is not whole it is left out.
BESIDE = "county-divisions"
QUERY = (
    "SELECT s.district AS 区, t.subject AS 学科, count(*) AS 教师数 FROM teachers t "
    "JOIN schools s ON s.school_code = t.school_code GROUP BY s.district, t.subject ORDER BY 3 DESC"
)
#: Contract and dataset: title, English title, by when each day, and the file that came, if any did.
PUSHED: Mapping[str, tuple[str, str, str, str | None]] = {
    "demo-school-meals": (
        "学校供餐日报（虚构）",
        "School meals by day (made up)",
        "23:59",
        "学校代码,份数\nKS0001,312\nKS0002,287\n",
    ),
    "demo-school-visits": (
        "校门访客登记（虚构）",
        "Visitors at school gates (made up)",
        "00:00",
        "学校代码,访客数\nKS0001,4\n",
    ),
    "demo-school-closures": ("停课通知（虚构）", "Closures of schools (made up)", "23:59", "学校代码,原因\n"),
    "demo-school-buses": ("校车到校登记（虚构）", "Arrivals of school buses (made up)", "00:00", None),
}
ELEMENTS = (
    {
        "code": "bus-card-number",
        "name": "公交卡号",
        "name_en": "Bus card number",
        "letter": "C",
        "representation": "an6..20",
        "object_class": "公交卡",
        "feature": "编号",
        "definition": "发卡机构印在卡面上的编号。",
        "definition_en": "The number that whoever issues the card prints on it.",
        "synonyms": ["卡号", "优惠卡号"],
    },
    {
        "code": "bus-line-number",
        "name": "公交线路编号",
        "name_en": "Bus line number",
        "letter": "C",
        "representation": "an..10",
        "object_class": "公交线路",
        "feature": "编号",
        "definition": "线路牌上写的编号，包括字母。",
        "definition_en": "What the sign of the line says, letters included.",
        "synonyms": ["线路号"],
    },
)
OBJECTION = "学生卡也印有卡号，请写明是否包括学生卡。"
MEANT = {"l.lb": "line-name", "lb": "station-name"}
AGED, EXPLORED, ENTERED = "covid19-latest-day", "street-divisions", "subway-lines-and-stations"


def put_centre(people: Mapping[str, Actor], reviewer: Actor) -> bool:
    """Fill the centre; False if that was done, or cannot be."""
    with session_scope(write=False) as session:
        call = _call(session, TERMINAL)
        if not stands(call, BESIDE) or any(each.name == REGISTRY for each in source.sources(call)):
            return False
    _put_source(people["jiaoyu"], reviewer)
    _put_pushes(people["jiaoyu"])
    _put_elements(people["jiaotong"], people["jiaoyu"], reviewer)
    with session_scope() as session:
        _age_versions(_call(session, people["admin"]))
        _leave_exploring(_call(session, reviewer))
        _enter_table(_call(session, people["jiaotong"]), _call(session, reviewer))
    return True


def _put_source(steward: Actor, reviewer: Actor) -> None:
    """A SQLite file: registered, certified by the other person, looked at, pulled and asked."""
    with session_scope() as session:
        call = _call(session, steward)
        made = source.add_source(
            call,
            name=REGISTRY,
            kind="sqlite",
            office="jiaoyuju",
            title="教育局学籍库（虚构）",
            options={"path": str(SOURCE_FOLDER / "school_registry.sqlite")},
        )
        source.certify_source(_call(session, reviewer), REGISTRY)
        place = source.place_of(made)
        _dataset(call, PULLED, "小学名册（虚构）", "Primary schools (made up)")
        draft = source.ContractDraft(
            name="schools-by-month", source=REGISTRY, table="schools", dataset=PULLED, grace=20
        )
        source.make_contract(call, draft, made.office_id)
        source.register_query(call, name="teachers-by-subject", source=REGISTRY, query=QUERY)
    try:
        seen: list[source.FoundTable] | KaishuError = source.look_at(place)
    except KaishuError as error:  # its folder is not allowed here: the page says so
        seen = error
    with session_scope() as session:
        source.keep_look(_call(session, steward), REGISTRY, seen)
    if not isinstance(seen, KaishuError):
        jobs.pull(steward, "schools-by-month")


def _put_pushes(steward: Actor) -> None:
    for name, (title, title_en, at, content) in PUSHED.items():
        with session_scope() as session:
            call = _call(session, steward)
            office = _dataset(call, name, title, title_en)
            draft = source.ContractDraft(name=name, way="push", dataset=name, period="daily", at=at)
            contract = source.make_contract(call, draft, office)
            if content is not None:
                delivery = source.receive(call, f"{name}.csv", io.BytesIO(content.encode()))
                arrival, _new = source.receive_arrival(call, name, delivery)
                source.leave_taking(call, contract, arrival)
    jobs.run_waiting()


def _put_elements(proposer: Actor, asked: Actor, reviewer: Actor) -> None:
    """One proposal waits for its technical review, one for an office that objects."""
    with session_scope() as session:
        call = _call(session, proposer)
        made = [elements.propose_element(call, data, office="jiaotongju") for data in ELEMENTS]
        elements.pass_technical(_call(session, reviewer), made[0].id, ["jiaoyuju", "minzhengju"])
        elements.answer(_call(session, asked), made[0].id, "jiaoyuju", False, OBJECTION)


def _age_versions(call: Call) -> None:
    """A rule that would drop the oldest version, for a person to decide about."""
    dataset = catalogue.dataset_by_name(call, AGED)
    table = lake.table_by_id(call.session, str(catalogue.draft_resources(call, dataset)[0].table_id))
    rule = lake.Retention(last=2, published=False)
    lake.set_retention(call, table, rule)
    lake.propose_disposal(call, table, catalogue.held_versions(call.session, table.id, published=False))


def _leave_exploring(call: Call) -> None:
    """The worker explores it when the server is up."""
    dataset, _entry, version = catalogue.readable_version(call, EXPLORED)
    payload = {"dataset": EXPLORED, "version_id": version.id, "title": dataset.title}
    queue.enqueue(call, "explore", payload, ("exploration", version.id))


def _enter_table(call: Call, certifying: Call) -> None:
    """One table passes the six gates: what is missing is said by those whose it is to say."""
    (table,) = catalogue.gates_of(call, ENTERED)
    resource, office = table.entry.id, table.dataset.office_id
    for column, element in MEANT.items():
        elements.assign(
            call, str(table.entry.table_id), column, element, dataset_id=table.dataset.id, office=office
        )
    others = [each for each in table.facts.columns if each not in MEANT]
    catalogue.declare_no_elements(call, ENTERED, resource, others, "示意图画线用的坐标、颜色和编号。")
    catalogue.certify_hand_delivery(certifying, ENTERED, resource, "一次性的历史数据，由交通运输局人工报送。")
    catalogue.confirm_assessment(
        call, ENTERED, resource, "看过统计：423行没有重复，45个拐点没有站名，与摘要一致。"
    )
    catalogue.enter(call, ENTERED, resource)


def _dataset(call: Call, name: str, title: str, title_en: str) -> str:
    """A draft for what will come; the id of its office."""
    record = catalogue.DatasetRecord(title=title, title_en=title_en, source="虚构")
    return catalogue.add_dataset(call, record=record, office="jiaoyuju", name=name).office_id


def _call(session: Session, actor: Actor) -> Call:
    return Call(session, actor, clock.now(), ids.new_id())
