"""``kaishu settings``: the table of settings with the values of this run."""

from __future__ import annotations

import os
import re

import click

from kaishu.base.settings import SETTINGS, text
from kaishu.cli.output import emit, json_option, print_table
from kaishu.cli.words import say

#: Settings that are a secret themselves.
_HIDDEN = frozenset({"secret_key", "smtp_password"})
_PASSWORD = re.compile(r"(://[^:/@]*:)[^@]*@")


@click.command(help=say("列出全部设置和现在的值", "list every setting and its value"))
@json_option
def settings() -> None:
    """Values come from the environment; keys and passwords in addresses are not shown."""
    rows = [
        {
            "name": f"KAISHU_{name.upper()}",
            "value": _shown(name),
            "default": setting.default,
            "set": text(name) != setting.default or f"KAISHU_{name.upper()}" in os.environ,
            "help": setting.help,
        }
        for name, setting in SETTINGS.items()
    ]

    def people() -> None:
        heads = [say("设置", "setting"), say("现值", "value"), say("说明", "meaning")]
        print_table(heads, [[row["name"], row["value"], row["help"]] for row in rows])

    emit(rows, people)


def _shown(name: str) -> str:
    value = text(name)
    if name in _HIDDEN:
        return "***" if value else ""
    return _PASSWORD.sub(r"\1***@", value)
