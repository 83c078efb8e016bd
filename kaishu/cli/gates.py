"""``kaishu gates``: what a table lacks to enter the data-resource centre, and who must do it."""

from __future__ import annotations

from typing import Any

import click

from kaishu.cli.entrance import terminal_call
from kaishu.cli.output import emit, json_option, print_table
from kaishu.cli.words import language, say


@click.command(help=say("入库六关：缺什么、由谁办", "the six entry gates: what is missing, who must do it"))
@click.argument("dataset", required=False)
@click.option("--office", default="", help=say("一个部门的全部表", "all tables of an office"))
@click.option("--all", "every", is_flag=True, help=say("全部表", "all tables"))
@click.option("--enter", is_flag=True, help=say("六关全过的表办理入库", "let tables enter that pass all six"))
@json_option
def gates(dataset: str | None, office: str, every: bool, enter: bool) -> None:
    """Exit code 1 if a gate is missing."""
    from kaishu import access, catalogue

    if sum((bool(dataset), bool(office), every)) != 1:
        raise click.UsageError(
            say("请给出 DATASET、--office 或 --all 之一。", "Give one of DATASET, --office and --all.")
        )
    with terminal_call(write=enter) as call:
        if dataset:
            found = catalogue.gates_of(call, dataset)
        else:
            chosen = access.office_by_name(call.session, office).id if office else None
            found = catalogue.gates_of_all(call, chosen)
        if enter:
            for table in found:
                if table.staged and not table.missing:
                    catalogue.enter(call, table.dataset.name, table.entry.id)
            names = list(dict.fromkeys(table.dataset.name for table in found))
            found = [each for name in names for each in catalogue.gates_of(call, name)]
        data = [catalogue.gates_told(each, language()) for each in found]
    emit({"mode": catalogue.gate_mode(), "tables": data}, lambda: _tell(data, bool(dataset)))
    if any(each["missing"] for each in data):
        click.get_current_context().exit(1)


def _tell(tables: list[dict[str, Any]], whole: bool) -> None:
    if not tables:
        click.echo(say("没有数据表。", "There are no tables."))
    if not whole:
        heads = [say("数据集", "dataset"), say("表", "table"), say("状态", "state"), say("通过", "passed")]
        heads.append(say("缺什么", "missing"))
        print_table(
            heads,
            [
                [each["dataset"], each["table"], _state(each), f"{6 - len(each['missing'])}/6", _closed(each)]
                for each in tables
            ],
        )
        return
    for each in tables:
        click.echo(f"{each['dataset']} · {each['table']} · {_state(each)}")
        for gate in each["gates"]:
            click.echo(f"  {'✓' if gate['passed'] else '✗'} {gate['title']}")
            for sentence in gate["missing"]:
                click.echo(f"      {sentence}")
            if gate["columns"]:
                click.echo(f"      {', '.join(gate['columns'])}")
            if not gate["passed"]:
                click.echo(
                    say("      由谁办：", "      who: ") + f"{gate['office']} · {gate['role']}  {gate['at']}"
                )


def _state(table: dict[str, Any]) -> str:
    return say("暂存", "staged") if table["state"] == "staged" else say("已入库", "entered")


def _closed(table: dict[str, Any]) -> str:
    titles = [gate["title"] for gate in table["gates"] if not gate["passed"]]
    return say("、", ", ").join(titles)
