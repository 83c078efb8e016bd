"""What ships holds together: elements, code sets, and the rules that elements bring."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa

from kaishu import quality, standards
from kaishu.elements import element_from, rules_for, shipped_code_sets, shipped_elements, unique_ids
from kaishu.elements.definition import code_problems
from kaishu.elements.duplicates import folded
from kaishu.elements.shipped import shipped_code_set
from kaishu.quality.kernels import citizen_id


def test_every_shipped_element_would_be_taken_as_a_proposal() -> None:
    assert len(shipped_elements()) >= 60
    for element in shipped_elements().values():
        again = element_from(element.model_dump(), shipped_code_sets())
        assert again == element
        assert element.name_en
        assert element.definition_en and element.definition_en.isascii()
        assert element.definition
        assert element.object_class


def test_no_name_leads_to_two_elements() -> None:
    words = Counter(
        word for each in shipped_elements().values() for word in {folded(name) for name in each.names}
    )
    shared = {word for word, count in words.items() if count > 1}
    assert shared <= {"industry", "country"}  # the code and the name of it


def test_codes_of_shipped_sets_stand_once_and_under_codes_that_are_there() -> None:
    for name in shipped_code_sets():
        found = shipped_code_set(name)
        assert found.items, name
        if name in (
            "gb-t-2260",
            "ccs",
            "ics",
        ):  # one code has several names over the years, or ranges above it
            continue
        assert code_problems(found.items) == [], name


def test_the_beginning_of_ids_of_taiwan_residents_is_no_division_but_known_to_checks_of_ids() -> None:
    divisions = shipped_code_set("gb-t-2260")
    assert [item.name for item in divisions.items if item.name == "台湾省"] == ["台湾省"]
    assert "830000" not in {item.code for item in divisions.items}
    assert "830000" in divisions.definition, "said in the note"
    assert "830000" in standards.code_set("gb-t-2260").columns["code"]
    body = "83000019900307001"
    ids = pa.array([body + letter for letter in "0123456789X"])
    assert list(citizen_id.ok(ids)).count(True) == 1, "one of the eleven check letters"


def test_the_rules_of_every_element_are_read_by_the_rule_reader() -> None:
    for kind in ("text", "integer", "number", "date"):
        columns = [
            ({"name": f"列{place}", "type": kind}, element)
            for place, element in enumerate(shipped_elements().values())
        ]
        rules = unique_ids([rule for column, element in columns for rule in rules_for(column, element)])
        assert quality.parse_rules({"rules": rules}).rules


def test_rules_added_to_a_text_are_read_as_they_were_given() -> None:
    column = {"name": "列'：\x85 # 甲", "type": "text"}
    rules = unique_ids([rule for each in shipped_elements().values() for rule in rules_for(column, each)])
    rules.append({"id": "own", "check": "in", "values": ["01", "1e3", "否", "no", "a, b"], "column": "甲"})
    written = "# 手写\nrules:\n- check: row-count\n  min: 1\n  id: own-count\n"
    added = quality.add_rules(written, rules)
    assert added.startswith(written)
    given, read = quality.parse_rules({"rules": rules}).rules, quality.parse_rules(added).rules[1:]
    assert [(rule.id, rule.check, rule.title) for rule in read] == [
        (rule.id, rule.check, rule.title) for rule in given
    ]
    assert quality.parse_rules(quality.add_rules("", rules)).rules


def test_ids_that_are_taken_are_not_given_again() -> None:
    twice = [{"id": "sex-in"}, {"id": "sex-in"}]
    assert [rule["id"] for rule in unique_ids(twice)] == ["sex-in", "sex-in-2"]
    assert [rule["id"] for rule in unique_ids(twice, ["sex-in", "sex-in-3"])] == ["sex-in-2", "sex-in-4"]


def test_an_element_brings_its_checks() -> None:
    library = shipped_elements()
    column = {"name": "身份证号", "type": "text"}
    assert [rule["check"] for rule in rules_for(column, library["citizen-id"])] == ["citizen-id"]
    (sex,) = rules_for({"name": "性别", "type": "text"}, library["sex"])
    assert (sex["check"], sex["codes"]) == ("in", "gb-t-2261-1")
    (age,) = rules_for({"name": "年龄", "type": "integer"}, library["age"])
    assert (age["check"], age["min"], age["max"]) == ("range", 0, 150)
    (title,) = rules_for({"name": "标题", "type": "text"}, library["title"])
    assert (title["check"], title["max"]) == ("length", 300)
    (own,) = rules_for(column, library["sex"], ["1", "2"])
    assert own["values"] == ["1", "2"]
