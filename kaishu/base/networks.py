"""Is an address outside, and does a list of hosts and networks name it?"""

from __future__ import annotations

import ipaddress

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_outside(address: IP) -> bool:
    """A public address?  IPv4 inside IPv6 counts as what it is."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is None and (address in _NAT64 or int(address) < 1 << 32):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_outside(inner)
        if address.is_site_local:
            return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified or address.is_loopback
    )


def entries(written: str) -> list[str]:
    """The parts of a setting that is written with commas, in lower case."""
    return [each.strip().lower() for each in written.split(",") if each.strip()]


def host_listed(written: str, host: str) -> bool:
    """Is the host itself named?"""
    return host.lower().rstrip(".") in entries(written)


def address_listed(written: str, address: IP) -> bool:
    """Is the address in a network that is named?"""
    for entry in entries(written):
        try:
            if address in ipaddress.ip_network(entry, strict=False):
                return True
        except ValueError:
            continue
    return False
