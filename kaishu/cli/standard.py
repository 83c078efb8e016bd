"""``kaishu standard``: standard entities of the platform, at the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kaishu.cli.entrance import prepare, terminal_call
from kaishu.cli.fuse import tell_all
from kaishu.cli.output import emit, json_option, print_pairs, print_table, progress_bar
from kaishu.cli.words import say

NAME = click.argument("name")


@click.group(help=say("标准实体：一数一源", "standard entities: one item, one source"))
def standard() -> None:
    """Standard entities."""


@standard.command("list", help=say("列出标准实体", "list the standard entities"))
@json_option
def list_standards() -> None:
    """Each with its mapping's state, its newest run and what waits."""
    from kaishu import standardisation

    with terminal_call(write=False) as call:
        found = []
        for entity in standardisation.standards(call.session):
            newest = standardisation.mapping_of(call.session, entity, entity.newest)
            run = standardisation.last_run(call.session, entity)
            found.append(
                {
                    "name": entity.name,
                    "title": entity.title,
                    "in_force": entity.in_force,
                    "newest": entity.newest,
                    "state": newest.state if newest else "",
                    "dataset": entity.dataset,
                    "entities": run.entities if run else None,
                    "run": run.kind if run else "",
                    "waiting": standardisation.count_waiting(call.session, entity),
                }
            )
    heads = [
        say("标识", "name"),
        say("名称", "title"),
        say("生效版", "in force"),
        say("最新版", "newest"),
        say("状态", "state"),
        say("标准表", "golden table"),
        say("实体", "entities"),
        say("待核对", "to decide"),
    ]
    keys = ("name", "title", "in_force", "newest", "state", "dataset", "entities", "waiting")
    rows = [[each[key] if each[key] is not None else "—" for key in keys] for each in found]
    emit(found, lambda: print_table(heads, rows, numbers=(2, 3, 6, 7)))


@standard.command("add", help=say("登记标准实体，或换映射", "add an entity, or change its mapping"))
@NAME
@click.argument("mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--office", default="", help=say("归口部门的标识", "name of the office that owns it"))
@click.option("--title", default="", help=say("名称", "title"))
@click.option("--title-en", default="", help=say("英文名称", "title in English"))
@click.option("--submit", is_flag=True, help=say("随即送会签", "hand it to the offices concerned at once"))
@json_option
def add(name: str, mapping: Path, office: str, title: str, title_en: str, submit: bool) -> None:
    """Sources are tables of the lake: ``table: DATASET`` or ``DATASET/TABLE``."""
    from kaishu import catalogue, standardisation
    from kaishu.standardisation.errors import NoSuchStandard

    text = mapping.read_text(encoding="utf-8-sig")
    with terminal_call() as call:
        try:
            standardisation.standard_by_name(call.session, name)
        except NoSuchStandard:
            if not office:
                raise
            standardisation.add_standard(
                call, name=name, title=title or name, title_en=title_en, office=office
            )
        kept = standardisation.keep_mapping(call, name, text, catalogue.find_registers(call))
        if submit:
            kept = standardisation.submit_mapping(call, name)
        data = {"name": name, "number": kept.number, "state": kept.state, "tables": kept.tables}
    emit(
        data, lambda: print_pairs([(say("版本", "version"), kept.number), (say("状态", "state"), kept.state)])
    )


@standard.command("run", help=say("归并：生效运行或试运行", "fuse: into force, or for trial"))
@NAME
@click.option("--trial", is_flag=True, help=say("试运行：不改标准表", "for trial, by the newest mapping"))
@json_option
def run(name: str, trial: bool) -> None:
    """Here and now, not by the server's worker."""
    from kaishu.access import TERMINAL
    from kaishu.base import ids
    from kaishu.jobs import standardising

    prepare()
    with progress_bar(name) as progress:
        found = standardising.run_now(TERMINAL, ids.new_id(), name, trial, progress)
    words = {
        "kind": say("类别", "kind"),
        "rows": say("来源行", "rows"),
        "entities": say("实体", "entities"),
        "waiting": say("待核对的行对", "pairs to decide"),
        "dataset": say("标准表", "golden table"),
        "version": say("版本", "version"),
    }
    emit(found, lambda: print_pairs([(words[key], found[key]) for key in words if key in found]))


@standard.command("explain", help=say("一个实体的值从哪里来", "why an entity has its values"))
@NAME
@click.argument("key")
@click.option("--trial", is_flag=True, help=say("最近一次运行，试运行也算", "of the newest run, trials too"))
@json_option
def explain(name: str, key: str, trial: bool) -> None:
    """KEY is an id, the value of a key, or SOURCE:ROW.  The ledger keeps that it was asked."""
    from kaishu import standardisation

    with terminal_call() as call:
        _run, found = standardisation.explain_entity(call, name, key, trial=trial)
    plain: list[dict[str, Any]] = [each.as_dict() for each in found]
    emit(plain, lambda: tell_all(found))
