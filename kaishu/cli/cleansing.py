"""``kaishu quality cleansing``: a table's cleansing plan, its runs, and their undoing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kaishu.cli.entrance import prepare, terminal_call
from kaishu.cli.output import emit, json_option, print_table, progress_bar
from kaishu.cli.whose import DATASET, RESOURCE, approval, approving, table_of
from kaishu.cli.words import language, say

if TYPE_CHECKING:
    from kaishu.quality.models import CleansingPlan


@click.group(help=say("数据清洗：方案、运行、撤销", "cleansing: plans, runs, undoing"))
def cleansing() -> None:
    """Cleansing of tables."""


@cleansing.command("list", help=say("一张表的清洗方案和清洗记录", "a table's plans and runs"))
@DATASET
@RESOURCE
@json_option
def list_all(dataset: str, resource: str) -> None:
    """Newest first."""
    from kaishu import lake, quality

    with terminal_call(write=False) as call:
        table = table_of(call, dataset, resource)
        plans = [_plan(each) for each in quality.cleansing_plans(call.session, table)]
        numbers = {each.id: each.number for each in lake.versions_of(call.session, table)}
        runs = [
            {
                "id": each.id,
                "kind": each.kind,
                "from": numbers[each.base_id],
                "to": numbers[each.version_id],
                "changed": sum(step["changed"] for step in each.steps),
                "removed": sum(step["removed"] for step in each.steps),
                "actor": each.actor,
                "at": each.ended_at,
                "steps": each.steps,
            }
            for each in quality.cleansing_runs(call.session, table)
        ]
    emit({"plans": plans, "runs": runs}, lambda: _tell(plans, runs))


@cleansing.command("propose", help=say("从不合格的规则起草，或提交一份步骤文件", "draft from failed rules"))
@DATASET
@RESOURCE
@click.option(
    "--importance",
    multiple=True,
    metavar="COLUMN=RANK",
    help=say("字段重要性：high、medium 或 low", "importance of a column: high, medium or low"),
)
@click.option(
    "--put",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=say("用这个步骤文件作草稿", "take this file of steps as draft"),
)
@click.option("--submit", is_flag=True, help=say("并提交审核", "and submit it"))
@json_option
def propose(dataset: str, resource: str, importance: tuple[str, ...], put: Path | None, submit: bool) -> None:
    """The draft is kept; without anything to add it is left as it is."""
    from kaishu import quality
    from kaishu.cli.pairs import pairs

    with terminal_call() as call:
        table = table_of(call, dataset, resource)
        ranks = pairs("--importance", importance)
        if put is not None:
            plan = quality.keep_cleansing_plan(
                call, table, put.read_text(encoding="utf-8-sig"), importance=ranks
            )
        else:
            drafted = quality.draft_cleansing(call.session, table, ranks)
            rules = [each.rule for each in drafted.proposals] if drafted else []
            plan, _ = quality.add_drafted(call, table, rules, ranks)
        if submit:
            plan = quality.submit_cleansing_plan(call, table)
        told = _plan(plan)
    emit(told, lambda: click.echo(told["text"]))


@cleansing.command("approve", help=say("以某个账号同意方案", "agree to a plan as one of the accounts"))
@approving
def approve(**given: str) -> None:
    """The first to agree is the business owner, the second the technical one; they are different people."""
    from kaishu import quality

    with approval(**given) as (call, table):
        told = _plan(quality.approve_cleansing_plan(call, table))
    emit(told, lambda: click.echo(f"{told['number']} {told['state']}"))


@cleansing.command("run", help=say("按生效的方案清洗，得到新版本", "cleanse into a new version"))
@DATASET
@RESOURCE
@click.option("--preview", is_flag=True, help=say("只看会改什么", "only show what would change"))
@json_option
def run(dataset: str, resource: str, preview: bool) -> None:
    """With ``--preview`` the draft if there is one; exit code 1 if some cells could not be treated."""
    from kaishu import quality
    from kaishu.access import TERMINAL
    from kaishu.base import ids
    from kaishu.jobs import cleansing as tasks
    from kaishu.quality.errors import NoCleansing

    prepare()
    with terminal_call(write=False) as call:
        table = table_of(call, dataset, resource)
        plan = quality.open_plan(call.session, table) or quality.plan_in_force(call.session, table)
    payload = {"table_id": table, "dataset": dataset}
    with progress_bar(dataset) as report:
        if preview:
            if plan is None:
                raise NoCleansing()
            done = tasks.preview_now(TERMINAL, ids.new_id(), {**payload, "plan_id": plan.id}, report)
        else:
            done = tasks.run_now(TERMINAL, ids.new_id(), payload, report)
    if not preview and done["run"]:
        with terminal_call(write=False) as call:
            done["steps"] = quality.cleansing_run_by_id(call.session, done["run"]).steps
    emit(done, lambda: _tell_steps(done))
    if any(step["refused"] for step in done.get("steps", ())):
        click.get_current_context().exit(1)


@cleansing.command("undo", help=say("撤销一次清洗，恢复为新版本", "undo a run into another new version"))
@DATASET
@click.argument("run_id")
@json_option
def undo(dataset: str, run_id: str) -> None:
    """Restored from the record of changes, as long as no later version has come."""
    from kaishu.access import TERMINAL
    from kaishu.base import ids
    from kaishu.jobs import cleansing as tasks

    prepare()
    with progress_bar(dataset) as report:
        done = tasks.undo_now(TERMINAL, ids.new_id(), {"run_id": run_id, "dataset": dataset}, report)
    emit(done, lambda: click.echo(_version(done["version"])))


def _plan(plan: CleansingPlan) -> dict[str, Any]:
    names = ("number", "state", "steps", "importance", "author", "business", "technical", "text")
    return {name: getattr(plan, name) for name in names}


def _tell(plans: list[dict[str, Any]], runs: list[dict[str, Any]]) -> None:
    heads = [say("方案", "plan"), say("状态", "state"), say("步骤数", "steps"), say("作者", "author")]
    print_table(heads, [[p["number"], p["state"], p["steps"], p["author"]] for p in plans], (0, 2))
    click.echo()
    heads = [say("清洗", "run"), say("种类", "kind"), say("版本", "version"), say("改动", "changed")]
    heads += [say("移出", "removed"), say("由谁", "by")]
    rows = [
        [r["id"], r["kind"], f"{r['from']} → {r['to']}", r["changed"], r["removed"], r["actor"]] for r in runs
    ]
    print_table(heads, rows, (3, 4))


def _tell_steps(done: dict[str, Any]) -> None:
    from kaishu.quality import CHANGE_WORDS

    place = 1 if language() == "en" else 0
    heads = [say("步骤", "step"), *(words[place] for words in CHANGE_WORDS.values())]
    rows = [[step["id"], *(step[name] for name in CHANGE_WORDS)] for step in done.get("steps", ())]
    print_table(heads, rows, tuple(range(1, len(heads))))
    if done.get("run") == "":
        click.echo(
            say("没有要改的内容，没有生成新版本。", "There was nothing to change, and no new version.")
        )
    elif "run" in done:
        click.echo(_version(done["version"]))


def _version(number: int) -> str:
    return say(f"得到第{number}版。", f"This made version {number}.")
