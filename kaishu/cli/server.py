"""``kaishu serve``: the server, and with ``--demo`` the city it shows."""

from __future__ import annotations

import os
import socket

import click

from kaishu.base import settings
from kaishu.cli.errors import PortTaken
from kaishu.cli.words import say


@click.command(help=say("启动服务（网页、接口和后台任务）", "serve pages, APIs and background work"))
@click.option("--host", help=say("监听地址，默认 127.0.0.1", "address to listen on, 127.0.0.1 by default"))
@click.option("--port", type=click.IntRange(0, 65535), help=say("端口，默认 8000", "port, 8000 by default"))
@click.option(
    "--demo",
    is_flag=True,
    help=say("首次启动时建好演示城市“开数市”", "build the demo city on the first start"),
)
@click.option(
    "--catalogues/--no-catalogues",
    default=True,
    help=say(
        "演示城市首次启动后，在后台采集四个真实目录",
        "with the demo city, harvest four real catalogues behind the scenes",
    ),
)
@click.option("--log", is_flag=True, help=say("在屏幕上记录每个请求", "log every request"))
def serve(host: str | None, port: int | None, demo: bool, catalogues: bool, log: bool) -> None:
    """Listen first, so that a taken port is said before any work; then prepare, then answer."""
    # The settings are the one place where the rest of the program looks for them.
    if host is not None:
        os.environ["KAISHU_HOST"] = host
    if port is not None:
        os.environ["KAISHU_PORT"] = str(port)
    listener = _listen(settings.text("host"), settings.number("port"))
    if demo:
        _build_city(catalogues)
    _announce(listener, demo)
    _run(listener, log)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortTaken(host=host, port=port, reason=error.strerror or str(error)) from error
    return listener


def _build_city(catalogues: bool) -> None:
    from kaishu.cli.city import build_with_progress
    from kaishu.cli.entrance import prepare
    from kaishu.demo import leave_catalogues

    prepare()
    build_with_progress()
    if catalogues:
        leave_catalogues()


def _announce(listener: socket.socket, demo: bool) -> None:
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - shown, not listened on
    shown = f"[{host}]" if ":" in host else host
    title = click.style("Kaishu 开数", fg="red", bold=True)
    click.echo(f"\n  {title}  http://{shown}:{port}")
    click.echo(f"  {say('数据目录', 'home')}  {settings.home()}")
    if demo:
        from kaishu.demo import ACCOUNTS

        click.echo("\n  " + say("演示账号（只用于试用）", "demo accounts (for trying out only)"))
        for account in ACCOUNTS:
            role = say(account.name, account.name_en)
            click.echo(f"    {account.account:<10} {account.password:<18} {role}")
    click.echo("\n  " + say("按 Ctrl-C 停止", "stop with Ctrl-C") + "\n")


def _run(listener: socket.socket, log: bool) -> None:
    import uvicorn

    config = uvicorn.Config(
        "kaishu.app:build_app",
        factory=True,
        loop="auto",
        http="auto",
        log_level="info" if log else "warning",
        access_log=log,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips="127.0.0.1",
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()
    click.echo(say("已停止。", "Stopped."))
    if not server.started:
        raise SystemExit(3)
