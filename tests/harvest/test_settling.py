"""Conflicts are decided field by field; what was decided stays until one of the two sides changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kaishu import catalogue, harvest
from kaishu.access import TERMINAL
from kaishu.base.errors import Invalid
from kaishu.catalogue import DatasetRecord, State
from kaishu.harvest.errors import NothingPlanned
from tests.harvest.conftest import add_file, dump, package, renew, run, run_of
from tests.harvest.test_applying import acting, datasets, edit

LINK = {"id": "r1", "name": "表", "format": "CSV", "url": "https://data.example/1.csv"}


def theirs(tmp_path: Path, **said: Any) -> dict[str, int]:
    renew(dump(tmp_path / "next.jsonl", [package(1, **said)]))
    return run().counts


@pytest.fixture
def both_changed(home: Path, tmp_path: Path) -> Path:
    """Title and tags were changed here, title and description there."""
    add_file(dump(tmp_path / "a.jsonl", [package(1)]), "ckan-jsonl")
    run()
    edit("dataset-1", title="我们的", tags=["我们"])
    assert theirs(tmp_path, title="他们的", notes="他们说") == {"conflict": 1}
    return tmp_path


def settle(choice: str = "ours", **fields: str) -> None:
    with acting() as call:
        item, _ = harvest.conflicts(call)[0]
        harvest.settle(call, item.run_id, item.number, choice, fields)


def asked() -> list[str]:
    with acting() as call:
        found = [item for item, _ in harvest.conflicts(call)]
        return [each.field for item in found for each in harvest.differences(call, item) if not each.decided]


def test_both_values_are_shown_of_each_field_that_differs(both_changed: Path) -> None:
    with acting() as call:
        item, _ = harvest.conflicts(call)[0]
        shown = {each.field: (each.ours, each.theirs) for each in harvest.differences(call, item)}
    assert shown["title"] == ("我们的", "他们的")
    assert shown["description"] == ("第1个数据集的说明", "他们说")
    assert shown["tags"] == (["我们"], ["道路"])
    assert shown["resources"][0] is None  # that edit here took the links out
    assert set(shown) == {"title", "description", "tags", "resources"}


def test_only_what_both_sides_changed_is_asked_about(both_changed: Path) -> None:
    assert asked() == ["title"]
    with acting() as call:
        item, _ = harvest.conflicts(call)[0]
        sides = {each.field: each.side for each in harvest.differences(call, item) if each.decided}
    assert sides == {"tags": "ours", "resources": "ours", "description": "theirs"}


def test_by_merge_each_undisputed_field_goes_to_the_side_that_changed(both_changed: Path) -> None:
    settle("merge", title="theirs")
    one = datasets()["dataset-1"]
    assert (one.title, one.record["description"], one.record["tags"]) == ("他们的", "他们说", ["我们"])
    assert theirs(both_changed, title="他们的", notes="他们说") == {"same": 1}


def test_edits_of_different_fields_are_put_together_without_asking(home: Path, tmp_path: Path) -> None:
    add_file(dump(tmp_path / "a.jsonl", [package(1, resources=[LINK])]), "ckan-jsonl")
    run()
    edit("dataset-1", contact_name="只有我们填了")
    assert theirs(tmp_path, notes="他们说", resources=[LINK]) == {"changed": 1}
    one = datasets()["dataset-1"]
    assert (one.record["description"], one.record["contact_name"]) == ("他们说", "只有我们填了")
    assert one.resources == []  # that edit took the links out, the source did not touch them
    assert theirs(tmp_path, notes="他们说", resources=[LINK]) == {"same": 1}
    # The source fills what only we had filled: both changed it.
    assert theirs(tmp_path, notes="他们说", resources=[LINK], maintainer="他们填了") == {"conflict": 1}
    assert asked() == ["contact_name"]


def test_what_was_edited_after_the_plan_is_not_overwritten_by_putting_together(
    home: Path, tmp_path: Path
) -> None:
    add_file(dump(tmp_path / "a.jsonl", [package(1)]), "ckan-jsonl")
    run()
    edit("dataset-1", title="我们的")
    renew(dump(tmp_path / "b.jsonl", [package(1, notes="他们说")]))
    assert run_of(harvest.plan(TERMINAL, "there")).counts == {"changed": 1}
    edit("dataset-1", title="我们的", description="我们说")
    assert run_of(harvest.apply(TERMINAL, "there")).counts == {"conflict": 1}
    assert datasets()["dataset-1"].record["description"] == "我们说"
    assert asked() == ["description"]


def test_each_field_is_taken_from_the_side_that_was_chosen(both_changed: Path) -> None:
    settle(description="theirs", resources="theirs")
    one = datasets()["dataset-1"]
    assert (one.title, one.record["description"], one.record["tags"]) == ("我们的", "他们说", ["我们"])
    assert [each["url"] for each in one.resources] == ["https://data.example/1.csv"]
    assert one.state == State.published
    assert asked() == []


def test_a_decision_stands_until_one_side_changes(both_changed: Path) -> None:
    settle(description="theirs", resources="theirs")
    assert theirs(both_changed, title="他们的", notes="他们说") == {"same": 1}
    # Another field changes there: it is taken, and what was decided stays ours.
    assert theirs(both_changed, title="他们的", notes="又说") == {"changed": 1}
    one = datasets()["dataset-1"]
    assert (one.title, one.record["description"], one.record["tags"]) == ("我们的", "又说", ["我们"])
    # The decided field itself changes there: asked again, of that field only.
    assert theirs(both_changed, title="他们改了", notes="又说") == {"conflict": 1}
    assert asked() == ["title"]
    settle("ours")
    assert theirs(both_changed, title="他们改了", notes="又说", version="2") == {"changed": 1}
    assert datasets()["dataset-1"].title == "我们的"
    # It changes here once more: nobody need be asked, ours stays, and what the source changed is taken.
    edit("dataset-1", title="我们又改", tags=["我们"])
    assert theirs(both_changed, title="他们改了", notes="还说", version="2") == {"changed": 1}
    one = datasets()["dataset-1"]
    assert (one.title, one.record["description"], one.record["tags"]) == ("我们又改", "还说", ["我们"])
    # Theirs changes: asked, although ours was changed last.
    assert theirs(both_changed, title="他们又改", notes="还说", version="2") == {"conflict": 1}
    assert asked() == ["title"]


def test_all_but_one_of_theirs(both_changed: Path) -> None:
    settle("theirs", tags="ours")
    one = datasets()["dataset-1"]
    assert (one.title, one.record["tags"]) == ("他们的", ["我们"])
    assert theirs(both_changed, title="他们的", notes="又说") == {"changed": 1}
    assert datasets()["dataset-1"].record["tags"] == ["我们"]


def test_a_field_that_does_not_differ_or_a_third_side_is_refused_and_nothing_is_decided(
    both_changed: Path,
) -> None:
    for fields in ({"licence": "theirs"}, {"no-such": "ours"}, {"title": "both"}):
        with pytest.raises(Invalid) as caught:
            settle(**fields)
        assert set(caught.value.problems) == set(fields)
    with pytest.raises(Invalid):
        settle("both")
    assert "title" in asked()


def test_with_a_draft_under_way_what_is_taken_goes_into_the_draft(home: Path, tmp_path: Path) -> None:
    add_file(dump(tmp_path / "a.jsonl", [package(1)]), "ckan-jsonl")
    run()
    with acting() as call:
        dataset = catalogue.dataset_by_name(call, "dataset-1")
        catalogue.revise(call, "dataset-1", DatasetRecord.model_validate({**dataset.record, "title": "草稿"}))
    link = {**LINK, "name": "他们的表"}
    assert theirs(tmp_path, notes="他们说", title="他们的", resources=[link]) == {"conflict": 1}
    settle(description="theirs", resources="theirs")
    with acting() as call:
        dataset = catalogue.dataset_by_name(call, "dataset-1")
        assert dataset.record["description"] == "第1个数据集的说明"  # what is public waits for the review
        draft = catalogue.draft_of(call, dataset)
        assert draft is not None
        assert (draft.record["title"], draft.record["description"]) == ("草稿", "他们说")
        assert [(each["id"], each["name"]) for each in draft.resources] == [
            (dataset.resources[0]["id"], "他们的表")
        ]
    assert theirs(tmp_path, notes="他们说", title="他们的", resources=[link], version="2") == {"conflict": 1}
    assert asked() == ["version"]


def test_the_mark_of_an_inferred_theme_goes_where_the_theme_goes(both_changed: Path) -> None:
    with acting() as call:
        harvest.set_themes(call, "there", "- {publisher: 交通局, theme: transport}")
    assert theirs(both_changed, title="他们的", notes="又说") == {"conflict": 1}
    with acting() as call:
        item, _ = harvest.conflicts(call)[0]
        sides = {each.field: each.side for each in harvest.differences(call, item)}
    assert sides["themes"] == "theirs"
    assert "extras" not in sides
    settle(themes="theirs")
    record = datasets()["dataset-1"].record
    assert record["themes"] == ["transport"]
    assert record["extras"]["inferred-theme"] == "transport; publisher: 交通局"
    assert theirs(both_changed, title="他们的", notes="再说") == {"conflict": 1}
    assert asked() == ["description"]


def test_what_is_gone_there_or_withdrawn_here_is_decided_as_a_whole(home: Path, tmp_path: Path) -> None:
    packages = [package(number) for number in range(1, 4)]
    add_file(dump(tmp_path / "a.jsonl", packages), "ckan-jsonl")
    run()
    edit("dataset-3", title="本地改的")
    renew(dump(tmp_path / "b.jsonl", packages[:2]))
    assert run().counts == {"conflict": 1, "same": 2}
    with pytest.raises(Invalid):
        settle(title="theirs")
    settle("theirs")
    assert datasets()["dataset-3"].state == State.withdrawn
    with pytest.raises(NothingPlanned), acting() as call:
        harvest.settle(call, "no-such-run", 1, "ours")
