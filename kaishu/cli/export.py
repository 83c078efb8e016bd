"""``kaishu export``: a version as a file of any format, or as a stream."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from kaishu.cli.entrance import terminal_call
from kaishu.cli.errors import TargetExists
from kaishu.cli.output import emit, json_option, step
from kaishu.cli.words import say


@click.command(help=say("导出一个数据集的数据", "export the data of a dataset"))
@click.argument("dataset")
@click.option(
    "--format",
    "kind",
    default="csv",
    show_default=True,
    help="csv tsv xlsx json ndjson xml parquet geojson",
)
@click.option(
    "--version",
    "number",
    type=int,
    metavar="N",
    help=say("第几版，默认最新", "version; the newest by default"),
)
@click.option("--resource", metavar="ID", help=say("第几份数据", "which table of the dataset"))
@click.option(
    "--output",
    "-o",
    metavar="FILE",
    help=say("写到哪里；- 表示标准输出", "where to; - for standard output"),
)
@click.option("--force", is_flag=True, help=say("覆盖已有文件", "write over a file that is there"))
@json_option
def export(
    dataset: str, kind: str, number: int | None, resource: str | None, output: str | None, force: bool
) -> None:
    """The file appears whole or not at all; its name is the dataset's unless --output says otherwise."""
    from kaishu import catalogue, delivery

    with terminal_call(write=False) as call:
        found, _, version = catalogue.readable_version(call, dataset, resource, number)
        if output == "-":
            for chunk in delivery.export_stream(call, version, kind).chunks:
                sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
            return
        suffix = delivery.EXPORTS[kind].suffix if kind in delivery.EXPORTS else kind
        target = Path(output or f"{found.name}.{suffix.lstrip('.')}")
        if target.exists() and not force:
            raise TargetExists(file=str(target))
        step(say("正在导出……", "exporting ..."))
        source = delivery.export_path(call, version, kind)
        fresh = target.with_name(f".{target.name}.part")
        shutil.copyfile(source, fresh)
        fresh.replace(target)
    data = {
        "dataset": found.name,
        "version": version.number,
        "format": kind,
        "rows": version.rows,
        "file": str(target),
        "bytes": target.stat().st_size,
    }
    emit(data, lambda: click.echo(f"{target}  {data['bytes']:,} B  {version.rows:,} {say('行', 'rows')}"))
