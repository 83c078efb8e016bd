"""``kaishu mcp``: answer an assistant over standard input and output."""

from __future__ import annotations

import click

from kaishu.cli.entrance import prepare
from kaishu.cli.words import say


@click.command(
    help=say(
        "供智能助手调用（MCP，标准输入输出）；不带令牌时等同访客",
        "answer an assistant (MCP over stdio); without a token as a visitor",
    )
)
@click.option(
    "--token",
    envvar="KAISHU_TOKEN",
    default="",
    metavar="TOKEN",
    help=say("应用令牌，同 KAISHU_TOKEN", "an application's token, as KAISHU_TOKEN"),
)
def mcp(token: str) -> None:
    """Until the assistant hangs up."""
    from kaishu.api.mcp import run_stdio

    prepare()
    run_stdio(token)
