"""Resource codes are what the guide lays down, and say what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaishu.base.credit_code import LETTERS, check_letter, is_credit_code
from kaishu.catalogue import codes

pytestmark = pytest.mark.usefixtures("home")


@given(
    st.sampled_from(["base", "theme", "department"]),
    st.text("0123456789ABCDEFGH", min_size=1, max_size=18),
    st.integers(1, 10**9),
)
def test_what_is_built_is_right_and_comes_apart_again(kind: str, provider: str, serial: int) -> None:
    built = codes.build(kind, provider, serial)
    assert codes.check(built, resource_class=kind, office_code=provider) == []
    apart = codes.parse(built)
    assert apart and (apart.resource_class, apart.rest, int(apart.serial)) == (kind, provider, serial)


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("311000001", "form"),
        ("311000001/", "form"),
        ("x11000001/1", "form"),
        ("911000001/000001", "unknown-class"),
        ("111000001/000001", "class-differs"),
        ("311000002/000001", "provider-differs"),
        ("3/000001", "too-short"),
        ("31/000001", "length"),
        ("311000001/000000", "serial-zero"),
        ("311000001/000007", "duplicate"),
    ],
)
def test_each_flaw_has_its_name_and_a_sentence_in_two_languages(text: str, flaw: str) -> None:
    found = codes.check(
        text, resource_class="department", office_code="11000001", others={"311000001/000007": "地铁"}
    )
    assert [each.code for each in found] == [flaw]
    assert found[0].said and found[0].said.en


def test_a_code_of_item_and_subject_is_taken_without_a_list_and_checked_against_one(home: Path) -> None:
    assert codes.check("307014/000001", resource_class="department", office_code="11000001") == []
    folder = home / "vocabularies"
    folder.mkdir(parents=True)
    (folder / "resource-classification.yaml").write_text(
        "terms: [{code: '08', zh: 交通, en: Transport}]", encoding="utf-8"
    )
    assert [f.code for f in codes.check("307014/000001")] == ["unknown-classification"]
    assert codes.check(codes.build("department", "11000001", 3, "08014"), office_code="11000001") == []


@given(st.text(LETTERS, min_size=17, max_size=17), st.data())
def test_one_wrong_character_of_a_credit_code_is_found(first: str, data: st.DataObject) -> None:
    whole = first + check_letter(first)
    assert is_credit_code(whole)
    place = data.draw(st.integers(0, 17))
    other = data.draw(st.sampled_from([letter for letter in LETTERS if letter != whole[place]]))
    assert not is_credit_code(whole[:place] + other + whole[place + 1 :])


def test_known_credit_codes() -> None:
    assert is_credit_code("91350100M000100Y43")  # the example that GB 32100 itself prints
    flaw = codes.check_office("91350100M000100Y44")
    assert flaw and flaw.code == "credit-code"
    assert codes.check_office("11000001") is None
