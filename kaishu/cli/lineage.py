"""``kaishu lineage``: where columns come from, what a column's going breaks, events for other tools."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kaishu.cli.entrance import terminal_call
from kaishu.cli.errors import TargetExists
from kaishu.cli.output import emit, json_option, print_table, step
from kaishu.cli.words import say

if TYPE_CHECKING:
    from kaishu.lineage import Graph, Impact, Node

NUMBER = click.option(
    "--version",
    "number",
    type=int,
    metavar="N",
    help=say("第几版，默认最新", "version; the newest by default"),
)
RESOURCE = click.option("--resource", metavar="ID", help=say("第几份数据", "which table of the dataset"))


@click.group(help=say("列级血缘：来源、去向、影响", "lineage of columns: origin, destination, impact"))
def lineage() -> None:
    """Lineage."""


@lineage.command(
    "show", help=say("一个数据集或一列的来源和去向", "where a dataset or a column comes from and goes")
)
@click.argument("target", metavar="DATASET[.COLUMN]")
@NUMBER
@RESOURCE
@json_option
def show(target: str, number: int | None, resource: str | None) -> None:
    """One line for each step of a column."""
    from kaishu import lineage as rooms

    name, _, column = target.partition(".")
    with terminal_call(write=False) as call:
        found = rooms.lineage_of(call, name, resource, number)
        graph = found.path(column) if column else found.graph
    data = {
        "dataset": found.dataset.name,
        "version": found.version.number,
        "cut": found.cut,
        "nodes": [{"id": id, **asdict(node)} for id, node in graph.nodes.items()],
        "edges": [asdict(edge) for edge in graph.edges],
    }
    emit(data, lambda: _tell_graph(graph))


@lineage.command("impact", help=say("去掉一列会影响什么", "what breaks if a column goes"))
@click.argument("target", metavar="DATASET.COLUMN")
@NUMBER
@RESOURCE
@json_option
def impact(target: str, number: int | None, resource: str | None) -> None:
    """Fields, published versions, interfaces, rules, keys, other tables, followers."""
    from kaishu import lineage as rooms

    name, _, column = target.partition(".")
    if not column:
        raise click.UsageError(say("请写成 数据集.列", "write DATASET.COLUMN"))
    with terminal_call(write=False) as call:
        found = rooms.lineage_of(call, name, resource, number)
        told = rooms.impact_of(call, found, column)
    emit(asdict(told), lambda: _tell_impact(told))


@lineage.command("export", help=say("导出 OpenLineage 事件（NDJSON）", "OpenLineage events as NDJSON"))
@click.argument("datasets", nargs=-1)
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help=say("写到哪里，默认标准输出", "where to; standard output by default"),
)
@click.option("--force", is_flag=True, help=say("覆盖已有文件", "write over a file that is there"))
def export(datasets: tuple[str, ...], output: Path | None, force: bool) -> None:
    """One run event a line, for every dataset unless some are named."""
    from kaishu import lineage as rooms

    if output is not None and output.exists() and not force:
        raise TargetExists(file=str(output))
    with terminal_call(write=False) as call:
        lines = (json.dumps(event, ensure_ascii=False) + "\n" for event in rooms.events(call, datasets))
        if output is None:
            for line in lines:
                sys.stdout.write(line)
            return
        fresh = output.with_name(f".{output.name}.part")
        with fresh.open("w", encoding="utf-8") as file:
            count = sum(1 for line in lines if file.write(line))
        fresh.replace(output)
    step(f"{output}  {count:,} {say('个事件', 'events')}")


def _tell_graph(graph: Graph) -> None:
    rows: list[list[Any]] = []
    for edge in graph.edges:
        act = edge.act
        told = [act.action, act.at.date().isoformat(), act.actor] if act else ["", "", ""]
        rows.append(
            [
                _name(graph.nodes[edge.start]),
                " ".join((edge.kind, *edge.steps)),
                _name(graph.nodes[edge.end]),
                *told,
            ]
        )
    heads = [say("从", "from"), say("关系", "how"), say("到", "to"), say("行为", "act"), say("日期", "day")]
    print_table([*heads, say("谁", "who")], rows)


def _name(node: Node) -> str:
    return " · ".join(part for part in (node.label or node.place, node.column) if part)


def _tell_impact(told: Impact) -> None:
    rows = [[each.kind, _name(each), ""] for each in told.reached]
    rows += [[each.kind, " ".join((each.name, each.title)).strip(), each.where] for each in told.uses]
    print_table([say("种类", "kind"), say("名称", "name"), say("在哪里", "where")], rows)
    click.echo(say(f"关注者 {told.followers} 人", f"{told.followers} followers"))
    if told.hidden:
        click.echo(say(f"另有 {told.hidden} 处不可见", f"{told.hidden} more that may not be seen"))
