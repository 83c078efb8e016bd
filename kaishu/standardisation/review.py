"""The pairs that people decide: written as CSV, read back, and never forgotten."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kaishu.standardisation.errors import BadReviewFile

SAME, DIFFERENT = "same", "different"
#: One row of a source, by the source's name and the row's handle.
Place = tuple[str, str]
HEADS = ("decision", "left", "left_row", "right", "right_row", "probability", "weight", "why")


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided about two rows; ``cells`` are the other columns as they were."""

    left: Place
    right: Place
    same: bool
    cells: Mapping[str, str]


def read_decisions(path: Path) -> list[Decision]:
    """Decisions of a review file; rows still undecided are left out.  Raises ``BadReviewFile``."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [head for head in HEADS[:5] if head not in (reader.fieldnames or ())]
            if missing:
                listed = "、".join(missing)
                raise _bad(path, 1, f"缺少列：{listed}", f"columns are missing: {', '.join(missing)}")
            return [found for row in reader if (found := _decision(path, reader.line_num, row)) is not None]
    except UnicodeDecodeError as error:
        raise _bad(path, 0, "不是 UTF-8", "this is not UTF-8") from error
    except csv.Error as error:
        raise _bad(path, 0, f"不是 CSV：{error}", f"this is not CSV: {error}") from error


def write_queue(
    path: Path, fields: Sequence[str], decided: Sequence[Decision], waiting: Iterable[Mapping[str, object]]
) -> None:
    """What was decided and what waits, UTF-8 with a mark for spreadsheets; replaced whole or not at all."""
    heads = [*HEADS, *(f"{side}_{name}" for name in fields for side in ("left", "right"))]
    draft = path.with_name(f".{path.name}.draft")
    try:
        with draft.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, heads, restval="", extrasaction="ignore")
            writer.writeheader()
            for each in decided:
                writer.writerow(dict(each.cells))
            for row in waiting:
                writer.writerow({name: _plain(value) for name, value in row.items()})
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _decision(path: Path, line: int, row: Mapping[str, str | None]) -> Decision | None:
    cells = {name: value or "" for name, value in row.items() if isinstance(name, str)}
    said = cells["decision"].strip().lower()
    if not said:
        return None
    if said not in (SAME, DIFFERENT):
        raise _bad(
            path, line, f"“{said[:40]}”不是 same 或 different", f'"{said[:40]}" is not same or different'
        )
    left, right = (_place(path, line, _unguarded(cells[side])) for side in ("left", "right"))
    return Decision(left, right, said == SAME, cells)


def _place(path: Path, line: int, text: str) -> Place:
    source, between, handle = text.partition(":")
    if not between or not source or not handle:
        raise _bad(path, line, f"“{text[:40]}”应为 来源:行的标识", f'"{text[:40]}" should be SOURCE:HANDLE')
    return source, handle


def _plain(value: object) -> str:
    """Text that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _number(text) else text


def _unguarded(text: str) -> str:
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _bad(path: Path, line: int, zh: str, en: str) -> BadReviewFile:
    return BadReviewFile(file=path.name, line=line, reason_zh=zh, reason_en=en)
