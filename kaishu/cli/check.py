"""``kaishu check``: which rows of a file break which rules; no server and no set-up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kaishu.cli.output import emit, json_option, print_table, progress_bar
from kaishu.cli.reading import options_from, reading_options, text_of
from kaishu.cli.targets import (
    GIVEN,
    OUT,
    check_report,
    check_targets,
    force_option,
    leaving,
    report_option,
    sample_option,
    write_report,
)
from kaishu.cli.words import language, say

if TYPE_CHECKING:
    from kaishu.quality import TableResult

#: Exit codes: something failed at level error or above; the file or the rules cannot be used.
FAILED, BAD_INPUT = 1, 2
_SHOWN = 3


@click.command(
    help=say(
        "按规则检查一个文件，或 Parquet 文件、Delta 表的文件夹",
        "check a file, or a folder of Parquet files or a Delta table, against rules",
    )
)
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--rules",
    required=True,
    type=GIVEN,
    help=say("规则文件（YAML）", "rule file (YAML)"),
)
@click.option(
    "--failed",
    type=OUT,
    metavar="OUT.parquet",
    help=say("把所有不合格的行写到这个文件", "write all failing rows to this file"),
)
@report_option
@sample_option("每条规则列出几行", "failing rows shown for each rule")
@force_option
@click.option(
    "--version",
    type=click.IntRange(0),
    metavar="N",
    help=say("Delta 表的第几版，默认最新", "version of a Delta table; the newest if left out"),
)
@click.option(
    "--engine",
    type=click.Choice(("embedded", "spark")),
    default="embedded",
    show_default=True,
    help=say("用什么计算", "what computes"),
)
@click.option(
    "--master",
    metavar="URL",
    help=say("Spark 的地址，默认 local[*]", "address of Spark; local[*] if left out"),
)
@reading_options
@json_option
def check(
    file: Path, rules: Path, failed: Path | None, report: Path | None, sample: int, force: bool, **given: Any
) -> None:
    """Exit code 0: no rule reached level error; 1: one did; 2: the file or the rules cannot be used."""
    with leaving(BAD_INPUT):
        result = _check(file, rules, failed, report, sample, force, given)
    emit(result.as_dict(), lambda: _tell(result))
    if result.level in ("error", "critical"):
        click.get_current_context().exit(FAILED)


def _check(
    file: Path,
    rules: Path,
    failed: Path | None,
    report: Path | None,
    sample: int,
    force: bool,
    given: dict[str, Any],
) -> TableResult:
    from kaishu import lake, quality
    from kaishu.quality.errors import BadRules

    check_report(report)
    check_targets((failed, report), force=force, read=(file, rules))
    engine, master, version = (given.pop(name) for name in ("engine", "master", "version"))
    options = options_from(given, pandas=engine == "spark")
    written = quality.parse_rules(text_of(rules, BadRules), rules.name)
    wanted: dict[str, Any] = {"folder": rules.parent, "sample": sample, "failed": failed}
    with lake.reading_file(file, options, version=version) as data:
        if engine == "spark":
            with quality.spark_session(master) as spark:
                result = quality.check_on_spark(spark, data, written, **wanted)
        else:
            with progress_bar(file.name) as progress:
                result = quality.check_data(data, written, **wanted, progress=progress)
    if report is not None:
        write_report(report, quality.check_document(result, file=file.name, language=language()))
    return result


def _tell(result: TableResult) -> None:
    from kaishu.base.errors import in_language

    click.echo(say(f"查了{result.rows:,}行。", f"{result.rows:,} rows were checked."))
    heads = [
        say("规则", "rule"),
        say("说明", "title"),
        say("级别", "level"),
        say("查", "checked"),
        say("不合格", "failed"),
        say("比例", "share"),
    ]
    rows = [
        [
            each.rule.id,
            each.rule.titled(language()),
            _level(each.level),
            each.checked,
            each.failed,
            "" if each.share is None else f"{each.share:.4%}",
        ]
        for each in result.rules
    ]
    print_table(heads, rows, numbers=(3, 4, 5))
    for each in result.rules:
        for note in each.notes:
            click.echo(f"{each.rule.id}: {in_language(note, language())}")
    _tell_samples(result)
    click.echo()
    words = {name: say(zh, en) for name, (zh, en) in _dimensions().items()}
    shown = [
        f"{words[name]} {'—' if score is None else f'{score:.2f}'}" for name, score in result.scores.items()
    ]
    click.echo(say("得分：", "Scores: ") + say("，", ", ").join(shown))


def _tell_samples(result: TableResult) -> None:
    from kaishu.base.errors import in_language

    rows = [
        [
            each.rule.id,
            one["row"],
            one["key"],
            one["value"],
            in_language(one["reason"], language()) if "reason" in one else None,
        ]
        for each in result.rules
        for one in each.sample[:_SHOWN]
    ]
    if rows:
        click.echo()
        heads = [
            say("规则", "rule"),
            say("行", "row"),
            say("键", "key"),
            say("值", "value"),
            say("原因", "reason"),
        ]
        print_table(heads, rows, numbers=(1,))


def _level(level: str | None) -> str:
    from kaishu.quality import LEVEL_WORDS

    return say("合格", "fine") if level is None else say(*LEVEL_WORDS[level])


def _dimensions() -> dict[str, tuple[str, str]]:
    from kaishu.quality import DIMENSION_WORDS

    return {"total": ("总分", "total"), **DIMENSION_WORDS}
