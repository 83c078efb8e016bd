"""``kaishu profile``: what is in a file, or in a dataset's table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kaishu.cli.entrance import terminal_call
from kaishu.cli.output import emit, json_option, print_pairs, print_table, progress_bar
from kaishu.cli.reading import options_from, reading_options
from kaishu.cli.words import language, say


@click.command(help=say("统计一个文件或数据集的每一列", "statistics of every column of a file or a dataset"))
@click.argument("target", metavar="FILE-OR-DATASET")
@click.option(
    "--version", "number", type=int, metavar="N", help=say("数据集的第几版", "version of a dataset")
)
@reading_options
@json_option
def profile(target: str, number: int | None, **given: Any) -> None:
    """A file that exists is profiled as a file, anything else is the name of a dataset."""
    options = options_from(given)
    path = Path(target)
    if path.is_file():
        from kaishu import quality

        with progress_bar(path.name):
            found = quality.profile_path(path, path.name, options)
    else:
        found = _of_dataset(target, number)
    emit(found, lambda: _tell(found))


def _of_dataset(name: str, number: int | None) -> dict[str, Any]:
    from kaishu import catalogue, quality

    with terminal_call(write=False) as call:
        _, _, version = catalogue.readable_version(call, name, None, number)
        known = quality.profile_of(call.session, version.id)
        if known is not None:
            return known
        with progress_bar(name):
            computed = quality.compute_profile(call, version.id)
    with terminal_call() as call:
        return quality.keep_profile(call, version.id, computed) or computed


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
