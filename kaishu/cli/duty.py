"""``kaishu duty``: duty lists to proposed entries."""

from __future__ import annotations

from pathlib import Path

import click

from kaishu.cli.entrance import terminal_call
from kaishu.cli.output import emit, json_option, print_table
from kaishu.cli.words import language, say


@click.group(help=say("权责清单", "duty lists"))
def duty() -> None:
    """Duty lists."""


@duty.command("import", help=say("导入一份权责清单", "take a duty list in"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--office", required=True, help=say("部门标识", "name of the office"))
@click.option("--title", default="", help=say("清单名称", "name of the list"))
@click.option("--only-good", is_flag=True, help=say("跳过有问题的行", "leave wrong rows out"))
@json_option
def import_list(file: Path, office: str, title: str, only_good: bool) -> None:
    """Print the list's id, its duties and what is proposed."""
    from kaishu import access, compilation, source

    original = source.keep_path(file)
    with terminal_call(write=False) as call:
        owner = access.office_by_name(call.session, office)
        others = frozenset(o.title for o in access.offices(call.session) if o.id != owner.id)
        own = owner.title
    read = compilation.read_duties(original.path, original.name, own=own, others=others)
    problems = [
        {
            "row": p.row,
            "column": p.heading,
            "value": p.value,
            "said": p.said.en if language() == "en" else p.said,
        }
        for p in read.problems
    ]
    with terminal_call() as call:
        made = compilation.import_duties(
            call,
            read,
            office=office,
            file_name=original.name,
            title=title,
            sha256=original.sha256,
            only_good=only_good,
        )
        proposed = len(compilation.proposals_of(call, made.id))
        data = {"id": made.id, "duties": made.duties, "proposals": proposed, "left_out": problems}

    def people() -> None:
        text = say(
            f"已导入 {made.duties} 个事项，提出 {proposed} 条建议。",
            f"{made.duties} duties, {proposed} proposals.",
        )
        click.echo(text)
        for problem in problems:
            where = say(f"第{problem['row']}行", f"row {problem['row']}")
            click.echo(f"{where} {problem['column']}: {problem['said']}", err=True)

    emit(data, people)


@duty.command("list", help=say("列出清单", "list the lists"))
@json_option
def list_lists() -> None:
    """Every list."""
    from kaishu import access, compilation

    with terminal_call(write=False) as call:
        names = {office.id: office.name for office in access.offices(call.session)}
        found = [
            {"id": each.id, "title": each.title, "office": names[each.office_id], "duties": each.duties}
            for each in compilation.duty_lists(call)
        ]

    def people() -> None:
        heads = ["id", say("名称", "title"), say("部门", "office"), say("事项", "duties")]
        print_table(heads, [list(each.values()) for each in found], numbers=(3,))

    emit(found, people)


@duty.command("proposals", help=say("列出一份清单的建议", "list what a list proposes"))
@click.argument("list_id")
@click.option("--state", type=click.Choice(["open", "accepted", "declined"]), help=say("状态", "state"))
@json_option
def proposals(list_id: str, state: str | None) -> None:
    """Information, origin, the best source with its score, and the state."""
    from kaishu import compilation

    with terminal_call(write=False) as call:
        found = [
            {
                "id": each.id,
                "information": each.information,
                "origin": each.origin,
                "duty": each.record.get("business_item", ""),
                "sources": each.sources,
                "state": each.state,
            }
            for each in compilation.proposals_of(call, list_id, state or "")
        ]

    def people() -> None:
        heads = [
            say("业务信息", "information"),
            say("事项", "duty"),
            say("来源", "source"),
            "%",
            say("状态", "state"),
        ]
        rows = [
            [
                each["information"],
                each["duty"],
                each["sources"][0]["title"] if each["sources"] else "",
                f"{each['sources'][0]['score']:.0%}" if each["sources"] else "",
                compilation.STATES[each["state"]][1 if language() == "en" else 0],
            ]
            for each in found
        ]
        print_table(heads, rows, numbers=(3,))

    emit(found, people)


@duty.command("gaps", help=say("两侧缺口", "duties without data, data without a duty"))
@click.option("--office", default="", help=say("部门标识", "name of the office"))
@json_option
def show_gaps(office: str) -> None:
    """Counts per office; with --office also the names."""
    from kaishu import access, compilation

    with terminal_call(write=False) as call:
        wanted = access.office_by_name(call.session, office).id if office else ""
        found = [
            {
                "office": gap.office.name,
                "duties": gap.duties,
                "without_data": [each.name for each in gap.without_data],
                "datasets": gap.datasets,
                "without_duty": [each.name for each in gap.without_duty],
            }
            for gap in compilation.gaps(call, wanted)
        ]

    def people() -> None:
        heads = [say("部门", "office"), say("事项", "duties"), say("缺数据", "without data")]
        heads += [say("数据集", "datasets"), say("缺事项", "without duty")]
        rows = [
            [g["office"], g["duties"], len(g["without_data"]), g["datasets"], len(g["without_duty"])]  # type: ignore[arg-type]
            for g in found
        ]
        print_table(heads, rows, numbers=(1, 2, 3, 4))
        if office and found:
            for key in ("without_data", "without_duty"):
                click.echo(
                    "\n" + say({"without_data": "缺数据的事项", "without_duty": "缺事项的数据集"}[key], key)
                )
                for name in found[0][key]:  # type: ignore[attr-defined]
                    click.echo(f"  {name}")

    emit(found, people)
