"""``kaishu clean``: declared steps over a file, and back again; no server and no set-up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kaishu.base.errors import KaishuError
from kaishu.cli.errors import TargetExists, UnknownOutput
from kaishu.cli.output import emit, fail, fail_on_system, json_option, print_table, progress_bar
from kaishu.cli.reading import options_from, reading_options
from kaishu.cli.words import language, say

if TYPE_CHECKING:
    from kaishu.delivery import Exporter
    from kaishu.quality import Cleansed

#: Exit codes: some cells could not be treated; the file or the steps cannot be used.
REFUSED, BAD_INPUT = 1, 2
_SHOWN = 3
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)


@click.command(help=say("按步骤清洗一个文件，可撤销", "clean a file by steps, which can be undone"))
@click.argument("file", type=_FILE)
@click.option("--steps", type=_FILE, help=say("步骤文件（YAML）", "file of steps (YAML)"))
@click.option(
    "--undo",
    type=_FILE,
    metavar="CHANGES.parquet",
    help=say("按变更记录还原清洗过的 FILE", "take these changes of FILE back"),
)
@click.option(
    "--propose",
    type=_FILE,
    metavar="RULES.yaml",
    help=say("按规则检查，把步骤草稿写到 OUT", "check against rules and write a draft of steps to OUT"),
)
@click.option(
    "-o",
    "--out",
    type=_OUT,
    help=say("写到这个文件：.csv .tsv .parquet .ndjson .json .xlsx", "write to this file, by its ending"),
)
@click.option(
    "--changes",
    type=_OUT,
    metavar="C.parquet",
    help=say("把每处改动写到这个文件，撤销时要用", "write every change to this file, for undoing"),
)
@click.option(
    "--preview", is_flag=True, help=say("只看会改什么，不写 OUT", "tell what would change; write no OUT")
)
@click.option(
    "--report", type=_OUT, metavar="OUT.html", help=say("把报告写到这个网页", "write a report to this page")
)
@click.option(
    "--sample",
    type=click.IntRange(0, 1000),
    default=5,
    show_default=True,
    help=say("每个步骤举几例", "changes shown for each step"),
)
@click.option("--force", is_flag=True, help=say("覆盖已有的输出文件", "overwrite files that exist"))
@reading_options
@json_option
def clean(file: Path, **given: Any) -> None:
    """Exit code 0: every cell was treated; 1: done, but some could not be; 2: nothing could be done."""
    try:
        code = _work(file, given)
    except KaishuError as error:
        fail(error)
        code = BAD_INPUT
    except OSError as error:
        fail_on_system(error)
        code = BAD_INPUT
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
    for target in (given["out"], given["changes"], given["report"]):
        if target is not None and target.exists() and (not given["force"] or target.samefile(file)):
            raise TargetExists(file=target.name)
    if asked == ["undo"]:
        return _undo(file, given)
    if asked == ["propose"]:
        return _propose(file, given)
    result = _clean(file, given)
    emit(result.as_dict(), lambda: _tell(result))
    return REFUSED if any(each.refused for each in result.steps) else 0


def _clean(file: Path, given: dict[str, Any]) -> Cleansed:
    from kaishu import lake, quality

    options = options_from(given)
    written = quality.parse_steps(_text(given["steps"]), given["steps"].name)
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
        quality.write_cleansing_report(
            given["report"], run.result, file=file.name, language=language(), preview=given["preview"]
        )
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

    rules = quality.parse_rules(_text(given["propose"]), given["propose"].name)
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
    with _replacing(out) as part, part.open("wb") as target:
        for piece in exporter.chunks(frames, shape):
            target.write(piece)


@contextmanager
def _replacing(out: Path) -> Iterator[Path]:
    """A file beside it that takes its place when it is whole."""
    part = out.with_name(f".{out.name}.part")
    try:
        yield part
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _text(path: Path) -> str:
    from kaishu.base.errors import Said
    from kaishu.quality.errors import BadSteps, Problem

    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        said = Said("文件不是 UTF-8。", "The file is not UTF-8.")
        raise BadSteps(path.name, [Problem(0, "", said)]) from error


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
