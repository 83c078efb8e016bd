"""``kaishu inspect``: links, DCAT-AP, metadata quality, elements, checks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kaishu.cli.entrance import prepare, terminal_call
from kaishu.cli.output import emit, json_option, print_pairs, print_table, progress_bar
from kaishu.cli.words import language, say

if TYPE_CHECKING:
    from kaishu.inspection.models import Run

SOURCE = click.option(
    "--source",
    default="own",
    show_default=True,
    metavar="NAME",
    help=say(
        "哪个目录：own、all 或收割来源的标识", "which catalogue: own, all, or a harvested source's name"
    ),
)
SHOWN = 40


@click.group(help=say("检查目录：校核、元数据质量、链接、DCAT-AP", "checks and measured metadata"))
def inspect() -> None:
    """Inspections."""


@inspect.command("check", help=say("快速校核一个目录", "run the checks over a catalogue"))
@SOURCE
@click.option("--only", multiple=True, metavar="CHECK", help=say("只运行这些校核", "run only these checks"))
@json_option
def check(source: str, only: tuple[str, ...]) -> None:
    """All checks, or those named; the findings are kept unless only some were run."""
    from kaishu import inspection
    from kaishu.inspection import checks

    unknown = [name for name in only if name not in checks.CHECKS]
    if unknown:
        raise click.BadParameter(f"{', '.join(unknown)} ({', '.join(checks.CHECKS)})", param_hint="--only")
    with terminal_call(write=False) as call, progress_bar(say("校核", "checking")) as report:
        checked = inspection.run_checks(call, source, names=only, report=report)
    if not only:
        with terminal_call() as call:
            inspection.keep_checks(call, checked)
    findings = [
        {
            "check": each.name,
            "severity": each.severity,
            "dataset": found.subject.name if found.subject else "",
            "field": found.field,
            "value": found.value,
            "message": each.sentence(_facts(found), language()),
            "advice": each.advice(_facts(found), language()),
        }
        for each, found in checked.findings
    ]
    data = {
        "catalogue": source,
        "datasets": checked.datasets,
        "counts": dict(checked.counts),
        "unasked_addresses": checked.unasked,
        "findings": findings,
    }
    emit(data, lambda: _tell_checks(data))


@inspect.command(
    "mqa", help=say("评估元数据质量（欧盟MQA，405分）", "measure metadata quality (EU MQA, 405 points)")
)
@json_option
def mqa() -> None:
    """Every catalogue at once; the result is kept for the pages."""
    _run("mqa", "all")
    from kaishu import inspection

    with terminal_call(write=False) as call:
        names = {each.name: say(each.zh, each.en) for each in inspection.catalogues(call.session)}
        sums = inspection.sums(call.session)
    how = inspection.mqa.method()
    data = [
        {
            "catalogue": each.name,
            "datasets": each.datasets,
            "score": round(inspection.mqa.total(each.datasets, each.met), 1),
            "of": how.most,
            "rating": how.rating(inspection.mqa.total(each.datasets, each.met)),
            "met": each.met,
            "unknown": each.unknown,
            "ratings": each.ratings,
        }
        for each in sums
    ]

    def people() -> None:
        heads = [
            say("目录", "catalogue"),
            say("数据集", "datasets"),
            say("得分", "score"),
            say("等级", "rating"),
        ]
        rows = [
            [names.get(str(row["catalogue"]), row["catalogue"]), row["datasets"], row["score"], row["rating"]]
            for row in data
        ]
        print_table(heads, rows, numbers=(1, 2))

    emit(data, people)


@inspect.command("links", help=say("检查数据地址能否打开", "ask the distributions' addresses"))
@SOURCE
@click.option("--limit", type=click.IntRange(1, 1_000_000), default=2000, show_default=True)
@json_option
def links(source: str, limit: int) -> None:
    """Those never asked first, then those asked longest ago; hosts are left in peace."""
    _tell(_run("links", source, limit))


@inspect.command("shapes", help=say("按 DCAT-AP 3.0 校核", "check against DCAT-AP 3.0"))
@SOURCE
@click.option(
    "--limit",
    type=click.IntRange(0, 10_000_000),
    default=0,
    help=say("最多几个，0为全部", "at most so many; 0 for all"),
)
@json_option
def shapes(source: str, limit: int) -> None:
    """Datasets without a verdict for their present revision; verdicts are kept."""
    _tell(_run("shapes", source, limit))


@inspect.command("document", help=say("校核一个 DCAT 文件", "check a DCAT document"))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--syntax",
    default="",
    help=say("ttl、rdf、nt、jsonld；默认看扩展名", "ttl, rdf, nt, jsonld; by the name"),
)
@json_option
def document(file: Path, syntax: str) -> None:
    """Nothing is fetched; the exit code is 1 if something is broken."""
    from kaishu import inspection

    found = inspection.validate_document(file.read_bytes(), syntax or file.suffix.lstrip("."), most=1 << 31)
    results = [
        {
            "node": each.node,
            "path": each.path,
            "value": each.value,
            "message": _in(each.said),
            "advice": _in(each.mend),
        }
        for each in found.results
    ]
    data = {"conforms": not results, "triples": found.triples, "checked": found.targets, "results": results}

    def people() -> None:
        if not results:
            click.echo(
                say(
                    f"符合 DCAT-AP 3.0（查了{found.targets}个对象）。",
                    f"It conforms ({found.targets} things).",
                )
            )
            return
        heads = [say("对象", "node"), say("问题", "what is wrong"), say("怎样改", "how to mend it")]
        print_table(heads, [[each["node"], each["message"], each["advice"]] for each in results])

    emit(data, people)
    if results:
        click.get_current_context().exit(1)


@inspect.command("elements", help=say("各标准的元素使用率", "usage of every element of a standard"))
@click.option("--standard", default="dublin-core", show_default=True, metavar="NAME")
@json_option
def elements(standard: str) -> None:
    """Counts every catalogue anew and keeps the counts."""
    from kaishu import crosswalk, inspection

    if standard not in crosswalk.standards():
        raise click.BadParameter(f"{standard} ({', '.join(crosswalk.standards())})", param_hint="--standard")
    _run("elements", "all")
    with terminal_call(write=False) as call:
        run = inspection.last_run(call.session, "elements")
        assert run is not None
    data = _elements(standard, run)

    def people() -> None:
        names = list(data["datasets"])
        rows = [
            [
                row["element"],
                say(row["zh"], row["en"]),
                *(_percent(row["used"][n], data["datasets"][n]) for n in names),
            ]
            for row in data["elements"]
        ]
        print_table(
            [say("元素", "element"), say("名称", "name"), *names], rows, tuple(range(2, len(names) + 2))
        )

    emit(data, people)


def _elements(standard: str, run: Run) -> dict[str, Any]:
    from kaishu import inspection

    return {
        "standard": standard,
        "datasets": run.result["datasets"],
        "elements": [
            {
                "element": each.element,
                "about": each.about,
                "zh": each.zh,
                "en": each.en,
                "used": {name: each.used.get(name, 0) for name in run.result["datasets"]},
                "in_2021": each.printed,
            }
            for each in inspection.usage(standard, run)
        ],
    }


def _run(what: str, source: str, limit: int = 0) -> dict[str, Any]:
    """The task itself, here and now."""
    from kaishu.access import TERMINAL
    from kaishu.base import ids
    from kaishu.jobs import inspecting

    prepare()
    act: Callable[..., dict[str, Any]] = inspecting.ACTS[what]
    with progress_bar(what) as report:
        return act(TERMINAL, ids.new_id(), source, limit, report)


def _tell(result: dict[str, Any]) -> None:
    words = {
        "asked": say("问了", "asked"),
        "reachable": say("能打开", "reachable"),
        "checked": say("查了", "checked"),
        "conforming": say("符合", "conforming"),
    }
    emit(result, lambda: print_pairs([(words.get(name, name), value) for name, value in result.items()]))


def _tell_checks(data: dict[str, Any]) -> None:
    from kaishu.inspection import checks

    click.echo(say(f"查了{data['datasets']}个数据集。", f"{data['datasets']} datasets were checked."))
    if data["unasked_addresses"]:
        n = data["unasked_addresses"]
        zh = f"{n}个地址还没有去看过能否打开：kaishu inspect links。"
        click.echo(say(zh, f"{n} addresses have not been looked at yet: kaishu inspect links."))
    heads = [say("校核", "check"), say("名称", "name"), say("发现", "findings")]
    rows = [[name, _in(each.title), data["counts"].get(name, 0)] for name, each in checks.CHECKS.items()]
    print_table(heads, rows, numbers=(2,))
    if data["findings"]:
        click.echo()
        print_table(
            [say("校核", "check"), say("数据集", "dataset"), say("发现", "finding")],
            [[each["check"], each["dataset"], each["message"]] for each in data["findings"][:SHOWN]],
        )
    if len(data["findings"]) > SHOWN:
        click.echo(say("其余见 --json。", "The rest comes with --json."))


def _facts(found: Any) -> dict[str, Any]:
    return {"field": found.field, "value": found.value[:300], **found.facts}


def _in(said: Any) -> str:
    return say(str(said), said.en)


def _percent(count: int, whole: int) -> str:
    return f"{count / whole:.1%}" if whole else "—"
