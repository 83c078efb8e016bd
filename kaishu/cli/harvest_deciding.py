"""``kaishu harvest settle`` and ``themes``: what a person decides about a harvested catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kaishu.cli.entrance import terminal_call
from kaishu.cli.output import emit, json_option, print_table
from kaishu.cli.words import say

SIDES = click.Choice(("ours", "theirs"))
CHOICES = click.Choice(("ours", "theirs", "merge"))
LONGEST = 60


@click.command("settle", help=say("逐项裁决一个冲突", "settle a conflict, field by field"))
@click.argument("item", metavar="RUN:NUMBER")
@click.option(
    "--field",
    "fields",
    multiple=True,
    metavar="FIELD=SIDE",
    help=say("这一项用本地的（ours）或来源的（theirs）", "this field: ours or theirs"),
)
@click.option(
    "--all",
    "every",
    type=CHOICES,
    help=say(
        "其余各项；merge（默认）：用改过的那一边的，两边都改过的用本地的",
        "all other fields; merge (as if not said): the side that changed, ours where both did",
    ),
)
@json_option
def settle(item: str, fields: tuple[str, ...], every: str | None) -> None:
    """Without a choice both values of every field are shown, and nothing is decided."""
    from kaishu import harvest as room

    run_id, number = item_id(item)
    chosen = _chosen(fields)
    if not chosen and every is None:
        _show(run_id, number)
        return
    with terminal_call() as call:
        done = room.settle(call, run_id, number, every or "merge", chosen)
        data = {"number": done.number, "title": done.title, "choice": done.choice}
    emit(data, lambda: click.echo(say("已裁决。", "Settled.")))


@click.command(
    "themes", help=say("看或换一个来源的主题规则", "show or replace the rules for themes of a source")
)
@click.argument("source")
@click.option(
    "--file",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=say("规则文件（YAML）", "file with the rules (YAML)"),
)
@json_option
def themes(source: str, path: Path | None) -> None:
    """Rules hold from the next reading on; with them is said how many datasets have a theme."""
    from kaishu import harvest as room

    if path is not None:
        with terminal_call() as call:
            room.set_themes(call, source, path.read_text(encoding="utf-8-sig", errors="replace"))
    with terminal_call(write=False) as call:
        found = room.source_by_name(call, source)
        share = room.theme_share(call, found)
        written = found.themes or ""
        data = {
            "source": found.name,
            "rules": len(room.read_rules(written).rules),
            "datasets": share.total,
            "stated": share.stated,
            "inferred": share.inferred,
            "without": share.without,
        }

    def people() -> None:
        if path is None and written:
            click.echo(written.rstrip() + "\n")
        heads = [
            say("规则", "rules"),
            say("数据集", "datasets"),
            say("来源给出主题", "theme by the source"),
            say("按规则推断", "inferred"),
            say("没有主题", "none"),
        ]
        keys = ("rules", "datasets", "stated", "inferred", "without")
        print_table(heads, [[data[key] for key in keys]], [0, 1, 2, 3, 4])

    emit(data, people)


def item_id(written: str) -> tuple[str, int]:
    """The two parts of ``RUN:NUMBER``."""
    run_id, _, number = written.rpartition(":")
    if not run_id or not number.isascii() or not number.isdecimal() or len(number) > 9:
        raise click.BadParameter("RUN:NUMBER")
    return run_id, int(number)


def _chosen(fields: tuple[str, ...]) -> dict[str, str]:
    chosen = {}
    for written in fields:
        field, _, side = written.partition("=")
        if side not in SIDES.choices:
            raise click.BadParameter(f"{written}: FIELD=ours | FIELD=theirs")
        chosen[field.strip()] = side
    return chosen


def _show(run_id: str, number: int) -> None:
    from kaishu import harvest as room

    with terminal_call(write=False) as call:
        found = room.differences(call, room.item_by_id(call, run_id, number))
        data = [
            {
                "field": each.field,
                "ours": each.ours,
                "theirs": each.theirs,
                "decided": each.decided,
                "side": each.side,
            }
            for each in found
        ]
    heads = [say("项目", "field"), say("本地", "ours"), say("来源", "theirs"), say("取", "holds")]
    rows = [
        [
            each["field"],
            _brief(each["ours"]),
            _brief(each["theirs"]),
            each["side"] if each["decided"] else say("待决定", "to decide"),
        ]
        for each in data
    ]
    emit(data, lambda: print_table(heads, rows))


def _brief(value: Any) -> str:
    text = "—" if value is None else str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
