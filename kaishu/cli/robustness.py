"""``kaishu robustness``: how firm the ranks of an evaluation are, what moves them, and what lifts a unit."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kaishu.base.errors import KaishuError
from kaishu.cli.errors import BadPair, TargetExists, UnknownOutput
from kaishu.cli.output import emit, fail, fail_on_system, json_option, print_blocks
from kaishu.cli.pairs import pairs
from kaishu.cli.reading import options_from, reading_options
from kaishu.cli.words import language, say

if TYPE_CHECKING:
    from kaishu.evaluation import Result
    from kaishu.evaluation.robustness import SensitivityAnalysis, Uncertainty, UncertaintyAnalysis

#: Exit code: the system or the data cannot be used, or an option is wrong.
BAD_INPUT = 2
_SAVED = ".npz"


@click.command(
    help=say(
        "评估结果稳不稳：换一种标准化、权重、合成方法，或剔除一个指标，名次会怎样变",
        "how firm ranks are: what other normalisations, weights, means or a left-out indicator do to them",
    )
)
@click.argument("system")
@click.argument("data", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--runs",
    type=click.IntRange(1, 1_000_000),
    default=1000,
    show_default=True,
    help=say("模拟次数", "how many runs to draw"),
)
@click.option(
    "--sobol",
    type=click.IntRange(4, 65_536),
    metavar="N",
    help=say("另作敏感性分析，N 个样本点", "also sensitivity indices, of N points (best a power of two)"),
)
@click.option(
    "--removals", is_flag=True, help=say("另列去掉每一项的影响", "also what each node's absence does")
)
@click.option("--seed", type=click.IntRange(0), help=say("随机种子", "what is drawn with"))
@click.option(
    "--normalise", multiple=True, metavar="METHOD", help=say("另一种标准化，可多次", "another normalisation")
)
@click.option(
    "--weights", multiple=True, metavar="METHOD", help=say("另一种赋权，可多次", "another weighting")
)
@click.option(
    "--aggregate", multiple=True, metavar="METHOD", help=say("另一种合成，可多次", "another aggregation")
)
@click.option(
    "--impute", multiple=True, metavar="METHOD", help=say("另一种插补，可多次", "another imputation")
)
@click.option(
    "--treat", multiple=True, metavar="METHOD", help=say("winsorise 或 log，可多次", "winsorise or log")
)
@click.option(
    "--weight-noise", type=float, metavar="SHARE", help=say("权重扰动，如 0.25", "noise of weights, as 0.25")
)
@click.option(
    "--data-noise", type=float, metavar="SHARE", help=say("数据误差，如 0.05", "noise of values, as 0.05")
)
@click.option("--leave-out", is_flag=True, help=say("剔除任一指标", "leave any one indicator out"))
@click.option(
    "--top", type=click.IntRange(1), default=10, show_default=True, help=say("前几名", "the first N")
)
@click.option(
    "--lift", metavar="UNIT", help=say("改为：什么最能提升这个单位", "instead: what lifts this unit")
)
@click.option(
    "--effort",
    multiple=True,
    metavar="CODE=COST",
    help=say("一项提高1分的投入，与 --lift 同用", "cost of one point of an indicator, with --lift"),
)
@click.option("--full", is_flag=True, help=say("--lift 以满分为目标", "with --lift: towards full marks"))
@click.option(
    "--save",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="OUT.npz",
    help=say(
        "保存每一次抽样和结果；有 --sobol 时另存 OUT-sensitivity.npz",
        "keep every draw and its outcome; with --sobol also OUT-sensitivity.npz",
    ),
)
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="OUT.html|docx|pdf",
    help=say("写成报告", "write it as a report"),
)
@click.option("--force", is_flag=True, help=say("覆盖已有的输出文件", "overwrite files that exist"))
@click.option(
    "--allow-absent",
    is_flag=True,
    help=say("数据里没有的列按全部缺失处理", "an indicator without a column is missing for all"),
)
@reading_options
@json_option
def robustness(system: str, data: Path | None, **given: Any) -> None:
    """Exit code 0, or 2 if the system or the data cannot be used."""
    context = click.get_current_context()
    try:
        _checked(given)
        options = options_from(given) if data is not None else None
        from kaishu import evaluation

        result = evaluation.evaluate(system, data, absent=given["allow_absent"], reading=options)
        if given["lift"]:
            _lift(result, given)
        else:
            _examine(result, data.name if data else say("体系自带的数据", "the data of the system"), given)
    except KaishuError as error:
        fail(error)
        context.exit(BAD_INPUT)
    except OSError as error:
        fail_on_system(error)
        context.exit(BAD_INPUT)


def _checked(given: dict[str, Any]) -> None:
    """Targets that can be written, before anything is computed."""
    from kaishu.reporting import FORMATS

    forms = tuple(f".{form}" for form in FORMATS)
    targets = [(given["report"], forms), (given["save"], (_SAVED,))]
    if given["save"] is not None and given["sobol"]:
        targets.append((_beside(given["save"]), (_SAVED,)))
    for path, known in targets:
        if path is None:
            continue
        if path.suffix.lower() not in known:
            raise UnknownOutput(file=path.name, known=", ".join(known))
        if path.exists() and not given["force"]:
            raise TargetExists(file=path.name)


def _beside(path: Path) -> Path:
    """Where the draws of the sensitivity analysis go."""
    return path.with_name(f"{path.stem}-sensitivity{path.suffix}")


def _uncertainty(result: Result, given: dict[str, Any]) -> Uncertainty:
    """What was asked for; what is usual, if nothing was."""
    from kaishu.evaluation import robustness as analysis

    asked: dict[str, Any] = {
        name: list(given[name]) for name in ("normalise", "weights", "aggregate", "impute") if given[name]
    }
    if given["treat"]:
        asked["treat"] = [{"winsorise": 5} if each == "winsorise" else each for each in given["treat"]]
    for option, key in (("weight_noise", "weight-noise"), ("data_noise", "data-noise")):
        if given[option] is not None:
            asked[key] = given[option]
    if given["leave_out"]:
        asked["leave-out"] = True
    return analysis.uncertainty_from(asked) if asked else analysis.usual_of(result)


def _examine(result: Result, source: str, given: dict[str, Any]) -> None:
    from kaishu.evaluation import robustness as analysis

    opened = _uncertainty(result, given)
    seed = {} if given["seed"] is None else {"seed": given["seed"]}
    found = analysis.analyse_uncertainty(result, opened, runs=given["runs"], **seed)
    moving = (
        analysis.analyse_sensitivity(result, opened, points=given["sobol"], **seed)
        if given["sobol"]
        else None
    )
    removed = analysis.removals(result) if given["removals"] else ()
    if given["save"]:
        given["save"].write_bytes(analysis.as_bytes(found))
        if moving is not None:
            _beside(given["save"]).write_bytes(analysis.as_bytes(moving))
    if given["report"]:
        from kaishu.reporting import write_document

        document = analysis.report_on(
            result, found, sensitivity=moving, removed=removed, source=source, language=language()
        )
        given["report"].write_bytes(write_document(document, given["report"].suffix.lower().lstrip(".")))
    told: dict[str, Any] = {"system": result.system, **found.as_dict()}
    if moving is not None:
        told["sensitivity"] = moving.as_dict()
    if removed:
        told["removals"] = [{name: getattr(each, name) for name in each.__slots__} for each in removed]
    emit(told, lambda: _tell(found, moving, removed, given["top"]))


def _tell(
    found: UncertaintyAnalysis, moving: SensitivityAnalysis | None, removed: Sequence[Any], top: int
) -> None:
    from kaishu.evaluation import robustness as analysis

    blocks = analysis.blocks_of_uncertainty(found, language(), top)
    if moving is not None:
        blocks += analysis.blocks_of_sensitivity(moving, language())
    print_blocks(blocks + analysis.blocks_of_removals(removed, language()))


def _lift(result: Result, given: dict[str, Any]) -> None:
    from kaishu.evaluation import robustness as analysis

    effort = {code: _cost(code, value) for code, value in pairs("--effort", given["effort"]).items()}
    found = analysis.lifts(result, given["lift"], effort=effort, towards="full" if given["full"] else "best")
    unit = result.unit(given["lift"])
    rows = [{name: getattr(each, name) for name in each.__slots__} for each in found]
    told = {"system": result.system, "unit": unit.id, "name": unit.name, "lifts": rows}
    emit(told, lambda: print_blocks(analysis.blocks_of_lifts(unit.name, found, language())))


def _cost(code: str, value: str) -> float:
    try:
        return float(value)
    except ValueError as error:
        raise BadPair(option="--effort", value=f"{code}={value}") from error
