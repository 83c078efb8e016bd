"""Documents in JSON, taken apart within bounds."""

from __future__ import annotations

from typing import Any

from kaishu.crosswalk.errors import Unreadable

MOST_BYTES = 512 * 2**20


def load_json(data: bytes, standard: str) -> Any:
    """What the bytes say.  Raises ``Unreadable`` naming line and column."""
    import orjson

    if len(data) > MOST_BYTES:
        raise Unreadable(standard=standard, line=1, column=1, reason=f"> {MOST_BYTES} bytes")
    try:
        return orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        facts = {"line": error.lineno, "column": error.colno, "reason": error.msg}
        raise Unreadable(standard=standard, **facts) from error
    except RecursionError as error:
        raise Unreadable(standard=standard, line=1, column=1, reason="nested too deeply") from error


def dump_json(document: Any) -> bytes:
    """The bytes of a document, for people too."""
    import orjson

    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS)
