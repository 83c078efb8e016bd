"""Resource codes are what the guide lays down, and say what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaishu.access import TERMINAL, Call
from kaishu.base import clock, ids
from kaishu.base.credit_code import LETTERS, check_letter, is_credit_code
from kaishu.catalogue import categories, codes, parts_of
from kaishu.catalogue.errors import CategoriesUnusable
from kaishu.db import session_scope

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


LIST = """
terms:
  - {code: "308", zh: 本市部门, en: Departments of this city}
  - {code: "308014", zh: 交通运输局, en: Transport, offices: ["11000001"]}
  - {code: "30801402", zh: 公交处, en: Buses}
  - {code: "209", zh: 城乡建设, en: Construction, themes: [construction]}
"""


def use(text: str, where: str = "") -> None:
    with session_scope() as session:
        categories.use_categories(Call(session, TERMINAL, clock.now(), ids.new_id()), text, where)


@pytest.fixture
def region(home: Path) -> None:
    use(LIST)


def test_without_a_regions_list_a_category_is_taken_as_it_is(home: Path) -> None:
    assert codes.check("307014/000001", resource_class="department", office_code="11000001") == []
    assert not categories.categories().regional
    assert codes.classified("department", ("11000001", "jiaotong"), []) == ""


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("307014/000001", "项“07”"),
        ("308015/000001", "目“015”"),
        ("30801403/000001", "细目“03”"),
        ("308014/000001", ""),
        ("30801402/000001", ""),
        ("30801411000001/000001", ""),  # the provider's code after the subject
        ("311000001/000001", ""),  # the provider's code alone
    ],
)
def test_the_part_that_is_not_in_the_regions_list_is_named(region: None, text: str, wrong: str) -> None:
    found = codes.check(text, resource_class="department", office_code="11000001")
    assert [flaw.code for flaw in found] == (["unknown-classification"] if wrong else [])
    assert not wrong or wrong in found[0].said
    assert not wrong or found[0].said.en.isascii()


def test_codes_are_built_with_the_category_that_the_region_gives_to_the_office_or_theme(region: None) -> None:
    department = codes.code_for("department", [], ("11000001", "jiaotong"), 3)
    assert department == "308014" + "11000001" + "/000003"
    assert codes.check(department, resource_class="department", office_code="11000001") == []
    theme = codes.code_for("theme", ["construction"], ("11000001", "jiaotong"), 3)
    assert theme == "209" + "11000001" + "/000003"
    assert codes.code_for("base", [], ("11000001", "jiaotong"), 3) == "111000001/000003"


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "terms: {}",
        "terms: [{code: 308, zh: x}]",
        "terms: [{code: '308'}]",
        "terms: [{code: '408', zh: x}]",
        "terms: [{code: '3080', zh: x}]",
        "terms: [{code: '308', zh: x}, {code: '308', zh: y}]",
        "terms: [{code: '308', zh: x, office: [y]}]",
        "terms: [{code: '308', zh: x, offices: y}]",
        "terms: [",
        "[" * 5000,
    ],
)
def test_a_list_that_cannot_be_used_is_refused_with_its_place(home: Path, broken: str) -> None:
    with pytest.raises(CategoriesUnusable) as caught:
        use(broken, "mine.yaml")
    assert "mine.yaml" in caught.value.sentence("zh") and "mine.yaml" in caught.value.sentence("en")
    assert not categories.place().exists()


def test_the_template_is_itself_a_list_that_can_be_used(home: Path) -> None:
    assert len(categories.read_categories(categories.template()).known) == len(categories.shipped().known)


def test_a_code_is_taken_apart_with_what_each_part_means_and_how_sure_that_is(home: Path) -> None:
    def told(text: str) -> list[tuple[str, str, str, str]]:
        office = ("11000001", "交通运输局")
        return [(each.name, each.digits, each.meaning, each.certainty) for each in parts_of(text, office)]

    assert told("303014/000002") == [
        ("类", "3", "部门信息资源", "stated"),
        ("项", "03", "国务院", "inferred"),
        ("目", "014", "", "unlisted"),
        ("顺序码", "000002", "", "stated"),
    ]
    assert told("311000001/1")[1] == ("提供方", "11000001", "交通运输局", "office")
    assert told("no code") == []
    use(LIST)
    assert told("30801402/1")[1:4] == [
        ("项", "08", "本市部门", "regional"),
        ("目", "014", "交通运输局", "regional"),
        ("细目", "02", "公交处", "regional"),
    ]


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
