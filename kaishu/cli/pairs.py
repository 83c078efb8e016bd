"""Options of the form NAME=VALUE, and catalogue records from files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kaishu.cli.errors import BadPair, BadRecordFile

#: Fields of a record that hold several values; on the command line they are joined by commas.
LISTS = frozenset({"themes", "tags", "tags_en", "languages", "related_codes"})


def pairs(option: str, values: Sequence[str]) -> dict[str, str]:
    """``("编码=text",)`` to ``{"编码": "text"}``.  Raises ``BadPair``."""
    found = {}
    for value in values:
        name, mark, meaning = value.rpartition("=") if option == "--type" else value.partition("=")
        if not mark or not name.strip():
            raise BadPair(option=option, value=value)
        found[name.strip()] = meaning.strip()
    return found


def record_fields(file: Path | None, sets: Sequence[str]) -> dict[str, Any]:
    """Fields of a record from a YAML or JSON file, then from ``--set``.  Raises ``BadRecordFile``."""
    fields: dict[str, Any] = _from_file(file) if file else {}
    for name, value in pairs("--set", sets).items():
        if name in LISTS:
            fields[name] = [part.strip() for part in value.replace("，", ",").split(",") if part.strip()]
        elif name == "bbox":
            fields[name] = _numbers(value)
        else:
            fields[name] = value
    return fields


def _numbers(value: str) -> list[float]:
    try:
        return [float(part) for part in value.split(",")]
    except ValueError as error:
        raise BadPair(option="--set", value=f"bbox={value}") from error


def _from_file(file: Path) -> dict[str, Any]:
    import yaml

    try:
        text = file.read_text(encoding="utf-8-sig")
        data = json.loads(text) if file.suffix == ".json" else yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise BadRecordFile(file=str(file), reason=reason) from error
    if not isinstance(data, dict):
        raise BadRecordFile(file=str(file), reason=type(data).__name__)
    return {str(name): value for name, value in data.items()}
