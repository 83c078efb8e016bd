"""``kaishu index``: the search index."""

from __future__ import annotations

import click

from kaishu.cli.entrance import prepare
from kaishu.cli.output import emit, json_option, progress_bar
from kaishu.cli.words import say


@click.group(help=say("搜索索引", "the search index"))
def index() -> None:
    """The search index."""


@index.command("rebuild", help=say("由目录重建索引", "build the index again from the catalogue"))
@json_option
def rebuild() -> None:
    """The old index answers until the new one is whole."""
    from kaishu import discovery

    prepare()
    with progress_bar(say("重建索引", "building the index")) as report:
        count = discovery.rebuild(progress=report)
    emit(
        {"datasets": count}, lambda: click.echo(say(f"已索引{count}个数据集。", f"{count} datasets indexed."))
    )
