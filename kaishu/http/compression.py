"""gzip for pages and documents; rows and downloads go as they are.

A page of rows is small and asked for often, so compressing it would cost more than it saves; downloads
keep their length, so that a browser can show progress and resume by range.
"""

from __future__ import annotations

from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

AS_THEY_ARE = ("/rows", "/download", "/set-aside", "/datastore_search")
PACKED = (
    *DEFAULT_EXCLUDED_CONTENT_TYPES,
    "application/octet-stream",
    "application/vnd.apache.parquet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)


class Compression:
    """Pure ASGI; asks nothing of requests that do not accept gzip."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.packing = GZipMiddleware(app, minimum_size=1024, compresslevel=5, exclude_content_types=PACKED)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _plain(scope):
            await self.packing(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _plain(scope: Scope) -> bool:
    path: str = scope["path"]
    return path.startswith("/api/") and any(part in path for part in AS_THEY_ARE)
