"""What assistants are told: everything with its papers, and nothing made up."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from mcp import ClientSession

from tests.api.seeding import Site

NAMES = {
    "ckan_package_search",
    "ckan_package_show",
    "ckan_list_resources",
    "ckan_organization_list",
    "ckan_organization_show",
    "ckan_organization_search",
    "ckan_group_list",
    "ckan_group_show",
    "ckan_group_search",
    "ckan_tag_list",
    "ckan_status_show",
    "ckan_datastore_search",
    "ckan_find_relevant_datasets",
    "ckan_catalog_stats",
    "ckan_datastore_search_sql",
    "kaishu_fields",
    "kaishu_versions",
    "ckan_get_mqa_quality",
    "ckan_get_mqa_quality_details",
}


def test_the_tools_have_the_names_in_use_and_say_what_they_take(terminal: Any, live: str) -> None:
    async def talk(session: ClientSession) -> Any:
        return (await session.list_tools()).tools, session

    tools, _ = terminal(talk)
    assert {tool.name for tool in tools} >= NAMES
    for tool in tools:
        assert tool.annotations.read_only_hint and tool.annotations.destructive_hint is False
        assert tool.output_schema["required"]
        assert any("一" <= letter <= "鿿" for letter in tool.description)
        assert any(letter.isascii() and letter.isalpha() for letter in tool.description)
        for parameter in tool.input_schema["properties"].values():
            assert "description" in parameter or parameter.get("type") == "boolean", tool.name


def test_an_answer_carries_dataset_version_licence_link_and_query(web: Any, live: str) -> None:
    found = web("ckan_package_search", q="地铁").structured_content
    (paper,) = found["datasets"]
    assert paper["name"] == "stations"
    assert paper["version"] == 1
    assert paper["licence"] == "cc-by-4.0"
    assert paper["url"] == f"{live}/datasets/stations"
    assert found["query"] == {"q": "地铁"}
    assert found["result"]["results"][0]["title"] == "地铁车站"


def test_rows_come_with_the_version_and_the_digest_of_what_they_were_read_from(web: Any, site: Site) -> None:
    answer = web("ckan_datastore_search", resource_id=site.resources["stations"], filters={"区县": "东城区"})
    result = answer.structured_content["result"]
    assert [row["站名"] for row in result["records"]] == ["东单", "崇文门, 东"]
    assert result["version"] == 1
    assert len(result["sha256"]) == 64
    assert "东单" in answer.content[0].text
    assert "/datasets/stations · v1 · cc-by-4.0" in answer.content[0].text


def test_pages_go_on_where_the_last_one_stopped(web: Any, site: Site) -> None:
    seen: list[str] = []
    offset: int | None = 0
    while offset is not None:
        told = web(
            "ckan_datastore_search", resource_id=site.resources["stations"], limit=2, offset=offset
        ).structured_content
        seen += [row["编号"] for row in told["result"]["records"]]
        assert told["total"] == 5
        offset = told["next"]
    assert seen == ["001", "002", "003", "004", "005"]


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("ckan_package_search", {"q": "zzyzx"}),
        ("ckan_find_relevant_datasets", {"query": "zzyzx"}),
        ("ckan_organization_search", {"pattern": "zzyzx"}),
        ("ckan_tag_list", {"query": "zzyzx"}),
    ],
)
def test_nothing_found_is_said_in_plain_words(web: Any, tool: str, arguments: dict[str, Any]) -> None:
    answer = web(tool, **arguments)
    assert answer.structured_content["no_data"] is True
    assert "没有数据" in answer.content[0].text and "No data" in answer.content[0].text


def test_relevance_has_reasons(web: Any) -> None:
    first = web("ckan_find_relevant_datasets", query="地铁").structured_content["result"]["results"][0]
    assert first["name"] == "stations"
    assert {"place": "标题 title", "weight": 4.0, "words": ["地铁"]} in first["reasons"]


def test_a_question_that_no_dataset_answers_whole_finds_those_that_answer_a_part(web: Any) -> None:
    told = web("ckan_find_relevant_datasets", query="地铁 zzyzx").structured_content["result"]
    assert told["all_words"] is False
    assert told["results"][0]["name"] == "stations"


def test_departments_themes_tags_and_figures(web: Any) -> None:
    offices = web("ckan_organization_list").structured_content["result"]
    assert {office["name"]: office["package_count"] for office in offices} == {"transport": 2, "education": 1}
    shown = web("ckan_organization_show", id="transport", include_datasets=True).structured_content
    assert {each["name"] for each in shown["result"]["packages"]} == {"stations", "closed"}
    assert web("ckan_organization_search", pattern="教育").structured_content["total"] == 1
    theme = next(
        each for each in web("ckan_group_list").structured_content["result"] if each["package_count"] == 3
    )
    inside = web("ckan_group_show", id=theme["name"], include_datasets=True).structured_content
    assert len(inside["result"]["packages"]) == 3
    assert web("ckan_group_search", pattern=theme["title"]).structured_content["total"] == 1
    assert "地铁车站" in web("ckan_tag_list").structured_content["result"]
    assert web("ckan_status_show").structured_content["result"]["ckan_version"]
    assert web("ckan_catalog_stats").structured_content["result"]["datasets"] == 3


def test_one_select_groups_and_sums_and_names_what_it_read(web: Any, site: Site) -> None:
    table = site.resources["stations"]
    answer = web(
        "ckan_datastore_search_sql",
        sql=f'SELECT "区县", count(*) AS n FROM "{table}" GROUP BY "区县" ORDER BY n DESC, "区县" LIMIT 1',
    )
    told = answer.structured_content
    assert told["result"]["records"] == [{"区县": "东城区", "n": 2}]
    assert told["result"]["tables"][0]["version"] == 1
    assert [paper["name"] for paper in told["datasets"]] == ["stations"]
    none = web("ckan_datastore_search_sql", sql=f'SELECT * FROM "{table}" WHERE false')
    assert none.structured_content["no_data"] is True


def test_columns_and_versions(web: Any, site: Site) -> None:
    fields = web("kaishu_fields", resource_id=site.resources["stations"]).structured_content["result"]
    assert [field["name"] for field in fields["fields"]][:2] == ["编号", "站名"]
    versions = web("kaishu_versions", id="stations").structured_content["result"]
    assert [each["number"] for each in versions["revisions"]] == [1]
    assert versions["tables"][0]["versions"][0]["rows"] == 5


def test_the_quality_of_metadata_in_points_and_what_to_mend(web: Any) -> None:
    short = web("ckan_get_mqa_quality", dataset_id="stations").structured_content["result"]
    long = web("ckan_get_mqa_quality_details", dataset_id="stations").structured_content["result"]
    assert short["most"] == 405 and 0 < short["score"] <= 405
    assert sum(each["most"] for each in short["dimensions"]) == 405
    assert len(long["indicators"]) == 23
    met = sum(each["points"] for each in long["indicators"] if each["answer"] == "met")
    assert met == short["score"] == sum(each["points"] for each in short["dimensions"])
    assert "not looked at yet" in {each["answer"] for each in long["indicators"]}
    assert {each["code"] for each in long["mend_first"]} == {
        each["code"] for each in long["indicators"] if each["answer"] == "not met"
    }, "what nobody has looked at may be whole"


def test_both_transports_give_the_same(terminal: Any, web: Any) -> None:
    async def talk(session: ClientSession) -> Any:
        return await session.call_tool("ckan_package_search", {"q": "学校"})

    one, other = terminal(talk).structured_content, web("ckan_package_search", q="学校").structured_content
    assert one["result"]["count"] == other["result"]["count"] == 1
    assert [paper["name"] for paper in one["datasets"]] == [paper["name"] for paper in other["datasets"]]


def test_a_dataset_is_also_a_resource_and_prompts_say_how_to_ask(terminal: Any) -> None:
    async def talk(session: ClientSession) -> Any:
        templates = (await session.list_resource_templates()).resource_templates
        read = await session.read_resource("kaishu://dataset/stations")
        prompts = (await session.list_prompts()).prompts
        prompt = await session.get_prompt("find_data", {"question": "有哪些地铁站？"})
        return templates, read, prompts, prompt

    templates, read, prompts, prompt = terminal(talk)
    assert [template.uri_template for template in templates] == ["kaishu://dataset/{name}"]
    assert json.loads(read.contents[0].text)["result"]["name"] == "stations"
    assert {each.name for each in prompts} == {"find_data", "query_dataset"}
    assert "有哪些地铁站？" in prompt.messages[0].content.text


def test_every_call_is_in_the_ledger_also_one_that_is_refused(web: Any, noted: Any) -> None:
    before = len(noted())
    web("ckan_package_show", id="stations")
    web("ckan_package_show", account="steward", id="nowhere")
    shown, refused = noted()[before:]
    assert (shown.actor_kind, shown.subject_id) == ("visitor", "ckan_package_show")
    assert shown.facts["datasets"] == ["stations"]
    assert json.loads(shown.facts["arguments"]) == {"id": "stations"}
    assert refused.actor_kind == "application"
    assert refused.facts["refused"] == "catalogue.no-such-dataset"


def test_the_handbook_names_every_tool() -> None:
    from pathlib import Path

    from kaishu.api.mcp.server import tools

    page = (Path(__file__).parents[3] / "docs" / "mcp.md").read_text(encoding="utf-8")
    assert [name for name in tools() if f"`{name}`" not in page] == []


@pytest.mark.parametrize(
    ("tool", "given", "zh", "en"),
    [
        ("ckan_package_search", {"rows": 5000}, "rows: 应不大于100。", "rows: Must be 100 or less."),
        ("ckan_package_search", {"rows": "x"}, "rows: 应为整数。", "rows: A whole number is needed."),
        ("ckan_package_show", {}, "id: 必填。", "id: Required."),
        ("ckan_package_show", {"id": ["a"]}, "id: 应为文字。", "id: A text is needed."),
        ("ckan_find_relevant_datasets", {"query": " ?"}, "query: 没有可查的字词。", "no word in it"),
        (
            "ckan_datastore_search",
            {"resource_id": "x", "filters": []},
            "filters: 应为名称到值的对象。",
            "An object",
        ),
    ],
)
def test_wrong_arguments_are_told_in_one_language_at_a_time_with_the_query(
    web: Any, tool: str, given: dict[str, Any], zh: str, en: str
) -> None:
    answer = web(tool, **given)
    assert answer.is_error
    told = answer.structured_content
    assert told["query"] == given and told["at"]
    assert zh in told["error"]["message"]["zh"]
    assert en in told["error"]["message"]["en"]
    assert not re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}", told["error"]["message"]["zh"]), told
