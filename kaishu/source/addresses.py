"""Hosts and folders that people give, opened only if they lead outside or an administrator lists them.

A name is resolved once, and the connection goes to the very address that was checked.
"""

from __future__ import annotations

import ipaddress
import socket
from pathlib import Path

from kaishu.base import settings
from kaishu.base.networks import address_listed, host_listed, is_outside
from kaishu.source.errors import PlaceRefused, SourceUnreachable


def checked_host(host: str, port: int) -> str:
    """The IP address to connect to.  Raises ``PlaceRefused``, ``SourceUnreachable``."""
    place = f"{host}:{port}"
    if not host or any(letter <= " " or letter in "/\\@?#'\"\x7f" for letter in host):
        raise PlaceRefused(place=place[:300], reason="主机名写法不对", reason_en="it is not a host's name")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SourceUnreachable(place=place, reason=f"DNS: {error}") from None
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    if not addresses:
        raise SourceUnreachable(place=place, reason="DNS")
    listed = settings.text("source_allow")
    inside = [one for one in addresses if not is_outside(one) and not address_listed(listed, one)]
    if inside and not host_listed(listed, host):
        raise PlaceRefused(place=place, reason="它指向内部网络", reason_en="it leads to an inside network")
    return str(addresses[0])


def checked_path(path: str) -> Path:
    """A file or folder of this machine, links followed.  Raises ``PlaceRefused``."""
    real = Path(path).expanduser().resolve()
    home = settings.home().resolve()
    allowed = [Path(each).expanduser().resolve() for each in _folders()]
    if not any(real == folder or folder in real.parents for folder in allowed):
        raise PlaceRefused(
            place=path[:300], reason="文件夹没有列入许可", reason_en="its folder is not listed"
        )
    if real == home or home in real.parents:
        raise PlaceRefused(
            place=path[:300], reason="它在平台自己的目录里", reason_en="it is in the platform's own folder"
        )
    return real


def _folders() -> list[str]:
    return [each.strip() for each in settings.text("source_folders").split(",") if each.strip()]
