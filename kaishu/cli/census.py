"""``kaishu census``: platforms, themes and policies counted; no server and no set-up."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kaishu.base.errors import in_language
from kaishu.cli.errors import TargetExists
from kaishu.cli.output import emit, json_option, print_table
from kaishu.cli.words import language, say

if TYPE_CHECKING:
    from kaishu.evaluation.census import Scheme
    from kaishu.reporting import Document

Command = TypeVar("Command", bound=Callable[..., Any])
#: The table of ``--csv``: the list of the JSON and what stands in it.
_CSV = {"platforms": "provinces", "themes": "frequency", "policies": "documents"}


@click.group(
    help=say(
        "普查：开放平台、主题、政策文件；不给文件就用自带的报告数据",
        "census of platforms, themes and policies; without a file the shipped tables of the reports",
    )
)
def census() -> None:
    """Census."""


def _shared(command: Command) -> Command:
    for more in (
        json_option,
        click.option("--csv", "as_csv", is_flag=True, help=say("输出 CSV", "print CSV")),
        click.option(
            "--report",
            type=click.Path(dir_okay=False, path_type=Path),
            metavar="OUT.html|docx|pdf",
            help=say("把报告写到这个文件", "write a report to this file"),
        ),
        click.option("--force", is_flag=True, help=say("覆盖已有的输出文件", "overwrite files that exist")),
    ):
        command = more(command)
    return command


def _file(command: Command) -> Command:
    argument = click.argument(
        "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
    )
    return argument(_shared(command))


@census.command(
    help=say("平台：级别、地区、类型、增长、平台率", "platforms: level, region, type, growth, rates")
)
@_file
def platforms(file: Path | None, report: Path | None, as_csv: bool, force: bool) -> None:
    """Count platforms."""
    from kaishu.evaluation import census as counting

    rows = counting.read_platforms(file)
    found = counting.platforms_as_dict(rows, language())
    _answer("platforms", found, counting.platforms_document(rows, language()), report, as_csv, force)


@census.command(
    help=say("主题：个数、频次、重合、同在、词", "themes: number, frequency, overlap, pairs, words")
)
@_file
def themes(file: Path | None, report: Path | None, as_csv: bool, force: bool) -> None:
    """Count themes."""
    from kaishu.evaluation import census as counting

    rows = counting.read_themes(file)
    found = counting.themes_as_dict(rows, language())
    _answer("themes", found, counting.themes_document(rows, language()), report, as_csv, force)


@census.command(help=say("政策：年份、地方、种类、标题词频", "policies: year, place, kind, words of titles"))
@_file
def policies(file: Path | None, report: Path | None, as_csv: bool, force: bool) -> None:
    """Count policies."""
    from kaishu.evaluation import census as counting

    rows = counting.read_policies(file)
    found = counting.policies_as_dict(rows, language())
    _answer("policies", found, counting.policies_document(rows, language()), report, as_csv, force)


@census.command(
    help=say(
        "两个主题体系怎样对应；LEFT、RIGHT 是体系、平台或省份的名称，或每行一个主题的文件",
        "how two theme schemes fit; LEFT and RIGHT name a scheme, a platform or a province, or a file with a "
        "theme on each line",
    )
)
@click.argument("left")
@click.argument("right")
@click.option(
    "--decisions",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=say("人工判定：left,right,decision 三列的 CSV", "decisions: CSV of left, right, decision"),
)
@click.option(
    "--themes",
    "of",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=say("从这个文件取各平台的主题", "take the themes of platforms from this file"),
)
@_shared
def align(left: str, right: str, decisions: Path | None, of: Path | None, **given: Any) -> None:
    """Align two schemes."""
    from kaishu.evaluation import census as counting

    known = counting.schemes(counting.read_themes(of))
    one, other = _scheme(left, known), _scheme(right, known)
    made = counting.read_decisions(decisions) if decisions else {}
    for pair in counting.unknown_decisions(made, one, other):
        told = say(
            f"判定没有用上：{'、'.join(pair)}不在体系里", f"not used: {', '.join(pair)} is in no scheme"
        )
        click.echo(told, err=True)
    found = counting.align(one, other, made)
    document = counting.alignment_document(found, language())
    _answer("groups", counting.alignment_as_dict(found, language()), document, **given)


@census.command(help=say("列出可以对应的主题体系", "list the theme schemes that can be aligned"))
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def schemes(file: Path | None) -> None:
    """List schemes."""
    from kaishu.evaluation import census as counting

    known = counting.schemes(counting.read_themes(file))
    rows = [(name, len(each.themes), each.stated) for name, each in known.items()]
    heads = [say("体系", "scheme"), say("主题", "themes"), say("写明", "stated")]
    data = [dict(zip(("scheme", "themes", "stated"), row, strict=True)) for row in rows]
    emit(data, lambda: print_table(heads, rows, numbers=(1, 2)))


def _scheme(name: str, known: dict[str, Scheme]) -> Scheme:
    from kaishu.evaluation import census as counting

    path = Path(name)
    if name not in known and path.is_file():
        return counting.read_scheme(path)
    return counting.scheme(name, known)


def _answer(
    kind: str, found: Mapping[str, Any], document: Document, report: Path | None, as_csv: bool, force: bool
) -> None:
    from kaishu.reporting import write_document

    if report is not None:
        if report.exists() and not force:
            raise TargetExists(file=report.name)
        form = report.suffix.lower().lstrip(".") or "html"
        report.write_bytes(write_document(document, form))
    if as_csv:
        click.echo(_as_csv(found[_CSV.get(kind, kind)]), nl=False)
    else:
        emit(found, lambda: _tell(document))


def _as_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    out = io.StringIO()
    flat = [{key: _flat(value) for key, value in row.items()} for row in rows]
    writer = csv.DictWriter(out, list(flat[0]) if flat else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(flat)
    return out.getvalue()


def _flat(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return "|".join(
        f"{each['left']}={each['right']}:{each['sign']}" if isinstance(each, dict) else str(each)
        for each in value
    )


#: Longer tables are shown to so many rows at the terminal; --csv and --json have them all.
_SHOWN = 30


def _tell(document: Document) -> None:
    from kaishu import reporting

    click.echo(click.style(document.title, bold=True))
    for block in document.blocks:
        if isinstance(block, reporting.Heading):
            click.echo(click.style(f"\n{block.text}", bold=True))
        elif isinstance(block, reporting.Facts):
            click.echo(say("，", ", ").join(f"{word} {is_}" for word, is_ in block.pairs))
        elif isinstance(block, reporting.Bars):
            click.echo(block.title)
        elif isinstance(block, reporting.Table):
            print_table(block.heads, block.rows[:_SHOWN], sorted(block.numbers))
            if len(block.rows) > _SHOWN:
                rest = len(block.rows) - _SHOWN
                click.echo(
                    say(f"……还有{rest}行，见 --csv 或 --json", f"… {rest} more rows, see --csv or --json")
                )
        elif isinstance(block, reporting.Paragraph | reporting.Note):
            click.echo(in_language(block.text, language()))
