"""Own data of the systems that need some, derived from the reports' tables; ``python -m`` writes it.

The files lie beside the passports, so that a reader finds them; a test holds them to what is derived here.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable, Sequence

from kaishu.evaluation.system.model import column_of
from kaishu.evaluation.system.reading import read_system
from kaishu.evaluation.systems.sources import SYSTEMS, table

#: Our numbers for the grades of a dimension: the middle of our limits; places not listed lie below 3.5.
STAND_IN = {"A+": 4.75, "A": 4.25, "A-": 3.75, "": 1.75}
#: What the criteria of a stage say of the 28 indicators (report, the four stages and their five criteria).
IMPLIED = {
    "Ⅱ级": {
        **dict.fromkeys(("I02", "I03", "I07", "I08", "I10", "I15", "I22"), "是"),
        **dict.fromkeys(("I09", "I13", "I17", "I20", "I21"), "部分"),
        "I27": "80",
    },
    "Ⅲ级": {
        **dict.fromkeys(("I02", "I10", "I22"), "是"),
        **dict.fromkeys(("I03", "I07", "I08", "I09", "I17", "I21"), "部分"),
        "I13": "否",
        "I27": "60",
    },
    "Ⅳ级": {
        **dict.fromkeys(("I02", "I03", "I10", "I17", "I21"), "否"),
        **dict.fromkeys(("I07", "I08"), "部分"),
    },
}
#: Indicators of use that are printed for each platform.
SAMPLE = "样本平台"
_PRINTED = ("datasets", "themes", "apis", "applications")
_BODY = "I02"
_OFFICES = "甲乙丙丁戊己庚辛壬癸"


def stand_in() -> str:
    """``authorised-operation-2025``: a number for the printed grade of the dimension, for each indicator."""
    dimensions = [row["dimension"] for row in table("operation-2025/dimensions")]
    letters = dict(zip(dimensions, "RPSCDF", strict=True))
    counts: dict[str, int] = dict.fromkeys(dimensions, 0)
    columns: list[tuple[str, str]] = []
    for row in table("operation-2025/indicators"):
        counts[row["dimension"]] += 1
        columns.append((f"{letters[row['dimension']]}{counts[row['dimension']]}", row["dimension"]))
    graded: dict[tuple[str, str], dict[str, str]] = {}
    for row in table("operation-2025/grades"):
        graded.setdefault((row["scope"], row["place"]), {})[row["dimension"]] = row["grade"]
    lines = [
        [
            f"{scope}-{place}",
            place,
            scope,
            "",
            *(STAND_IN[found.get(dimension, "")] for _, dimension in columns),
        ]
        for (scope, place), found in graded.items()
    ]
    return _text(["unit", "place", "scope", "mode", *(code for code, _ in columns)], lines)


def platforms() -> str:
    """``utilization-2021``: what the appendices print of each of 156 platforms; the rest is empty."""
    return _text(["platform", "sample", *_columns()], _of_platforms().values())


def sample() -> str:
    """``utilization-2021``: the sample of appendix 4 by region; five are not in the other appendices."""
    known = _of_platforms()
    nothing: list[object] = ["" for _ in _columns()]
    lines = []
    for row in table("utilization-2021/sample_platforms"):
        line = known.get(row["volumes_platform_name"])
        lines.append([row["sample_region"], SAMPLE, *(line[2:] if line else nothing)])
    return _text(["platform", "sample", *_columns()], lines)


def _of_platforms() -> dict[str, list[object]]:
    """Platform to its line: name, whether in the sample, the columns."""
    themes = {
        row["platform_name"]: row["theme_count_listed"] for row in table("utilization-2021/platform_themes")
    }
    sampled = {row["volumes_platform_name"] for row in table("utilization-2021/sample_platforms")}
    found: dict[str, list[object]] = {}
    for row in table("utilization-2021/platform_volumes"):
        name = row["platform_name"]
        counts = {**row, "themes": themes.get(name, "")}
        kind = SAMPLE if name in sampled else "其他平台"
        found[name] = [name, kind, *(counts[column] if column in _PRINTED else "" for column in _columns())]
    return found


def _columns() -> list[str]:
    return [column_of(leaf) for leaf in read_system("utilization-2021").leaves()]


def stated() -> str:
    """``integration-2018``: answers that the report states of a province, by its stage or by name."""
    named = {row["province"] for row in table("integration-2018/agencies")}
    codes = [f"I{int(row['indicator_no']):02d}" for row in table("integration-2018/indicators")]
    lines = []
    for row in table("integration-2018/province_stages"):
        answers = dict(IMPLIED[row["stage"]])
        if row["province"] in named:
            answers[_BODY] = "是"
        lines.append([row["province"], *(answers.get(code, "") for code in codes)])
    return _text(["province", *codes], lines)


def made_up() -> str:
    """``guiyang-assessment``: scores of ten offices that do not exist, drawn with a fixed seed."""
    draw = random.Random(2021)  # noqa: S311
    counts: dict[str, int] = {}
    codes = []
    for row in table("development-2021/assessment_indicators"):
        counts.setdefault(row["level_1"], 0)
        counts[row["level_1"]] += 1
        codes.append(f"G{len(counts)}.{counts[row['level_1']]}")
    lines = []
    for letter in _OFFICES:
        level = draw.uniform(58, 94)
        lines.append([f"模拟单位{letter}", *(round(min(100, max(0, draw.gauss(level, 7)))) for _ in codes)])
    return _text(["office", *codes], lines)


FILES = {
    "authorised-operation-2025/stand-in.csv": stand_in,
    "utilization-2021/platforms.csv": platforms,
    "utilization-2021/sample.csv": sample,
    "integration-2018/stated.csv": stated,
    "guiyang-assessment/made-up.csv": made_up,
}


def _text(heads: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(lines)
    return out.getvalue()


if __name__ == "__main__":
    for name, derive in FILES.items():
        (SYSTEMS / name).write_text(derive(), encoding="utf-8")
