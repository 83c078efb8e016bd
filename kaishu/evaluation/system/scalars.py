"""Scalars of a passport: text as written, numbers that are numbers, weights as exact fractions."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
_SHARE = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*%")
_RATIO = re.compile(r"(\d+)\s*/\s*([1-9]\d*)")


class Plain(str):
    """A scalar of YAML without quotation marks, as it was written; its reader knows what it means."""

    __slots__ = ()


def _number(value: Any) -> Any:
    if isinstance(value, Plain) and _NUMBER.fullmatch(value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("number")
    if not math.isfinite(value):
        raise ValueError("number")
    return float(value)


def _whole(value: Any) -> Any:
    if isinstance(value, Plain) and re.fullmatch(r"[-+]?\d+", value):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("whole")
    return value


def _truth(value: Any) -> Any:
    if isinstance(value, Plain) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if not isinstance(value, bool):
        raise ValueError("truth")
    return value


def _text(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("text")
    return str(value)


def exact(value: Any) -> Fraction:
    """A weight as a fraction: ``0.28``, ``1/3``, ``28%`` or a number.  Raises ``ValueError``.

    >>> exact("28%") == exact(0.28) == Fraction(28, 100)
    True
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("weight")
    text = repr(value) if isinstance(value, float) else str(value).strip()
    if share := _SHARE.fullmatch(text):
        return Fraction(share[1]) / 100
    if ratio := _RATIO.fullmatch(text):
        return Fraction(int(ratio[1]), int(ratio[2]))
    if len(text) > 60 or not _NUMBER.fullmatch(text) or abs(float(text)) > 1e12:
        raise ValueError("weight")
    found = Fraction(text)
    if found < 0:
        raise ValueError("weight")
    return found


def _written(value: Fraction) -> str:
    return str(value)


Number = Annotated[float, BeforeValidator(_number), WithJsonSchema({"type": "number"})]
Whole = Annotated[int, BeforeValidator(_whole), WithJsonSchema({"type": "integer"})]
Truth = Annotated[bool, BeforeValidator(_truth), WithJsonSchema({"type": "boolean"})]
Text = Annotated[str, BeforeValidator(_text), WithJsonSchema({"type": ["string", "number"]})]
Code = Annotated[
    str,
    BeforeValidator(_text),
    StringConstraints(min_length=1, max_length=100, pattern=r"^[\w.\-:·]+$"),
    WithJsonSchema({"type": ["string", "number"]}),
]
Weight = Annotated[
    Fraction,
    BeforeValidator(exact),
    PlainSerializer(_written, return_type=str),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0},
                {"type": "string", "pattern": r"^(\d+(\.\d*)?|\.\d+)\s*%?$|^\d+\s*/\s*[1-9]\d*$"},
            ]
        }
    ),
]


class Strict(BaseModel):
    """Frozen, keys written with hyphens, unknown keys refused."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        populate_by_name=True,
        alias_generator=lambda name: name.strip("_").replace("_", "-"),
    )


class Words(Strict):
    """A text in Chinese and English; one stands for the other where it is missing."""

    zh: Text = ""
    en: Text = ""

    def said(self, language: str) -> str:
        """In one language."""
        return (self.en or self.zh) if language == "en" else (self.zh or self.en)


def _words(value: Any) -> Any:
    return {"zh": str(value), "en": ""} if isinstance(value, str | int | float) else value


Title = Annotated[
    Words,
    BeforeValidator(_words),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": ["string", "number"]},
                {
                    "type": "object",
                    "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
                    "additionalProperties": False,
                },
            ]
        }
    ),
]


def tag_of(value: Any) -> str:
    """How a choice was written: ``word`` for a bare word, else the key of the mapping."""
    if isinstance(value, str):
        return "word"
    if isinstance(value, dict):
        return str(next(iter(value), ""))
    fields = getattr(type(value), "model_fields", {})
    for name, field in fields.items():
        return str(field.alias or name)
    return "word" if value is None else type(value).__name__
