"""``kaishu demo``: build the demo city."""

from __future__ import annotations

import os
import sys

import click

from kaishu.base import settings
from kaishu.cli.output import emit, json_option, print_table, wants_json
from kaishu.cli.words import say


@click.command(help=say("建好演示城市“开数市”（可重复执行）", "build the demo city; safe to repeat"))
@json_option
def demo() -> None:
    """Build what is missing and say what the city has."""
    from kaishu.cli.entrance import prepare
    from kaishu.demo import ACCOUNTS

    prepare()
    made, datasets = build_with_progress()
    data = {
        "made": made,
        "datasets": datasets,
        "accounts": [{"account": each.account, "password": each.password} for each in ACCOUNTS],
    }

    def people() -> None:
        click.echo(
            say(f"开数市有{datasets}个数据集，本次建了{made}个。", f"{datasets} datasets, {made} made now.")
        )
        print_table(
            [say("账号", "account"), say("密码", "password"), say("身份", "who")],
            [[each.account, each.password, say(each.name, each.name_en)] for each in ACCOUNTS],
        )

    emit(data, people)


def build_with_progress() -> tuple[int, int]:
    """Build the city, with one line of progress on a terminal; returns (made now, all)."""
    from kaishu.demo import SOURCE_FOLDER, build_city

    # What the city's source is read from is allowed where nobody has said what is.
    if not settings.text("source_folders"):
        os.environ["KAISHU_SOURCE_FOLDERS"] = str(SOURCE_FOLDER)
    watched = sys.stderr.isatty() and not wants_json()

    def report(done: int, total: int, title: str) -> None:
        if watched:
            line = say(f"建演示城市 {done}/{total} {title}", f"building the demo city {done}/{total} {title}")
            click.echo(f"\r\x1b[2K{line}", nl=False, err=True)
        elif done == 1 and not wants_json():
            click.echo(say("正在建演示城市……", "building the demo city ..."), err=True)

    built = build_city(report)
    if watched and built.made:
        click.echo("\r\x1b[2K", nl=False, err=True)
    return built.made, built.datasets
