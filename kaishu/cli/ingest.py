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

COUNTS = ("inserted", "updated", "deleted", "unchanged")


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
    "--mode",
    type=click.Choice(["replace", "append", "merge", "changes"]),
    default=None,
    help=say(
        "整表替换、追加、按主键合并、按操作列重放变更；不写则替换",
        "replace the table, append, merge by key, replay changes; replace if left out",
    ),
)
@click.option(
    "--key", default="", metavar="COLUMNS", help=say("主键列，逗号分隔", "key columns, with commas")
)
@click.option(
    "--marker",
    default="",
    metavar="COLUMN",
    help=say("删除标记列，或变更的操作列（I、U、D）", "column that marks deletions, or holds I, U or D"),
)
@click.option(
    "--gone", default="", metavar="VALUES", help=say("表示删除的标记值", "values of the marker that delete")
)
@click.option(
    "--full",
    is_flag=True,
    help=say("本批是全量：缺少的行视为删除", "the delivery is the whole table: rows missing from it go"),
)
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
    from kaishu.lake import Update

    options = options_from(given)
    record = record_fields(given.pop("record"), given.pop("sets"))
    update = Update.from_dict({name: given.pop(name) for name in ("mode", "key", "marker", "gone", "full")})
    wish = Wish(record=record, update=update, **given)
    with progress_bar(file.name) as report:
        dataset, version = load(file, options, wish, report)
    if wish.publish:
        make_ready()
    data = {
        "dataset": dataset.name,
        "version": version.number,
        "rows": version.rows,
        "set_aside": version.set_aside,
        "mode": version.mode,
        **{name: getattr(version, name) for name in COUNTS},
        "encoding": version.encoding,
        "columns": [{"name": each["name"], "type": each["type"]} for each in version.columns],
        "notes": version.notes,
        "sha256": version.sha256,
    }
    emit(data, lambda: _tell(data, str(dataset.state)))


def _counted(data: dict[str, Any]) -> list[tuple[str, Any]]:
    if data["mode"] == "replace":
        return []
    words = say("新增、修改、删除、未变", "new, changed, deleted, unchanged")
    return [(words, " / ".join(f"{data[name]:,}" for name in COUNTS))]


def _tell(data: dict[str, Any], state: str) -> None:
    print_pairs(
        [
            (say("数据集", "dataset"), data["dataset"]),
            (say("版本", "version"), data["version"]),
            (say("行数", "rows"), data["rows"]),
            (say("另存的行", "set aside"), data["set_aside"]),
            *_counted(data),
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
