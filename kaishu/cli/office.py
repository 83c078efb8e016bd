"""``kaishu office``: the departments."""

from __future__ import annotations

import click

from kaishu.cli.entrance import terminal_call
from kaishu.cli.output import emit, json_option, print_table
from kaishu.cli.words import say


@click.group(help=say("部门", "offices"))
def office() -> None:
    """Offices."""


@office.command("add", help=say("新建部门", "add an office"))
@click.argument("title")
@click.option(
    "--name", default="", help=say("标识，默认由名称生成", "address part; made from the title by default")
)
@click.option("--title-en", default="", help=say("英文名称", "English name"))
@click.option("--code", default="", help=say("统一社会信用代码或本地代码", "national or local code"))
@click.option("--contact", default="", help=say("联系方式", "how to reach it"))
@json_option
def add(title: str, name: str, title_en: str, code: str, contact: str) -> None:
    """Print the name that --office options take."""
    from kaishu import access

    with terminal_call() as call:
        made = access.add_office(call, title=title, name=name, title_en=title_en, code=code, contact=contact)
    data = {"name": made.name, "title": made.title, "title_en": made.title_en, "code": made.code}
    emit(data, lambda: click.echo(say(f"已建部门 {made.name}。", f"added {made.name}.")))


@office.command("list", help=say("列出部门", "list the offices"))
@json_option
def list_offices() -> None:
    """Every office."""
    from kaishu import access

    with terminal_call(write=False) as call:
        found = [
            {"name": each.name, "title": each.title, "title_en": each.title_en, "code": each.code}
            for each in access.offices(call.session)
        ]

    def people() -> None:
        heads = [say("标识", "name"), say("名称", "title"), say("英文", "English"), say("代码", "code")]
        print_table(heads, [[each[key] for key in ("name", "title", "title_en", "code")] for each in found])

    emit(found, people)
