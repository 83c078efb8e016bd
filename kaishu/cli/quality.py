"""``kaishu quality``: rules of a dataset's table, its checks and work orders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kaishu.cli.cleansing import cleansing
from kaishu.cli.entrance import prepare, terminal_call
from kaishu.cli.output import emit, json_option, print_pairs, print_table, progress_bar
from kaishu.cli.whose import DATASET, RESOURCE, approval, approving, table_of
from kaishu.cli.words import language, say

if TYPE_CHECKING:
    from kaishu.access import Call
    from kaishu.quality.models import Rulebook, Run


@click.group(help=say("数据质量：规则、检查、工单", "data quality: rules, checks, work orders"))
def quality() -> None:
    """Quality of tables."""


@quality.command("rules", help=say("查看或提交一张表的规则", "show a table's rules, or hand some in"))
@DATASET
@RESOURCE
@click.option(
    "--put",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=say("用这个文件作规则草稿并提交审核", "take this file as draft and submit it"),
)
@click.option(
    "--from-elements",
    is_flag=True,
    help=say(
        "把各列已确定的数据元带来、规则里还没有的校验加到草稿（不提交）",
        "add the checks that accepted elements bring and the rules lack to the draft, which is not submitted",
    ),
)
@click.option("--importance", type=float, default=1.0, show_default=True)
@click.option(
    "--order-from",
    type=click.Choice(["", "warning", "error", "critical"]),
    default="",
    help=say("达到这一级别自动开工单", "open work orders by itself from this level"),
)
@json_option
def rules(
    dataset: str, resource: str, put: Path | None, from_elements: bool, importance: float, order_from: str
) -> None:
    """Rules count when two different people have agreed, in the browser or with ``approve``."""
    from kaishu import quality as rooms

    if put is not None and from_elements:
        raise click.UsageError(
            say("--put 与 --from-elements 只能用一个。", "Either --put or --from-elements.")
        )
    with terminal_call(write=put is not None or from_elements) as call:
        table = table_of(call, dataset, resource)
        if from_elements:
            _bring(call, table)
        if put is not None:
            text = put.read_text(encoding="utf-8-sig")
            rooms.keep_rules(call, table, text, importance=importance, order_from=order_from)
            rooms.submit_rules(call, table)
        books = rooms.rulebooks_of(call.session, table)
    emit([_book(book) for book in books], lambda: _tell_books(books))


@quality.command("approve", help=say("以某个账号同意规则", "agree to rules as one of the accounts"))
@approving
def approve(**given: str) -> None:
    """The business owner agrees first, then another person for the technical side."""
    from kaishu import quality as rooms

    with approval(**given) as (call, table):
        book = rooms.approve_rules(call, table)
    emit(_book(book), lambda: _tell_books([book]))


@quality.command("run", help=say("按生效的规则检查一张表", "check a table by the rules in force"))
@DATASET
@RESOURCE
@json_option
def run(dataset: str, resource: str) -> None:
    """The newest version; exit code 1 if a rule reached level error."""
    from kaishu import quality as rooms
    from kaishu.access import TERMINAL
    from kaishu.base import ids
    from kaishu.jobs import quality_checking

    prepare()
    with terminal_call(write=False) as call:
        table = table_of(call, dataset, resource)
    with progress_bar(dataset) as report:
        done = quality_checking.check_now(TERMINAL, ids.new_id(), {"table_id": table}, report)
    with terminal_call(write=False) as call:
        made = rooms.run_by_id(call.session, done["run"])
        data = _run(call, made)
    emit({**data, "orders": done["orders"]}, lambda: _tell_run(data))
    if made.level in ("error", "critical") or not made.sound:
        click.get_current_context().exit(1)


@quality.command("show", help=say("最近一次检查的结果", "the result of the newest check"))
@DATASET
@RESOURCE
@json_option
def show(dataset: str, resource: str) -> None:
    """Scores, and every rule with its counts."""
    from kaishu import quality as rooms
    from kaishu.base.errors import NotFound

    with terminal_call(write=False) as call:
        found = rooms.last_check(call.session, table_of(call, dataset, resource))
        if found is None:
            raise NotFound(kind="检查 check", name=dataset)
        data = _run(call, found)
    emit(data, lambda: _tell_run(data))


@quality.command("orders", help=say("未办结的质量工单", "open work orders"))
@json_option
def orders() -> None:
    """The most urgent first."""
    from kaishu import quality as rooms

    with terminal_call(write=False) as call:
        found = [
            {
                "id": order.id,
                "table": order.table_id,
                "rule": order.rule_id,
                "title": order.title,
                "title_en": order.title_en,
                "level": order.level,
                "state": case.state,
                "due": case.due_on,
                "failed": order.failed if order.last_failed is None else order.last_failed,
                "origin": order.origin,
            }
            for order, case in rooms.orders(call.session)
        ]
    heads = [say("工单", "order"), say("规则", "rule"), say("级别", "level"), say("状态", "state")]
    heads += [say("期限", "due"), say("不合格", "failed")]
    keys = ("id", "rule", "level", "state", "due", "failed")
    emit(found, lambda: print_table(heads, [[each[key] for key in keys] for each in found], (5,)))


@quality.command("report", help=say("写数据质量报告", "write a report of data quality"))
@click.argument("dataset", required=False)
@click.option("--resource", default="", help=say("只写这张表", "only this table, by its id"))
@click.option("--office", default="", help=say("部门，代替数据集", "an office in place of a dataset"))
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help=say("文件：.docx、.pdf 或 .html", "the file: .docx, .pdf or .html"),
)
def report(dataset: str | None, resource: str, office: str, output: Path) -> None:
    """All tables of a dataset, or all checked tables of an office."""
    from kaishu.reporting import write_document
    from kaishu.web import quality_documents, words

    if bool(dataset) == bool(office):
        raise click.UsageError(say("请给出数据集或 --office 之一。", "Give a dataset, or --office."))
    with terminal_call(write=False) as call, words.speaking(language()):
        if dataset:
            document = quality_documents.dataset_document(call, dataset, resource)
        else:
            document = quality_documents.office_document(call, office)
    output.write_bytes(write_document(document, output.suffix.lower().lstrip(".")))
    click.echo(str(output))


def _bring(call: Call, table: str) -> None:
    """Add what elements bring; what is left out is told on the error output."""
    from kaishu import quality as rooms

    brought = rooms.brought_rules(call.session, table)
    for each in brought:
        if each.unfit is not None:
            place = f"{each.rule['column']}, {each.rule['check']}"
            click.echo(f"{place}: {each.unfit if language() == 'zh' else each.unfit.en}", err=True)
    if all(each.unfit is not None for each in brought):
        click.echo(say("没有要加入的校验。", "There is no check to add."), err=True)
        return
    _book, added = rooms.bring_rules(call, table)
    click.echo(
        say(f"草稿加入{len(added)}条校验。", f"{len(added)} checks were added to the draft."), err=True
    )


def _book(book: Rulebook) -> dict[str, Any]:
    return {
        "number": book.number,
        "state": book.state,
        "rules": book.rules,
        "importance": book.importance,
        "order_from": book.order_from,
        "author": book.author,
        "business": book.business,
        "technical": book.technical,
        "text": book.text,
    }


def _tell_books(books: Any) -> None:
    heads = [say("版本", "version"), say("状态", "state"), say("规则数", "rules"), say("作者", "author")]
    heads += [say("业务负责人", "business owner"), say("技术负责人", "technical owner")]
    rows = [[b.number, b.state, b.rules, b.author, b.business, b.technical] for b in books]
    print_table(heads, rows, (0, 2))


def _run(call: Call, run: Run) -> dict[str, Any]:
    from kaishu import quality as rooms

    return {
        "run": run.id,
        "version": run.version_id,
        "rows": run.rows,
        "level": run.level,
        "scores": run.scores,
        "trouble": run.trouble.get(language(), {}),
        "rules": [
            {
                "id": each.rule_id,
                "title": each.title,
                "title_en": each.title_en,
                "dimension": each.dimension,
                "level": each.level,
                "checked": each.checked,
                "failed": each.failed,
                "hints": [{**hint, "said": _hint(hint)} for hint in each.hints],
            }
            for each in rooms.findings_of_run(call.session, run.id)
        ],
    }


def _hint(hint: dict[str, Any]) -> str:
    return str(hint[language()]).format(column=hint["column"], value=hint["value"])


def _tell_run(data: dict[str, Any]) -> None:
    if data["trouble"]:
        click.echo(data["trouble"]["message"])
        return
    heads = [say("规则", "rule"), say("级别", "level"), say("查", "checked"), say("不合格", "failed")]
    rows = [[each["id"], each["level"], each["checked"], each["failed"]] for each in data["rules"]]
    print_table(heads, rows, (2, 3))
    for each in data["rules"]:
        for hint in each["hints"]:
            click.echo(f"{each['id']}: {hint['said']}")
    click.echo()
    print_pairs(list(data["scores"].items()))


quality.add_command(cleansing)
