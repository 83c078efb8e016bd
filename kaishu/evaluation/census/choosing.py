"""Theme schemes by name: those printed, a platform's list, a province's themes, a file of one's own."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from kaishu.base.errors import Said
from kaishu.base.problems import CellProblem
from kaishu.evaluation.census.alignment import Decision, Scheme
from kaishu.evaluation.census.errors import BadCensusFile, NoScheme
from kaishu.evaluation.census.places import province_named
from kaishu.evaluation.census.reading import Rows
from kaishu.evaluation.systems.sources import table

MOST_THEMES = 200
MOST_LETTERS = 60
#: Without a provincial platform, a theme belongs to a province's scheme if so many of its platforms list it.
COMMON = 0.5
_TOGETHER = {
    "together": "together",
    "same": "together",
    "相同": "together",
    "对应": "together",
    "合": "together",
}
_APART = {"apart": "apart", "different": "apart", "不同": "apart", "不对应": "apart", "分": "apart"}
_WORDS: dict[str, Decision] = {**dict.fromkeys(_TOGETHER, "together"), **dict.fromkeys(_APART, "apart")}


def schemes(rows: Rows) -> dict[str, Scheme]:
    """Every scheme there is: printed ones, provinces, platforms; in this order."""
    found: dict[str, Scheme] = {}
    if rows.shipped:
        for row in table("utilization-2021/theme_schemes"):
            known = found.get(row["scheme"], Scheme(row["scheme"], (), int(row["theme_count_stated"])))
            found[known.name] = Scheme(known.name, (*known.themes, row["theme"]), known.stated)
    listed = rows.frame.filter(pl.col("theme") != "")
    for (province,), own in listed.filter(pl.col("province") != "").group_by(
        ["province"], maintain_order=True
    ):
        themes = _of_province(str(province), own)
        if themes:
            found[str(province)] = themes
    for (platform,), own in listed.group_by(["platform_name"], maintain_order=True):
        found.setdefault(str(platform), Scheme(str(platform), tuple(own["theme"]), _stated(own)))
    return found


def _of_province(name: str, own: pl.DataFrame) -> Scheme | None:
    """What its provincial platform lists; else what at least half of its platforms do, if there are two."""
    provincial = own.filter(pl.col("level") == "省级")
    if provincial.height:
        first = provincial.filter(pl.col("platform_name") == provincial["platform_name"][0])
        return Scheme(name, tuple(first["theme"]), _stated(first))
    platforms = own["platform_name"].n_unique()
    if platforms < 2:
        return None
    counts = own.group_by("theme", maintain_order=True).agg(pl.col("platform_name").n_unique().alias("n"))
    common = counts.filter(pl.col("n") >= COMMON * platforms).sort("n", descending=True, maintain_order=True)
    return Scheme(name, tuple(common["theme"]))


def _stated(own: pl.DataFrame) -> int | None:
    stated = str(own["stated"][0])
    return int(stated) if stated else None


def scheme(name: str, known: dict[str, Scheme]) -> Scheme:
    """One by its name, by a province's short name, or if only its name begins so.  Raises ``NoScheme``."""
    for wanted in (name, province_named(name)):
        if wanted in known:
            return known[wanted]
    starting = [each for each in known if each.startswith(name)] if name else []
    if len(starting) == 1:
        return known[starting[0]]
    near = starting[:5] or difflib.get_close_matches(name, known, 3, 0.3) or list(known)[:3]
    raise NoScheme(kind="scheme", name=name[:80], known="、".join(near))


def scheme_of_text(name: str, text: str) -> Scheme:
    """A scheme from lines or a list with commas.  Raises ``BadCensusFile``."""
    for mark in "，,、；;|\r":
        text = text.replace(mark, "\n")
    themes = [each.strip() for each in text.split("\n") if each.strip()]
    problems = []
    if not themes:
        problems.append(CellProblem(0, "", Said("没有主题", "there are no themes")))
    if len(themes) > MOST_THEMES:
        told = Said(f"多于{MOST_THEMES}个主题", f"more than {MOST_THEMES} themes")
        problems.append(CellProblem(MOST_THEMES + 1, "", told))
    for line, theme in enumerate(themes[:MOST_THEMES], 1):
        if len(theme) > MOST_LETTERS:
            told = Said(f"多于{MOST_LETTERS}个字", f"more than {MOST_LETTERS} characters")
            problems.append(CellProblem(line, "theme", told))
    if problems:
        raise BadCensusFile(name, problems)
    return Scheme(name, tuple(themes))


def read_scheme(path: Path) -> Scheme:
    """A scheme from a text file with a theme on each line, UTF-8.  Raises ``BadCensusFile``."""
    return scheme_of_text(path.stem, _text(path))


def read_decisions(path: Path) -> dict[tuple[str, str], Decision]:
    """Decisions of a CSV file of left, right, decision (together or apart; 对应 or 不对应)."""
    return decisions_of(path.name, _text(path).splitlines())


def decisions_of(name: str, lines: Iterable[str]) -> dict[tuple[str, str], Decision]:
    """Decisions of lines ``left,right,decision``; a header is passed over.  Raises ``BadCensusFile``."""
    made: dict[tuple[str, str], Decision] = {}
    problems: list[CellProblem] = []
    for row, cells in enumerate(csv.reader(line.replace("，", ",") for line in lines), 1):
        texts = [cell.strip() for cell in cells]
        if not any(texts) or texts[:2] == ["left", "right"]:
            continue
        if len(texts) != 3 or not all(texts):
            told = Said(
                "应有三格：左主题、右主题、判定", "needs three cells: left theme, right theme, decision"
            )
            problems.append(CellProblem(row, "", told))
        elif texts[2] not in _WORDS:
            told = Said(
                f"“{texts[2][:40]}”不是判定，可写：对应、不对应",
                f'"{texts[2][:40]}" is neither together nor apart',
            )
            problems.append(CellProblem(row, "decision", told))
        elif made.get((texts[0], texts[1]), _WORDS[texts[2]]) != _WORDS[texts[2]]:
            told = Said("与前面的判定相反", "contradicts a decision above")
            problems.append(CellProblem(row, "decision", told))
        else:
            made[texts[0], texts[1]] = _WORDS[texts[2]]
        if row > MOST_THEMES * MOST_THEMES:
            break
    if problems:
        raise BadCensusFile(name, problems)
    return made


def unknown_decisions(
    made: dict[tuple[str, str], Decision], left: Scheme, right: Scheme
) -> list[tuple[str, str]]:
    """Decisions on themes that stand in neither scheme: they change nothing, and are told."""
    return [pair for pair in made if pair[0] not in left.themes or pair[1] not in right.themes]


def _text(path: Path) -> str:
    if path.stat().st_size > 1_048_576:
        raise BadCensusFile(path.name, [CellProblem(0, "", Said("大于 1 MiB", "larger than 1 MiB"))])
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        told = Said(f"第{error.start}个字节不是 UTF-8", f"byte {error.start} is not UTF-8")
        raise BadCensusFile(path.name, [CellProblem(0, "", told)]) from error
