"""``kaishu lineage``: a file's columns are followed, and their events are OpenLineage."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema

from tests.cli.conftest import Said

SCHEMA = Path(__file__).parents[1] / "lineage" / "openlineage.schema.json"
ONE = "编号,数 量\n1,10\n2,20\n"
TWO = "编号,数 量\n2,21\n3,30\n"


def test_batches_that_are_merged_keep_what_came_before(run: Callable[..., Said], tmp_path: Path) -> None:
    for name, text, more in (("one", ONE, ("--new", "--title", "数")), ("two", TWO, ("--mode", "append"))):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        said = run("ingest", tmp_path / f"{name}.csv", "--dataset", "counts", *more)
        assert said.code == 0, said.err
    shown = run("lineage", "show", "counts.编号", "--json").json
    assert shown["version"] == 2
    assert [edge["kind"] for edge in shown["edges"]].count("kept") == 1
    files = {node["label"] for node in shown["nodes"] if node["kind"] == "file"}
    assert files == {"one.csv", "two.csv"}, "both files are upstream"
    assert "one.csv · 编号" in run("lineage", "show", "counts").out
    told = run("lineage", "impact", "counts.编号", "--json").json
    assert {node["kind"] for node in told["reached"]} == {"item"}
    assert run("lineage", "impact", "counts").code == 2
    assert "there is no" not in run("lineage", "impact", "counts.编号").out

    out = tmp_path / "events.ndjson"
    assert run("lineage", "export", "-o", out).code == 0
    assert run("lineage", "export", "-o", out).code == 1, "a file is not written over"
    events = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    checker = jsonschema.Draft202012Validator(
        json.loads(SCHEMA.read_text(encoding="utf-8")), format_checker=jsonschema.FormatChecker()
    )
    assert [error.message for event in events for error in checker.iter_errors(event)] == []
    assert [event["job"]["name"] for event in events] == ["counts.ingest", "counts.ingest"]
    inputs = events[1]["outputs"][0]["facets"]["columnLineage"]["fields"]["编号"]["inputFields"]
    assert {each["namespace"] for each in inputs} == {"kaishu/originals", "kaishu/lake"}
    assert len({event["run"]["runId"] for event in events}) == 2
    printed = run("lineage", "export", "counts").out.splitlines()
    assert [json.loads(line) for line in printed] == events
