"""``kaishu source contract``: who brings a table, when, and what became of it."""

from __future__ import annotations

from typing import Any

import click

from kaishu.cli.entrance import terminal_call
from kaishu.cli.output import emit, json_option, print_table
from kaishu.cli.words import say


@click.group(help=say("更新约定", "contracts about updates"))
def contract() -> None:
    """Contracts."""


@contract.command("add", help=say("为目录条目的一张表立约定", "agree how one table is kept up"))
@click.argument("name")
@click.option("--dataset", required=True, help=say("目录条目", "dataset"))
@click.option("--way", type=click.Choice(["pull", "push"]), default="pull", help=say("方式", "way"))
@click.option("--source", "from_", default="", help=say("来源", "source"))
@click.option("--table", default="", help=say("来源里的表或文件样式", "table, or pattern of files"))
@click.option(
    "--period",
    type=click.Choice(["workday", "daily", "weekly", "monthly", "quarterly", "yearly"]),
    default="monthly",
    help=say("周期", "period"),
)
@click.option("--at", default="02:00", metavar="HH:MM", help=say("北京时间", "China Standard Time"))
@click.option("--grace", type=int, default=0, help=say("宽限的工作日", "working days of grace"))
@click.option("--marker", default="", help=say("增量标记列", "marker column of increments"))
@click.option(
    "--redelivery",
    type=click.Choice(["replace", "refuse", "keep"]),
    default="replace",
    help=say("同期重报", "a second delivery"),
)
@click.option(
    "--mode", type=click.Choice(["replace", "append", "merge"]), default="replace", help=say("入湖", "mode")
)
@click.option("--key", default="", help=say("合并主键，逗号分隔", "key columns of a merge, with commas"))
@json_option
def add(dataset: str, from_: str, mode: str, key: str, **agreed: Any) -> None:
    """The office is the dataset's."""
    from kaishu import catalogue, lake
    from kaishu import source as room

    update = lake.Update.from_dict({"mode": mode, "key": key}).to_dict()
    draft = room.ContractDraft(dataset=dataset, source=from_, update=update, **agreed)
    with terminal_call() as call:
        owner = catalogue.dataset_by_name(call, dataset).office_id
        data = _contract(room.make_contract(call, draft, owner))
    emit(data, lambda: click.echo(say(f"已立约定 {data['name']}。", f"agreed {data['name']}.")))


@contract.command("list", help=say("列出约定和最近一期", "contracts and their latest period"))
@json_option
def list_contracts() -> None:
    """Every contract with how its latest period went."""
    from kaishu import source as room

    with terminal_call(write=False) as call:
        data = []
        for each in room.contracts(call):
            kept = room.kept_periods(call, each)
            data.append({**_contract(each), "latest": kept[-1].state if kept else None})
    heads = [
        say("标识", "name"),
        say("方式", "way"),
        say("目录条目", "dataset"),
        say("周期", "period"),
        say("状态", "state"),
        say("最近一期", "latest"),
    ]
    rows = [
        [e["name"], e["way"], e["dataset"], e["period"], e["state"], str(e["latest"] or "")] for e in data
    ]
    emit(data, lambda: print_table(heads, rows))


@contract.command("show", help=say("各期是否按时", "how each period went"))
@click.argument("name")
@json_option
def show(name: str) -> None:
    """Periods, newest first."""
    from kaishu import source as room

    with terminal_call(write=False) as call:
        found = room.contract_by_name(call, name)
        periods = [
            {"period": each.start.isoformat(), "due": each.due.isoformat(), "state": each.state}
            for each in reversed(room.kept_periods(call, found))
        ]
        data = {**_contract(found), "periods": periods}
    heads = [say("期", "period"), say("应到", "due"), say("结果", "state")]
    emit(data, lambda: print_table(heads, [list(each.values()) for each in periods]))


@contract.command("pause", help=say("暂停", "pause"))
@click.argument("name")
@json_option
def pause(name: str) -> None:
    """Nothing is pulled or taken until it goes on."""
    _pause(name, True)


@contract.command("resume", help=say("继续", "go on"))
@click.argument("name")
@json_option
def resume(name: str) -> None:
    """Tried again at once."""
    _pause(name, False)


def _pause(name: str, paused: bool) -> None:
    from kaishu import source as room

    with terminal_call() as call:
        data = _contract(room.pause_contract(call, name, paused))
    emit(data, lambda: click.echo(f"{data['name']}: {data['state']}"))


def _contract(made: Any) -> dict[str, Any]:
    names = ("id", "name", "way", "dataset", "remote_table", "period", "at", "grace", "marker", "state")
    return {
        **{name: getattr(made, name) for name in names},
        "update": made.update,
        "redelivery": made.redelivery,
    }
