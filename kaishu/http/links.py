"""Addresses of this site."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from kaishu.base import settings


def site_url(request: HTTPConnection) -> str:
    """Public address without a slash at the end: the setting, else as the request asked for it."""
    return settings.text("site_url").rstrip("/") or str(request.base_url).rstrip("/")
