"""A steward says which 项, 目 and 细目 a resource has where nothing tells it; every new code has them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaishu import catalogue
from kaishu.base.errors import Invalid
from kaishu.catalogue import DatasetRecord, categories, category_choices, category_meant, codes, record_from
from kaishu.catalogue.errors import WrongCodeCategory

Make = Callable[..., DatasetRecord]
LIST = """
terms:
  - {code: "201", zh: 公共服务, en: Public services}
  - {code: "213", zh: 交通出行, en: Travel}
  - {code: "213001", zh: 公共交通, en: Public transport}
  - {code: "21300102", zh: 轨道交通, en: Railways}
"""


def region(home: Path) -> None:
    path = categories.place()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(LIST, encoding="utf-8")


def add(cast: Any, record: DatasetRecord) -> str:
    return catalogue.add_dataset(cast.steward, record=record, office="jiaotong").name


def refused(cast: Any, name: str) -> str:
    with pytest.raises(Invalid) as caught:
        catalogue.submit(cast.steward, name)
    assert list(caught.value.problems) == ["resource_category"]
    assert caught.value.problems_in("en")["resource_category"][0].isascii()
    return str(caught.value.problems["resource_category"][0])


def test_where_nothing_tells_the_item_it_is_asked_for_and_then_stands_in_the_code(
    cast: Any, make_record: Make
) -> None:
    record = make_record(resource_class="theme", themes=["transport"])
    name = add(cast, record)
    said = refused(cast, name)
    assert "请选一项" in said and "201 公共服务" in said and "101" not in said
    assert not catalogue.dataset_by_name(cast.steward, name).record["resource_code"]
    chosen = record_from({**record.model_dump(), "resource_category": "209"})
    catalogue.revise(cast.steward, name, chosen)
    done = catalogue.submit(cast.steward, name)
    assert done.record["resource_code"] == "20911000001/000001"
    assert done.record["resource_category"] == "209"


def test_what_themes_and_offices_tell_is_written_down_with_the_code(cast: Any, make_record: Make) -> None:
    health = add(cast, make_record(resource_class="theme", themes=["health"]))
    bureau = add(cast, make_record(title="公交站点"))
    told = [catalogue.submit(cast.steward, name).record for name in (health, bureau)]
    assert [each["resource_category"] for each in told] == ["202", "307"]
    assert [each["resource_code"][:3] for each in told] == ["202", "307"]


def test_a_choice_comes_before_what_themes_tell(cast: Any, make_record: Make) -> None:
    name = add(cast, make_record(resource_class="theme", themes=["health"], resource_category="201"))
    assert catalogue.submit(cast.steward, name).record["resource_code"] == "20111000001/000001"


def test_a_code_that_is_there_is_kept_and_says_the_category(cast: Any, make_record: Make) -> None:
    themes = {"resource_class": "theme", "themes": ["transport"]}
    given_codes = ("21011000001/000007", "211000001/000008", "别的编码-9")
    said = {}
    for code in given_codes:
        record = catalogue.submit(cast.steward, add(cast, make_record(**themes, resource_code=code))).record
        said[record["resource_code"]] = record["resource_category"]
    assert said == dict(zip(given_codes, ("210", "", ""), strict=True))


def test_a_region_goes_down_to_the_detail_and_its_list_is_the_measure(
    cast: Any, make_record: Make, home: Path
) -> None:
    themes = {"resource_class": "theme", "themes": ["transport"]}
    name = add(cast, make_record(**themes, resource_category="21300102"))
    assert "没有“21300102”" in refused(cast, name) and "kaishu code use" in refused(cast, name)
    region(home)
    done = catalogue.submit(cast.steward, name).record
    assert done["resource_code"] == "2130010211000001/000001"
    flaws = codes.check(done["resource_code"], resource_category="21300102", office_code="11000001")
    assert flaws == []


def test_nothing_is_asked_where_the_list_has_nothing_or_the_setting_says_so(
    cast: Any, make_record: Make, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAISHU_CODE_ITEM", "none")
    assert catalogue.submit(cast.steward, add(cast, make_record())).record["resource_category"] == ""
    monkeypatch.setenv("KAISHU_CODE_CATEGORY", "advise")
    themes = {"resource_class": "theme", "themes": ["transport"]}
    loose = catalogue.submit(cast.steward, add(cast, make_record(**themes))).record
    assert loose["resource_code"].startswith("211000001/")
    monkeypatch.setenv("KAISHU_CODE_CATEGORY", "sometimes")
    with pytest.raises(WrongCodeCategory, match="require"):
        catalogue.submit(cast.steward, add(cast, make_record(**themes)))
    monkeypatch.delenv("KAISHU_CODE_CATEGORY")
    region(home)  # it has no base resources at all
    base = catalogue.submit(cast.steward, add(cast, make_record(resource_class="base"))).record
    assert base["resource_code"].startswith("111000001/")


@pytest.mark.parametrize("category", ["2", "20", "2091", "20912", "２０９", "交通", "209 城乡建设"])
def test_what_is_no_category_is_refused_with_its_form(category: str) -> None:
    with pytest.raises(Invalid) as caught:
        record_from({"title": "x", "resource_category": category})
    assert "如 209" in caught.value.problems["resource_category"][0]


def test_a_category_of_another_class_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        record_from({"title": "x", "resource_class": "base", "resource_category": "209"})
    said = caught.value.problems["resource_category"][0]
    assert "“209 城乡建设”属于主题信息资源" in said and "基础信息资源" in said
    assert "209 Urban and rural construction" in caught.value.problems_in("en")["resource_category"][0]


def test_a_category_of_no_class_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        record_from({"title": "x", "resource_category": "901"})
    assert "没有类别“9”" in caught.value.problems["resource_category"][0]


def test_a_category_of_another_class_that_came_from_elsewhere_is_named_at_submission(
    cast: Any, make_record: Make
) -> None:
    record = make_record(resource_class="theme", themes=["health"])
    record.resource_category = "101"  # as a foreign catalogue may have it
    assert "属于基础信息资源" in refused(cast, add(cast, record))


@given(
    st.sampled_from(sorted(categories.shipped().known)),
    st.text("0123456789ABCDEFGH", min_size=1, max_size=18) | st.just(""),
    st.integers(1, 10**9),
)
def test_a_chosen_category_comes_out_of_the_code_again(category: str, provider: str, serial: int) -> None:
    kind = categories.classes()[category[0]]
    record = {"resource_class": kind, "title": "x", "resource_category": category}
    built = codes.code_for(record, (provider, "office"), serial)
    assert codes.check(built, resource_class=kind, resource_category=category, office_code=provider) == []
    assert codes.category_in(built, provider) == category


def test_a_code_of_another_category_than_the_record_says_is_a_flaw() -> None:
    def flaws(category: str) -> list[str]:
        found = codes.check("20911000001/1", resource_category=category, office_code="11000001")
        return [flaw.code for flaw in found]

    assert flaws("211") == ["category-differs"]
    assert flaws("209") == flaws("209001") == flaws("") == []
    assert [f.code for f in codes.check("211000001/1", resource_category="209", office_code="11000001")] == []


def test_categories_are_meant_by_digits_by_name_or_by_both(home: Path) -> None:
    assert [category_meant(text) for text in ("209", "209 城乡建设", "城乡建设", "Health", "")] == [
        "209",
        "209",
        "209",
        "202",
        "",
    ]
    assert category_meant("没有的") is None
    choices = dict(category_choices("299"))
    assert choices["209"] == "主题信息资源 · 209 城乡建设" and "没有" in choices["299"]
    region(home)
    assert category_meant("轨道交通") == "21300102" and category_meant("209") is None
    assert dict(category_choices())["213001"].en.endswith("213001 Public transport (subject)")
