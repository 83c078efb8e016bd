"""An exploration finds what was put into a table, counts it exactly, and answers every check."""

from __future__ import annotations

import io
import json
from collections import Counter
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaishu import standards
from kaishu.lake import TableData
from kaishu.quality import (
    Related,
    exploration_sheets,
    explore_data,
    profile_data,
    profile_tables,
    write_exploration_csv,
    write_exploration_report,
    write_exploration_workbook,
)
from kaishu.quality.exploration.answers import CHECKS
from kaishu.quality.exploration.naming import explore_names, name_style
from tests.quality.test_profile import table_of

TODAY = date(2026, 11, 21)
ROWS = 400
DIVISIONS = ("110101", "310101", "440103", "510104")


def register(folder: Path) -> TableData:
    """Four hundred rows with known things in them."""
    start = date(2024, 1, 1)
    return table_of(
        folder,
        {
            "编号": ("text", [f"A{n:05d}" for n in range(ROWS)]),
            "区划代码": ("text", [DIVISIONS[n % 4] for n in range(ROWS)]),
            "区划名称": ("text", ["东城 黄浦 越秀 锦江".split()[n % 4] for n in range(ROWS - 1)] + ["错"]),  # noqa: SIM905
            "部门": ("integer", [n % 7 + 1 if n else 99 for n in range(ROWS)]),
            "登记日期": ("date", [start + timedelta(n % 100) for n in range(ROWS - 1)] + [date(2999, 1, 1)]),
            "更新时间": (
                "date",
                [start + timedelta(n % 100 + 2) for n in range(ROWS - 1)] + [date(2999, 1, 4)],
            ),
            "金额": ("number", [float(n % 50) + 0.25 for n in range(ROWS - 2)] + [-1.0, 90_000.0]),
            "备注": (
                "text",
                ["不详", "１２", " 前", "坏\ufffd", "", None] + [f"正常的备注{n}" for n in range(ROWS - 6)],
            ),
            "数量文本": ("text", [str(n % 60 + 1) for n in range(ROWS - 3)] + ["约10", "12.5个", "无"]),
            "备份金额": ("number", [float(n % 50) + 0.25 for n in range(ROWS - 2)] + [-1.0, 90_001.0]),
        },
    )


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("exploration")
    others = folder / "others"
    others.mkdir()
    offices = table_of(
        others, {"部门": ("integer", list(range(1, 9))), "名称": ("text", [f"局{n}" for n in range(8)])}
    )
    data = register(folder)
    profile = profile_data(data)
    related = [Related("部门表", offices, profile_data(offices))]
    profile["exploration"] = explore_data(data, profile, TODAY, related)
    json.dumps(profile, allow_nan=False)
    return profile


def of(found: dict[str, Any], name: str) -> dict[str, Any]:
    return next(field for field in found["exploration"]["fields"] if field["name"] == name)


def test_all_28_statistics_of_the_report_are_made(found: dict[str, Any]) -> None:
    made = {
        "field": set(found["fields"][0]),
        "table": set(found["table"]),
        "dataset": set(profile_tables([found])),
    }
    terms = standards.vocabulary("profile-statistic").terms
    assert Counter(term.code.partition(".")[0] for term in terms) == {"field": 12, "table": 8, "dataset": 8}
    for term in terms:
        level, _, key = term.code.partition(".")
        assert key in made[level], term.code


def test_each_of_the_23_checks_is_answered_in_both_languages(found: dict[str, Any]) -> None:
    checks = found["exploration"]["checks"]
    assert len(CHECKS) == len(checks) == 23
    assert Counter(check["group"] for check in checks) == {
        "metadata": 6,
        "distribution": 6,
        "form": 7,
        "table": 4,
    }
    for check in checks:
        assert check["state"] in ("good", "look", "none")
        assert check["answer"]["zh"] and check["answer"]["en"]


def test_kinds_types_and_forms(found: dict[str, Any]) -> None:
    assert {field["name"]: field["variable"] for field in found["exploration"]["fields"]} == {
        "编号": "identifier",
        "区划代码": "nominal",
        "区划名称": "nominal",
        "部门": "discrete",
        "登记日期": "date",
        "更新时间": "date",
        "金额": "continuous",
        "备注": "free-text",
        "数量文本": "nominal",
        "备份金额": "continuous",
    }
    real = of(found, "数量文本")["real_type"]
    assert (real["type"], real["fits"], real["exceptions"]) == ("integer", False, 3)
    assert set(real["examples"]) == {"约10", "12.5个", "无"}
    assert of(found, "编号")["representation"]["form"] == "an6"
    assert of(found, "区划代码")["representation"]["form"] == "n6"
    assert of(found, "金额")["representation"] == {
        "form": "n..7,2",
        "letter": "N",
        "digits": 7,
        "decimals": 2,
    }


