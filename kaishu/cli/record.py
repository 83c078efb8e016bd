"""``kaishu record``: show a catalogue record, or change it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kaishu.cli.entrance import terminal_call
from kaishu.cli.output import emit, json_option, print_pairs
from kaishu.cli.pairs import record_fields
from kaishu.cli.words import say


@click.command(
    help=say("查看或修改数据集的目录记录", "show or change the record of a dataset"),
    epilog=say("例：", "Example: ")
    + "kaishu record schools --set open_class=unconditional --set licence=cc-by-4.0",
)
@click.argument("dataset")
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=say("从 YAML 或 JSON 文件取值", "values from a YAML or JSON file"),
)
@click.option(
    "--set",
    "sets",
    multiple=True,
    metavar="FIELD=VALUE",
    help=say("改一项，可重复", "change one field; repeat"),
)
@json_option
def record(dataset: str, file: Path | None, sets: tuple[str, ...]) -> None:
    """Without --file and --set the record is only shown: the draft's, or else the published one."""
    from kaishu import catalogue

    changes = record_fields(file, sets)
    with terminal_call(write=bool(changes)) as call:
        found = catalogue.dataset_by_name(call, dataset)
        draft = catalogue.draft_of(call, found)
        data: dict[str, Any] = dict(draft.record if draft else found.record)
        if changes:
            wanted = catalogue.record_from({**data, **changes})
            data = dict(catalogue.revise(call, dataset, wanted).record)

    def people() -> None:
        shown = {name: value for name, value in data.items() if name != "items"}
        print_pairs([(name, _words(value)) for name, value in shown.items()])
        click.echo(say(f"信息项：{len(data['items'])}", f"{len(data['items'])} fields described"))

    emit(data, people)


def _words(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(str(each) for each in value)
    return "" if value is None else str(value)
