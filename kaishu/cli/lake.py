"""``kaishu lake``: which batches of a table are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from kaishu.cli.entrance import terminal_call
from kaishu.cli.output import emit, json_option, print_table
from kaishu.cli.words import say

if TYPE_CHECKING:
    from kaishu.access import Call
    from kaishu.catalogue.models import Dataset
    from kaishu.lake import Proposal, Retention
    from kaishu.lake.models import Table

DATASET = click.argument("dataset", metavar="DATASET")
LAST = click.option(
    "--last", type=int, default=None, metavar="N", help=say("保留最近几批", "the last N batches")
)
DAYS = click.option(
    "--days", type=int, default=None, metavar="D", help=say("保留最近几天的", "batches of the last D days")
)
MONTH_ENDS = click.option(
    "--month-ends", is_flag=True, help=say("保留每月最后一批", "the last batch of every month")
)


@click.group(help=say("数据表的批次", "batches of tables"))
def lake() -> None:
    """Retention."""


@lake.group(help=say("保留哪些批次", "which batches are kept"))
def retention() -> None:
    """A rule, what it would drop, and dropping."""


@retention.command(
    "set", help=say("规定保留哪些批次；不写条件则全部保留", "set the rule; without conditions all stay")
)
@DATASET
@LAST
@DAYS
@MONTH_ENDS
@json_option
def set_rule(dataset: str, **given: Any) -> None:
    """Nothing is dropped by a rule alone."""
    from kaishu import lake as room

    with terminal_call() as call:
        _, table = _table(call, dataset)
        rule = room.Retention.from_dict(given)
        room.set_retention(call, table, rule)
    emit(rule.to_dict(), lambda: click.echo(say("已设定。", "Set.")))


@retention.command(
    "plan", help=say("按规则可以清退哪些批次、腾出多少", "what the rule would drop, and how much that frees")
)
@DATASET
@LAST
@DAYS
@MONTH_ENDS
@json_option
def plan(dataset: str, **given: Any) -> None:
    """With the table's rule, or the one said here."""
    with terminal_call(write=False) as call:
        _, table = _table(call, dataset)
        proposed = _proposed(call, table, _rule(table, given))
        data = [
            {
                "version": p.version.number,
                "at": p.version.created_at,
                "rows": p.version.rows,
                "bytes": p.bytes,
            }
            for p in proposed
        ]
    emit({"drop": data, "bytes": sum(each["bytes"] for each in data)}, lambda: _tell(data))


@retention.command("drop", help=say("清退方案中的批次，不能恢复", "drop what the plan proposes, for good"))
@DATASET
@LAST
@DAYS
@MONTH_ENDS
@click.option("--yes", is_flag=True, help=say("确认清退", "yes, drop them"))
@json_option
def drop(dataset: str, yes: bool, **given: Any) -> None:
    """Original files stay; the record says who dropped the rows and when."""
    from kaishu import catalogue
    from kaishu import lake as room

    with terminal_call(write=False) as call:
        _, table = _table(call, dataset)
        numbers = [p.version.number for p in _proposed(call, table, _rule(table, given))]
    if numbers and not yes:
        listed = "、".join(map(str, numbers))
        click.confirm(
            say(f"清退第 {listed} 版的数据行？", f"Drop the rows of versions {listed}?"), abort=True
        )
    with terminal_call() as call:
        _, table = _table(call, dataset)
        published = _rule(table, given).published
        held = catalogue.held_versions(call.session, table.id, published=published)
        room.drop_versions(call, table, numbers, shown=held)
    with terminal_call() as call:
        freed = room.clear_dropped(call, table.id)
    said = say(
        f"清退了{len(numbers)}批，腾出{freed:,}字节。",
        f"{len(numbers)} batches dropped, {freed:,} bytes freed.",
    )
    emit({"dropped": numbers, "bytes": freed}, lambda: click.echo(said))


def _table(call: Call, name: str) -> tuple[Dataset, Table]:
    from kaishu import catalogue
    from kaishu import lake as room

    dataset, entry, _ = catalogue.readable_version(call, name)
    return dataset, room.table_by_id(call.session, entry.table_id or "")


def _rule(table: Table, given: dict[str, Any]) -> Retention:
    from kaishu import lake as room

    return room.Retention.from_dict(given if any(given.values()) else table.retention or {})


def _proposed(call: Call, table: Table, rule: Retention) -> list[Proposal]:
    from kaishu import catalogue
    from kaishu import lake as room

    held = catalogue.held_versions(call.session, table.id, published=rule.published)
    return room.propose(call.session, table, rule, shown=held, now=call.now)


def _tell(data: list[dict[str, Any]]) -> None:
    if not data:
        click.echo(say("没有可清退的批次。", "Nothing to drop."))
        return
    heads = [
        say("版本", "version"),
        say("时间", "time"),
        say("行数", "rows"),
        say("可腾出字节", "bytes freed"),
    ]
    rows = [[d["version"], f"{d['at']:%Y-%m-%d %H:%M}", d["rows"], d["bytes"]] for d in data]
    print_table(heads, rows, numbers=(0, 2, 3))
