"""``kaishu sheet``: many entries edited in one spreadsheet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kaishu.cli.entrance import terminal_call
from kaishu.cli.output import emit, json_option, print_table
from kaishu.cli.words import language, say

if TYPE_CHECKING:
    from kaishu.compilation import SheetPlan


@click.group(help=say("目录表：用电子表格批量编目", "many entries in one spreadsheet"))
def sheet() -> None:
    """The catalogue sheet."""


@sheet.command("out", help=say("取出目录表（XLSX）", "take the sheet out (XLSX)"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--office", default="", help=say("部门标识，默认全部", "name of the office; all by default"))
@json_option
def out(file: Path, office: str) -> None:
    """Write the workbook."""
    from kaishu import compilation

    with terminal_call(write=False) as call:
        count = compilation.take_out(call, file, office=office)
    data = {"file": str(file), "entries": count}
    emit(data, lambda: click.echo(say(f"已写入 {file}：{count} 个条目。", f"{file}: {count} entries.")))


@sheet.command("in", help=say("放回目录表：先看会改什么", "put the sheet back: look first"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--office", default="", help=say("新增条目的部门", "office of new entries"))
@click.option("--apply", "do_apply", is_flag=True, help=say("确认改动", "do it"))
@click.option("--only-good", is_flag=True, help=say("跳过有问题的行", "leave wrong rows out"))
@click.option("--submit", is_flag=True, help=say("改完一并提交审核", "submit for review afterwards"))
@json_option
def back(file: Path, office: str, do_apply: bool, only_good: bool, submit: bool) -> None:
    """Without --apply nothing is changed."""
    from kaishu import access, compilation, source

    original = source.keep_path(file)
    read = compilation.read_sheet(original.path, original.name)
    with terminal_call(write=do_apply) as call:
        owner = access.office_by_name(call.session, office).id if office else ""
        plan = compilation.plan_sheet(call, read, office=owner)
        done = None
        if do_apply:
            done = compilation.apply_sheet(
                call, plan, only_good=only_good, submit=submit, file_name=original.name
            )
    data = {
        "counts": dict(plan.counts),
        "problems": [
            {"sheet": p.sheet, "row": p.row, "column": p.heading, "value": p.value, "said": _said(p.said)}
            for p in plan.problems
        ],
        "done": None
        if done is None
        else {"made": done.made, "changed": done.changed, "submitted": done.submitted},
    }
    emit(data, lambda: _people(plan, done is not None))


def _people(plan: SheetPlan, done: bool) -> None:
    counts = plan.counts
    heads = [say("新增", "new"), say("改动", "changed"), say("不变", "unchanged")]
    heads += [say("错误", "wrong"), say("冲突", "conflict")]
    kinds = ("new", "changed", "unchanged", "wrong", "conflict")
    print_table(heads, [[counts[kind] for kind in kinds]], numbers=(0, 1, 2, 3, 4))
    for row in plan.to_do[:50]:
        for change in row.changes[:20]:
            click.echo(f"{row.title}  {change.heading}: {change.before or '—'} → {change.after or '—'}")
    for problem in plan.problems[:200]:
        where = say(f"{problem.sheet} 第{problem.row}行", f"{problem.sheet} row {problem.row}")
        text = f"{where} {problem.heading} “{problem.value}”: {_said(problem.said)}"
        click.echo(click.style(text, fg="red"), err=True)
    if not done and plan.to_do:
        click.echo(say("确认请加 --apply。", "Add --apply to do it."))
    elif done:
        click.echo(say("已写入草稿。", "The drafts are written."))


def _said(said: object) -> str:
    return str(getattr(said, "en", said)) if language() == "en" else str(said)
