"""``kaishu source``: places outside from which tables are read."""

from __future__ import annotations

from typing import Any

import click

from kaishu.cli.entrance import prepare, terminal_call
from kaishu.cli.output import emit, json_option, print_table
from kaishu.cli.source_contracts import contract
from kaishu.cli.words import language, say


@click.group(help=say("数据来源：登记、探测、取数、约定", "sources of data: register, look at, pull, agree"))
def source() -> None:
    """Sources and contracts."""


source.add_command(contract)


@source.command("kinds", help=say("列出来源的类型和各自的设置", "kinds of source and their options"))
@json_option
def kinds() -> None:
    """What can be told about each kind."""
    from kaishu import source as room

    data = [
        {
            "kind": kind.name,
            "zh": kind.zh,
            "en": kind.en,
            "options": [
                {
                    "name": o.name,
                    "zh": o.zh,
                    "en": o.en,
                    "needed": o.needed,
                    "secret": o.secret,
                    "default": o.default,
                }
                for o in kind.options
            ],
        }
        for kind in room.KINDS.values()
    ]
    rows = [
        [
            kind.name,
            say(kind.zh, kind.en),
            ", ".join(f"{o.name}{'*' if o.needed else ''}" for o in kind.options),
        ]
        for kind in room.KINDS.values()
    ]
    heads = [say("类型", "kind"), say("名称", "name"), say("设置（*必填）", "options (* needed)")]
    emit(data, lambda: print_table(heads, rows))


@source.command("add", help=say("登记一个来源", "register a source"))
@click.argument("name")
@click.option("--kind", required=True, help=say("类型，见 kaishu source kinds", "see kaishu source kinds"))
@click.option("--office", required=True, help=say("所属部门", "office it is for"))
@click.option("--title", default="", help=say("名称", "title"))
@click.option("--set", "given", multiple=True, metavar="NAME=VALUE", help=say("设置", "an option"))
@click.option(
    "--secret",
    "secrets",
    multiple=True,
    metavar="NAME",
    help=say(
        "口令或令牌，另行询问，不写在命令里", "a password or token; asked for, never on the command line"
    ),
)
@json_option
def add(
    name: str, kind: str, office: str, title: str, given: tuple[str, ...], secrets: tuple[str, ...]
) -> None:
    """Secrets are asked for, or read from standard input, a line each."""
    from kaishu import source as room

    options = dict(each.partition("=")[::2] for each in given)
    secret = {each: click.prompt(each, hide_input=True, err=True) for each in secrets}
    with terminal_call() as call:
        made = room.add_source(
            call, name=name, kind=kind, office=office, title=title, options=options, secret=secret
        )
        data = _source(made)
    emit(data, lambda: click.echo(say(f"已登记来源 {name}，待认证。", f"added {name}, to be certified.")))


@source.command("list", help=say("列出来源", "list the sources"))
@json_option
def list_sources() -> None:
    """Every source with its state."""
    from kaishu import source as room

    with terminal_call(write=False) as call:
        data = [_source(each) for each in room.sources(call)]
    heads = [say("标识", "name"), say("类型", "kind"), say("状态", "state"), say("表", "tables")]
    rows = [[e["name"], e["kind"], e["state"], "" if e["tables"] is None else e["tables"]] for e in data]
    emit(data, lambda: print_table(heads, rows))


@source.command("probe", help=say("探测：能否连上，有哪些表", "look: is it reachable, what has it got"))
@click.argument("name")
@json_option
def probe(name: str) -> None:
    """Tables, columns and what has changed since the last look."""
    from kaishu import source as room
    from kaishu.base.errors import KaishuError

    with terminal_call(write=False) as call:
        place = room.place_of(room.source_by_name(call, name))
    try:
        found = room.look_at(place)
    except KaishuError as error:
        with terminal_call() as call:
            room.keep_look(call, name, error)
        raise
    with terminal_call() as call:
        drifts = room.keep_look(call, name, found)
        data = {
            "tables": room.source_by_name(call, name).found,
            "drift": [
                {"kind": d.kind, "table": d.table, "column": d.column, "was": d.was, "now": d.now}
                for d in drifts
            ],
        }
    heads = [say("表", "table"), say("行", "rows"), say("列", "columns")]
    rows = [[t.name, "" if t.rows is None else t.rows, ", ".join(c.name for c in t.columns)] for t in found]

    def people() -> None:
        print_table(heads, rows)
        if drifts:
            click.echo(
                say(f"与上次相比有{len(drifts)}处变化。", f"{len(drifts)} differences to the last look.")
            )

    emit(data, people)


