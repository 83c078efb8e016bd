"""``kaishu code``: resource codes and the categories they are made of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kaishu.cli.entrance import terminal_call
from kaishu.cli.output import emit, json_option, print_table
from kaishu.cli.words import language, say


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
    from kaishu import access, catalogue

    provider = ("", "")
    if office:
        with terminal_call(write=False) as call:
            found = access.office_by_name(call.session, office)
            provider = (found.code, found.title)
    told = [_told(text, catalogue.codes.check(text, resource_class=kind, office_code=provider[0]),
                  catalogue.parts_of(text, provider)) for text in codes]  # fmt: skip

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
        "terms": [{"code": each.code, "zh": each.zh, "en": each.en} for each in found.known.values()],
        **({} if found.regional else {key: head[key] for key in ("edition", "lengths", "names", "digits")}),
    }

    def people() -> None:
        rows = [[each.code, each.zh, each.en] for each in found.known.values()]
        print_table([say("代码", "code"), "中文", "English"], rows)
        if not found.regional:
            click.echo(head["digits"][language()])

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


def _told(text: str, flaws: list[Any], parts: list[Any]) -> dict[str, Any]:
    english = language() == "en"
    return {
        "code": text,
        "parts": [
            {
                "part": each.name.en if english else str(each.name),
                "digits": each.digits,
                "meaning": each.meaning.en if english else str(each.meaning),
                "certainty": each.certainty,
            }
            for each in parts
        ],
        "flaws": [{"code": each.code, "said": each.said.en if english else str(each.said)} for each in flaws],
    }


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
