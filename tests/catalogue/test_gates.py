"""Six gates stand before the data-resource centre; what is missing is said with who must do it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from kaishu import access, catalogue, elements, lake, quality, source
from kaishu.access import Actor, Call, Role
from kaishu.access.errors import NotAllowed
from kaishu.base.errors import Invalid, Said
from kaishu.casework.errors import ReasonNeeded
from kaishu.catalogue import GATES, GateFacts, verdicts
from kaishu.catalogue.errors import GatesMissing, NotOpen, Staged, WrongGateMode

FACTS = GateFacts(
    dataset="metro",
    office=Said("交通局", "Transport"),
    answerable=True,
    contact="数据科",
    columns=["code", "name"],
    meant=frozenset({"code"}),
    meaningless=frozenset({"name"}),
    source="metro-db",
    source_state="certified",
    share_class="unconditional",
    has_rules=True,
    checked=True,
)


def test_all_six_pass_in_their_order() -> None:
    found = verdicts(FACTS)
    assert tuple(each.gate for each in found) == GATES
    assert all(each.passed for each in found)


@pytest.mark.parametrize(
    ("changes", "gate", "role", "place"),
    [
        ({"answerable": False}, "owner", "administrator", "/admin/people"),
        ({"contact": ""}, "owner", "data steward", "/desk/datasets/metro/record"),
        ({"meaningless": frozenset()}, "standard", "data steward", "/desk/datasets/metro/elements"),
        ({"source_state": "draft"}, "source", "reviewer", "/desk/sources/metro-db"),
        ({"source_state": "retired"}, "source", "reviewer", "/desk/sources/metro-db"),
        ({"source": "", "by_owner": True}, "source", "reviewer", "/desk/datasets/metro/gates"),
        ({"source": "", "hand_certified": True}, "source", "data steward", "/desk/sources"),
        ({"share_class": ""}, "sharing", "data steward", "/desk/datasets/metro/record"),
        ({"share_class": "none"}, "sharing", "data steward", "/desk/datasets/metro/record"),
        ({"checked": False}, "quality", "data steward", "/datasets/metro/data-quality"),
        ({"checked": False, "assessed": True}, "quality", "data steward", "/datasets/metro/data-quality"),
        ({"has_rules": False}, "quality", "data steward", "/datasets/metro/exploration"),
        ({"has_rules": False, "profiled": True}, "quality", "data steward", "/desk/datasets/metro/gates"),
        ({"missing": {"themes": ["必填。"]}}, "metadata", "data steward", "/desk/datasets/metro/record"),
    ],
)
def test_one_thing_missing_closes_one_gate(changes: dict[str, Any], gate: str, role: str, place: str) -> None:
    closed = [each for each in verdicts(replace(FACTS, **changes)) if not each.passed]
    assert [each.gate for each in closed] == [gate]
    assert (closed[0].role.en, closed[0].href) == (role, place)


def test_a_condition_or_a_confirmed_profile_opens_the_gate() -> None:
    conditional = replace(FACTS, share_class="conditional", share_condition="依据某条例")
    confirmed = replace(FACTS, has_rules=False, profiled=True, assessed=True)
    by_hand = replace(FACTS, source="", by_owner=True, hand_certified=True)
    assert all(each.passed for facts in (conditional, confirmed, by_hand) for each in verdicts(facts))


def test_without_data_three_gates_are_closed() -> None:
    closed = [
        each.gate for each in verdicts(replace(FACTS, columns=[], has_version=False)) if not each.passed
    ]
    assert closed == ["standard", "source", "quality"]


@pytest.fixture
def steward(cast: Any, call: Call) -> Call:
    """A steward of the office who has an account."""
    person = access.add_person(
        call, account="li", password="a-long-password", role=Role.steward, office="jiaotong"
    )
    return replace(call, actor=Actor("person", person.id, "李", Role.steward, cast.office.id))


def add_version(steward: Call, tmp_path: Path, name: str, text: str) -> None:
    """Hand a file in as the next version of the dataset's table."""
    file = tmp_path / "stations.csv"
    file.write_text(text, encoding="utf-8")
    delivery = source.receive_path(steward, file)
    dataset = catalogue.dataset_by_name(steward, name)
    entries = catalogue.draft_resources(steward, dataset)
    if entries:
        table, resource = lake.table_by_id(steward.session, str(entries[0].table_id)), entries[0].id
    else:
        table = lake.add_table(steward, dataset.office_id)
        resource = catalogue.add_resource(steward, name, name="站点", table=table).id
    version = lake.ingest(steward, delivery, table=table)
    catalogue.set_version(steward, name, resource, version)


@pytest.fixture
def name(cast: Any, steward: Call, make_record: Any, tmp_path: Path) -> str:
    made = catalogue.add_dataset(steward, record=make_record(), office="jiaotong").name
    add_version(steward, tmp_path, made, "站名,线路\n中心,1\n北站,2\n")
    return made


