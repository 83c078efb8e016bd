"""``kaishu ledger``: the record of every act."""

from __future__ import annotations

import click

from kaishu.cli.entrance import terminal_call
from kaishu.cli.output import emit, json_option
from kaishu.cli.words import say

REASONS = {
    "missing": ("缺少记录", "an entry is missing"),
    "previous-hash": ("前后记录对不上", "it does not follow the entry before it"),
    "changed": ("内容被改动", "its content was changed"),
    "cut-off": ("末尾的记录被删掉", "the end was cut off"),
    "rewritten": ("与库外留存的校验值不符", "it differs from the hash kept outside the database"),
}


@click.group(help=say("操作账本", "the ledger of acts"))
def ledger() -> None:
    """The ledger."""


@ledger.command("verify", help=say("核对账本的每一个字节", "check every byte of the ledger"))
@json_option
def verify() -> None:
    """Exit code 1 if any entry was changed, removed or added."""
    from kaishu import ledger as chain
    from kaishu.access import Permission, require

    with terminal_call(write=False) as call:
        require(call, Permission.ledger_verify)
        verdict = chain.verify(call.session)
    data = {
        "ok": verdict.ok,
        "entries": verdict.entries,
        "head": verdict.head,
        "broken_at": verdict.broken_at,
        "reason": verdict.reason,
    }

    def people() -> None:
        if verdict.ok:
            click.echo(
                say(
                    f"账本完好：{verdict.entries:,}条记录。",
                    f"The ledger is whole: {verdict.entries:,} entries.",
                )
            )
            click.echo(verdict.head)
            return
        why = say(*REASONS.get(verdict.reason, (verdict.reason, verdict.reason)))
        text = say(
            f"账本第{verdict.broken_at}条有问题：{why}。",
            f"Entry {verdict.broken_at} of the ledger is wrong: {why}.",
        )
        click.echo(click.style(text, fg="red"), err=True)

    emit(data, people)
    if not verdict.ok:
        raise SystemExit(1)
