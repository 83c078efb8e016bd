"""``kaishu clean``: declared steps over a file, and back again; no server and no set-up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kaishu.cli.errors import UnknownOutput
from kaishu.cli.output import emit, json_option, print_table, progress_bar
from kaishu.cli.reading import options_from, reading_options, text_of
from kaishu.cli.targets import (
    GIVEN,
    OUT,
    check_report,
    check_targets,
    force_option,
    leaving,
    replacing,
    report_option,
    sample_option,
    write_report,
)
from kaishu.cli.words import language, say

if TYPE_CHECKING:
    from kaishu.delivery import Exporter
    from kaishu.quality import Cleansed

#: Exit codes: some cells could not be treated; the file or the steps cannot be used.
REFUSED, BAD_INPUT = 1, 2
_SHOWN = 3


@click.command(help=say("按步骤清洗一个文件，可撤销", "clean a file by steps, which can be undone"))
@click.argument("file", type=GIVEN)
@click.option("--steps", type=GIVEN, help=say("步骤文件（YAML）", "file of steps (YAML)"))
@click.option(
    "--undo",
    type=GIVEN,
    metavar="CHANGES.parquet",
    help=say("按变更记录还原清洗过的 FILE", "take these changes of FILE back"),
)
@click.option(
    "--propose",
    type=GIVEN,
    metavar="RULES.yaml",
    help=say("按规则检查，把步骤草稿写到 OUT", "check against rules and write a draft of steps to OUT"),
)
@click.option(
    "-o",
    "--out",
    type=OUT,
    help=say("写到这个文件：.csv .tsv .parquet .ndjson .json .xlsx", "write to this file, by its ending"),
)
@click.option(
    "--changes",
    type=OUT,
    metavar="C.parquet",
    help=say("把每处改动写到这个文件，撤销时要用", "write every change to this file, for undoing"),
)
@click.option(
    "--preview", is_flag=True, help=say("只看会改什么，不写 OUT", "tell what would change; write no OUT")
)
@report_option
@sample_option("每个步骤举几例", "changes shown for each step")
@force_option
@reading_options
@json_option
def clean(file: Path, **given: Any) -> None:
    """Exit code 0: every cell was treated; 1: done, but some could not be; 2: nothing could be done."""
    with leaving(BAD_INPUT):
        code = _work(file, given)
    if code:
        click.get_current_context().exit(code)


def _work(file: Path, given: dict[str, Any]) -> int:
    asked = [name for name in ("steps", "undo", "propose") if given[name] is not None]
    if len(asked) != 1:
        raise click.UsageError(
            say("--steps、--undo、--propose 要写且只写一个。", "Give one of --steps, --undo and --propose.")
        )
    if given["out"] is None and not given["preview"]:
        raise click.UsageError(say("缺少 -o OUT（或 --preview）。", "-o OUT is missing, or --preview."))
    check_report(given["report"])
    sources = [file, *(given[name] for name in asked)]
    check_targets((given["out"], given["changes"], given["report"]), force=given["force"], read=sources)
    if asked == ["undo"]:
        return _undo(file, given)
    if asked == ["propose"]:
        return _propose(file, given)
    result = _clean(file, given)
    emit(result.as_dict(), lambda: _tell(result))
    return REFUSED if any(each.refused for each in result.steps) else 0


def _clean(file: Path, given: dict[str, Any]) -> Cleansed:
    from kaishu import lake, quality
    from kaishu.quality.errors import BadSteps

    options = options_from(given)
    written = quality.parse_steps(text_of(given["steps"], BadSteps), given["steps"].name)
    out: Path | None = None if given["preview"] else given["out"]
    changes: Path | None = None if given["preview"] else given["changes"]
    exporter = None if out is None else _exporter(out)
    with lake.reading_file(file, options) as data, progress_bar(file.name) as progress:
        run = quality.Cleansing(
            data,
            written,
            folder=given["steps"].parent,
            changes=changes,
            sample=given["sample"],
            progress=progress,
        )
        if out is None or exporter is None:
            run.run()
        else:
            try:
                _write(out, exporter, run.columns, run.frames())
            except BaseException:
                if changes is not None:
                    changes.unlink(missing_ok=True)
                raise
    assert run.result is not None
    if given["report"] is not None:
        document = quality.cleansing_document(
            run.result, file=file.name, language=language(), preview=given["preview"]
        )
        write_report(given["report"], document)
    return run.result


def _undo(file: Path, given: dict[str, Any]) -> int:
    """The table as it was; its columns are read with the types that cleansing left."""
    import dataclasses

    import polars as pl

    from kaishu import lake
    from kaishu.quality import about_changes, undo

    out: Path | None = given["out"]
    if out is None:
        raise click.UsageError(say("缺少 -o OUT。", "-o OUT is missing."))
    about, exporter = about_changes(given["undo"]), _exporter(out)
    options = options_from(given)
    with lake.reading_file(file) as found:
        there = {column["name"]: column["type"] for column in found.columns}
    if there != about.after:
        # A file of text does not say which types its columns had.
        wanted = {name: type for name, type in about.after.items() if name in there}
        options = dataclasses.replace(options, types=wanted)
    with lake.reading_file(file, options) as data:
        batches = data.batches(list(about.after) if set(about.after) <= set(there) else None)
        frames = (pl.DataFrame(pl.from_arrow(batch)) for batch in batches)
        columns = [{"name": name, "type": type} for name, type in about.before.items()]
        _write(out, exporter, columns, undo(frames, given["undo"]))
    emit(
        {"rows": about.rows},
        lambda: click.echo(say(f"还原了{about.rows:,}行。", f"{about.rows:,} rows are back.")),
    )
    return 0


def _propose(file: Path, given: dict[str, Any]) -> int:
    from kaishu import lake, quality
    from kaishu.quality.errors import BadRules

    rules = quality.parse_rules(text_of(given["propose"], BadRules), given["propose"].name)
    with lake.reading_file(file, options_from(given)) as data:
        columns = [str(column["name"]) for column in data.columns]
        result = quality.check_data(data, rules, folder=given["propose"].parent)
    found = quality.propose(rules, result, columns=columns)
    draft = quality.steps_text(found, rules)
    if given["out"] is not None:
        given["out"].write_text(draft, encoding="utf-8")
    drafts = [
        {
            "rule": each.rule,
            "importance": each.importance,
            "severity": each.severity,
            "strategy": each.strategy,
            "steps": [dict(one) for one in each.steps],
        }
        for each in found
    ]
    emit({"proposals": drafts}, lambda: click.echo(draft, nl=False))
    return 0


def _exporter(out: Path) -> Exporter:
    from kaishu.delivery import EXPORTS

    found = {f".{each.suffix}": each for each in EXPORTS.values() if each.code not in ("geojson", "xml")}
    if out.suffix.lower() not in found:
        raise UnknownOutput(file=out.name, known=" ".join(found))
    return found[out.suffix.lower()]


def _write(out: Path, exporter: Exporter, columns: list[dict[str, str]], frames: Iterator[Any]) -> None:
    from kaishu.delivery.columns import Columns
    from kaishu.delivery.exporter import Shape

    shape = Shape(columns=Columns.of(columns).own)
    with replacing(out) as part, part.open("wb") as target:
        for piece in exporter.chunks(frames, shape):
            target.write(piece)


def _tell(result: Cleansed) -> None:
    from kaishu.quality import CHANGE_WORDS, STRATEGIES

    click.echo(
        say(
            f"读入{result.rows:,}行，留下{result.left:,}行。",
            f"{result.rows:,} rows were read, {result.left:,} are left.",
        )
    )
    heads = [say("步骤", "step"), say("说明", "title"), say("策略", "strategy")]
    heads += [say(zh, en) for zh, en in CHANGE_WORDS.values()]
    rows = [
        [
            each.step.id,
            each.step.title or say(each.step.treatment.zh, each.step.treatment.en),
            say(*STRATEGIES[each.step.strategy]),
            *(getattr(each, name) for name in CHANGE_WORDS),
        ]
        for each in result.steps
    ]
    print_table(heads, rows, numbers=(3, 4, 5, 6, 7))
    _tell_samples(result)


def _tell_samples(result: Cleansed) -> None:
    reason = f"reason_{language()}"
    rows = [
        [each.step.id, one["row"], one["key"], one["column"], one["old"], one["new"], one[reason]]
        for each in result.steps
        for one in (*each.changes[:_SHOWN], *each.refusals[:_SHOWN])
    ]
    if rows:
        click.echo()
        heads = [say("步骤", "step"), say("行", "row"), say("键", "key"), say("列", "column")]
        heads += [say("原值", "before"), say("新值", "after"), say("原因", "reason")]
        print_table(heads, rows, numbers=(1,))