def closed(call: Call, name: str) -> list[str]:
    return [each.gate for each in catalogue.gates_of(call, name)[0].missing]


def open_all(cast: Any, steward: Call, name: str) -> None:
    """Do what the six gates ask."""
    table = catalogue.gates_of(steward, name)[0]
    for column in table.facts.columns:
        catalogue.declare_no_element(steward, name, "", column, "本地用语，无对应数据元")
    catalogue.certify_hand_delivery(cast.reviewer, name, "", "每年一次，系统未建")
    quality.profile_version(steward, str(table.entry.version_id))
    catalogue.confirm_assessment(steward, name, "", "逐列看过，无异常")


def test_the_whole_way_where_gates_are_required(
    cast: Any, steward: Call, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAISHU_ENTRY_GATES", "require")
    assert closed(steward, name) == ["standard", "source", "quality"]
    with pytest.raises(GatesMissing):
        catalogue.enter(steward, name, "")
    with pytest.raises(Invalid):
        catalogue.confirm_assessment(steward, name, "", "还没有统计")
    catalogue.submit(steward, name)
    with pytest.raises(Staged) as refused:
        catalogue.publish(cast.reviewer, name)
    assert "数据标准、认证来源、质量评估" in refused.value.sentence("zh")
    open_all(cast, steward, name)
    assert closed(steward, name) == []
    catalogue.publish(cast.reviewer, name)
    table = catalogue.gates_of(steward, name)[0]
    assert not table.staged
    assert catalogue.readable_version(cast.visitor, name)[2].number == 1
    # The next version has not been assessed: the old one goes on being served.
    add_version(steward, tmp_path, name, "站名,线路\n中心,1\n南站,2\n")
    catalogue.submit(steward, name)
    with pytest.raises(Staged):
        catalogue.publish(cast.reviewer, name)
    assert catalogue.readable_version(cast.visitor, name)[2].number == 1


def test_advice_lets_pass_and_a_later_version_falls_back(
    cast: Any, steward: Call, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_all(cast, steward, name)
    catalogue.submit(steward, name)
    catalogue.publish(cast.reviewer, name)
    add_version(steward, tmp_path, name, "站名,线路,新列\n中心,1,a\n")
    catalogue.submit(steward, name)
    catalogue.publish(cast.reviewer, name)
    table = catalogue.gates_of(steward, name)[0]
    assert table.staged
    assert table.entered is not None
    assert table.entered.fell_for == ["standard", "quality"]
    told = [e for e in catalogue.history(steward, name) if e.action == "catalogue.fall-back"]
    assert told[0].facts["missing"] == ["standard", "quality"]
    assert catalogue.readable_version(cast.visitor, name)[2].number == 2
    monkeypatch.setenv("KAISHU_ENTRY_GATES", "require")
    with pytest.raises(NotOpen) as refused:
        catalogue.readable_version(cast.visitor, name)
    assert refused.value.code == "catalogue.staged"
    assert catalogue.readable_version(steward, name)[2].number == 2


def test_statements_need_a_reason_and_the_right_person(cast: Any, steward: Call, name: str) -> None:
    with pytest.raises(ReasonNeeded):
        catalogue.declare_no_element(steward, name, "", "站名", "  ")
    with pytest.raises(NotAllowed):
        catalogue.certify_hand_delivery(steward, name, "", "自己证明")
    with pytest.raises(NotAllowed):
        catalogue.confirm_assessment(cast.reviewer, name, "", "替部门确认")
    catalogue.declare_no_element(steward, name, "", "站名", "自由文本")
    table = catalogue.gates_of(steward, name)[0]
    elements.assign(
        steward,
        str(table.entry.table_id),
        "线路",
        next(iter(elements.shipped_elements())),
        dataset_id=table.dataset.id,
        office=table.dataset.office_id,
    )
    assert closed(steward, name) == ["source", "quality"]
    catalogue.take_back_statement(steward, name, "", table.statements[0].id)
    assert closed(steward, name) == ["standard", "source", "quality"]


def test_any_number_of_tables_takes_as_many_statements(
    cast: Any, steward: Call, make_record: Any, tmp_path: Path
) -> None:
    def count() -> int:
        seen: list[str] = []
        bind = steward.session.get_bind()
        steward.session.expire_all()

        def listen(*given: Any) -> None:
            seen.append(given[2])

        event.listen(bind, "before_cursor_execute", listen)
        assert catalogue.gates_of_all(steward, cast.office.id)
        event.remove(bind, "before_cursor_execute", listen)
        return len(seen)

    def add() -> None:
        made = catalogue.add_dataset(steward, record=make_record(), office="jiaotong").name
        add_version(steward, tmp_path, made, "站名\n中心\n")

    add()
    one = count()
    add()
    add()
    assert count() == one


def test_a_word_that_is_no_mode_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAISHU_ENTRY_GATES", "maybe")
    with pytest.raises(WrongGateMode):
        catalogue.gate_mode()
