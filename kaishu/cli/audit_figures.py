"""``kaishu audit-figures``: which printed figures agree with their tables; no server and no set-up."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kaishu.base.errors import KaishuError, in_language
from kaishu.cli.errors import TargetExists
from kaishu.cli.output import emit, fail, fail_on_system, json_option, print_pairs, print_table
from kaishu.cli.words import language, say

if TYPE_CHECKING:
    from kaishu.evaluation import Audit

#: Exit codes: some figure does not agree; the list or the tables cannot be used.
DISAGREES, BAD_INPUT = 1, 2
_CSV = (
    "line",
    "source",
    "place",
    "statement",
    "printed",
    "unit",
    "computed",
    "verdict",
    "why",
    "basis",
    "formula",
)


@click.command(
    name="audit-figures",
    help=say(
        "核对一份清单里印出的数字：哪些与数据相符，哪些不可能相符、为什么；"
        "FILE 写 five-reports 核对自带的五份报告",
        "check the figures of a list against their tables: which agree, which cannot, and why; "
        "FILE may be five-reports, the shipped list",
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help=say("CSV 数据表的文件夹，默认清单所在处", "folder of CSV tables; that of FILE if left out"),
)
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="OUT.html|docx|pdf",
    help=say("把报告写到这个文件", "write a report to this file"),
)
@click.option(
    "--csv", "as_csv", is_flag=True, help=say("输出 CSV，每条陈述一行", "print CSV, a row for each statement")
)
@click.option("--all", "every", is_flag=True, help=say("也列出相符的", "list those that agree, too"))
@click.option("--force", is_flag=True, help=say("覆盖已有的输出文件", "overwrite files that exist"))
@json_option
def audit_figures(
    file: Path, data: Path | None, report: Path | None, as_csv: bool, every: bool, force: bool
) -> None:
    """Exit code 0: nothing disagrees; 1: something does; 2: the list or the tables cannot be used."""
    context = click.get_current_context()
    try:
        audit = _audit(file, data, report, force)
    except KaishuError as error:
        fail(error)
        context.exit(BAD_INPUT)
    except OSError as error:
        fail_on_system(error)
        context.exit(BAD_INPUT)
    if as_csv:
        click.echo(_as_csv(audit), nl=False)
    else:
        emit(audit.as_dict(), lambda: _tell(audit, every))
    if audit.counts["no"]:
        context.exit(DISAGREES)


def _audit(file: Path, data: Path | None, report: Path | None, force: bool) -> Audit:
    from kaishu import evaluation
    from kaishu.reporting import write_document

    if report is not None and report.exists() and not force:
        raise TargetExists(file=report.name)
    audit = evaluation.audit_figures(file, data)
    if report is not None:
        form = report.suffix.lower().lstrip(".") or "html"
        report.write_bytes(write_document(evaluation.audit_document(audit, language()), form))
    return audit


def _as_csv(audit: Audit) -> str:
    found = io.StringIO()
    writer = csv.writer(found, lineterminator="\n")
    writer.writerow(_CSV)
    for each in audit.results:
        row = each.as_dict()
        words = (each.verdict.why, *each.notes)
        row["why"] = "; ".join(in_language(said, language()) for said in words)
        row["computed"] = in_language(each.verdict.found, language())
        writer.writerow([row[name] for name in _CSV])
    return found.getvalue()


def _tell(audit: Audit, every: bool) -> None:
    from kaishu.evaluation import VERDICT_BASES, VERDICT_WORDS

    heads = [
        say("行", "line"),
        say("陈述", "statement"),
        say("印出", "printed"),
        say("算出", "computed"),
        say("缘由", "why"),
    ]
    for word in ("no", "partly", "unchecked", "yes"):
        results = [each for each in audit.results if each.verdict.word == word]
        if not results or (word == "yes" and not every):
            continue
        click.echo(click.style(f"{say(*VERDICT_WORDS[word])} ({len(results)})", bold=True))
        rows = [
            [
                str(each.statement.line),
                each.statement.text,
                each.statement.printed.text,
                in_language(each.verdict.found, language()),
                say("；", "; ").join(
                    in_language(said, language()) for said in (each.verdict.why, *each.notes)
                ),
            ]
            for each in results
        ]
        print_table(heads, rows, numbers=(0,))
        click.echo()
    _tell_more(audit)
    counts = [(say(*VERDICT_WORDS[word]), str(number)) for word, number in audit.counts.items()]
    stands = [(say(*VERDICT_BASES[name]), str(number)) for name, number in audit.bases.items() if number]
    print_pairs([*counts, *stands])


def _tell_more(audit: Audit) -> None:
    for finding in audit.findings:
        lines = ", ".join(map(str, finding.lines))
        words = in_language(finding.said, language())
        click.echo(
            say(f"表 {finding.table} 第{lines}行：{words}", f"Table {finding.table}, line {lines}: {words}")
        )
    for group in audit.conflicts:
        values = ", ".join(f"{each.printed.text} ({each.line})" for each in group)
        click.echo(say(f"同一事两个数：{group[0].text} {values}", f"Two figures: {group[0].text} {values}"))
    if audit.differences:
        click.echo(say("与清单所记不同的结论：", "Verdicts that differ from those recorded:"))
    for each in audit.differences:
        said = audit.explanations.get(each.statement.line)
        words = in_language(said, language()) if said else say("没有解释", "not explained")
        recorded = f"{each.statement.agrees} → {each.verdict.word}"
        click.echo(f"  {each.statement.line} {recorded}: {words}")
    click.echo()