def test_codes_agreed_values_signs_and_rules_are_counted(found: dict[str, Any]) -> None:
    codes = of(found, "区划代码")["codes"]
    assert [(one["code"], one["right"], one["wrong"]) for one in codes] == [("division", ROWS, 0)]
    assert of(found, "备注")["agreed"] == [{"value": "不详", "count": 1}]
    assert of(found, "数量文本")["agreed"][0]["count"] >= 1
    signs = {one["kind"]: one["count"] for one in of(found, "备注")["characters"]}
    assert signs == {"padded": 1, "full-width": 1, "replacement": 1}
    assert {"rule": "future", "count": 1} in of(found, "登记日期")["rules"]
    rules = {one["rule"]: one["count"] for one in of(found, "金额")["rules"]}
    assert rules == {"negative": 1, "extreme": 1, "infinite": 0}


def test_keys_dependencies_twins_orders_and_references(found: dict[str, Any]) -> None:
    explored = found["exploration"]
    assert ["编号"] in explored["keys"]["keys"] and explored["keys"]["complete"]
    decided = {(one["from"], one["to"]): one["exceptions"] for one in explored["dependencies"]["found"]}
    assert decided[("区划代码", "区划名称")] == 1
    assert [(one["one"], one["other"], one["same"]) for one in explored["twins"]] == [
        ("金额", "备份金额", ROWS - 1)
    ]
    assert {(one["before"], one["after"], one["exceptions"]) for one in explored["orders"]} == {
        ("登记日期", "更新时间", 0)
    }
    reference = next(one for one in explored["references"]["found"] if one["field"] == "部门")
    assert (reference["table"], reference["to"], reference["orphans"]) == ("部门表", "部门", 1)
    assert reference["examples"] == ["99"]


def test_arrival_and_where_values_are_missing(found: dict[str, Any]) -> None:
    arrival = found["exploration"]["arrival"]
    assert {one["name"]: one["role"] for one in arrival["times"]} == {
        "登记日期": "business",
        "更新时间": "update",
    }
    assert {one["period"] for one in arrival["times"]} == {"daily"}
    assert (arrival["lags"][0]["median"], arrival["lags"][0]["early"]) == (2, 0)
    missing = found["exploration"]["missing"]
    assert sum(missing["rows"]) == ROWS and sum(missing["fields"]["备注"]) == 2
    assert missing["fields"]["备注"][0] == 2


def test_it_goes_out_as_page_workbook_and_csv(found: dict[str, Any], tmp_path: Path) -> None:
    from openpyxl import load_workbook

    found["exploration"]["fields"][7]["agreed"][0]["value"] = "<script>=1"
    for language in ("zh", "en"):
        path = tmp_path / f"{language}.html"
        write_exploration_report(path, found, name="<b>登记", language=language)
        page = path.read_text(encoding="utf-8")
        assert "<script" not in page and "<b>" not in page and "<svg" in page
        assert (
            len(next(sheet for sheet in exploration_sheets(found, language) if sheet.key == "checks").rows)
            == 23
        )
    write_exploration_workbook(found, tmp_path / "a.xlsx")
    book = load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames[:3] == ["23项探查", "字段", "统计量"]
    text = io.StringIO()
    write_exploration_csv(found, text, "en")
    assert "Candidate keys" in text.getvalue()


def test_an_empty_table_and_a_table_without_rows_are_answered(tmp_path: Path) -> None:
    data = table_of(tmp_path, {"甲": ("text", []), "乙": ("number", [])})
    profile = profile_data(data)
    explored = explore_data(data, profile, TODAY)
    json.dumps(explored, allow_nan=False)
    assert len(explored["checks"]) == 23


@given(
    rows=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 2)), min_size=2, max_size=24)
)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_keys_are_what_trying_every_set_finds(
    rows: list[tuple[int, ...]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    names = ["a", "b", "c"]
    columns = {name: ("integer", [row[place] for row in rows]) for place, name in enumerate(names)}
    data = table_of(tmp_path_factory.mktemp("keys"), columns)
    explored = explore_data(data, profile_data(data), TODAY)
    unique: list[set[str]] = []
    for size in (1, 2, 3):
        for group in combinations(range(3), size):
            named = {names[place] for place in group}
            if any(key <= named for key in unique):
                continue
            if len({tuple(row[place] for place in group) for row in rows}) == len(rows):
                unique.append(named)
    # A set with a constant field is never minimal but for the constant itself being needless.
    assert sorted(map(sorted, explored["keys"]["keys"])) == sorted(map(sorted, unique))


def test_names_are_told_by_their_style() -> None:
    expected = {
        "姓名": "chinese",
        "xingming": "pinyin",
        "sfzh": "initials",
        "birth_date": "snake",
        "birthDate": "camel",
        "BIRTH_DATE": "upper",
        "name": "lower",
        "姓名name": "mixed",
    }
    assert {name: name_style(name) for name in expected} == expected
    told = {
        one["name"]: one["problems"]
        for one in explore_names(["姓名", " 姓名", "列1", "2020年", "order"])["fields"]
    }
    assert told == {
        "姓名": ["duplicate"],
        " 姓名": ["spaces", "duplicate"],
        "列1": ["generic"],
        "2020年": ["digit-first"],
        "order": ["reserved"],
    }
