"""``kaishu diff``: what is different between two files, or two versions of a dataset's table."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kaishu.cli.output import emit, json_option, print_table
from kaishu.cli.reading import options_from, reading_options
from kaishu.cli.targets import OUT, check_targets, force_option, leaving, sample_option
from kaishu.cli.words import say

if TYPE_CHECKING:
    from kaishu.lake import Difference, ReadOptions, TableData

#: Exit codes: the tables differ; they cannot be compared.
DIFFERENT, BAD_INPUT = 1, 2


@click.command(
    help=say(
        "比较两个文件，或同一数据集的两版（数据集@3 数据集@4）",
        "compare two files, or two versions of a dataset (DATASET@3 DATASET@4)",
    )
)
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option(
    "--key",
    metavar="COLUMNS",
    default="",
    help=say(
        "主键列，逗号分隔；不写则按整行比较", "key columns with commas; without, whole rows are compared"
    ),
)
@click.option(
    "--out",
    type=OUT,
    metavar="D.parquet",
    help=say("把所有不同的行写到这个文件", "write all rows that differ to this file"),
)
@sample_option("每类列出几行", "rows shown of each kind")
@force_option
@reading_options
@json_option
def diff(before: str, after: str, key: str, out: Path | None, sample: int, force: bool, **given: Any) -> None:
    """Exit code 0: the same; 1: different; 2: they cannot be compared."""
    names = tuple(name for part in key.replace("，", ",").split(",") if (name := part.strip()))
    with leaving(BAD_INPUT):
        check_targets((out,), force=force, read=(Path(before), Path(after)))
        with _sides(before, after, options_from(given)) as (old, new):
            from kaishu import lake

            found = lake.difference(old, new, names, sample=sample, out=out)
    zh, en = found.note(_short(after), _short(before))
    data = {"before": before, "after": after, **found.as_dict(), "note": {"zh": zh, "en": en}}
    emit(data, lambda: _tell(found, say(zh, en)))
    if not found.same:
        click.get_current_context().exit(DIFFERENT)


@contextmanager
def _sides(before: str, after: str, options: ReadOptions) -> Iterator[tuple[TableData, TableData]]:
    with ExitStack() as stack:
        if Path(before).is_file() and Path(after).is_file():
            stack.enter_context(_passing_home())
        yield stack.enter_context(_side(before, options)), stack.enter_context(_side(after, options))


@contextmanager
def _side(name: str, options: ReadOptions) -> Iterator[TableData]:
    """A file that exists is read as a file, anything else is a dataset, with ``@`` and a version."""
    from kaishu import lake

    if Path(name).is_file():
        with lake.reading_file(Path(name), options) as data:
            yield data
        return
    yield _version(name)


def _version(name: str) -> TableData:
    from kaishu import catalogue, lake
    from kaishu.base.errors import NotFound
    from kaishu.cli.entrance import terminal_call

    dataset, _, number = name.rpartition("@")
    if not (dataset and number.isdigit()):
        dataset, number = name, ""
    with terminal_call(write=False) as call:
        _, entry, version = catalogue.readable_version(call, dataset)
        if number:
            known = lake.versions_of(call.session, entry.table_id or "")
            chosen = [each for each in known if each.number == int(number)]
            if not chosen:
                raise NotFound(kind="版本 version", name=name)
            version = chosen[0]
        return lake.open_version(version)


@contextmanager
def _passing_home() -> Iterator[None]:
    """Two files are compared without a home: what is needed meanwhile goes away again."""
    before = os.environ.get("KAISHU_HOME")
    with tempfile.TemporaryDirectory(prefix="kaishu-") as folder:
        os.environ["KAISHU_HOME"] = folder
        try:
            yield
        finally:
            if before is None:
                del os.environ["KAISHU_HOME"]
            else:
                os.environ["KAISHU_HOME"] = before


def _short(name: str) -> str:
    return Path(name).name


def _tell(found: Difference, note: str) -> None:
    click.echo(note)
    if found.columns:
        click.echo()
        counted = sorted(found.columns.items(), key=lambda pair: -pair[1])
        print_table(
            [say("列", "column"), say("修改", "changed")], [list(pair) for pair in counted], numbers=(1,)
        )
    titles = {"added": say("新增", "added"), "removed": say("删除", "removed")}
    for kind, title in titles.items():
        if rows := found.sample.get(kind):
            click.echo("\n" + click.style(title, bold=True))
            print_table(list(rows[0]), [[_cell(value) for value in row.values()] for row in rows])
    if changed := found.sample.get("changed"):
        click.echo("\n" + click.style(say("修改", "changed"), bold=True))
        lines = [
            ["、".join(_cell(value) for value in row["key"].values()), name, _cell(old), _cell(new)]
            for row in changed
            for name, (old, new) in row["values"].items()
        ]
        heads = ["、".join(found.key), say("列", "column"), say("原值", "before"), say("新值", "after")]
        print_table(heads, lines)


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 24 else text[:23] + "…"
