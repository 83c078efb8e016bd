"""Files that a command writes: the options that name them, what is refused before anything is computed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kaishu.base.errors import KaishuError
from kaishu.cli.errors import TargetExists, UnknownOutput
from kaishu.cli.output import fail, fail_on_system
from kaishu.cli.words import say

if TYPE_CHECKING:
    from kaishu.reporting import Document

Command = TypeVar("Command", bound=Callable[..., Any])

GIVEN = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, path_type=Path)

report_option = click.option(
    "--report", type=OUT, metavar="OUT.html|docx|pdf", help=say("写成报告", "write a report")
)
force_option = click.option(
    "--force", is_flag=True, help=say("覆盖已有的输出文件", "overwrite files that exist")
)


def sample_option(zh: str, en: str) -> Callable[[Command], Command]:
    """``--sample``: how many are shown of what the words say."""
    return click.option(
        "--sample", type=click.IntRange(0, 1000), default=5, show_default=True, help=say(zh, en)
    )


def check_targets(targets: Iterable[Path | None], *, force: bool, read: Iterable[Path] = ()) -> None:
    """Raise ``TargetExists`` for a file that is there, with ``force`` only for one that is to be read."""
    sources = list(read)
    for target in targets:
        if target is None or not target.exists():
            continue
        if not force or any(source.exists() and target.samefile(source) for source in sources):
            raise TargetExists(file=target.name)


def check_report(path: Path | None) -> None:
    """Raise ``UnknownOutput`` unless a report can be written in the format of this ending."""
    from kaishu.reporting import FORMATS

    if path is not None and _form(path) not in FORMATS:
        raise UnknownOutput(file=path.name, known=", ".join(f".{form}" for form in FORMATS))


def write_report(path: Path, document: Document) -> None:
    """Write the file, whole or not at all."""
    from kaishu.reporting import write_document

    content = write_document(document, _form(path))
    with replacing(path) as part:
        part.write_bytes(content)


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """A file beside it that takes its place when it is whole."""
    part = out.with_name(f".{out.name}.part")
    try:
        yield part
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def leaving(code: int) -> Iterator[None]:
    """What goes wrong is told, and the command leaves with this exit code."""
    try:
        yield
    except KaishuError as error:
        fail(error)
        click.get_current_context().exit(code)
    except OSError as error:
        fail_on_system(error)
        click.get_current_context().exit(code)


def _form(path: Path) -> str:
    return path.suffix.lower().lstrip(".")