@source.command("certify", help=say("认证一个来源", "certify a source"))
@click.argument("name")
@json_option
def certify(name: str) -> None:
    """At a terminal the administrator may."""
    from kaishu import source as room

    with terminal_call() as call:
        data = _source(room.certify_source(call, name))
    emit(data, lambda: click.echo(say(f"来源 {name} 已认证。", f"{name} is certified.")))


@source.command("pull", help=say("按约定立即取数", "pull now, as the contract says"))
@click.argument("contract")
@json_option
def pull(contract: str) -> None:
    """One contract, whatever the hour."""
    from kaishu import jobs
    from kaishu.access import TERMINAL

    prepare()
    data = jobs.pull(TERMINAL, contract)
    said = say(f"{data['state']}：{data['rows']}行", f"{data['state']}: {data['rows']} rows")
    emit(data, lambda: click.echo(said))


@source.command(
    "query", help=say("查询一个虚拟条目；加 --sql 则先登记", "ask a virtual entry; --sql registers it")
)
@click.argument("name")
@click.option("--source", "from_", default="", help=say("来源", "source"))
@click.option("--sql", default="", help=say("一句 SELECT", "one SELECT"))
@json_option
def query(name: str, from_: str, sql: str) -> None:
    """Rows as the source has them now."""
    from kaishu import source as room

    if sql:
        with terminal_call() as call:
            room.register_query(call, name=name, source=from_, query=sql)
    with terminal_call() as call:
        place, text = room.query_to_run(call, name)
    found = room.run_query(place, text)
    rows = [[None if value is None else str(value) for value in row] for row in found.rows]
    data = {"virtual": True, "columns": found.columns, "rows": rows, "more": found.more}
    emit(data, lambda: print_table(found.columns, [[value or "" for value in row] for row in rows]))


@source.command("drift", help=say("来源的变化：来了、没了、改了类型、改了名", "what came, went or changed"))
@click.argument("name")
@json_option
def drift(name: str) -> None:
    """Findings, newest first."""
    from kaishu import source as room

    with terminal_call(write=False) as call:
        data = [
            {
                "at": each.found_at.isoformat(),
                "kind": each.kind,
                "table": each.table_name,
                "column": each.column_name,
                "was": each.was,
                "now": each.now,
            }
            for each in room.drift_of(call, name)
        ]
    heads = [
        say("时间", "time"),
        say("变化", "kind"),
        say("表", "table"),
        say("列", "column"),
        say("原来", "was"),
        say("现在", "now"),
    ]
    emit(data, lambda: print_table(heads, [[str(v) for v in each.values()] for each in data]))


@source.command("retire", help=say("停用来源并忘记口令", "take nothing more; forget the secret"))
@click.argument("name")
@json_option
def retire(name: str) -> None:
    """Contracts of it stay and are not pulled."""
    from kaishu import source as room

    with terminal_call() as call:
        data = _source(room.retire_source(call, name))
    emit(data, lambda: click.echo(say(f"来源 {name} 已停用。", f"{name} is retired.")))


def _source(made: Any) -> dict[str, Any]:
    """What may be shown: never the secret."""
    return {
        "name": made.name,
        "kind": made.kind,
        "title": made.title,
        "state": made.state,
        "options": made.options,
        "tables": None if made.found is None else len(made.found),
        "trouble": made.trouble[language()]["message"] if made.trouble else None,
    }
