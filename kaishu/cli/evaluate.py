"""``kaishu evaluate``: units and their scores by an indicator system; no server and no set-up."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kaishu.base.errors import KaishuError, in_language
from kaishu.cli.evaluation_explaining import explain, shown_number
from kaishu.cli.evaluation_reports import check_report, report_options, write_report
from kaishu.cli.output import emit, fail, fail_on_system, json_option, print_table, wants_json
from kaishu.cli.pairs import pairs
from kaishu.cli.reading import options_from, reading_options
from kaishu.cli.words import language, say

if TYPE_CHECKING:
    from kaishu.evaluation import Result, UnitResult

#: Exit codes: a unit has no score; the system or the data cannot be used.
WITHOUT_SCORE, BAD_INPUT = 1, 2
_MOST_DIMENSIONS, _MOST_NOTICES, _FEW_LOST = 8, 20, 3


def _data_file(context: click.Context, parameter: click.Parameter, path: Path | None) -> Path | None:
    """A file, or one that lies beside a built-in system and is named without a folder."""
    if path is None or path.is_file():
        return path
    from kaishu import evaluation

    beside = evaluation.shipped_file(context.params.get("system") or "", path.name)
    if beside is not None and str(path) == path.name:
        return beside
    raise click.BadParameter(say(f"没有文件“{path}”", f"there is no file '{path}'"), context, parameter)


@click.command(
    help=say(
        "按一个指标体系评估：给出体系（YAML 文件或内置名称）和数据文件；内置体系可以用自带的数据",
        "evaluate by an indicator system: a YAML file or a built-in name, and a file of data; "
        "a built-in system can run on data of its own",
    )
)
@click.argument("system", required=False)
@click.argument("data", required=False, type=click.Path(path_type=Path), callback=_data_file)
@click.option("--list", "listed", is_flag=True, help=say("列出内置的指标体系", "list the built-in systems"))
@click.option(
    "--schema", is_flag=True, help=say("输出体系文件的 JSON Schema", "print the JSON Schema of systems")
)
@click.option("--csv", "as_csv", is_flag=True, help=say("输出 CSV", "print CSV"))
@click.option(
    "--explain",
    metavar="UNIT",
    help=say("把一个单位的得分逐项展开", "open the score of one unit down to its raw values"),
)
@click.option("--period", metavar="PERIOD", help=say("展开哪一期", "which period to open"))
@click.option(
    "--printed",
    is_flag=True,
    help=say(
        "把内置体系的结果与公布的数值对照", "set the result of a built-in system beside what was printed"
    ),
)
@click.option(
    "--set-weight",
    multiple=True,
    metavar="CODE=WEIGHT",
    help=say("改一个权重，同级其余按比例调整", "change a weight; its siblings are rescaled"),
)
@click.option(
    "--top", type=click.IntRange(1), metavar="N", help=say("只显示前几名", "show the first so many")
)
@click.option(
    "--allow-absent",
    is_flag=True,
    help=say("没有来源的指标按全部缺失处理", "an indicator without a source is missing for all"),
)
@click.option(
    "--facts",
    "scope",
    type=click.Choice(("platform", "catalogue", "office", "division")),
    help=say("取自平台事实的指标现在统计，按什么", "count the facts of the system now, for these units"),
)
@click.option(
    "--round",
    metavar="ID",
    help=say("由评判给分的指标用这一轮的得分", "take the judged scores of this round of judging"),
)
@report_options
@reading_options
@json_option
def evaluate(system: str | None, data: Path | None, **given: Any) -> None:
    """Exit code 0: every unit has a score; 1: one has none; 2: the system or the data cannot be used.

    With --facts or --round SYSTEM may also be an edition on the platform; units are joined by id.
    """
    context = click.get_current_context()
    if given["schema"]:
        from kaishu import evaluation

        click.echo(evaluation.schema_text(), nl=False)
        return
    if given["template_text"]:
        from kaishu import evaluation

        click.echo(evaluation.template_text(), nl=False)
        return
    if given["listed"]:
        _list()
        return
    if system is None:
        raise click.UsageError(
            say("请给出指标体系，或 --list", "name an indicator system, or use --list"), context
        )
    if given["printed"] and data is not None:
        raise click.UsageError(
            say(
                "--printed 用体系自带的数据，不要再给数据",
                "--printed takes the system's own data; give no file",
            ),
            context,
        )
    try:
        if given["printed"]:
            _printed(system)
            return
        check_report(given)
        result = _evaluated(system, data, given)
        if given["report"]:
            write_report(result, given)
        else:
            _tell(result, given)
    except KaishuError as error:
        fail(error)
        context.exit(BAD_INPUT)
    except OSError as error:
        fail_on_system(error)
        context.exit(BAD_INPUT)
    if any(notice.kind == "no-score" for notice in result.notices):
        context.exit(WITHOUT_SCORE)


def _evaluated(system: str, data: Path | None, given: dict[str, Any]) -> Result:
    from kaishu import evaluation

    options = options_from(given) if data is not None else None
    weights = pairs("--set-weight", given["set_weight"])
    try:
        if given["scope"] or given["round"]:
            from kaishu.cli.evaluate_joined import evaluate_joined

            return evaluate_joined(system, data, given, options, weights)
        return evaluation.evaluate(
            system, data, weights=weights or None, absent=given["allow_absent"], reading=options
        )
    except ValueError as error:
        if str(error) != "weight":
            raise
        raise click.BadParameter(
            say("权重应为数，如 0.3、1/3、30%", "a weight is a number, as 0.3, 1/3 or 30%"),
            param_hint="--set-weight",
        ) from error


def _list() -> None:
    from kaishu import evaluation

    systems = [evaluation.read_system(name) for name in evaluation.built_in()]
    rows = [
        {
            "system": each.system,
            "edition": each.edition,
            "title": each.title.said(language()),
            "indicators": len(each.leaves()),
            "source": each.source.report.said(language()),
        }
        for each in systems
    ]
    heads = [say("名称", "name"), say("版本", "edition"), say("标题", "title"), say("指标", "indicators")]
    emit(
        rows,
        lambda: print_table(
            heads, [[row[key] for key in ("system", "edition", "title", "indicators")] for row in rows], (3,)
        ),
    )


def _printed(system: str) -> None:
    from kaishu import evaluation

    found = evaluation.compare(system)
    heads = [
        say("项目", "figure"),
        say("单位", "unit"),
        say("公布", "printed"),
        say("重算", "ours"),
        say("结论", "verdict"),
        say("原因", "reason"),
    ]

    def show() -> None:
        rows = [
            [
                in_language(row.what, language()),
                in_language(row.unit, language()),
                in_language(row.printed, language()),
                "—" if row.ours is None else in_language(row.ours, language()),
                in_language(evaluation.AGREEMENTS[row.agrees], language()),
                in_language(row.reason, language()),
            ]
            for row in found.rows
        ]
        click.echo(in_language(found.about, language()))
        print_table(heads, rows, (2, 3))
        click.echo(in_language(found.summary, language()))

    emit(found.as_dict(language()), show)


def _tell(result: Result, given: dict[str, Any]) -> None:
    from kaishu.evaluation.robustness import told_with_climbs

    if given["explain"]:
        unit = result.unit(given["explain"], given["period"])
        told = (
            next(
                each
                for each in told_with_climbs(result, language())["units"]
                if (each["id"], each["period"]) == (unit.id, unit.period)
            )
            if wants_json()
            else {}
        )
        emit(told, lambda: explain(result, unit))
    elif given["as_csv"]:
        click.echo(result.as_csv(), nl=False)
    elif wants_json():
        click.echo(json.dumps(told_with_climbs(result, language()), ensure_ascii=False, allow_nan=False))
    else:
        _table(result, given["top"])


def _table(result: Result, top: int | None) -> None:
    passport = result.passport
    title = passport.title.said(language()) or passport.system
    if passport.edition not in title:
        title += say(f"（{passport.edition}）", f" ({passport.edition})")
    count, leaves = len(result.table), len(passport.leaves())
    click.echo(say(f"{title}：{count}个单位，{leaves}个指标", f"{title}: {count} units, {leaves} indicators"))
    units = _ordered(result)
    shown = _first(units, top, apart=passport.rank.within == "group") if top else units
    dimensions = passport.tree if len(passport.tree) <= _MOST_DIMENSIONS else ()
    heads, rows = _columns(result, shown)
    for node in dimensions:
        heads.append(node.title.said(language()) or node.code)
        for row, unit in zip(rows, shown, strict=True):
            row.append(shown_number(passport, unit.nodes[node.code].score))
    print_table(
        heads, rows, [heads.index(say("得分", "score")), *range(len(heads) - len(dimensions), len(heads))]
    )
    if len(shown) < len(units):
        click.echo(say(f"……共{len(units)}个", f"… {len(units)} in all"))
    told = _notices(result)
    for sentence in told[:_MOST_NOTICES]:
        click.echo(say("注意：", "Note: ") + sentence)
    if (more := len(told) - _MOST_NOTICES) > 0:
        click.echo(say(f"……还有{more}条，见 --json", f"… and {more} more, see --json"))
    click.echo(say(f"指纹 {result.fingerprint}", f"Fingerprint {result.fingerprint}"))


def _notices(result: Result) -> list[str]:
    """Sentences; indicators that lack values for some units are one sentence where they are many."""
    lost = [each for each in result.notices if each.kind in ("missing", "no-data")]
    if len(lost) <= _FEW_LOST:
        return [in_language(each.said, language()) for each in result.notices]
    kept = [in_language(each.said, language()) for each in result.notices if each not in lost]
    codes = [each.code for each in lost]
    kept.append(
        say(
            f"{len(lost)}项指标有单位缺数值：{'、'.join(codes)}；缺几个、如何处理见 --json",
            f"{len(lost)} indicators lack values for some units or all: {', '.join(codes)}; "
            "--json says for how many, and how each is carried",
        )
    )
    return kept


def _ordered(result: Result) -> list[UnitResult]:
    """By rank, group after group where ranks are those in the group.

    By stage, highest first, where there are stages: inside one there is no order.
    """
    units, apart = list(result.units), result.passport.rank.within == "group"
    if not result.stages:

        def place(unit: UnitResult) -> tuple[str, str, bool, float]:
            return (unit.group or "") * apart, unit.period or "", unit.rank is None, unit.rank or 0.0

        return sorted(units, key=place)
    places = {stage.stage: place for place, stage in enumerate(result.passport.stages)}
    return sorted(units, key=lambda unit: -places.get(unit.stage or "", -1))


def _first(units: list[UnitResult], top: int, *, apart: bool) -> list[UnitResult]:
    """The first so many, of each group where groups are ranked apart."""
    seen: Counter[str] = Counter()
    found = []
    for unit in units:
        group = (unit.group or "") * apart
        seen[group] += 1
        found += [unit] if seen[group] <= top else []
    return found


def _columns(result: Result, units: list[UnitResult]) -> tuple[list[str], list[list[Any]]]:
    """Heads and the first cells of every row."""
    staged, passport = bool(result.stages), result.passport
    several = any(unit.period for unit in units)
    grouped = passport.rank.within == "group"
    heads = ([] if staged else [say("名次", "rank")]) + [say("单位", "unit")]
    heads += [say("时期", "period")] if several else []
    heads += [say("组", "group")] if grouped else []
    heads += [say("得分", "score")]
    heads += [say("等级", "grade")] if result.grades else []
    heads += [say("阶段", "stage")] if staged else []
    rows = []
    for unit in units:
        rank = "—" if unit.rank is None else f"{unit.rank:g}"
        row: list[Any] = ([] if staged else [rank]) + [unit.name]
        row += [unit.period] if several else []
        row += [unit.group] if grouped else []
        row += [shown_number(passport, unit.score)]
        row += [passport.mark_said(unit.grade, language())] if result.grades else []
        row += [passport.mark_said(unit.stage, language()) or say("未达到", "none")] if staged else []
        rows.append(row)
    return heads, rows
