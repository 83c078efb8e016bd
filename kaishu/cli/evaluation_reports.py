"""``kaishu evaluate --report``: the report of a result in a file, by the shipped template or one's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kaishu.cli.errors import TargetExists, UnknownOutput
from kaishu.cli.output import wants_json
from kaishu.cli.words import language, say

if TYPE_CHECKING:
    from kaishu.evaluation import Result

Command = TypeVar("Command", bound=Callable[..., Any])
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def report_options(command: Command) -> Command:
    """Give a command the options of a report."""
    options = [
        click.option(
            "--report",
            type=click.Path(dir_okay=False, path_type=Path),
            metavar="OUT.html|docx|pdf",
            help=say("写成报告", "write a report"),
        ),
        click.option(
            "--language",
            "report_language",
            type=click.Choice(["zh", "en"]),
            help=say("报告的语言", "language of the report"),
        ),
        click.option("--unit", metavar="UNIT", help=say("写一个单位的报告", "write the report on one unit")),
        click.option(
            "--template", type=_FILE, metavar="T.yaml", help=say("自己的报告模板", "a template of one's own")
        ),
        click.option(
            "--template-text",
            is_flag=True,
            help=say("输出自带的报告模板，供修改", "print the shipped template, to begin with"),
        ),
        click.option(
            "--before",
            type=_FILE,
            metavar="RESULT.json",
            help=say("与这个较早的结果比较", "compare with this earlier result, as --json wrote it"),
        ),
        click.option(
            "--runs",
            type=click.IntRange(1, 1_000_000),
            metavar="N",
            help=say("报告里加上 N 次模拟的稳健性", "with robustness of N runs in the report"),
        ),
        click.option(
            "--force", is_flag=True, help=say("覆盖已有的报告文件", "overwrite the file of a report")
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def check_report(given: dict[str, Any]) -> None:
    """Before anything is computed: a target that can be written, and no option that needs one."""
    from kaishu.reporting import FORMATS

    path = given["report"]
    if path is None:
        for name in ("report_language", "unit", "template", "before", "runs"):
            if given[name] is not None:
                option = "--language" if name == "report_language" else f"--{name}"
                raise click.UsageError(say(f"{option} 与 --report 同用", f"{option} goes with --report"))
        return
    if path.suffix.lower().lstrip(".") not in FORMATS:
        raise UnknownOutput(file=path.name, known=", ".join(f".{form}" for form in FORMATS))
    if path.exists() and not given["force"]:
        raise TargetExists(file=path.name)


def write_report(result: Result, given: dict[str, Any]) -> None:
    """Write the file, whole or not at all."""
    from kaishu import evaluation
    from kaishu.reporting import Block, write_document

    told = given["report_language"] or language()
    robust: list[Block] = []
    if given["runs"]:
        from kaishu.evaluation import robustness

        found = robustness.analyse_uncertainty(result, runs=given["runs"])
        robust = robustness.blocks_of_uncertainty(found, told)
    before = evaluation.from_json(given["before"].read_text(encoding="utf-8")) if given["before"] else None
    document = evaluation.evaluation_document(
        result, told, unit=given["unit"], template=given["template"], before=before, robustness=robust
    )
    path: Path = given["report"]
    content = write_document(document, path.suffix.lower().lstrip("."))
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    if not wants_json():
        click.echo(say(f"已写成报告：{path}", f"Report written: {path}"), err=True)
