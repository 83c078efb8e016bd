"""``kaishu analyse``: statistics of a table: groups, relations, factors, change, years, peers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kaishu.cli.errors import TargetExists, UnknownOutput
from kaishu.cli.output import emit, json_option, print_blocks
from kaishu.cli.pairs import pairs
from kaishu.cli.reading import options_from, reading_options
from kaishu.cli.words import language, say

if TYPE_CHECKING:
    import polars as pl

    from kaishu.evaluation.analysis import Answer, Question

Command = TypeVar("Command", bound=Callable[..., Any])
#: Rows are read whole, but only the columns that are asked about.
_MOST_ROWS = 5_000_000
_NUMBERS = ("integer", "number")
#: Kinds whose library does not run without pandas.
_BY_STATSMODELS = ("regress", "factors")


@click.group(
    help=say(
        "统计分析：分组、相关、回归、因子、变化、多年、同类",
        "statistics: groups, relations, regression, factors, change, years, peers",
    )
)
def analyse() -> None:
    """Analyse."""


def _asked(command: Command) -> Command:
    """What every analysis has: the data, its columns, how to read it, where to put the answer."""
    for more in (
        json_option,
        reading_options,
        click.option("--force", is_flag=True, help=say("覆盖已有的输出文件", "overwrite files that exist")),
        click.option(
            "--report",
            type=click.Path(dir_okay=False, path_type=Path),
            metavar="OUT.html|docx|pdf",
            help=say("把结果写成报告", "write the answer as a report"),
        ),
        click.argument("columns", nargs=-1, metavar=say("[列]...", "[COLUMN]...")),
        click.argument("data", type=click.Path(exists=True, path_type=Path)),
    ):
        command = more(command)
    return command


def _by(needed: bool) -> Callable[[Command], Command]:
    return click.option("--by", metavar="COLUMN", required=needed, help=say("分组的列", "column to group by"))


def _unit(needed: bool) -> Callable[[Command], Command]:
    return click.option(
        "--unit", metavar="COLUMN", required=needed, help=say("给每行命名的列", "column that names the rows")
    )


def _method(*choices: str) -> Callable[[Command], Command]:
    return click.option(
        "--method",
        type=click.Choice(choices),
        default=choices[0],
        show_default=True,
        help=say("方法", "method"),
    )


def _count(zh: str, en: str) -> Callable[[Command], Command]:
    return click.option("--count", type=click.IntRange(1), metavar="N", help=say(zh, en))


@analyse.command(help=say("描述一列，或按组描述", "describe a column, whole or by group"))
@_asked
@_by(False)
def describe(**given: Any) -> None:
    """Mean, median, range, share."""
    _answer("describe", given)


@analyse.command(help=say("基尼系数、变异系数、泰尔指数", "Gini, coefficient of variation, Theil"))
@_asked
@_by(False)
def inequality(**given: Any) -> None:
    """How unequally a column is spread, and how much of it lies between groups."""
    _answer("inequality", given)


@analyse.command(help=say("检验各组有没有差异", "test whether groups differ"))
@_asked
@_by(True)
@_method("auto", "t", "welch", "mann-whitney", "anova", "welch-anova", "kruskal-wallis")
def compare(**given: Any) -> None:
    """The test is chosen by what the data allow, unless one is named."""
    _answer("compare", given)


@analyse.command(help=say("几列之间的相关（默认所有数值列）", "correlations of columns (all numbers)"))
@_asked
@_method("pearson", "spearman", "kendall")
def correlate(**given: Any) -> None:
    """Every pair of columns."""
    _answer("correlate", given)


@analyse.command(help=say("回归：列对其他列", "regress a column on others"))
@_asked
@click.option(
    "--on", multiple=True, required=True, metavar="COLUMN", help=say("解释用的列", "an explaining column")
)
@_unit(False)
def regress(**given: Any) -> None:
    """Text columns enter as one 0/1 column for each value but the first."""
    _answer("regress", given)


@analyse.command(help=say("主成分分析", "principal components"))
@_asked
@_count("保留几个", "how many to keep")
def components(**given: Any) -> None:
    """Of the correlations."""
    _answer("components", given)


@analyse.command(help=say("因子分析：KMO、Bartlett、载荷", "factor analysis: KMO, Bartlett, loadings"))
@_asked
@_count("几个因子，默认特征值大于1的", "factors; those with an eigenvalue over 1 by default")
@_method("principal-components", "principal-axis", "maximum-likelihood")
@click.option(
    "--rotation",
    type=click.Choice(["varimax", "none"]),
    default="varimax",
    show_default=True,
    help=say("旋转", "rotation"),
)
def factors(**given: Any) -> None:
    """With varimax unless told otherwise."""
    _answer("factors", given)


@analyse.command(help=say("信度：Cronbach α", "reliability: Cronbach's alpha"))
@_asked
def alpha(**given: Any) -> None:
    """And alpha without each item."""
    _answer("alpha", given)


@analyse.command(
    help=say(
        "因素分析：变化由什么造成；每行一个因素，给出前、后两列",
        "what made it change; a row for each factor, two columns: before and after",
    )
)
@_asked
@_unit(False)
@_method("additive", "geometric", "multiplicative", "chain")
@click.option(
    "--weights",
    multiple=True,
    metavar="COLUMN",
    help=say("权重的列：一列，或前、后两列", "weights: one column, or before and after"),
)
@click.option(
    "--order",
    multiple=True,
    metavar="NAME",
    help=say("连环替代的顺序，逐个给出", "order of replacement for chain, one by one"),
)
def change(**given: Any) -> None:
    """Parts that sum to the change."""
    _answer("change", given)


@analyse.command(help=say("多年比较，固定基期", "compare years against a fixed base"))
@_asked
@_unit(True)
@click.option("--year", required=True, metavar="COLUMN", help=say("年份的列", "column of years"))
@click.option(
    "--base", metavar="YEAR|all", help=say("基期，默认第一年", "base year; the first one if left out")
)
@click.option(
    "--direction",
    type=click.Choice(["more", "less"]),
    default="more",
    show_default=True,
    help=say("多好还是少好", "whether more or less is better"),
)
def panel(**given: Any) -> None:
    """Growth, places, contributions."""
    _answer("panel", given)


@analyse.command(help=say("按几列把单位分成同类", "peer groups by columns"))
@_asked
@_unit(False)
@_count("几组，默认按轮廓系数选", "groups; chosen by silhouette if left out")
@_method("hierarchical", "k-means")
def peers(**given: Any) -> None:
    """Columns are scaled alike first."""
    _answer("peers", given)


@analyse.command(help=say("一个单位的强项、弱项和差距", "strengths, weaknesses and gaps of one unit"))
@_asked
@_unit(True)
@click.option("--focus", required=True, metavar="NAME", help=say("哪个单位", "which unit"))
@_by(False)
@click.option(
    "--weight",
    multiple=True,
    metavar="列=W",
    help=say("各列的权重，默认相等；要给就全给", "weights of all columns; equal if left out"),
)
@click.option(
    "--against",
    type=click.Choice(["peers", "all"]),
    default="peers",
    show_default=True,
    help=say("差距与同类还是全部中最好的比", "measure gaps to the best of peers or of all"),
)
def standing(**given: Any) -> None:
    """Scores where more is better."""
    _answer("standing", given)


def _answer(kind: str, given: dict[str, Any]) -> None:
    from kaishu.evaluation import analysis

    path, report, force = (given.pop(name) for name in ("data", "report", "force"))
    if report is not None:
        _check_target(report, force)
    options = options_from(given, pandas=kind in _BY_STATSMODELS)
    question, frame = _read(kind, path, options, given)
    found = analysis.answer(frame, question)
    if report is not None:
        from kaishu.reporting import write_document

        document = analysis.report_on(found, question, source=path.name, language=language())
        report.write_bytes(write_document(document, report.suffix.lower().lstrip(".")))
    emit({"kind": kind, **analysis.as_dict(found)}, lambda: _tell(found))


def _check_target(report: Path, force: bool) -> None:
    from kaishu.reporting import FORMATS

    if report.suffix.lower().lstrip(".") not in FORMATS:
        raise UnknownOutput(file=report.name, known=", ".join(f".{form}" for form in FORMATS))
    if report.exists() and not force:
        raise TargetExists(file=report.name)


def _read(kind: str, path: Path, options: Any, given: dict[str, Any]) -> tuple[Question, pl.DataFrame]:
    """The question, and the columns of the file that it is about."""
    import polars as pl

    from kaishu import lake
    from kaishu.evaluation.analysis import Question
    from kaishu.evaluation.analysis.errors import TooMany

    columns, weight = tuple(given.pop("columns")), given.pop("weight", ())
    with lake.reading_file(path, options) as data:
        if data.rows > _MOST_ROWS:
            raise TooMany(name=path.name, count=data.rows, most=_MOST_ROWS)
        known = {each["name"]: each["type"] for each in data.columns}
        rest = (given.get("by"), given.get("unit"), given.get("year"))
        of = columns or tuple(name for name, type in known.items() if type in _NUMBERS and name not in rest)
        points = _points(weight, of)
        question = Question(kind=kind, of=of, points=points, **given)
        named = [*of, *question.on, *question.weights, *(name for name in rest if name)]
        wanted = [name for name in dict.fromkeys(named) if name in known]
        # Without a column of those asked for the answer is an error, which names the columns there are.
        wanted = wanted if len(wanted) == len(set(named)) else list(known)
        frames = [pl.DataFrame(pl.from_arrow(batch)) for batch in data.batches(wanted)]
    return question, pl.concat(frames) if frames else pl.DataFrame({name: [] for name in wanted})


def _points(weight: tuple[str, ...], of: tuple[str, ...]) -> tuple[float, ...]:
    from kaishu.cli.errors import BadPair
    from kaishu.evaluation.analysis.errors import ChoiceUnknown

    written = pairs("--weight", weight)
    if not written:
        return ()
    if set(written) != set(of):
        raise ChoiceUnknown(option="--weight", given=list(written), known=of)
    found = []
    for name in of:
        try:
            found.append(float(written[name]))
        except ValueError as error:
            raise BadPair(option="--weight", value=f"{name}={written[name]}") from error
    return tuple(found)


def _tell(found: Answer) -> None:
    from kaishu.evaluation import analysis

    print_blocks(analysis.blocks_of(found, language()))
