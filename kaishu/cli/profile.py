"""``kaishu profile``: what is in a file, or in a dataset's table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from kaishu.base import clock
from kaishu.cli.entrance import terminal_call
from kaishu.cli.output import emit, json_option, print_pairs, print_table, progress_bar
from kaishu.cli.reading import options_from, reading_options
from kaishu.cli.targets import GIVEN, OUT, check_targets, force_option
from kaishu.cli.words import language, say


@click.command(help=say("统计一个文件或数据集的每一列", "statistics of every column of a file or a dataset"))
@click.argument("target", metavar="FILE-OR-DATASET")
@click.option(
    "--version", "number", type=int, metavar="N", help=say("数据集的第几版", "version of a dataset")
)
@click.option(
    "--explore",
    is_flag=True,
    help=say(
        "再探查一遍：键、依赖、编码、异常值，回答23项检查",
        "explore too: keys, dependencies, codes; 23 checks",
    ),
)
@click.option(
    "--related",
    multiple=True,
    type=GIVEN,
    metavar="FILE",
    help=say("可能被引用的另一个文件，可多次给出", "another file that it may refer to; may be repeated"),
)
@click.option(
    "--report",
    type=OUT,
    metavar="OUT.html",
    help=say("把剖析与探查写到这个网页（同时探查）", "write profile and exploration to this page"),
)
@click.option(
    "--export",
    type=OUT,
    metavar="OUT.xlsx|csv|json",
    help=say("把剖析与探查写到这个文件（同时探查）", "write profile and exploration to this file"),
)
@force_option
@reading_options
@json_option
def profile(
    target: str,
    number: int | None,
    explore: bool,
    related: tuple[Path, ...],
    report: Path | None,
    export: Path | None,
    force: bool,
    **given: Any,
) -> None:
    """A file that exists is profiled as a file, anything else is the name of a dataset."""
    check_targets((report, export), force=force, read=(Path(target), *related))
    if export is not None and export.suffix.lower() not in (".xlsx", ".csv", ".json"):
        raise click.BadParameter(
            say("文件名要以 .xlsx、.csv 或 .json 结尾", "the name must end in .xlsx, .csv or .json"),
            param_hint="--export",
        )
    explore = explore or bool(related or report or export)
    path = Path(target)
    if path.is_file():
        found = _of_file(path, explore, related, options_from(given))
    else:
        found = _of_dataset(target, number, explore)
    if report is not None:
        from kaishu.quality import write_exploration_report

        write_exploration_report(report, found, name=path.name, language=language())
    if export is not None:
        _export(export, found)
    emit(found, lambda: _tell(found))


def _of_file(path: Path, explore: bool, related: tuple[Path, ...], options: Any) -> dict[str, Any]:
    from kaishu import quality

    with progress_bar(path.name):
        if explore:
            return quality.explore_path(path, path.name, clock.day_of(clock.now()), options, related)
        return quality.profile_path(path, path.name, options)


def _of_dataset(name: str, number: int | None, explore: bool) -> dict[str, Any]:
    from kaishu import catalogue, quality

    with terminal_call(write=False) as call:
        _, _, version = catalogue.readable_version(call, name, None, number)
        found = quality.profile_of(call.session, version.id)
        if found is None:
            with progress_bar(name):
                computed = quality.compute_profile(call, version.id)
    if found is None:
        with terminal_call() as call:
            found = quality.keep_profile(call, version.id, computed) or computed
    if not explore:
        return found
    with terminal_call(write=False) as call, progress_bar(name):
        exploration = quality.compute_exploration(call, version.id)
    with terminal_call() as call:
        quality.keep_exploration(call, version.id, exploration)
    return {**found, "exploration": exploration}


def _export(path: Path, found: dict[str, Any]) -> None:
    from kaishu import quality

    kind = path.suffix.lower()
    if kind == ".xlsx":
        quality.write_exploration_workbook(found, path, language())
    elif kind == ".json":
        path.write_text(json.dumps(found, ensure_ascii=False, default=str), encoding="utf-8")
    else:
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            quality.write_exploration_csv(found, stream, language())


def _tell(found: dict[str, Any]) -> None:
    print_pairs([(_statistic(name), value) for name, value in found["table"].items()])
    click.echo()
    heads = [
        say("列", "column"),
        say("类型", "type"),
        say("不同值", "distinct"),
        say("缺失", "missing"),
        say("最小", "minimum"),
        say("最大", "maximum"),
        say("平均", "mean"),
        say("最常见", "most frequent"),
    ]
    rows = []
    for each in found["fields"]:
        top = each.get("top") or []
        rows.append(
            [
                each["name"],
                each["type"],
                each["distinct"],
                each["missing"],
                _short(each.get("minimum")),
                _short(each.get("maximum")),
                each.get("mean"),
                "、".join(_short(one["value"]) for one in top[:3]),
            ]
        )
    print_table(heads, rows, numbers=(2, 3, 6))
    if "exploration" in found:
        _tell_checks(found["exploration"])


def _tell_checks(explored: dict[str, Any]) -> None:
    click.echo()
    marks = {"good": say("没有问题", "fine"), "look": say("要看", "look"), "none": say("不涉及", "not asked")}
    rows = [
        [say(one["zh"], one["en"]), marks[one["state"]], one["answer"][language()]]
        for one in explored["checks"]
    ]
    print_table([say("检查", "check"), say("结果", "result"), say("发现", "finding")], rows)
    click.echo(
        say(
            f"探查用去处理器{explored['cost']:.1f}秒。", f"Exploring took {explored['cost']:.1f} CPU seconds."
        )
    )


def _statistic(name: str) -> str:
    from kaishu import standards

    try:
        term = standards.vocabulary("profile-statistic").term(f"table.{name}")
    except KeyError:
        return name
    return term.zh if language() == "zh" else term.en


def _short(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 16 else text[:15] + "…"
