"""Resource codes are what the guide lays down, and say what is wrong with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaishu import standards
from kaishu.access import TERMINAL, Call
from kaishu.base import clock, ids
from kaishu.base.credit_code import LETTERS, check_letter, is_credit_code
from kaishu.catalogue import categories, codes, parts_of
from kaishu.catalogue.errors import CategoriesUnusable, WrongCodeItem
from kaishu.db import session_scope

pytestmark = pytest.mark.usefixtures("home")


RECORDS = [
    ({"resource_class": "department", "title": "公交站点"}, "07"),
    ({"resource_class": "theme", "title": "医院", "themes": ["health"]}, "02"),
    ({"resource_class": "theme", "title": "公司信用", "themes": ["transport", "credit"]}, "08"),
    ({"resource_class": "theme", "title": "公园住房", "themes": ["health", "construction-housing"]}, ""),
    ({"resource_class": "theme", "title": "车站", "themes": ["transport"]}, ""),
    ({"resource_class": "theme", "title": "全市人口", "themes": []}, ""),
    ({"resource_class": "base", "title": "常住人口"}, "01"),
    ({"resource_class": "base", "title": "统一社会信用代码登记", "tags": ["法人"]}, "02"),
    ({"resource_class": "base", "title": "县级行政区划", "themes": ["geography", "transport"]}, "03"),
    ({"resource_class": "base", "title": "公共信用目录"}, "04"),
    ({"resource_class": "base", "title": "电子证照目录"}, "05"),
    ({"resource_class": "base", "title": "法人和人口"}, ""),
    ({"resource_class": "base", "title": "行业分类"}, ""),
]


@given(
    st.sampled_from(RECORDS),
    st.text("0123456789ABCDEFGH", min_size=1, max_size=18) | st.just(""),
    st.integers(1, 10**9),
)
def test_what_is_built_comes_apart_into_class_item_provider_and_serial(
    told: tuple[dict[str, Any], str], provider: str, serial: int
) -> None:
    record, item = told
    built = codes.code_for(record, (provider, "office"), serial)
    kind = record["resource_class"]
    assert codes.check(built, resource_class=kind, office_code=provider) == []
    apart = codes.parse(built)
    assert apart and (apart.resource_class, int(apart.serial)) == (kind, serial)
    assert codes.apart(apart, provider) == (item, provider or codes.NOBODY)
    parts = {str(part.name): part.digits for part in parts_of(built, provider)}
    said = {"类": built[0], "提供方": provider or codes.NOBODY, "顺序码": built.partition("/")[2]}
    assert parts == {**said, **({"项": item} if item else {})}


@given(
    st.sampled_from(["base", "theme", "department"]),
    st.text("0123456789ABCDEFGH", min_size=1, max_size=18),
    st.integers(1, 10**9),
)
def test_codes_without_item_stay_right(kind: str, provider: str, serial: int) -> None:
    built = codes.build(kind, provider, serial)
    assert codes.check(built, resource_class=kind, office_code=provider) == []
    apart = codes.parse(built)
    assert apart and (apart.resource_class, apart.rest, int(apart.serial)) == (kind, provider, serial)
    assert codes.lacks_item(built, provider) and not codes.lacks_item(
        codes.build(kind, provider, 1, "01"), provider
    )


@pytest.mark.parametrize(
    ("front", "category"),
    [("3", ""), ("307", "07"), ("307014", "07014"), ("2", ""), ("211", "11")],
)
@pytest.mark.parametrize("provider", ["11000001", "91350100M000100Y43", "ABC123"])
def test_the_provider_is_found_in_old_codes_and_new_ones_without_being_told(
    front: str, category: str, provider: str
) -> None:
    code = codes.parse(f"{front}{provider}/000001")
    assert code and codes.apart(code, offices=["11000001", "000001", "ABC123"]) == (category, provider)


def test_many_digits_after_a_listed_item_are_the_provider_where_no_office_is_known(home: Path) -> None:
    def told(text: str) -> tuple[str, str]:
        code = codes.parse(text)
        assert code
        return codes.apart(code)

    assert told("30711000001/1") == ("07", "11000001")
    assert told("311000001/1") == ("", "11000001")
    assert told("307014/1") == ("07014", "")
    use(LIST)
    assert told("30801403/1") == ("0801403", "")  # its list goes as deep: 03 is a 细目 that it lacks
    assert told("30801411000001/1") == ("08014" + "11000001", "")


def test_the_code_of_another_office_is_not_taken_for_a_category() -> None:
    offices = {"11000001", "11000002"}
    for text in ("30711000002/000001", "311000002/000001", "307014" + "11000002/000001"):
        flaws = codes.check(text, office_code="11000001", offices=offices)
        assert [flaw.code for flaw in flaws] == ["provider-differs"], text
        assert "“11000002”" in flaws[0].said


def test_a_setting_names_the_item_of_departments_or_leaves_it_out(monkeypatch: pytest.MonkeyPatch) -> None:
    record = {"resource_class": "department", "title": "公交站点"}
    built = {}
    for value in ("308", "303", "none"):
        monkeypatch.setenv("KAISHU_CODE_ITEM", value)
        built[value] = codes.code_for(record, ("11000001", "jiaotong"), 3)
    assert built == {
        "308": "30811000001/000003",
        "303": "30311000001/000003",
        "none": "311000001/000003",
    }
    assert codes.lacks_item("311000001/000003", "11000001") is None
    for value in ("", "07", "201", "399", "三零七"):
        monkeypatch.setenv("KAISHU_CODE_ITEM", value)
        with pytest.raises(WrongCodeItem) as caught:
            codes.code_for(record, ("11000001", "jiaotong"), 3)
        assert f"“{value}”" in caught.value.sentence("zh")


def test_shipped_themes_are_codes_of_the_vocabulary() -> None:
    known = {term.code for term in standards.vocabulary("theme").terms}
    assert {theme for each in categories.shipped().known.values() for theme in each.themes} <= known


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
    def built(kind: str, *themes: str, office: str = "11000001") -> str:
        record = {"resource_class": kind, "title": "全市人口", "themes": themes}
        return codes.code_for(record, (office, "jiaotong"), 3)

    assert built("department") == "308014" + "11000001" + "/000003"
    assert codes.check(built("department"), resource_class="department", office_code="11000001") == []
    assert built("theme", "construction") == "209" + "11000001" + "/000003"
    # what the shipped list would say is not asked
    assert built("base") == "111000001/000003"
    assert built("theme", "health") == "211000001/000003"
    assert built("department", office="11000002") == "311000002/000003"


def test_of_a_regions_words_and_the_setting_the_list_decides(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(
        """
