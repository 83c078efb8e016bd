"""``kaishu harvest``: other portals taken in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kaishu.cli.entrance import prepare, terminal_call
from kaishu.cli.harvest_deciding import item_id, settle, themes
from kaishu.cli.output import emit, json_option, print_table, progress_bar
from kaishu.cli.words import language, say

KINDS = ("ckan", "ckan-jsonl", "dcat", "datajson", "sheet")
ACTIONS = {
    "new": ("新增", "new"),
    "changed": ("变更", "changed"),
    "back": ("重现", "back"),
    "gone": ("消失", "gone"),
    "conflict": ("冲突", "conflict"),
    "refused": ("拒收", "refused"),
    "same": ("相同", "same"),
}
ANEW = click.option(
    "--anew", is_flag=True, help=say("从头读取，不接着上次中断处", "from the beginning, not where it stopped")
)
FILE = click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=say("换上较新的文件再读（来源是文件时）", "a newer file, for a source that is a file"),
)
CONFIRM = click.option(
    "--confirm", is_flag=True, help=say("过半数据集消失也照办", "also when more than half are gone")
)


@click.group(help=say("采集其他平台的目录", "take in the catalogues of other portals"))
def harvest() -> None:
    """Sources, plans, conflicts, duplicates."""


harvest.add_command(settle)
harvest.add_command(themes)


@harvest.command("add", help=say("登记一个来源（地址或文件）", "register a source: an address or a file"))
@click.argument("place")
@click.option("--kind", type=click.Choice(KINDS), required=True, help=say("类型", "kind"))
@click.option("--name", default="", help=say("标识", "name"))
@click.option("--title", default="", help=say("名称", "title"))
@click.option("--title-en", default="", help=say("英文名称", "English title"))
@click.option("--office", default="", help=say("全部归这个部门", "office that owns all of it"))
@click.option("--every", type=int, default=0, metavar="HOURS", help=say("每隔几小时", "hours between runs"))
@json_option
def add(place: str, kind: str, name: str, title: str, title_en: str, office: str, every: int) -> None:
    """A path that exists is a file, anything else an address."""
    from kaishu import harvest as room
    from kaishu import source

    path = Path(place)
    is_file = "://" not in place
    with terminal_call() as call:
        made = room.add_source(
            call,
            name=name or (path.name.partition(".")[0].lower().replace("_", "-") if is_file else ""),
            kind=kind,
            title=title,
            title_en=title_en,
            url="" if is_file else place,
            delivery=source.receive_path(call, path) if is_file else None,
            office=office,
            every_hours=every,
        )
    data = {"name": made.name, "kind": made.kind, "title": made.title, "url": made.url}
    emit(data, lambda: click.echo(say(f"已登记来源 {made.name}。", f"added {made.name}.")))


@harvest.command("list", help=say("列出来源", "list the sources"))
@json_option
def list_sources() -> None:
    """Every source with how its last run went."""
    from kaishu import harvest as room

    with terminal_call(write=False) as call:
        counts = room.counts_by_source(call)
        found = [
            {
                "name": each.name,
                "kind": each.kind,
                "title": each.title,
                "state": each.state,
                "datasets": counts.get(each.id, 0),
                "last_read_at": each.last_read_at,
                "failures": each.failures,
                "next_try_at": each.next_try_at,
                "error": each.last_error and each.last_error[language()]["message"],
            }
            for each in room.sources(call)
        ]
    heads = [
        say("标识", "name"),
        say("类型", "kind"),
        say("名称", "title"),
        say("数据集", "datasets"),
        say("上次读取", "last read"),
        say("问题", "trouble"),
    ]
    keys = ("name", "kind", "title", "datasets", "last_read_at", "error")
    emit(found, lambda: print_table(heads, [[each[key] for key in keys] for each in found], [3]))


@harvest.command("plan", help=say("读取来源，说明将有哪些变化", "read a source and say what would change"))
@click.argument("source")
@click.option(
    "--changed-only", is_flag=True, help=say("只问上次以来改过的（CKAN）", "only what changed since (CKAN)")
)
@ANEW
@FILE
@json_option
def plan(source: str, changed_only: bool, anew: bool, file: Path | None) -> None:
    """Nothing in the catalogue changes; a reading that was interrupted goes on where it stopped."""
    from kaishu import harvest as room
    from kaishu.access import TERMINAL

    prepare()
    _renew(source, file)
    with progress_bar(say("读取来源", "reading the source")) as report:
        run_id = room.plan(TERMINAL, source, report=report, changed_only=changed_only, anew=anew)
    _tell(run_id)


@harvest.command("apply", help=say("按计划办理", "do what the plan says"))
@click.argument("source")
@CONFIRM
@json_option
def apply(source: str, confirm: bool) -> None:
    """Goes on where it stopped if it was interrupted."""
    from kaishu import harvest as room
    from kaishu.access import TERMINAL

    prepare()
    with progress_bar(say("办理计划", "applying the plan")) as report:
        run_id = room.apply(TERMINAL, source, confirm=confirm, report=report)
    _tell(run_id)


@harvest.command("run", help=say("先做计划再办理", "plan and apply"))
@click.argument("source")
@CONFIRM
@click.option(
    "--changed-only", is_flag=True, help=say("只问上次以来改过的（CKAN）", "only what changed since (CKAN)")
)
@FILE
@json_option
def run(source: str, confirm: bool, changed_only: bool, file: Path | None) -> None:
    """Conflicts and refusals stay for a person."""
    from kaishu import harvest as room
    from kaishu.access import TERMINAL

    prepare()
    _renew(source, file)
    with progress_bar(say("采集", "harvesting")) as report:
        run_id = room.run(TERMINAL, source, confirm=confirm, changed_only=changed_only, report=report)
    _tell(run_id)


def _renew(name: str, file: Path | None) -> None:
    from kaishu import harvest as room
    from kaishu import source

    if file is not None:
        original = source.keep_path(file)
        with terminal_call() as call:
            room.renew_file(call, name, source.receive_original(call, original))


@harvest.command("show", help=say("看来源的最近一次计划", "show the newest plan of a source"))
@click.argument("source")
@click.option("--action", type=click.Choice(list(ACTIONS)), help=say("只看这一类", "only these"))
@click.option("--limit", type=int, default=20, help=say("最多几条", "at most so many"))
@json_option
def show(source: str, action: str | None, limit: int) -> None:
    """What was found about each dataset, with the notes of its reading."""
    from kaishu import harvest as room

    with terminal_call(write=False) as call:
        runs = room.runs_of(call, room.source_by_name(call, source), 1)
        items = room.items_of(call, runs[0], action or "", limit=limit) if runs else []
        newest, listed = (_run(runs[0]) if runs else None), [_item(each) for each in items]

    def people() -> None:
        if not runs:
            click.echo(say("还没有采集过。", "Not harvested yet."))
            return
        _print_run(newest)
        heads = [say("变化", "action"), say("名称", "title"), say("说明", "notes")]
        rows = [[_word(each["action"]), each["title"], _notes(each)] for each in listed]
        click.echo()
        print_table(heads, rows)

    emit({"run": newest, "items": listed}, people)


@harvest.command("conflicts", help=say("列出或裁决冲突", "list conflicts, or settle one"))
@click.option("--take", metavar="RUN:NUMBER", help=say("采用来源的", "take the source's"))
@click.option("--keep", metavar="RUN:NUMBER", help=say("保留本地的", "keep ours"))
@json_option
def conflicts(take: str | None, keep: str | None) -> None:
    """A conflict is a dataset that was edited here and changed at its source."""
    from kaishu import harvest as room

    wanted = take or keep
    if wanted:
        run_id, number = item_id(wanted)
        with terminal_call() as call:
            item = room.settle(call, run_id, number, "theirs" if take else "ours")
        emit(_item(item), lambda: click.echo(say("已裁决。", "Settled.")))
        return
    with terminal_call(write=False) as call:
        found = [
            {**_item(item), "source": source.name, "id": f"{item.run_id}:{item.number}"}
            for item, source in room.conflicts(call)
        ]
    heads = ["ID", say("来源", "source"), say("名称", "title")]
    emit(found, lambda: print_table(heads, [[e["id"], e["source"], e["title"]] for e in found]))


@harvest.command("duplicates", help=say("列出或裁决可能的重复", "list possible duplicates, or decide"))
@click.option("--merge", metavar="ID", help=say("合并这一对", "merge this pair"))
@click.option("--into", metavar="DATASET_ID", default="", help=say("保留哪个", "which one stays"))
@click.option("--decline", metavar="ID", help=say("不是重复", "they are two"))
@json_option
def duplicates(merge: str | None, into: str, decline: str | None) -> None:
    """Never decided without a person."""
    from kaishu import harvest as room

    if merge or decline:
        with terminal_call() as call:
            done = room.merge(call, merge, into) if merge else room.decline(call, str(decline))
        data = {"id": done.id, "state": done.state, "kept": done.kept_id}
        emit(data, lambda: click.echo(say("已裁决。", "Decided.")))
        return
    with terminal_call(write=False) as call:
        found = [
            {"id": each.id, "one": each.one_id, "other": each.other_id, "reasons": each.reasons}
            for each in room.duplicates(call)
        ]
    heads = ["ID", say("一个", "one"), say("另一个", "other"), say("理由", "reasons")]
    rows = [[e["id"], e["one"], e["other"], ", ".join(e["reasons"])] for e in found]
    emit(found, lambda: print_table(heads, rows))


@harvest.command("remove", help=say("不再采集这个来源；数据集留下", "forget a source; its datasets stay"))
@click.argument("source")
@json_option
def remove(source: str) -> None:
    """The datasets become our own."""
    from kaishu import harvest as room

    with terminal_call() as call:
        kept = room.remove_source(call, source)
    said = say(f"已移除，留下{kept}个数据集。", f"removed; {kept} datasets stay.")
    emit({"source": source, "datasets": kept}, lambda: click.echo(said))


@harvest.command(
    "demo", help=say("采集随附的四个真实目录", "harvest the four real catalogues shipped with it")
)
@json_option
def demo() -> None:
    """Tokyo, HealthData.gov, DHS and Philadelphia; what is done already is only checked."""
    from kaishu import demo as city
    from kaishu import harvest as room
    from kaishu.access import TERMINAL

    prepare()
    done = []
    for name in city.register_catalogues():
        with progress_bar(name) as report:
            run_id = room.run(TERMINAL, name, report=report)
        with terminal_call(write=False) as call:
            done.append({"source": name, **_run(room.run_by_id(call, run_id))})

    def people() -> None:
        for each in done:
            click.echo(click.style(each["source"], bold=True))
            _print_run(each)

    emit(done, people)


def _tell(run_id: str) -> None:
    from kaishu import harvest as room

    with terminal_call(write=False) as call:
        data = _run(room.run_by_id(call, run_id))
    emit(data, lambda: _print_run(data))


def _run(run: Any) -> dict[str, Any]:
    return {"run": run.id, "state": run.state, "read": run.read, "applied": run.applied, **run.counts}


def _print_run(data: dict[str, Any] | None) -> None:
    for action in ACTIONS:
        if data and data.get(action):
            click.echo(f"  {_word(action)}  {data[action]:,}")


def _item(item: Any) -> dict[str, Any]:
    return {
        "number": item.number,
        "remote_id": item.remote_id,
        "action": item.action,
        "title": item.title,
        "dataset_id": item.dataset_id,
        "notes": item.notes,
    }


def _word(action: str) -> str:
    return say(*ACTIONS[action])


def _notes(item: dict[str, Any]) -> str:
    return "; ".join(f"{note['where']}: {note[language()]}" for note in item["notes"][:3])
