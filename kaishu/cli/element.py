"""``kaishu element`` and ``kaishu codeset``: the library of data elements, at the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kaishu.cli.entrance import terminal_call
from kaishu.cli.output import emit, json_option, print_pairs, print_table
from kaishu.cli.reading import options_from, reading_options
from kaishu.cli.words import language, say


@click.group(help=say("数据元", "data elements"))
def element() -> None:
    """Data elements."""


@element.command("list", help=say("列出或查找数据元", "list the elements, or find some"))
@click.argument("words", default="", required=False)
@json_option
def list_elements(words: str) -> None:
    """Identifier, name, representation and standard."""
    from kaishu import elements

    with terminal_call(write=False) as call:
        wanted = words.casefold()
        found = [
            {**known.element.model_dump(), "origin": known.origin, "version": known.number}
            for known in elements.library(call.session)
            if any(wanted in name.casefold() for name in known.element.names)
        ]
    heads = [say("标识", "identifier"), say("名称", "name"), say("格式", "form"), say("标准", "standard")]
    name = "name" if language() == "zh" else "name_en"
    rows = [[each["code"], each[name], each["representation"], each["standard"]] for each in found]
    emit(found, lambda: print_table(heads, rows))


@element.command("show", help=say("一个数据元的全部内容", "all of one element"))
@click.argument("code")
@json_option
def show(code: str) -> None:
    """Its fields, its representation in words and the checks that it brings."""
    from kaishu import elements

    with terminal_call(write=False) as call:
        known = elements.element_by_code(call.session, code)
        uses = len(elements.uses_of(call.session, code))
    said = known.element.model_dump()
    rules = elements.rules_for({"name": known.element.name, "type": "text"}, known.element)
    data = {**said, "origin": known.origin, "version": known.number, "uses": uses, "rules": rules}

    def people() -> None:
        pairs = [
            (key, "、".join(value) if isinstance(value, tuple) else value) for key, value in said.items()
        ]
        print_pairs([(key, value) for key, value in pairs if value])
        click.echo(known.element.form.words(language()))

    emit(data, people)


@element.command("propose", help=say("用表格提出数据元", "propose the elements of a sheet"))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--office", required=True, help=say("归口部门的标识", "name of the office that owns them"))
@json_option
def propose(file: Path, office: str) -> None:
    """All rows or none; wrong rows are told with their lines."""
    from kaishu import elements

    with terminal_call(write=False) as call:
        sets = elements.code_set_names(call.session)
    headings, rows = _rows(file)
    good, wrong = elements.read_elements(headings, rows, file.name, sets)
    _tell(wrong)
    elements.refuse_wrong(wrong)
    with terminal_call() as call:
        made = elements.propose_all(call, good, office=office)
        data = [{"id": each.id, "code": each.definition["code"], "flags": each.flags} for each in made]
    emit(data, lambda: click.echo(say(f"已提出 {len(data)} 个，等待技术审查。", f"{len(data)} proposed.")))


@element.command("suggest", help=say("文件的每一列是哪个数据元", "which element each column of a file holds"))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--rules", is_flag=True, help=say("输出规则文件", "print a rule file for those proposed"))
@reading_options
@json_option
def suggest(file: Path, rules: bool, **given: Any) -> None:
    """Needs no platform: the shipped library is used."""
    from kaishu import elements, lake

    library = tuple(elements.shipped_elements().values())
    with lake.passing(file, file.name, options_from(given)) as data:
        names = [column["name"] for column in data.columns]
        step = max(1, data.rows // 3000)
        rows = data.lazy().select(names).gather_every(step).head(3000).collect().rows()
        facts = elements.facts_of_rows(data.columns, rows)
    found = [(each, elements.suggest(each, library, elements.shipped_labels)) for each in facts]
    if rules:
        _print_rules(found)
        return
    told = [
        {
            "column": each.name,
            "type": each.type,
            "suggestions": [
                {
                    "element": one.element.code,
                    "name": one.element.name,
                    "score": one.score,
                    "proposed": one.proposed,
                    "reasons": [reason if language() == "zh" else reason.en for reason in one.reasons],
                }
                for one in suggestions
            ],
        }
        for each, suggestions in found
    ]
    heads = [say("列", "column"), say("数据元", "element"), "%", say("依据", "evidence")]

    def people() -> None:
        lines = []
        for each, suggestions in found:
            best = suggestions[0] if suggestions and suggestions[0].proposed else None
            why = [r if language() == "zh" else r.en for r in best.reasons] if best else []
            code = best.element.code if best else ""
            lines.append([each.name, code, f"{best.score:.0%}" if best else "", "; ".join(why)])
        print_table(heads, lines, numbers=(2,))

    emit(told, people)


def _print_rules(found: list[tuple[Any, Any]]) -> None:
    import yaml

    from kaishu import elements

    rules: list[dict[str, Any]] = []
    for each, suggestions in found:
        if suggestions and suggestions[0].proposed:
            rules += elements.rules_for({"name": each.name, "type": each.type}, suggestions[0].element)
    click.echo(yaml.safe_dump({"rules": elements.unique_ids(rules)}, allow_unicode=True, sort_keys=False))


@click.group(help=say("代码集", "code sets"))
def codeset() -> None:
    """Code sets."""


@codeset.command("show", help=say("列出代码集，或一个代码集的代码", "the code sets, or the codes of one"))
@click.argument("code", default="", required=False)
@json_option
def show_set(code: str) -> None:
    """Without a name: every code set."""
    from kaishu import elements

    with terminal_call(write=False) as call:
        if not code:
            sets = [
                {"code": each.code, "name": each.name, "origin": each.origin}
                for each in elements.code_sets(call.session)
            ]
        else:
            _known, text = elements.code_set_by_code(call.session, code)
            sets = [{"code": i.code, "name": i.name, "parent": i.parent} for i in text.items]
    heads = [
        say("代码", "code"),
        say("名称", "name"),
        say("来源", "origin") if not code else say("上级", "parent"),
    ]
    emit(sets, lambda: print_table(heads, [list(each.values()) for each in sets]))


@codeset.command("import", help=say("从表格提出一个代码集", "propose a code set from a sheet"))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--code", required=True, help=say("代码集的标识", "identifier of the set"))
@click.option("--name", required=True, help=say("中文名称", "its Chinese name"))
@click.option("--office", required=True, help=say("归口部门的标识", "name of the office that owns it"))
@json_option
def import_set(file: Path, code: str, name: str, office: str) -> None:
    """It goes to technical review like every proposal."""
    from kaishu import elements

    headings, rows = _rows(file)
    items, wrong = elements.read_codes(headings, rows, file.name)
    _tell(wrong)
    elements.refuse_wrong(wrong)
    with terminal_call() as call:
        made = elements.propose_code_set(call, {"code": code, "name": name, "items": items}, office=office)
        data = {"id": made.id, "code": code, "codes": len(items)}
    text = say(f"已提出 {len(items)} 个代码，等待技术审查。", f"{len(items)} codes proposed for review.")
    emit(data, lambda: click.echo(text))


def _rows(file: Path) -> tuple[list[str], Any]:
    from kaishu import lake

    plan = lake.make_plan(file, file.name)
    return [column.source_name for column in plan.columns], lake.text_rows(file, file.name, plan)


def _tell(wrong: list[Any]) -> None:
    for each in wrong[:200]:
        where = say(f"第{each.row}行", f"row {each.row}")
        click.echo(f"{where} {each.field}: {each.said if language() == 'zh' else each.said.en}", err=True)
