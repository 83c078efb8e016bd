"""Addresses of the programs' interface that pages point to."""

from __future__ import annotations

from urllib.parse import quote, urlencode


def dataset_path(name: str) -> str:
    """The page of a dataset."""
    return f"/datasets/{quote(name, safe='')}"


def _api(name: str, rest: str, pairs: list[tuple[str, str | int | None]]) -> str:
    query = urlencode([(key, value) for key, value in pairs if value not in (None, "")])
    path = f"/api/v1/datasets/{quote(name, safe='')}/{rest}"
    return f"{path}?{query}" if query else path


def api_rows(
    name: str, resource: str | None, version: int | None, pairs: list[tuple[str, str]] | None = None
) -> str:
    """Rows as JSON."""
    return _api(name, "rows", [("_resource", resource), ("_version", version), *(pairs or [])])


def api_download(name: str, format: str, resource: str | None, version: int | None) -> str:
    """A whole version as a file."""
    return _api(name, f"download.{format}", [("resource", resource), ("version", version)])


def api_set_aside(name: str, number: int, resource: str | None) -> str:
    """The rows set aside while a version was read."""
    return _api(name, f"versions/{number}/set-aside", [("resource", resource)])
