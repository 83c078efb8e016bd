"""Every shipped vocabulary is whole, and says where it comes from."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field, HttpUrl

from kaishu import standards
from kaishu.standards.loading import DATA, NAMES, written_form
from kaishu.standards.terms import fold


class WrittenTerm(BaseModel):
    model_config = ConfigDict(extra="allow")

    code: str = Field(pattern=r"^[A-Za-z0-9._-]+$")
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    uri: HttpUrl | None = None
    aliases: list[str] = []


class WrittenFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    body: str = Field(min_length=1)
    edition: str = Field(min_length=1)
    source: str = Field(min_length=1)
    licence: str = Field(min_length=1)
    terms: list[WrittenTerm] = Field(min_length=2)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_has_its_head_and_every_term_both_labels(name: str) -> None:
    WrittenFile.model_validate(written_form(name))


@pytest.mark.parametrize("name", NAMES)
def test_codes_are_unique_and_each_spelling_means_one_term(name: str) -> None:
    terms = standards.vocabulary(name).terms
    assert [code for code, times in Counter(term.code for term in terms).items() if times > 1] == []
    if name == "profile-statistic":
        return  # the same statistic exists for fields, tables and datasets
    spelled = Counter(
        spelling
        for term in terms
        for spelling in {
            fold(text) for text in (term.code, term.zh, term.en, term.uri, *term.aliases) if text
        }
    )
    assert [spelling for spelling, times in spelled.items() if times > 1] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_term_is_found_by_every_way_of_writing_it(name: str) -> None:
    vocabulary = standards.vocabulary(name)
    for term in vocabulary.terms:
        assert vocabulary.term(term.code) is term
        assert vocabulary.find(term.code.upper()) is term
        for alias in term.aliases:
            assert vocabulary.find(f" {alias} ") is term
    assert vocabulary.find("no such thing") is None
    with pytest.raises(KeyError):
        vocabulary.term("no such thing")


def test_every_shipped_file_is_in_the_list() -> None:
    calendar = {"working-days"}
    assert {path.stem for path in DATA.rglob("*.yaml")} == {*NAMES, *standards.SETS, *calendar}


def test_the_ways_portals_write_a_frequency_come_together() -> None:
    find = standards.vocabulary("update-frequency").find
    for said, code in {
        "一年": "yearly", "每年": "yearly", "年度": "yearly", "R/P1Y": "yearly", "P1Y": "yearly",
        "annual": "yearly", "每季": "quarterly", "实时": "real-time", "不定期更新": "irregular",
    }.items():  # fmt: skip
        found = find(said)
        assert found is not None and found.code == code


def test_each_frequency_promises_days_or_says_that_it_does_not() -> None:
    for term in standards.vocabulary("update-frequency").terms:
        assert isinstance(term.extra.get("days"), int) != (term.extra.get("promise") is False)


def test_an_update_is_overdue_only_after_its_period() -> None:
    last = date(2026, 1, 1)
    assert standards.overdue("monthly", last, last + timedelta(days=31)) is False
    assert standards.overdue("每月", last, last + timedelta(days=40)) is True
    assert standards.overdue("daily", last, last + timedelta(days=2)) is False
    assert standards.overdue("irregular", last, date(2090, 1, 1)) is None


def test_licences_say_whether_they_are_open_and_what_ckan_calls_them() -> None:
    terms = standards.vocabulary("licence").terms
    assert all(isinstance(term.extra["open"], bool) and term.extra["ckan"] for term in terms)
    assert all(term.uri or term.extra.get("local") or term.code == "unspecified" for term in terms)
    assert len({term.extra["ckan"] for term in terms}) == len(terms)


def test_themes_lead_to_the_european_ones() -> None:
    known = [
        "AGRI",
        "ECON",
        "EDUC",
        "ENER",
        "ENVI",
        "GOVE",
        "HEAL",
        "INTR",
        "JUST",
        "REGI",
        "SOCI",
        "TECH",
        "TRAN",
    ]
    for term in standards.vocabulary("theme").terms:
        uris: list[Any] = term.extra["eu_themes"]
        assert uris and all(uri.rpartition("/")[2] in known for uri in uris)
