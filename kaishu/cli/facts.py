"""``kaishu facts``: what the platform's own records say of it, counted with query, time and rows."""

from __future__ import annotations

import csv
import sys
from typing import TYPE_CHECKING, Any

import click

from kaishu.cli.entrance import terminal_call
from kaishu.cli.output import emit, json_option, print_table
from kaishu.cli.words import language, say

if TYPE_CHECKING:
    from kaishu.evaluation import FactSheet

SCOPES = ("platform", "catalogue", "office", "division")


@click.command(
    help=say(
        "从目录、数据湖、质量、使用和办件统计事实，每项附查询、时间和来源行",
        "facts counted from catalogue, lake, quality, usage and casework, each with query, time and rows",
    )
)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--by",
    type=click.Choice(SCOPES),
    default="platform",
    show_default=True,
    help=say("按什么统计", "by what"),
)
@click.option("--unit", default="", help=say("只要一个对象", "one unit only"))
@click.option("--list", "listed", is_flag=True, help=say("列出全部事实", "list all facts"))
@click.option("--rows", is_flag=True, help=say("列出数值来自哪些行", "list the rows that values came from"))
@click.option("--csv", "as_csv", is_flag=True, help=say("输出 CSV", "print CSV"))
@click.option("--keep", is_flag=True, help=say("保存这次采集", "keep this collection"))
@json_option
def facts(
    names: tuple[str, ...], by: str, unit: str, listed: bool, rows: bool, as_csv: bool, keep: bool
) -> None:
    """Exit code 0, or 1 for a name that is not known."""
    from kaishu import evaluation

    if listed:
        _list(names, by)
        return
    with terminal_call(write=keep) as call:
        if keep:
            sheet = evaluation.collected_facts(call, evaluation.collect_facts(call, names, by).id)
        else:
            sheet = evaluation.measure_facts(call, names, by)
    units = [each for each in sheet.units if unit in ("", each.id)]
    if not units and unit:
        from kaishu.base.errors import NotFound

        raise NotFound(kind="对象 unit", name=unit)
    if rows:
        _rows(sheet, [each.id for each in units])
    elif as_csv:
        _csv(sheet, [each.id for each in units])
    else:
        data = sheet.as_dict(language())
        data["units"] = [each for each in data["units"] if unit in ("", each["id"])]
        emit(data, lambda: _tell(data))


def _list(names: tuple[str, ...], by: str) -> None:
    from kaishu import evaluation

    english = language() == "en"
    data = [
        {
            "name": each.name,
            "title": each.said(language()),
            "unit": each.unit[english],
            "about": each.about[english],
            "query": each.query(by),
        }
        for each in evaluation.facts_called(names)
    ]
    heads = [say("名称", "name"), say("标题", "title"), say("单位", "unit")]
    emit(data, lambda: print_table(heads, [[each["name"], each["title"], each["unit"]] for each in data]))


def _tell(data: dict[str, Any]) -> None:
    units = data["units"]
    if len(units) == 1:
        heads = [say("事实", "fact"), say("标题", "title"), units[0]["name"], say("单位", "unit")]
        heads.append(say("行数", "rows"))
        found = [(each, units[0]["facts"][each["name"]]) for each in data["facts"]]
        rows = [
            [each["name"], each["title"], _shown(one["value"]), each["unit"], one["rows"]]
            for each, one in found
        ]
        print_table(heads, rows, (2, 4))
    else:
        heads = ["id", say("名称", "name"), *(each["name"] for each in data["facts"])]
        rows = [
            [unit["id"], unit["name"], *(_shown(one["value"]) for one in unit["facts"].values())]
            for unit in units
        ]
        print_table(heads, rows, range(2, len(heads)))
    if data["left_out"]:
        number = data["left_out"]
        click.echo(
            say(f"{number}个数据集未计入：没有写明。", f"{number} datasets do not say and are left out.")
        )
    click.echo(say(f"统计时间 {data['at']}", f"counted at {data['at']}"))


def _csv(sheet: FactSheet, units: list[str]) -> None:
    names = {each.id: each.said(language()) for each in sheet.units}
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["id", "name", *(each.name for each in sheet.facts)])
    for unit in units:
        values = (sheet.of(unit, each.name).value for each in sheet.facts)
        writer.writerow([unit, names[unit], *("" if value is None else value for value in values)])


def _rows(sheet: FactSheet, units: list[str]) -> None:
    """Every row behind every value, as CSV, read page by page."""
    from kaishu import evaluation

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["unit", "fact", "id", "label", "value"])
    for fact in sheet.facts:
        for unit in units:
            cursor = None
            while True:
                page = evaluation.rows_behind(sheet, fact.name, unit, limit=1000, cursor=cursor)
                writer.writerows([unit, fact.name, row.id, row.label, row.value] for row in page.rows)
                cursor = page.next
                if cursor is None:
                    break


def _shown(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"
