"""The fifteen checks by great_expectations on pandas, one validation.

Check digit, birth date and sex in the number and the reference to another table have no expectation of
their own: they are columns computed beforehand by pandas and numpy, which is counted.
"""

# /// script
# dependencies = ["great_expectations==1.24.1", "pandas==3.1.1", "pyarrow==26.0.1"]
# ///
from __future__ import annotations

import json
import resource
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import great_expectations as gx
import great_expectations.expectations as gxe
import numpy as np
import pyarrow.parquet as pq
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.expectations.row_conditions import Column

ID, EMPLOYER, INCOME, SINCE, UNTIL = (
    "公民身份号码", "单位统一社会信用代码", "月收入", "登记日期", "注销日期",
)  # fmt: skip
COLUMNS = [ID, EMPLOYER, INCOME, SINCE, UNTIL, "姓名", "性别代码", "出生日期", "手机号", "民族代码", "住址"]
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], np.float32)
CHECKS = np.frombuffer(b"10X98765432", np.uint8)
DIFFER = {
    "name-present": "a blank is a value",
    "id-unique": "empty texts are equal to each other",
}


def main(folder: Path) -> None:
    """Print counts, CPU seconds and peak."""
    began = time.process_time()
    found = counts(folder)
    spent = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu": spent, "peak": peak, "counts": found, "differ": DIFFER}))


def counts(folder: Path) -> dict[str, int]:
    """Failing rows by rule."""
    people = pq.read_table(folder / "citizens.parquet", columns=COLUMNS).to_pandas(date_as_object=False)
    firms = pq.read_table(folder / "enterprises.parquet", columns=["统一社会信用代码"]).column(0)
    add_columns(people, firms.to_pandas())
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("register").add_dataframe_asset("citizens")
    suite = context.suites.add(gx.ExpectationSuite("fifteen", expectations=expectations()))
    checks = gx.ValidationDefinition(
        name="fifteen", data=asset.add_batch_definition_whole_dataframe("all"), suite=suite
    )
    context.validation_definitions.add(checks)
    done = checks.run(
        batch_parameters={"dataframe": people},
        result_format={"result_format": "BASIC", "partial_unexpected_count": 0},
    )
    found = {}
    for each in done.results:
        if each.exception_info.get("raised_exception"):
            raise RuntimeError(each.exception_info)
        found[each.expectation_config.meta["id"]] = each.result.get("unexpected_count", int(not each.success))
    return found


def add_columns(people: Any, firms: Any) -> None:
    """What no expectation computes: true, false, or missing where the question does not arise."""
    form = people[ID].str.fullmatch("[0-9]{17}[0-9X]").fillna(False).to_numpy(bool)
    letters = people[ID][form].to_numpy("S18").view(np.uint8).reshape(-1, 18)
    sums = (letters[:, :17] - np.uint8(48)).astype(np.float32) @ WEIGHTS
    good = people[form]
    born = good["出生日期"].str.replace("[-/]", "", regex=True)
    sex = np.where(letters[:, 16] & 1, "1", "2")
    answers = {
        "check": CHECKS[sums.astype(np.int64) % 11] == letters[:, 17],
        "birth": (good[ID].str.slice(6, 14) == born) | born.isna(),
        "sex": (good["性别代码"] == sex) | good["性别代码"].isna(),
    }
    for name, answer in answers.items():
        people[name] = True
        people.loc[form, name] = np.asarray(answer, bool)
    people["firm"] = people[EMPLOYER].isin(firms) | people[EMPLOYER].isna()


def expectations() -> list[Any]:
    """The fifteen, each with its rule's id."""
    made = {
        "name-present": gxe.ExpectColumnValuesToNotBeNull(column="姓名"),
        "id-unique": gxe.ExpectColumnValuesToBeUnique(column=ID),
        "id-form": gxe.ExpectColumnValuesToMatchRegex(column=ID, regex="^[0-9]{17}[0-9X]$"),
        "id-check": gxe.ExpectColumnValuesToBeInSet(column="check", value_set=[True]),
        "id-birth": gxe.ExpectColumnValuesToBeInSet(column="birth", value_set=[True]),
        "id-sex": gxe.ExpectColumnValuesToBeInSet(column="sex", value_set=[True]),
        "mobile": gxe.ExpectColumnValuesToMatchRegex(column="手机号", regex="^1[3-9][0-9]{9}$"),
        "registered": gxe.ExpectColumnValuesToBeBetween(
            column=SINCE, min_value=datetime(1900, 1, 1), max_value=datetime(2026, 12, 31)
        ),
        "income": gxe.ExpectColumnValuesToBeBetween(column=INCOME, min_value=0, max_value=1_000_000),
        "ethnic": gxe.ExpectColumnValuesToBeInSet(
            column="民族代码", value_set=[f"{code:02}" for code in range(1, 57)]
        ),
        "employer": gxe.ExpectColumnValuesToBeInSet(column="firm", value_set=[True]),
        "address": gxe.ExpectColumnValueLengthsToBeBetween(column="住址", min_value=3, max_value=100),
        "income-of-employed": gxe.ExpectColumnValuesToNotBeNull(
            column=INCOME, row_condition=Column(EMPLOYER).is_not_null()
        ),
        "dates": gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A=UNTIL, column_B=SINCE, or_equal=True, ignore_row_if="either_value_is_missing"
        ),
        "rows": gxe.ExpectTableRowCountToBeBetween(min_value=1000, max_value=1_000_000_000),
    }
    for rule, expectation in made.items():
        expectation.meta = {"id": rule}
    return list(made.values())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
