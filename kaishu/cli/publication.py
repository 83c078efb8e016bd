"""``kaishu publish``: make a draft public."""

from __future__ import annotations

from pathlib import Path

import click

from kaishu.cli.entrance import terminal_call
from kaishu.cli.output import emit, json_option
from kaishu.cli.pairs import record_fields
from kaishu.cli.readiness import make_ready
from kaishu.cli.words import say


@click.command(help=say("发布数据集的草稿", "publish the draft of a dataset"))
@click.argument("dataset")
@click.option("--comment", default="", help=say("审核意见", "comment of the review"))
@click.option(
    "--record",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=say("发布前用这个文件补全目录记录", "complete the record from this file first"),
)
@click.option(
    "--set",
    "sets",
    multiple=True,
    metavar="FIELD=VALUE",
    help=say("发布前改一项，可重复", "change one field first; repeat"),
)
@json_option
def publish(dataset: str, comment: str, file: Path | None, sets: tuple[str, ...]) -> None:
    """Submit and publish in one transaction, then make serving copies, profiles and the index entry."""
    from kaishu import catalogue

    changes = record_fields(file, sets)
    with terminal_call() as call:
        if changes:
            found = catalogue.dataset_by_name(call, dataset)
            draft = catalogue.draft_of(call, found)
            wanted = {**dict(draft.record if draft else found.record), **changes}
            catalogue.revise(call, dataset, catalogue.record_from(wanted))
        published = catalogue.publish(call, dataset, comment)
        staged = catalogue.gates_of(call, dataset) if catalogue.gate_mode() == "advise" else []
    make_ready()
    data = {
        "dataset": published.name,
        "state": str(published.state),
        "published_at": published.published_at,
        "open_class": published.open_class,
        "gates_missing": list(dict.fromkeys(each.gate for table in staged for each in table.missing)),
    }
    closed = [say(each.title, each.title.en) for table in staged for each in table.missing]

    def people() -> None:
        click.echo(say(f"已发布：{published.name}", f"published: {published.name}"))
        if closed:
            listed = say("、", ", ").join(dict.fromkeys(closed))
            click.echo(say(f"入库关口未通过：{listed}。", f"Entry gates missing: {listed}."))

    emit(data, people)
