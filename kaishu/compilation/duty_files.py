"""A 权责清单 as a file: which column is which, and what each row says."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from kaishu import lake
from kaishu.base.errors import Said
from kaishu.compilation.errors import NoDutyColumn
from kaishu.compilation.rules import kind_of, rules

LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One row: line in the file, the duty's name (L1), its kind, and the other cells by our names."""

    row: int
    name: str
    kind: str
    said: dict[str, str]


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with a row: ``heading`` is the column's heading, ``value`` what stands there."""

    row: int
    heading: str
    value: str
    said: Said


@dataclass(slots=True)
class DutyFile:
    """What was read: columns (our name to heading), good rows, wrong rows, and the sheet they stand in."""

    columns: dict[str, str]
    unused: list[str]
    rows: list[DutyRow] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    sheet: str = ""


def read_duties(path: Path, name: str, *, own: str = "", others: frozenset[str] = frozenset()) -> DutyFile:
    """Read a list of one office.  ``own`` is its title, ``others`` those of the other offices.

    Raises ``NoDutyColumn`` and the errors of a file that cannot be read.
    """
    plan = lake.make_plan(path, name)
    headings = [_plain(column.source_name) for column in plan.columns]
    places = _places(headings)
    if "name" not in places:
        raise NoDutyColumn(file=name, columns="、".join([each for each in headings if each][:30]) or "—")
    used = {place for place in places.values()}
    found = DutyFile(
        {field: headings[place] for field, place in places.items()},
        [heading for place, heading in enumerate(headings) if heading and place not in used],
        sheet=plan.sheet or "",
    )
    seen: dict[tuple[str, str], int] = {}
    for line, cells in lake.text_rows(path, name, plan):
        said = {field: cells[place] for field, place in places.items() if cells[place]}
        duty = " ".join(said.pop("name", "").split())
        kind = kind_of(said.pop("kind", ""))
        full = f"{duty}（{said['sub']}）" if said.get("sub") and said["sub"] != duty else duty
        problem = _problem(full, said, own, others, seen.get((full, kind)))
        if problem:
            found.problems.append(RowProblem(line, found.columns[problem[0]], problem[1], problem[2]))
            continue
        seen[full, kind] = line
        found.rows.append(DutyRow(line, full, kind, said))
    return found


def _places(headings: list[str]) -> dict[str, int]:
    """Our field to the column: whole headings first, then headings that contain a known one."""
    found: dict[str, int] = {}
    known: dict[str, list[str]] = rules("duties")["headings"]
    for whole in (True, False):
        for field_name, words in known.items():
            if field_name in found:
                continue
            for word in words:
                place = next(
                    (
                        place
                        for place, heading in enumerate(headings)
                        if place not in found.values()
                        and (heading == word if whole else len(word) > 2 and word in heading)
                    ),
                    None,
                )
                if place is not None:
                    found[field_name] = place
                    break
    return found


def _plain(heading: str) -> str:
    return re.sub(r"[\s*＊]|（.*?）|\(.*?\)", "", heading)


def _problem(
    name: str, said: dict[str, str], own: str, others: frozenset[str], before: int | None
) -> tuple[str, str, Said] | None:
    if not name:
        return (
            "name",
            "",
            Said("没有事项名称。请补上名称，或删去这一行。", "No duty is named. Name it, or delete the row."),
        )
    if len(name) > LONGEST_NAME:
        text = Said(
            f"事项名称太长（{len(name)}字，最多{LONGEST_NAME}字）。请把说明移到别的列。",
            f"{len(name)} characters, at most {LONGEST_NAME}. Move explanations to another column.",
        )
        return "name", name[:60], text
    if before is not None:
        text = Said(
            f"与第{before}行重复。请删去一行，或写明不同之处。",
            f"The same as row {before}. Delete one of them, or say how they differ.",
        )
        return "name", name[:60], text
    body = said.get("body", "")
    if own and body and body != own and body in others:
        text = Said(
            f"实施主体是“{body}”，这份清单属于“{own}”。请把这一行放到那个部门的清单里。",
            f'This duty is of "{body}", the list is of "{own}". Move the row to that office\'s list.',
        )
        return "body", body, text
    return None
