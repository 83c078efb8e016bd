"""``kaishu code``: resource codes and the categories they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from kaishu.base.errors import Said
from kaishu.cli.entrance import terminal_call
from kaishu.cli.output import emit, json_option, print_table
from kaishu.cli.words import language, say

#: What the shipped list says of itself.
NOTES = ("edition", "lengths", "names", "digits", "choice")


@click.group(help=say("信息资源代码和分类表", "resource codes and their categories"))
def code() -> None:
    """Resource codes."""


@code.command("check", help=say("检查代码，指出哪一段不对", "check codes, and say which part is wrong"))
@click.argument("codes", nargs=-1, required=True)
@click.option("--office", default="", help=say("提供方的部门标识", "name of the office that provides it"))
@click.option(
    "--class", "kind", default="", help=say("base、theme 或 department", "base, theme or department")
)
@json_option
def check(codes: tuple[str, ...], office: str, kind: str) -> None:
    """Print each part with its meaning; the exit code is 1 if one code has a flaw."""
    code, offices = _providers(office)
    told = [_told(text, kind, code, offices) for text in codes]

    def people() -> None:
        for each in told:
            click.echo(each["code"])
            heads = [
                say("段", "part"),
                say("数字", "digits"),
                say("含义", "meaning"),
                say("依据", "certainty"),
            ]
            rows = [[p["part"], p["digits"], p["meaning"], _word(p["certainty"])] for p in each["parts"]]
            if rows:
                print_table(heads, rows)
            for flaw in each["flaws"]:
                click.echo("✗ " + flaw["said"])
            if not each["flaws"]:
                click.echo("✓ " + say("没有发现问题。", "nothing is wrong."))
            if each["advice"]:
                click.echo("· " + each["advice"])
            if any(part["certainty"] == "inferred" for part in each["parts"]):
                click.echo("· " + each["digits"])

    emit(told, people)
    if any(each["flaws"] for each in told):
        raise SystemExit(1)


@code.command(
    "list",
    help=say("列出类和项；本地有分类表的列本地的", "list the categories: the region's, or the shipped"),
)
@json_option
def list_categories() -> None:
    """Code, Chinese and English; with --json also where the list is from and how sure it is."""
    from kaishu import catalogue

    found = catalogue.categories.categories()
    head = catalogue.categories.written()
    data = {
        "regional": found.regional,
        "place": str(catalogue.categories.place()),
        "item": catalogue.categories.item_of_departments(),
        "terms": [
            {"code": each.code, "zh": each.zh, "en": each.en, "themes": each.themes, "words": each.words}
            for each in found.known.values()
        ],
        **({} if found.regional else {key: head[key] for key in NOTES}),
    }

    def people() -> None:
        rows = [[each.code, each.zh, each.en] for each in found.known.values()]
        print_table([say("代码", "code"), "中文", "English"], rows)
        if not found.regional:
            click.echo(head["digits"][language()])
            click.echo(head["choice"][language()])

    emit(data, people)


@code.command("template", help=say("输出可以修改的分类表", "print a list of categories to be edited"))
def template() -> None:
    """YAML: the shipped items, and how subjects, offices and themes are written."""
    from kaishu import catalogue

    click.echo(catalogue.categories.template(), nl=False)


@code.command("use", help=say("检查并启用本地的分类表", "check a region's list and put it into use"))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def use(file: Path) -> None:
    """Nothing changes unless every term is right."""
    from kaishu import catalogue

    text = file.read_text(encoding="utf-8-sig", errors="replace")
    with terminal_call() as call:
        found = catalogue.categories.use_categories(call, text, file.name)
    number = len(found.known)
    said = say(f"已启用，共 {number} 条。", f"In use: {number} categories.")
    emit({"categories": number, "place": str(catalogue.categories.place())}, lambda: click.echo(said))


def _providers(office: str) -> tuple[str, dict[str, str]]:
    """Code of the office that is asked for, and the names of all by code; none without a home folder."""
    from kaishu import access
    from kaishu.base import settings

    if not office and not settings.home().exists():
        return "", {}
    with terminal_call(write=False) as call:
        asked = access.office_by_name(call.session, office).code if office else ""
        return asked, {
            each.code: (language() == "en" and each.title_en) or each.title
            for each in access.offices(call.session)
            if each.code
        }


def _told(text: str, kind: str, office_code: str, offices: Mapping[str, str]) -> dict[str, Any]:
    from kaishu import catalogue

    parts = catalogue.parts_of(text, office_code, offices)
    flaws = catalogue.codes.check(text, resource_class=kind, office_code=office_code, offices=offices)
    advice = catalogue.codes.lacks_item(text, office_code, offices)
    return {
        "code": text,
        "parts": [
            {
                "part": _said(each.name),
                "digits": each.digits,
                "meaning": _said(each.meaning),
                "certainty": each.certainty,
            }
            for each in parts
        ],
        "flaws": [{"code": each.code, "said": _said(each.said)} for each in flaws],
        "advice": _said(advice) if advice else "",
        "digits": catalogue.categories.written()["digits"][language()],
    }


def _said(said: Said) -> str:
    return said.en if language() == "en" else str(said)


def _word(certainty: str) -> str:
    words = {
        "stated": say("编制指南", "the guide"),
        "inferred": say("按次序推断", "inferred from the order"),
        "regional": say("本地分类表", "the region's list"),
        "unlisted": say("没有列出", "not listed"),
        "office": say("部门登记", "the office's entry"),
        "form": say("按格式识别", "told by its form"),
    }
    return words[certainty]
