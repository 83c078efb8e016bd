"""The command group.  A command's module is imported when the command is named, or when help lists it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from kaishu.base.errors import KaishuError
from kaishu.cli.output import fail, fail_on_system
from kaishu.cli.words import speak

#: Command to the module and function that hold it, in the order of the way of data.
COMMANDS = {
    "serve": "server:serve",
    "demo": "city:demo",
    "ingest": "ingest:ingest",
    "profile": "profile:profile",
    "check": "check:check",
    "analyse": "analyse:analyse",
    "clean": "clean:clean",
    "diff": "diff:diff",
    "quality": "quality:quality",
    "lake": "lake:lake",
    "lineage": "lineage:lineage",
    "fuse": "fuse:fuse",
    "standard": "standard:standard",
    "audit-figures": "audit_figures:audit_figures",
    "datasets": "datasets:datasets",
    "record": "record:record",
    "duty": "duty:duty",
    "sheet": "sheet:sheet",
    "code": "code:code",
    "element": "element:element",
    "codeset": "element:codeset",
    "gates": "gates:gates",
    "publish": "publication:publish",
    "search": "searching:search",
    "inspect": "inspect:inspect",
    "evaluate": "evaluate:evaluate",
    "robustness": "robustness:robustness",
    "facts": "facts:facts",
    "census": "census:census",
    "harvest": "harvest:harvest",
    "source": "source:source",
    "export": "export:export",
    "user": "user:user",
    "office": "office:office",
    "ledger": "ledger:ledger",
    "index": "index:index",
    "synonym": "synonym:synonym",
    "backup": "backup:backup",
    "restore": "backup:restore",
    "mcp": "mcp:mcp",
    "settings": "table:settings",
}


class Commands(click.Group):
    """Looks commands up in ``COMMANDS`` and turns our errors into a sentence and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"kaishu.cli.{module}"), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run; a ``KaishuError`` ends with its sentence and exit code 1."""
        result = None
        try:
            result = super().invoke(ctx)
        except KaishuError as error:
            fail(error)
            ctx.exit(1)
        except BrokenPipeError:
            raise
        except OSError as error:
            fail_on_system(error)
            ctx.exit(1)
        return result


def _speak(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    speak(value)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    help="Kaishu 开数: 把政府的数据表从产生它的部门送到用它的人手里。"
    "  Takes a government's tables from the department that makes them to the people who use them.",
)
@click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    is_eager=True,
    expose_value=False,
    callback=_speak,
    help="输出语言 / language of the output",
)
@click.option(
    "--home",
    metavar="DIR",
    help="数据目录，同 KAISHU_HOME / home folder, as KAISHU_HOME",
)
@click.version_option(package_name="kaishu", message="%(prog)s %(version)s")
def kaishu(home: str | None) -> None:
    """Choose the home folder before any command opens it."""
    if home:
        import os

        os.environ["KAISHU_HOME"] = home
