"""``kaishu fuse``: registers become one golden record each; no server and no set-up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kaishu.base.errors import KaishuError
from kaishu.cli.errors import TargetExists
from kaishu.cli.output import emit, fail, fail_on_system, json_option, print_pairs, print_table, progress_bar
from kaishu.cli.words import say

if TYPE_CHECKING:
    from kaishu.standardisation import Explanation, Fused, Mapping

BAD_INPUT = 2


@click.command(
    help=say("按映射把几个来源归并成标准表：一人一档、一企一档", "fuse registers into golden records")
)
@click.argument("mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="OUT.parquet",
    help=say(
        "标准表；旁边另写 .rows、.cells、.links", "golden table; .rows, .cells and .links stand beside it"
    ),
)
@click.option(
    "--review",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="R.csv",
    help=say(
        "待核对的行对写到这里；其中的判断先读入并保留",
        "pairs to decide; decisions in it are read first and kept",
    ),
)
@click.option(
    "--explain",
    metavar="KEY",
    help=say(
        "说明一个实体的值从哪里来（标识、键值或 来源:行号）；已有标准表时不再归并",
        "why an entity has its values (id, key or SOURCE:ROW); a golden table that exists is not made again",
    ),
)
@click.option("--force", is_flag=True, help=say("覆盖已有的输出文件", "overwrite files that exist"))
@json_option
def fuse(mapping: Path, output: Path, review: Path | None, explain: str | None, force: bool) -> None:
    """Exit code 0: done; 2: the mapping, a source or a decision cannot be used."""
    try:
        _fuse(mapping, output, review, explain, force)
    except KaishuError as error:
        fail(error)
        click.get_current_context().exit(BAD_INPUT)
    except OSError as error:
        fail_on_system(error)
        click.get_current_context().exit(BAD_INPUT)


def _fuse(path: Path, output: Path, review: Path | None, explain: str | None, force: bool) -> None:
    from kaishu import standardisation

    mapping = standardisation.parse_mapping(_text(path), path.name)
    made = [output, *standardisation.companions(output).values()]
    there = [file for file in made if file.exists()]
    if explain is not None and len(there) == len(made) and not force:
        _tell_why(mapping, output, explain)
        return
    if there and not force:
        raise TargetExists(file=there[0].name)
    with progress_bar(path.name) as progress:
        found = standardisation.fuse(mapping, output, folder=path.parent, review=review, progress=progress)
    if explain is None:
        emit(found.as_dict(), lambda: _tell(found, mapping))
    else:
        _tell_why(mapping, output, explain)


def _text(path: Path) -> str:
    from kaishu.base.errors import Said
    from kaishu.quality.errors import Problem
    from kaishu.standardisation.errors import BadMapping

    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        said = Said("映射文件不是 UTF-8。", "The mapping is not UTF-8.")
        raise BadMapping(path.name, [Problem(0, "", said)]) from error


def _tell(found: Fused, mapping: Mapping) -> None:
    print_pairs(
        [
            *((say(f"来源 {name}", f"source {name}"), rows) for name, rows in found.sources.items()),
            (say("实体", "entities"), found.entities),
            (say("在多个来源中的实体", "entities of several sources"), found.shared),
            *((say(f"归并：{by}", f"joined: {by}"), count) for by, count in found.links.items()),
            (say("待核对的行对", "pairs to decide"), found.waiting),
            (say("已采用的判断", "decisions followed"), found.decided),
            (say("判断所指的行已不在", "decisions whose rows are gone"), found.forgotten),
            (say("不许相连的行对", "pairs that were kept apart"), found.barred),
        ]
    )
    if found.differing:
        click.echo()
        titles = {name: field.title or name for name, field in mapping.entity.fields.items()}
        heads = [say("字段", "field"), "", say("各来源不一致的实体", "entities whose sources differ")]
        rows = [[name, titles[name], count] for name, count in found.differing.items()]
        print_table(heads, rows, numbers=(2,))
    for each in found.unreadable:
        first = each.examples[0]
        click.echo(
            say(
                f"{each.source} 的 {each.field} 有{each.count:,}个值无法读取，"
                f"例如第{first['row']}行“{first['value']}”。",
                f"{each.count:,} values of {each.field} in {each.source} cannot be read, such as "
                f'"{first["value"]}" in row {first["row"]}.',
            )
        )


def _tell_why(mapping: Mapping, output: Path, key: str) -> None:
    from kaishu import standardisation

    found = standardisation.explain(mapping, output, key)
    emit([each.as_dict() for each in found], lambda: tell_all(found))


def tell_all(found: list[Explanation]) -> None:
    """Why each entity has its values."""
    for each in found:
        _tell_one(each)


def _tell_one(found: Explanation) -> None:
    click.echo(click.style(say(f"实体 {found.entity}", f"entity {found.entity}"), bold=True))
    heads = [
        say("字段", "field"),
        say("值", "value"),
        say("来源", "source"),
        say("行", "row"),
        say("规则", "rule"),
        say("落选的值", "values that lost"),
    ]
    rows = [
        [
            each["field"],
            each["value"],
            each["source"],
            each["row"],
            _rule(each["rule"]),
            _losers(each["losers"]),
        ]
        for each in found.cells
    ]
    print_table(heads, rows, numbers=(3,))
    for each in found.links:
        ends = f"{each['left_source']}:{each['left_row']} = {each['right_source']}:{each['right_row']}"
        click.echo(f"{ends}  {_how(each)}")
    click.echo()


def _losers(losers: list[dict[str, Any]]) -> str:
    return say("；", "; ").join(f"{each['value']} ({each['source']}:{each['row']})" for each in losers)


def _rule(rule: str) -> str:
    words = {
        "only": ("只有一个值", "only one value"),
        "agreed": ("各处一致", "all agree"),
        "authority": ("权威次序", "authority order"),
        "newest": ("最新", "newest"),
        "longest": ("最长", "longest"),
        "vote": ("多数", "majority"),
        "sources": ("来源次序", "order of the sources"),
        "value": ("值的次序", "order of the values"),
    }
    if rule.startswith("condition:"):
        return say("条件 ", "condition on ") + rule.partition(":")[2]
    return say(*words[rule])


def _how(link: dict[str, Any]) -> str:
    if link.get("probability") is None:
        return str(link["by"])
    weights = [
        f"{name.removeprefix('weight_')} {value:+.1f}"
        for name, value in link.items()
        if name.startswith("weight_") and value
    ]
    return f"{link['by']} {link['probability']:.4f} ({', '.join(weights)})"
