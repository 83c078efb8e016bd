"""A passport from a file, a text, a mapping or the name of a built-in system."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from kaishu.base.errors import Said
from kaishu.evaluation.system.built_in import built_in, folder_of
from kaishu.evaluation.system.checking import problems_of
from kaishu.evaluation.system.errors import BadSystem, NoSystem, Problem
from kaishu.evaluation.system.lines import Lines, read_lines, shown
from kaishu.evaluation.system.model import Passport
from kaishu.evaluation.system.wording import place_of, said_of

FILE = "system.yaml"


def read_system(source: str | FilePath | Mapping[str, Any] | Passport, *, file: str = "") -> Passport:
    """A passport from a path, YAML text (more than one line), a mapping, or a built-in name.

    Raises ``BadSystem`` with lines and keys, ``NoSystem``.
    """
    if isinstance(source, Passport):
        return source
    if isinstance(source, Mapping):
        return from_mapping(source, file or FILE)
    if isinstance(source, str) and "\n" in source:
        return from_text(source, file or FILE)
    folder = folder_of(str(source))
    path = folder / FILE if folder else FilePath(source)
    if not path.is_file():
        raise NoSystem(kind="指标体系 indicator system", name=str(source), known=", ".join(built_in()))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        said = Said("文件不是 UTF-8。", "The file is not UTF-8.")
        raise BadSystem(path.name, [Problem(0, "", said)]) from error
    return from_text(text, file or path.name)


def from_text(text: str, file: str = FILE) -> Passport:
    """A passport from YAML.  Raises ``BadSystem``."""
    data, lines = read_lines(text, file)
    return _checked(data, lines, file)


def from_mapping(data: Mapping[str, Any], file: str = FILE) -> Passport:
    """A passport from what JSON or YAML would give.  Raises ``BadSystem``, without lines."""
    return _checked(dict(data), Lines(), file)


def _checked(data: Any, lines: Lines, file: str) -> Passport:
    if not isinstance(data, dict):
        said = Said("应为“键: 值”", 'should be "key: value" lines')
        raise BadSystem(file, [Problem(lines.at(()), "", said)])
    try:
        found = Passport.model_validate(data)
    except ValidationError as error:
        raise BadSystem(file, _problems(error, data, lines)) from error
    except RecursionError as error:
        said = Said("层次太深，或包含它自己。", "It is too deep, or contains itself.")
        raise BadSystem(file, [Problem(0, "", said)]) from error
    problems = [Problem(lines.at(path), shown(path), said) for path, said in problems_of(found)]
    if problems:
        raise BadSystem(file, sorted(problems, key=lambda each: each.line))
    return found


def _problems(error: ValidationError, data: Any, lines: Lines) -> list[Problem]:
    found: dict[tuple[int, str], Problem] = {}
    for each in error.errors(include_url=False):
        path = place_of(each["loc"], data)
        place = (lines.at(path), shown(path))
        found.setdefault(place, Problem(*place, said_of(each, path)))
    # A list with a wrong entry is called too short as well.
    inner = [key for _, key in found]
    kept = [each for each in found.values() if not any(key.startswith(f"{each.key}[") for key in inner)]
    return sorted(kept, key=lambda each: each.line)
