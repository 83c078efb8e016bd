"""The fifteen checks by soda on DuckDB, one scan, in one of two ways.

``expressions``, the least soda can cost: the files are read into DuckDB's memory once and the conditions
are SQL expressions, which soda puts into one query with the other numbers.  ``failed-rows``: the conditions
are checks of failed rows, which hand over rows and are a query each, and every query reads the Parquet file.
"""

# /// script
# dependencies = ["soda-core-duckdb==3.5.6", "setuptools<81"]
# ///
from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import duckdb
from soda.scan import Scan

COLUMNS = {
    "公民身份号码": "id", "姓名": "name", "性别代码": "sex", "出生日期": "birth", "民族代码": "ethnic",
    "住址": "address", "手机号": "mobile", "登记日期": "since", "注销日期": "until", "月收入": "income",
    "单位统一社会信用代码": "employer",
}  # fmt: skip
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
FORM = "regexp_full_match(id, '[0-9]{17}[0-9X]')"
NUMBER = "try_cast(substr(id, 1, 17) AS BIGINT)"
TOTAL = " + ".join(
    f"{NUMBER} // {10 ** (16 - place)} % 10 * {weight}" for place, weight in enumerate(WEIGHTS)
)
CONDITIONS = {
    "id_check": f"{FORM} AND substr('10X98765432', (({TOTAL}) % 11 + 1)::INTEGER, 1) != substr(id, 18, 1)",
    "id_birth": f"{FORM} AND substr(id, 7, 8) != regexp_replace(birth, '[-/]', '', 'g')",
    "id_sex": f"{FORM} AND sex != CASE WHEN {NUMBER} % 2 = 1 THEN '1' ELSE '2' END",
    "registered": "since NOT BETWEEN DATE '1900-01-01' AND DATE '2026-12-31'",
    "income_of_employed": "employer IS NOT NULL AND income IS NULL",
    "dates": "until < since",
}
DIFFER = {
    "name-present": "a blank is a value",
    "id-unique": "values that stand more than once are counted, not their rows",
}


def main(folder: Path, way: str) -> None:
    """Print counts, CPU seconds and peak."""
    began = time.process_time()
    found = counts(folder, listing=way == "failed-rows")
    spent = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu": spent, "peak": peak, "counts": found, "differ": DIFFER}))


def counts(folder: Path, listing: bool) -> dict[str, int]:
    """Failing rows by rule."""
    connection = duckdb.connect(config={"threads": 2})
    columns = ", ".join(f'"{name}" AS {short}' for name, short in COLUMNS.items())
    kind = "VIEW" if listing else "TABLE"
    connection.execute(f"CREATE {kind} citizens AS SELECT {columns} FROM '{folder}/citizens.parquet'")
    firm = '"统一社会信用代码" AS code'
    connection.execute(f"CREATE {kind} enterprises AS SELECT {firm} FROM '{folder}/enterprises.parquet'")
    scan = Scan()
    scan.disable_telemetry()
    scan.set_data_source_name("duckdb")
    scan.add_duckdb_connection(connection, "duckdb")
    scan.add_sodacl_yaml_str(checks(listing))
    scan.execute()
    if scan.has_error_logs():
        raise RuntimeError(scan.get_error_logs_text())
    found = {each["name"]: each for each in scan.get_scan_results()["checks"]}
    failed = {name: int(each["diagnostics"]["value"]) for name, each in found.items()}
    return {**failed, "rows": int(found["rows"]["outcome"] != "pass")}


def checks(listing: bool) -> str:
    """The fifteen in SodaCL, named by their rules' ids."""
    codes = ", ".join(f"'{code:02}'" for code in range(1, 57))
    lines = [
        "checks for citizens:",
        "  - row_count between 1000 and 1000000000: {name: rows}",
        "  - missing_count(name) = 0: {name: name-present}",
        "  - duplicate_count(id) = 0: {name: id-unique, samples limit: 0}",
        "  - invalid_count(id) = 0: {name: id-form, samples limit: 0, valid regex: '^[0-9]{17}[0-9X]$'}",
        "  - invalid_count(mobile) = 0: {name: mobile, samples limit: 0, valid regex: '^1[3-9][0-9]{9}$'}",
        "  - invalid_count(income) = 0: {name: income, samples limit: 0, valid min: 0, valid max: 1000000}",
        f"  - invalid_count(ethnic) = 0: {{name: ethnic, samples limit: 0, valid values: [{codes}]}}",
        "  - invalid_count(address) = 0:",
        "      {name: address, samples limit: 0, valid min length: 3, valid max length: 100}",
        "  - values in (employer) must exist in enterprises (code): {name: employer, samples limit: 0}",
    ]
    for name, condition in CONDITIONS.items():
        asked = f"fail condition: {condition}"
        if not listing:
            asked = f"{name} expression: count(CASE WHEN {condition} THEN 1 END)"
        head = "failed rows" if listing else f"{name} = 0"
        lines += [f"  - {head}:", f"      name: {name.replace('_', '-')}", f"      {asked}"]
    text = "\n".join(lines)
    return text.replace(", samples limit: 0", "").replace("samples limit: 0, ", "") if listing else text


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
