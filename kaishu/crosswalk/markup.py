"""Objects as XML and back: members are elements, lists are repetition, texts are texts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from kaishu.crosswalk.errors import NotThatStandard, Unreadable
from kaishu.crosswalk.keeping import OURS, kept_text, value_of
from kaishu.crosswalk.taking import CONTROLS

NAMESPACE = "https://kaishu.dev/ns#"
NAME = re.compile(r"(?:[A-Za-z]\w*:)?[^\W\d][\w.-]*")
DEEPEST = 40


def to_xml(root: str, child: str, documents: Sequence[Mapping[str, Any]], spaces: Mapping[str, str]) -> bytes:
    """A document with one ``child`` for each object; ``spaces`` are prefix to namespace."""
    declared = {"kaishu": NAMESPACE, **spaces}
    attributes = "".join(
        f" xmlns{':' if prefix else ''}{prefix}={quoteattr(uri)}" for prefix, uri in declared.items()
    )
    pieces = ['<?xml version="1.0" encoding="UTF-8"?>\n', f"<{root}{attributes}>\n"]
    for document in documents:
        _write(pieces, child, document, 1)
    pieces.append(f"</{root}>\n")
    return "".join(pieces).encode()


def named(path: str, spaces: Mapping[str, str]) -> bool:
    """Could every part of the path be an element?"""
    return all(
        NAME.fullmatch(part) and (":" not in part or part.partition(":")[0] in spaces)
        for part in path.split("/")
    )


def from_xml(data: bytes, standard: str, child: str, spaces: Mapping[str, str]) -> list[dict[str, Any]]:
    """The objects of all ``child`` elements.  Raises ``Unreadable`` and ``NotThatStandard``."""
    reader = _Reader(standard, child, {uri: prefix for prefix, uri in spaces.items()} | {NAMESPACE: "kaishu"})
    try:
        reader.parser.Parse(data, True)
    except expat.ExpatError as error:
        facts = {"line": error.lineno, "column": error.offset + 1, "reason": expat.ErrorString(error.code)}
        raise Unreadable(standard=standard, **facts) from error
    if not reader.found:
        raise NotThatStandard(standard=standard, reason=child)
    return reader.found


def _write(pieces: list[str], name: str, value: Any, depth: int) -> None:
    pad = "  " * depth
    if name.startswith(OURS):
        text = kept_text(value)
        pieces.append(f"{pad}<{name}>{_safe(text)}</{name}>\n")
    elif isinstance(value, list):
        for each in value:
            _write(pieces, name, each, depth)
    elif isinstance(value, Mapping):
        marks = "".join(f" {k[1:]}={quoteattr(_safe(v))}" for k, v in value.items() if k[:1] == "@")
        if value.get("#text") is not None:
            pieces.append(f"{pad}<{name}{marks}>{_safe(str(value['#text']))}</{name}>\n")
            return
        pieces.append(f"{pad}<{name}{marks}>\n")
        for key, each in value.items():
            if key[:1] != "@":
                _write(pieces, key, each, depth + 1)
        pieces.append(f"{pad}</{name}>\n")
    elif value is not None:
        pieces.append(f"{pad}<{name}>{_safe(str(value))}</{name}>\n")


def _safe(text: str) -> str:
    """Text that XML can hold; what it cannot is left out (our own keys escape it before)."""
    return escape(CONTROLS.sub("", str(text)), {"\r": "&#13;"})


class _Reader:
    """Builds objects from what the parser meets; no document types, no entities of their own."""

    def __init__(self, standard: str, child: str, spaces: Mapping[str, str]) -> None:
        self.standard, self.child, self.spaces = standard, child, spaces
        self.found: list[dict[str, Any]] = []
        self.stack: list[tuple[str, dict[str, Any], list[str]]] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _doctype(self, *rest: Any) -> None:
        self._refuse("DOCTYPE")

    def _refuse(self, reason: str) -> None:
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        raise Unreadable(standard=self.standard, line=line, column=column, reason=reason)

    def _name(self, full: str) -> str:
        uri, _, local = full.rpartition(" ")
        prefix = self.spaces.get(uri, "")
        return f"{prefix}:{local}" if prefix else local

    def _start(self, full: str, attributes: dict[str, str]) -> None:
        name = self._name(full)
        if not self.stack and name != self.child:
            return
        if len(self.stack) > DEEPEST:
            self._refuse("nested too deeply")
        marks = {f"@{self._name(key)}": value for key, value in attributes.items()}
        self.stack.append((name, marks if len(self.stack) else {}, []))

    def _text(self, text: str) -> None:
        if self.stack:
            self.stack[-1][2].append(text)

    def _end(self, full: str) -> None:
        if not self.stack:
            return
        name, members, texts = self.stack.pop()
        text = "".join(texts)
        value: Any = members
        if not members or all(key[:1] == "@" for key in members):
            bare = text if name.startswith(OURS) else text.strip()
            value = {**members, "#text": bare} if members else bare
        if name.startswith(OURS):
            value = value_of(text)
        if not self.stack:
            self.found.append(members if isinstance(value, str) else value)
            return
        holder = self.stack[-1][1]
        if name not in holder:
            holder[name] = value
        elif isinstance(holder[name], list) and not name.startswith(OURS):
            holder[name].append(value)
        else:
            holder[name] = [holder[name], value]
