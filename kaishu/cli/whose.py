"""The table of a dataset, and the person of an account, that a command names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from kaishu.cli.entrance import terminal_call
from kaishu.cli.output import Command, json_option
from kaishu.cli.words import say

if TYPE_CHECKING:
    from kaishu.access import Actor, Call

DATASET = click.argument("dataset")
RESOURCE = click.option(
    "--resource", default="", help=say("资源编号，默认第一张表", "id of the table; the first one if left out")
)


def table_of(call: Call, dataset: str, resource: str = "") -> str:
    """Id of a dataset's table.  Raises ``NotFound``."""
    from kaishu import catalogue
    from kaishu.base.errors import NotFound

    found = catalogue.dataset_by_name(call, dataset)
    for entry in catalogue.draft_resources(call, found):
        if entry.table_id and resource in ("", entry.id):
            return entry.table_id
    raise NotFound(kind="表 table", name=resource or dataset)


def person_of(call: Call, account: str) -> Actor:
    """The actor of an account.  Raises ``NotFound``."""
    from kaishu import access
    from kaishu.base.errors import NotFound

    for each in access.people(call.session):
        if each.account == account:
            return access.Actor("person", each.id, each.name, access.Role(each.role), each.office_id)
    raise NotFound(kind="账号 account", name=account)


def approving(command: Command) -> Command:
    """Give a command what agreeing takes: dataset, table, account, ``--json``."""
    account = click.option("--account", required=True, help=say("哪个账号", "which account"))
    return DATASET(RESOURCE(account(json_option(command))))


@contextmanager
def approval(dataset: str, resource: str, account: str) -> Iterator[tuple[Call, str]]:
    """A call of the person of an account, and the id of the table that is agreed on."""
    from dataclasses import replace

    with terminal_call() as call:
        table = table_of(call, dataset, resource)
        yield replace(call, actor=person_of(call, account)), table