terms:
  - {code: "101", zh: 人口, words: [人口]}
  - {code: "101003", zh: 流动人口, words: [流动人口]}
  - {code: "102", zh: 法人, words: [法人]}
  - {code: "309", zh: 本区部门}
"""
    )

    def built(kind: str, title: str) -> str:
        return codes.code_for({"resource_class": kind, "title": title}, ("11000001", "jiaotong"), 3)

    assert built("base", "流动人口登记").startswith("101003")
    assert built("base", "常住人口").startswith("10111000001/")
    assert built("base", "法人和人口") == built("base", "行业") == "111000001/000003"
    assert built("department", "公交") == "311000001/000003"  # 307 is not in the list
    monkeypatch.setenv("KAISHU_CODE_ITEM", "309")
    assert built("department", "公交") == "30911000001/000003"


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
        "terms: [{code: '308', zh: x, words: ['']}]",
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
    assert categories.read_categories(categories.template()).known == categories.shipped().known


def test_a_code_is_taken_apart_with_what_each_part_means_and_how_sure_that_is(home: Path) -> None:
    def told(text: str) -> list[tuple[str, str, str, str]]:
        parts = parts_of(text, "11000001", {"11000001": "交通运输局"})
        return [(each.name, each.digits, each.meaning, each.certainty) for each in parts]

    assert told("303014/000002") == [
        ("类", "3", "部门信息资源", "stated"),
        ("项", "03", "国务院", "inferred"),
        ("目", "014", "", "unlisted"),
        ("顺序码", "000002", "", "stated"),
    ]
    assert told("311000001/1")[1] == ("提供方", "11000001", "交通运输局", "office")
    assert told("30711000001/1")[1:3] == [
        ("项", "07", "省（自治区、直辖市）及其下各级政务部门", "inferred"),
        ("提供方", "11000001", "交通运输局", "office"),
    ]
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
