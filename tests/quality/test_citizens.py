"""The registers that quality is measured on hold exactly the defects that their truth says."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet
from stdnum import luhn
from stdnum.cn import ric, uscc

from benchmarks import citizens as made
from benchmarks import enterprises as founded
from kaishu import standards
from kaishu.quality.kernels import read_citizen_ids
from tests.quality.citizens import ROWS, citizens, enterprises

STATES = set(standards.vocabulary("gb-t-2261-2").codes)


def failing(test: Any, *columns: str) -> set[int]:
    """Rows of the citizens of which a condition over some cells is false; a null cell passes."""
    cells = zip(*(citizens().table[name].to_pylist() for name in columns), strict=True)
    return {place for place, row in enumerate(cells) if None not in row and not test(*row)}


def test_every_kind_is_there_as_often_as_promised() -> None:
    assert set(citizens().truth) == set(made.KINDS) and len(made.KINDS) >= 29
    assert {len(rows) for rows in citizens().truth.values()} == {ROWS // 1000}
    assert set(enterprises().truth) == set(founded.KINDS)
    assert {len(rows) for rows in enterprises().truth.values()} == {1}
    everything = [row for rows in citizens().truth.values() for row in rows]
    assert len(everything) == len(set(everything))


def test_ids_fail_in_the_part_that_was_spoilt() -> None:
    found, rows = read_citizen_ids(citizens().table[made.ID]), citizens().rows
    form = rows("id-empty", "id-short", "id-fifteen", "id-small-x", "id-full-width", "id-blank", "id-letter")
    for part, expected in (
        (found.form, form),
        (found.check, form | rows("id-check")),
        (found.date, form | rows("id-date")),
        (found.division, form | rows("id-division", "id-division-then")),
    ):
        assert set((~part).nonzero()[0].tolist()) == expected


def test_stdnum_finds_the_clean_ids_right() -> None:
    """Born since there are identity cards; it wants a place to have been there at birth even before."""
    spoilt = set().union(*(rows for kind, rows in citizens().truth.items() if kind.startswith("id-")))
    texts = enumerate(citizens().table[made.ID].to_pylist())
    clean = [text for row, text in texts if row not in spoilt and text[6:10] > "1984"][::5]
    assert sum(not valid(text) for text in clean) < 0.02 * len(clean)  # its list lacks some places


def valid(text: str) -> bool:
    try:
        return ric.is_valid(text)
    except KeyError:  # stdnum, where it knows the province only
        return False


@pytest.mark.parametrize(
    ("kinds", "test", "columns"),
    [
        ("sex-code", lambda sex: sex in {"1", "2"}, (made.SEX,)),
        ("birth-form birth-impossible", lambda born: is_date(born), (made.BIRTH,)),
        ("birth-future", lambda born: born < "2026", (made.BIRTH,)),
        ("name-digit", lambda name: not any(letter.isdigit() for letter in name), (made.NAME,)),
        ("name-blank name-inner-blank", lambda name: "\u3000" not in name, (made.NAME,)),
        ("ethnic-code", lambda code: 1 <= int(code) <= 56, (made.ETHNIC,)),
        ("address-short", lambda text: len(text) >= 5, (made.ADDRESS,)),
        ("address-control", lambda text: text.isprintable(), (made.ADDRESS,)),
        ("division-unknown", lambda code: code < "99", (made.DIVISION,)),
        ("mobile-short", lambda text: len(text) == 11, (made.MOBILE,)),
        ("mobile-full-width", str.isascii, (made.MOBILE,)),
        ("mobile-segment", lambda text: text[:2] != "12", (made.MOBILE,)),
        ("registered-future", lambda since: since < date(2026, 1, 1), (made.SINCE,)),
        ("cancelled-before-registered", lambda since, until: since <= until, (made.SINCE, made.UNTIL)),
        ("marriage-code", lambda code: code in STATES, (made.MARRIAGE,)),
        ("income-negative", lambda income: income >= 0, (made.INCOME,)),
        ("income-huge", lambda income: income < 100_000, (made.INCOME,)),
        (
            "employer-check employer-small",
            lambda code: not code.endswith("a") and uscc.is_valid(code),
            (made.EMPLOYER,),
        ),
    ],
)
def test_a_slow_and_obvious_check_finds_these_rows_and_no_others(
    kinds: str, test: Any, columns: tuple[str, ...]
) -> None:
    assert failing(test, *columns) == citizens().rows(*kinds.split())


def is_date(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text)) and text[4] == "-"
    except ValueError:
        return False


def test_what_ties_columns_together_is_broken_only_where_said() -> None:
    rows = citizens().rows
    formed = {
        row for row, text in enumerate(citizens().table[made.ID].to_pylist()) if text and len(text) == 18
    }
    formed -= rows("id-letter", "id-full-width")
    assert failing(
        lambda text, sex: "12"[int(text[16]) % 2 == 0] == sex if ok(text) else True, made.ID, made.SEX
    ) == rows("sex-differs", "sex-code")
    assert failing(
        lambda text, born: text[6:14] == born.replace("-", "") if ok(text) else True, made.ID, made.BIRTH
    ) == rows("birth-differs", "birth-form", "birth-impossible", "birth-future", "id-date")
    assert failing(lambda born, since: f"{since}" >= born, made.BIRTH, made.SINCE) - rows(
        "birth-form"
    ) == rows("registered-before-birth", "birth-future")
    assert failing(lambda born, code: born < "2012" or code == "10", made.BIRTH, made.MARRIAGE) - rows(
        "birth-future", "marriage-code"
    ) == rows("minor-married")


def ok(text: str) -> bool:
    return len(text) == 18 and text[:17].isascii() and text[:17].isdigit()


def test_doubles_and_gaps_are_where_they_are_said_to_be() -> None:
    table, rows = citizens().table, citizens().rows
    for name, kind in ((made.ID, "id"), (made.SEX, "sex"), (made.NAME, "name"), (made.BIRTH, "birth")):
        assert set(table[name].is_null().to_numpy().nonzero()[0].tolist()) == rows(f"{kind}-null")
    ids = table[made.ID].to_pylist()
    times = Counter(ids)
    twice = {row for row, text in enumerate(ids) if text and times[text] > 1}
    assert twice == rows("id-duplicate", "id-duplicate-source", "row-duplicate", "row-duplicate-source")
    whole = list(zip(*(column.to_pylist() for column in table.columns), strict=True))
    again = Counter(whole)
    assert {row for row, cells in enumerate(whole) if again[cells] > 1} == rows(
        "row-duplicate", "row-duplicate-source"
    )
    pay = zip(table[made.EMPLOYER].to_pylist(), table[made.INCOME].to_pylist(), strict=True)
    missing = [row for row, (firm, income) in enumerate(pay) if firm and income is None]
    assert set(missing) == rows("income-missing")


def test_employers_are_in_the_register_of_enterprises_but_for_the_strangers() -> None:
    known = set(enterprises().table[founded.CREDIT].to_pylist())
    lost = enterprises().rows(
        "credit-null", "credit-short", "credit-check", "credit-letter", "credit-duplicate"
    )
    clean = founded.credit_code_of(founded.np.array(sorted(lost)), 1)
    known |= {bytes(row).decode() for row in clean}
    assert failing(lambda code: code in known, made.EMPLOYER) == citizens().rows(
        "employer-check", "employer-small", "employer-unknown"
    )


def test_accounts_of_enterprises_are_right_by_luhn_but_one() -> None:
    accounts = enumerate(enterprises().table[founded.ACCOUNT].to_pylist())
    wrong = {row for row, text in accounts if not luhn.is_valid(text)}
    assert wrong == enterprises().rows("account-check")


def test_the_same_seed_makes_the_same_register_and_truth_beside_it(tmp_path: Path) -> None:
    tables = []
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        path = tmp_path / f"{name}.parquet"
        truth = made.make_citizens(path, 2000, seed=seed)
        tables.append(parquet.read_table(path))
        counts = json.loads(path.with_suffix(".truth.json").read_text())
        assert counts == {"rows": 2000, "kinds": {kind: 2 for kind in made.KINDS}}
        kept = parquet.read_table(path.with_suffix(".truth.parquet")).to_pylist()
        assert {(one["kind"], one["row"]) for one in kept} == {
            (kind, int(row)) for kind, parts in truth.items() for part in parts for row in part
        }
    assert tables[0].equals(tables[1]) and not tables[0].equals(tables[2])
    assert tables[0].num_columns == 13
