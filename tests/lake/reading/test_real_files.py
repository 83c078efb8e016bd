"""Real public tables, as their publishers wrote them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import kaishu
from tests.lake.reading.conftest import Table, read_path

FILES = Path(kaishu.__file__).parent / "demo" / "files"


def real(name: str) -> Table:
    path = FILES / name
    if not path.exists():
        pytest.skip(f"{name} is not among the files of the demo city")
    return read_path(path)


def test_the_list_of_universities_has_2919_rows_and_31_sections() -> None:
    table = real("universities_2025.xls")
    assert (len(table.rows), len(table.aside)) == (2919, 31)
    assert {row["reason"] for row in table.aside} == {"section-row"}
    assert table.aside[0]["text"].startswith("北京市（92所）")
    assert table.rows[0]["学校标识码"] == "4111010001"
    assert [row["序号"] for row in table.rows] == list(range(1, 2920))


def test_customs_codes_keep_their_zeros_in_gbk() -> None:
    table = real("customs_hs8_2023_gbk.csv")
    assert table.plan.encoding == "gb18030"
    assert len(table.rows) == 8957
    assert table.rows[0]["商品编码"] == "01012100"
    assert table.rows[0]["第一计量单位编码"] == "09"
    assert table.note("trailing-delimiter") == {"position": 8}


def test_a_437_byte_gbk_file_is_not_mistaken() -> None:
    assert len(real("customs_regimes_gbk.csv").rows) == 20
    assert real("customs_partners_gbk.csv").plan.encoding == "gb18030"


def test_bulletins_are_complete_with_their_quoted_line_end() -> None:
    table = real("covid19_bulletins_gbk.csv.gz")
    assert (len(table.rows), len(table.aside)) == (27_424, 0)
    breaks = sum("\n" in value for row in table.rows for value in row.values() if isinstance(value, str))
    assert breaks == 1
    assert table.types["报道时间"] == "text"
    assert table.note("type-widened")["value"] == "2020年"


def test_the_daily_table_has_229084_rows() -> None:
    table = real("covid19_daily_city.csv.gz")
    assert len(table.rows) == 229_084
    assert table.types["date"] == "date"
    assert table.types["cityCode"] == "text"
    assert table.rows[0]["date"] == dt.date(2019, 12, 1)


def test_stations_of_the_subway_carry_their_line() -> None:
    table = real("beijing_subway.xml")
    assert len(table.rows) == 423
    assert table.plan.record_path == "l/p"
    assert table.rows[0]["l.lid"] == "地铁1号线"
    assert table.rows[0]["lb"] == "苹果园"
    assert table.rows[0]["l.lcode"] == "01"


def test_points_have_longitude_and_latitude() -> None:
    table = real("beijing_subway_stations_entrances.geojson")
    assert len(table.rows) == 3637
    assert (table.rows[0]["longitude"], table.rows[0]["latitude"]) == (116.3296876, 40.0696273)


def test_the_third_sheet_is_the_table() -> None:
    table = real("county_biomass_power_2015.xlsx")
    assert table.plan.sheet == "supplementary data 1"
    assert (len(table.rows), len(table.types)) == (2836, 22)


def test_a_yearbook_table_below_a_comment() -> None:
    table = real("stat_gdp_by_province.csv")
    assert (table.plan.header_row, len(table.rows), len(table.types)) == (2, 31, 21)
