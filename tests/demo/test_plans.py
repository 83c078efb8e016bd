"""The city as it is written down: complete, licensed, small."""

from __future__ import annotations

import re

import pytest

from kaishu import catalogue, standards
from kaishu.catalogue.policy import lacks
from kaishu.demo import ACCOUNTS, DatasetPlan, dataset_plans, office_plans
from kaishu.demo.plans import FILES

PLANS = dataset_plans()
MEGABYTE = 1_000_000


def test_the_files_are_small_and_each_has_its_origin_and_licence() -> None:
    notice = (FILES / "NOTICE.md").read_text(encoding="utf-8")
    shipped = [path for path in FILES.iterdir() if path.name != "NOTICE.md"]
    assert sum(path.stat().st_size for path in shipped) <= 12 * MEGABYTE
    assert [path.name for path in shipped if path.name not in notice] == []
    assert not re.search(r"\bL?GPL", notice)


def test_every_shipped_file_is_used() -> None:
    used = {path for plan in PLANS for path in plan.paths}
    assert used == {path for path in FILES.iterdir() if path.name != "NOTICE.md"}


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)
def test_each_record_says_in_both_languages_what_it_is_and_whose(plan: DatasetPlan) -> None:
    record = catalogue.record_from(plan.record)
    assert (
        record.title and record.title_en and record.source and record.source_url
    ) or "报告" in record.source
    assert len(record.description) > 20 and len(record.description_en) > 40
    assert record.description.endswith("。") and record.description_en.endswith("."), "whole sentences"
    assert re.search(r"[一-鿿]", record.title)
    assert not re.search(r"[一-鿿]", record.title_en)
    term = standards.vocabulary("licence").term(record.licence)
    assert term.code != "unspecified"


@pytest.mark.parametrize("plan", [p for p in PLANS if p.state != "draft"], ids=lambda plan: plan.name)
def test_what_is_to_be_submitted_lacks_nothing(plan: DatasetPlan) -> None:
    assert lacks(catalogue.record_from(plan.record), has_table=False) == {}


def test_there_is_something_in_every_state() -> None:
    states = [plan.state for plan in PLANS]
    assert {state: states.count(state) for state in set(states) - {"published"}} == {
        "draft": 1,
        "in-review": 1,
        "returned": 1,
        "withdrawn": 1,
    }
    assert states.count("published") >= 12
    assert len({plan.office for plan in PLANS if plan.state == "published"}) >= 6
    assert [plan.name for plan in PLANS if plan.record["open_class"] == "conditional"] == [
        "covid19-bulletins"
    ]


def test_the_accounts_cover_the_roles_and_their_passwords_pass() -> None:
    assert [account.role for account in ACCOUNTS].count("steward") == 2
    assert {account.role for account in ACCOUNTS} == {"administrator", "reviewer", "steward", "member"}
    assert {account.office for account in ACCOUNTS} - {None} <= {office.name for office in office_plans()}
