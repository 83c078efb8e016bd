"""Rules say which theme is meant; what was inferred is marked, and nobody is told that the source said so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaishu import catalogue, demo, harvest
from kaishu.base.errors import Invalid
from kaishu.crosswalk import Site, datapackage, dcat, entry_of
from kaishu.crosswalk.ckan import write_package
from kaishu.harvest.kinds import Place, find
from kaishu.harvest.themes import Themes, read_rules
from tests.harvest.conftest import add_file, dump, package, renew, run
from tests.harvest.test_applying import acting, datasets, edit

RULES = """
- {group: 防災・災害計画, theme: public-safety}
- {keyword: [hiv, "medi*"], theme: health}
- {publisher: 交通局, theme: transport}
"""


def give(rules: str, name: str = "there") -> None:
    with acting() as call:
        harvest.set_themes(call, name, rules)


def themes(name: str = "dataset-1") -> tuple[list[str], str]:
    record = datasets()[name].record
    return record["themes"], record["extras"].get("inferred-theme", "")


@pytest.mark.parametrize(
    ("said", "theme"),
    [
        ({"keyword": ["HIV"]}, ("health", "keyword: hiv")),
        ({"keyword": ["Medicare  Part"], "publisher": ["交通局"]}, ("health", "keyword: medi*")),
        ({"publisher": ["交通局"], "group": ["防災・災害計画"]}, ("public-safety", "group: 防災・災害計画")),
        ({"group": ["交通局"]}, None),
        ({"keyword": ["hive"]}, None),
        ({}, None),
    ],
)
def test_the_first_rule_that_fits_wins(said: dict[str, list[str]], theme: Any) -> None:
    assert read_rules(RULES).match(said) == theme


@given(st.lists(st.text(max_size=12), max_size=5), st.integers(0, 4))
def test_a_word_that_is_written_as_it_is_said_is_found_however_it_is_cased(words: list[str], at: int) -> None:
    rules = read_rules(RULES)
    assert rules.match({"keyword": [*words[:at], "Hiv", *words[at:]]}) == ("health", "keyword: hiv")
    assert Themes().match({"keyword": words}) is None


@pytest.mark.parametrize(
    "wrong",
    [
        "[",
        "just text",
        "{keyword: a, theme: health}",
        "- {keyword: a, theme: no-such}",
        "- {keyword: a, publisher: b, theme: health}",
        "- {keyword: a}",
        "- {title: a, theme: health}",
        "- {keyword: [], theme: health}",
        "- {keyword: '*', theme: health}",
        "- {keyword: [[a]], theme: health}",
        "- {keyword: a, theme: [health]}",
        "- 7",
        "&a [*a]",
        "!!python/object/apply:os.system [id]",
        "x" * 60_001,
        "- {keyword: a, theme: health}\n" * 1001,
    ],
)
def test_rules_that_make_no_sense_are_said(wrong: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_rules(wrong)
    assert caught.value.problems["themes"]


def test_rules_hold_from_the_next_reading_on_also_for_what_did_not_change(home: Path, tmp_path: Path) -> None:
    add_file(dump(tmp_path / "a.jsonl", [package(1), package(2, organization=None)]), "ckan-jsonl")
    run()
    assert themes() == ([], "")
    give(RULES)
    assert run().counts == {"changed": 1, "same": 1}
    assert themes() == (["transport"], "transport; publisher: 交通局")
    assert themes("dataset-2") == ([], "")
    assert run().counts == {"same": 2}
    give("- {publisher: 交通局, theme: weather}")
    assert run().counts == {"changed": 1, "same": 1}
    assert themes() == (["weather"], "weather; publisher: 交通局")
    give("")
    assert run().counts == {"changed": 1, "same": 1}
    assert themes() == ([], "")
    with acting() as call:
        share = harvest.theme_share(call, harvest.source_by_name(call, "there"))
    assert (share.stated, share.inferred, share.without) == (0, 0, 2)


def test_the_sources_own_theme_stays_and_new_rules_disturb_no_local_edit(home: Path, tmp_path: Path) -> None:
    groups = [{"name": "health", "title": "卫生健康"}]
    add_file(dump(tmp_path / "a.jsonl", [package(1, groups=groups), package(2)]), "ckan-jsonl")
    run()
    edit("dataset-2", title="本地改的", themes=["geography"])
    give(RULES)
    assert run().counts == {"same": 2}
    assert themes() == (["health"], "")
    assert themes("dataset-2") == (["geography"], "")
    with acting() as call:
        share = harvest.theme_share(call, harvest.source_by_name(call, "there"))
    assert (share.stated, share.inferred, share.without) == (2, 0, 0)


def test_no_export_claims_an_inferred_theme_and_each_tells_the_rule(home: Path, tmp_path: Path) -> None:
    add_file(dump(tmp_path / "a.jsonl", [package(1)]), "ckan-jsonl")
    give(RULES)
    run()
    assert themes()[0] == ["transport"]
    with acting() as call:
        entry = entry_of(catalogue.dataset_by_name(call, "dataset-1"))
    site = Site(url="https://kaishu.example", title="开数")
    written = write_package(entry, site)
    assert written["groups"] == []
    assert {"key": "inferred-theme", "value": "transport; publisher: 交通局"} in written["extras"]
    assert entry.record["themes"] == []
    for text in (str(datapackage.write(entry, site)), dcat.to_bytes(entry, site).decode()):
        assert "交通出行" not in text
        assert "theme-transport" not in text
        assert "transport; publisher" in text


def test_five_hundred_extras_leave_no_room_for_a_mark(home: Path, tmp_path: Path) -> None:
    extras = [{"key": f"k{number}", "value": "v"} for number in range(500)]
    add_file(dump(tmp_path / "a.jsonl", [package(1, extras=extras)]), "ckan-jsonl")
    give(RULES)
    assert run().counts == {"new": 1}
    assert themes() == ([], "")


def test_the_demos_catalogues_have_rules_and_what_a_person_wrote_stays(home: Path) -> None:
    names = demo.register_catalogues()
    with acting() as call:
        sources = [harvest.source_by_name(call, name) for name in names]
        assert all(len(read_rules(each.themes or "").rules) > 5 for each in sources)
        harvest.set_themes(call, "tokyo", "")
    demo.register_catalogues()
    with acting() as call:
        assert harvest.source_by_name(call, "tokyo").themes == ""


def test_most_of_philadelphia_has_a_theme() -> None:
    rules = read_rules((demo.catalogues.FOLDER / "philadelphia-themes.yaml").read_text(encoding="utf-8"))
    path = demo.catalogues.FOLDER / "philadelphia.json.gz"
    read = [each.read().entry for each in find("datajson", Place(path=path, name=path.name))]
    said = [
        {"keyword": each.record.get("tags", ()), "publisher": [each.publisher.title]} for each in read if each
    ]
    assert sum(rules.match(each) is not None for each in said) == 399


def test_the_rules_of_a_new_file_hold_too(home: Path, tmp_path: Path) -> None:
    add_file(dump(tmp_path / "a.jsonl", [package(1)]), "ckan-jsonl")
    give(RULES)
    run()
    renew(dump(tmp_path / "b.jsonl", [package(1, title="新名")]))
    assert run().counts == {"changed": 1}
    assert themes()[0] == ["transport"]
