"""``kaishu ingest``: a file becomes a version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kaishu.base.errors import in_language
from kaishu.cli.output import emit, json_option, print_pairs, print_table, progress_bar
from kaishu.cli.pairs import record_fields
from kaishu.cli.readiness import make_ready
from kaishu.cli.reading import options_from, reading_options
from kaishu.cli.words import language, say


@click.command(
    help=say("读入一个文件，成为数据集的新版本", "read a file in as a new version of a dataset"),
    epilog=say(
        "例：kaishu ingest 学校.xls --title 学校名录 --office jiaoyuju",
        "Example: kaishu ingest schools.xls --title Schools --office education",
    ),
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--dataset",
    metavar="NAME",
    default="",
    help=say("放进这个数据集；不写则新建", "into this one; else a new one"),
)
@click.option("--new", is_flag=True, help=say("没有该数据集时新建", "make the dataset if there is none"))
@click.option("--title", default="", help=say("新数据集的名称", "title of a new dataset"))
@click.option(
    "--office", default="", metavar="NAME", help=say("新数据集归哪个部门", "office of a new dataset")
)
@reading_options
@click.option(
    "--record",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=say("目录记录，YAML 或 JSON", "catalogue record, YAML or JSON"),
)
@click.option(
    "--set",
    "sets",
    multiple=True,
    metavar="FIELD=VALUE",
    help=say("目录记录的一项", "one field of the record"),
)
@click.option("--publish", is_flag=True, help=say("读入后发布", "publish it afterwards"))
@json_option
def ingest(file: Path, **given: Any) -> None:
    """Print what was read; nothing is stored if anything is wrong."""
    from kaishu.cli.loading import Wish, load

    options = options_from(given)
    record = record_fields(given.pop("record"), given.pop("sets"))
    wish = Wish(record=record, **given)
    with progress_bar(file.name) as report:
        dataset, version = load(file, options, wish, report)
    if wish.publish:
        make_ready()
    data = {
        "dataset": dataset.name,
        "version": version.number,
        "rows": version.rows,
        "set_aside": version.set_aside,
        "encoding": version.encoding,
        "columns": [{"name": each["name"], "type": each["type"]} for each in version.columns],
        "notes": version.notes,
        "sha256": version.sha256,
    }
    emit(data, lambda: _tell(data, str(dataset.state)))


def _tell(data: dict[str, Any], state: str) -> None:
    print_pairs(
        [
            (say("数据集", "dataset"), data["dataset"]),
            (say("版本", "version"), data["version"]),
            (say("行数", "rows"), data["rows"]),
            (say("另存的行", "set aside"), data["set_aside"]),
            (say("编码", "encoding"), data["encoding"] or "-"),
            ("SHA-256", data["sha256"]),
        ]
    )
    click.echo()
    print_table([say("列", "column"), say("类型", "type")], [[c["name"], c["type"]] for c in data["columns"]])
    if data["notes"]:
        click.echo("\n" + click.style(say("读取说明", "how it was read"), bold=True))
        for entry in data["notes"]:
            click.echo("  " + in_language(entry[language()], language()))
    if state != "published":
        name = data["dataset"]
        click.echo(
            "\n"
            + say(
                f"还是草稿。补全目录：kaishu record {name}；发布：kaishu publish {name}",
                f"Still a draft.  Complete it: kaishu record {name}; publish: kaishu publish {name}",
            )
        )
