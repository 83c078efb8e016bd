"""The JSON Schema of a passport, made from the model and shipped beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kaishu.evaluation.system.model import Passport

FILE = Path(__file__).with_name("schema.json")


def make_schema() -> dict[str, Any]:
    """The schema as the model has it now."""
    schema = Passport.model_json_schema(by_alias=True, mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def schema_text() -> str:
    """The shipped file."""
    return FILE.read_text(encoding="utf-8")


def write_schema() -> None:
    """Make the shipped file anew."""
    text = json.dumps(make_schema(), ensure_ascii=False, indent=1, sort_keys=True)
    FILE.write_text(text + "\n", encoding="utf-8")
