"""``kaishu user``: people with an account."""

from __future__ import annotations

import secrets
import sys

import click

from kaishu.cli.entrance import terminal_call
from kaishu.cli.output import emit, json_option, print_table, wants_json
from kaishu.cli.words import say

ROLES = ("member", "steward", "reviewer", "administrator")


@click.group(help=say("账号", "accounts"))
def user() -> None:
    """Accounts."""


@user.command("add", help=say("新建账号", "add an account"))
@click.argument("account")
@click.option("--role", type=click.Choice(ROLES), required=True, help=say("角色", "role"))
@click.option("--office", metavar="NAME", help=say("所在部门", "office of the person"))
@click.option("--name", default="", help=say("姓名", "name of the person"))
@click.option(
    "--password",
    help=say("密码；不写则输入或自动生成", "password; else it is asked for, or made and shown once"),
)
@json_option
def add(account: str, role: str, office: str | None, name: str, password: str | None) -> None:
    """A made password is printed once and can be read nowhere afterwards."""
    from kaishu import access

    made = None
    if password is None and sys.stdin.isatty() and not wants_json():
        password = click.prompt(
            say("密码（留空则生成）", "password (empty to have one made)"),
            hide_input=True,
            default="",
            show_default=False,
            confirmation_prompt=say("再输入一次", "again"),
        )
    if not password:
        password = made = secrets.token_urlsafe(12)
    with terminal_call() as call:
        access.add_person(
            call, account=account, password=password, role=access.Role(role), name=name, office=office
        )
    data = {"account": account, "role": role, "office": office, "password": made}

    def people() -> None:
        click.echo(say(f"已建账号 {account}。", f"added {account}."))
        if made:
            click.echo(say(f"密码（只显示这一次）：{made}", f"password (shown this once): {made}"))

    emit(data, people)


@user.command("list", help=say("列出账号", "list the accounts"))
@json_option
def list_people() -> None:
    """Everybody, without passwords."""
    from kaishu import access

    with terminal_call(write=False) as call:
        found = [
            {
                "account": each.account,
                "name": each.name,
                "role": str(each.role),
                "office": each.office.name if each.office else None,
                "active": each.active,
            }
            for each in access.people(call.session)
        ]

    def people() -> None:
        heads = [say("账号", "account"), say("姓名", "name"), say("角色", "role"), say("部门", "office")]
        print_table(heads, [[each[key] for key in ("account", "name", "role", "office")] for each in found])

    emit(found, people)
