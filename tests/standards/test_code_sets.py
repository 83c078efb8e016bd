"""Every shipped code table is whole, says where it comes from, and is read as arrays."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pytest
from pydantic import BaseModel, ConfigDict, Field

from kaishu import standards
from kaishu.standards.loading import DATA, written_file


class WrittenHead(BaseModel):
    model_config = ConfigDict(extra="forbid")

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    body: str = Field(min_length=1)
    edition: str = Field(min_length=1)
    source: str = Field(min_length=1)
    licence: str = Field(min_length=1)
    note: str = ""
    note_zh: str = ""


@pytest.mark.parametrize("name", standards.SETS)
def test_a_table_has_its_head_and_every_row_a_code_and_a_name(name: str) -> None:
    WrittenHead.model_validate(written_file(standards.SETS[name], name))
    found = standards.code_set(name)
    assert list(found.columns)[:2] == ["code", "zh"]
    assert all(found.columns["code"]) and all(found.columns["zh"])
    assert all(code == code.strip() for column in found.columns.values() for code in column)
    if name != "gb-t-2260":  # a division's code has a row for each of its names
        assert [code for code, times in Counter(found.columns["code"]).items() if times > 1] == []
    if "parent" in found.columns:
        assert set(found.columns["parent"]) <= {"", *found.columns["code"]}
    assert pa.array(found.codes()).to_pylist() == list(found.labels())


def test_every_shipped_table_has_its_files() -> None:
    assert {path.stem for path in DATA.rglob("*.csv")} == set(standards.SETS)


def test_small_vocabularies_are_read_the_same_way() -> None:
    assert standards.code_set("gb-t-2261-1").labels() == {
        "0": "未知的性别",
        "1": "男性",
        "2": "女性",
        "9": "未说明的性别",
    }
    assert standards.code_set("gb-t-2261-2").codes().tolist() == [
        term.code for term in standards.vocabulary("gb-t-2261-2").terms
    ]
    with pytest.raises(KeyError):
        standards.code_set("no such thing")


def test_known_codes_mean_what_their_standards_say() -> None:
    for name, code, zh in (
        ("gb-t-2260", "110119", "延庆区"), ("gb-t-3304", "13", "瑶族"), ("gb-t-3304", "20", "傈僳族"),
        ("gb-t-4754", "011", "谷物种植"), ("iso-3166-1", "CN", "中国"), ("iso-4217", "CNY", "人民币"),
        ("gb-t-6864", "2", "博士"), ("gb-t-4763", "10", "九三学社"), ("gb-t-4754", "A", "农、林、牧、渔业"),
    ):  # fmt: skip
        assert standards.code_set(name).labels()[code] == zh
    assert len(standards.code_set("gb-t-3304").codes()) == 56


def test_years_of_a_division_do_not_run_backwards() -> None:
    columns = standards.code_set("gb-t-2260").columns
    for begun, ended in zip(columns["from"], columns["to"], strict=True):
        assert 1980 <= int(begun or 1980) <= int(ended or 9999)
