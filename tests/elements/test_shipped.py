"""What ships holds together: elements, code sets, and the rules that elements bring."""

from __future__ import annotations

from collections import Counter

from kaishu import quality
from kaishu.elements import element_from, rules_for, shipped_code_sets, shipped_elements, unique_ids
from kaishu.elements.definition import code_problems
from kaishu.elements.duplicates import folded
from kaishu.elements.shipped import shipped_code_set


def test_every_shipped_element_would_be_taken_as_a_proposal() -> None:
    assert len(shipped_elements()) >= 60
    for element in shipped_elements().values():
        again = element_from(element.model_dump(), shipped_code_sets())
        assert again == element
        assert element.name_en
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


def test_the_rules_of_every_element_are_read_by_the_rule_reader() -> None:
    for kind in ("text", "integer", "number", "date"):
        columns = [
            ({"name": f"列{place}", "type": kind}, element)
            for place, element in enumerate(shipped_elements().values())
        ]
        rules = unique_ids([rule for column, element in columns for rule in rules_for(column, element)])
        assert quality.parse_rules({"rules": rules}).rules


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
