"""Options that say how a file is to be read, shared by ``ingest`` and ``profile``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kaishu.cli.pairs import pairs
from kaishu.cli.words import say

if TYPE_CHECKING:
    from kaishu.lake import ReadOptions
    from kaishu.quality.errors import BadRules

Command = TypeVar("Command", bound=Callable[..., Any])
NAMES = ("format", "encoding", "delimiter", "header_row", "sheet", "member", "record_path", "type")


def reading_options(command: Command) -> Command:
    """Add --format, --encoding and so on; everything left out is found out from the file."""
    found = [
        click.option("--format", help=say("格式：csv、xlsx……", "format: csv, xlsx ...")),
        click.option("--encoding", help=say("编码：utf-8、gb18030……", "encoding: utf-8, gb18030 ...")),
        click.option("--delimiter", help=say("分隔符，制表符写 tab", "delimiter; tab for a tabulator")),
        click.option(
            "--header-row",
            type=int,
            metavar="N",
            help=say("表头所在行，从 1 数；0 表示没有表头", "line of the header, from 1; 0 if there is none"),
        ),
        click.option("--sheet", help=say("工作表名称", "sheet of a workbook")),
        click.option("--member", help=say("压缩包内的文件", "file inside a zip")),
        click.option(
            "--record-path",
            metavar="PATH",
            help=say(
                "JSON/XML 中记录的位置，如 data.items、l/p", "place of the records, as data.items or l/p"
            ),
        ),
        click.option(
            "--type",
            multiple=True,
            metavar=say("列=类型", "COLUMN=TYPE"),
            help=say(
                "指定列的类型：text integer number boolean date datetime",
                "type of a column: text integer number boolean date datetime",
            ),
        ),
    ]
    for option in reversed(found):
        command = option(command)
    return command


def options_from(given: dict[str, Any], *, pandas: bool = False) -> ReadOptions:
    """Take the reading options out of a command's arguments.  Raises ``Invalid``, ``BadPair``.

    Unless the command uses ``pandas`` the process goes on without it.
    """
    from kaishu import lake

    if not pandas:
        lake.leave_pandas_out()

    words = {name: given.pop(name) for name in NAMES}
    words["types"] = pairs("--type", words.pop("type"))
    return lake.ReadOptions.from_dict({name: value for name, value in words.items() if value is not None})


def text_of(path: Path, wrong: type[BadRules]) -> str:
    """The text of a file of rules or steps.  Raises ``wrong``."""
    from kaishu.base.errors import Said
    from kaishu.quality.errors import Problem

    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        said = Said("文件不是 UTF-8。", "The file is not UTF-8.")
        raise wrong(path.name, [Problem(0, "", said)]) from error
