"""What the terminal prints: tables and bars for people, one JSON value for machines.

With ``--json`` the result is the only thing on standard output, and an error is a JSON object
``{"error": {"code", "status", "message", "advice", "facts"}}`` there; without it an error is a
sentence and an advice on standard error.  The exit code of an error is 1, of wrong usage 2.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kaishu.base.errors import Invalid, KaishuError
from kaishu.cli.words import language, say

if TYPE_CHECKING:
    from kaishu.reporting import Block

Command = TypeVar("Command", bound=Callable[..., Any])
Report = Callable[[int, int], None]
_JSON = "kaishu.json"


def json_option(command: Command) -> Command:
    """Give a command ``--json``; ``wants_json()`` tells whether it was used."""

    def remember(context: click.Context, parameter: click.Parameter, value: bool) -> None:
        context.meta[_JSON] = value

    option = click.option(
        "--json",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=remember,
        help=say("输出 JSON，供程序使用", "print JSON, for programs"),
    )
    return option(command)


def wants_json() -> bool:
    """Was ``--json`` given to the command that runs?"""
    context = click.get_current_context(silent=True)
    return bool(context and context.meta.get(_JSON))


def emit(data: Any, people: Callable[[], None]) -> None:
    """Print ``data`` as JSON, or let ``people`` print it for people."""
    if wants_json():
        click.echo(json.dumps(data, ensure_ascii=False, default=_plain, indent=None))
    else:
        people()


def fail(error: KaishuError) -> None:
    """Say what went wrong and what to do."""
    if wants_json():
        click.echo(json.dumps({"error": error.as_dict(language())}, ensure_ascii=False, default=_plain))
        return
    if isinstance(error, Invalid):
        from kaishu.cli.hints import lines

        for line in lines(error):
            click.echo(click.style(line, fg="red"), err=True)
    else:
        click.echo(click.style(error.sentence(language()), fg="red"), err=True)
    if advice := error.advice(language()):
        click.echo(advice, err=True)


def fail_on_system(error: OSError) -> None:
    """The same for what the operating system refused."""
    where = f": {error.filename}" if error.filename else ""
    message = f"{error.strerror or error}{where}"
    if wants_json():
        facts = {"file": str(error.filename or "")}
        problem = {"code": "cli.system", "status": 500, "message": message, "advice": "", "facts": facts}
        click.echo(json.dumps({"error": problem}, ensure_ascii=False))
        return
    click.echo(click.style(say(f"系统拒绝：{message}", f"The system refused: {message}"), fg="red"), err=True)


def print_table(heads: Sequence[str], rows: Sequence[Sequence[Any]], numbers: Sequence[int] = ()) -> None:
    """Columns that line up, Chinese letters counted as two; ``numbers`` are right-aligned columns."""
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max([_width(head), *(_width(row[i]) for row in cells)]) for i, head in enumerate(heads)]
    click.echo(click.style(_line(heads, widths, numbers), bold=True))
    for row in cells:
        click.echo(_line(row, widths, numbers))


def print_pairs(pairs: Sequence[tuple[str, Any]]) -> None:
    """Names and values, one pair a line."""
    width = max((_width(name) for name, _ in pairs), default=0)
    for name, value in pairs:
        click.echo(f"{click.style(name, bold=True)}{' ' * (width - _width(name))}  {_cell(value)}")


def print_blocks(blocks: Sequence[Block]) -> None:
    """A report as far as a terminal can show it: paragraphs, notes, facts and tables."""
    from kaishu.reporting import Facts, Note, Paragraph, Table

    for block in blocks:
        if isinstance(block, Paragraph):
            click.echo(block.text)
        elif isinstance(block, Note):
            click.echo(click.style(block.text, fg="yellow"))
        elif isinstance(block, Facts):
            click.echo()
            print_pairs(list(block.pairs))
        elif isinstance(block, Table):
            click.echo()
            click.echo(click.style(block.title, bold=True))
            print_table(block.heads, block.rows, numbers=sorted(block.numbers))


@contextmanager
def progress_bar(label: str) -> Iterator[Report]:
    """A bar on standard error while people watch; silent for machines and logs."""
    if wants_json() or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr, show_pos=False) as bar:

        def report(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(max(done - bar.pos, 0))

        yield report
        bar.update(max((bar.length or 1) - bar.pos, 0))


def step(sentence: str) -> None:
    """One finished step, on standard error; silent for machines."""
    if not wants_json():
        click.echo(sentence, err=True)


def _line(cells: Sequence[str], widths: Sequence[int], numbers: Sequence[int]) -> str:
    parts = []
    for position, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        gap = " " * (width - _width(cell))
        parts.append(gap + cell if position in numbers else cell + gap)
    return "  ".join(parts).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return say("是", "yes") if value else say("否", "no")
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.6g}"
    text = " ".join(str(value).split())
    return text if len(text) <= 80 else text[:79] + "…"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)
