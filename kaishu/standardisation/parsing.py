"""A mapping file to a mapping, with every problem at its line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from collections.abc import Mapping as Lookup
from functools import partial
from typing import Any, TypeVar

from kaishu.base.errors import Said
from kaishu.quality import Given, Marked, Wrong, mark, read_marked
from kaishu.quality.errors import BadRules, Problem
from kaishu.standardisation.entity import KINDS, TEMPLATES, Entity, Field, Probable, template_path
from kaishu.standardisation.errors import BadMapping
from kaishu.standardisation.mapping import STEPS, Column, Mapping, Source, Step, Survivorship

_TOP = ("entity", "sources", "survivorship", "keys", "probable")
_ENTITY = ("name", "title", "title_en", "fields", "keys", "probable")
_FIELD = ("title", "title_en", "kind", "standard")
_FILE, _TABLE = ("file",), ("table", "version")
_SOURCE = ("name", "title", "office", "unique", "id", "updated", "fields")
_COLUMN = ("column", "convert", "values")
_RULE = ("rules", "from", "strict")
_PROBABLE = ("compare", "blocks", "sure", "review", "expected")
_STEP = ("authority", "condition")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_BLOCK = re.compile(r"([a-z][a-z0-9_]*)(?::([1-9][0-9]?))?")

Read = TypeVar("Read")


def parse_mapping(written: str | Lookup[str, Any], file: str = "mapping", *, tables: bool = False) -> Mapping:
    """Parse YAML text, or the same as a mapping.  Raises ``BadMapping`` with all problems found.

    Sources are files, or with ``tables`` tables of the lake.
    """
    try:
        root = read_marked(written, file) if isinstance(written, str) else mark(written)
    except BadRules as error:
        raise BadMapping(file, error.problems) from error
    return _Parser(file, tables).parse(root)


def shipped(name: str) -> Entity:
    """One of ``TEMPLATES``."""
    parser = _Parser(f"{name}.yaml")
    root = read_marked(template_path(name).read_text(encoding="utf-8"), parser.file)
    found = parser.entity(Marked({**root.value, "name": Marked(name, 1, name)}, 1))
    parser.refuse()
    return found


class _Parser:
    def __init__(self, file: str, tables: bool = False) -> None:
        self.file = file
        self.where = _TABLE if tables else _FILE
        self.problems: list[Problem] = []

    def refuse(self) -> None:
        """Raise what was noted so far."""
        if self.problems:
            raise BadMapping(self.file, sorted(self.problems, key=lambda each: each.line))

    def parse(self, root: Marked) -> Mapping:
        top = self.given(root, "", _TOP)
        bare = self.guarded("entity", lambda: self.entity(_needed(top, "entity")))
        self.refuse()
        assert bare is not None
        entity = self.guarded("", partial(self.changed, bare, top)) or bare
        sources = self.guarded("", lambda: self.sources(top, entity)) or ()
        rules = self.guarded("", lambda: self.rules(top, entity, sources)) or {}
        self.refuse()
        return Mapping(entity=entity, sources=sources, rules=rules, file=self.file)

    def guarded(self, path: str, read: Callable[[], Read]) -> Read | None:
        """What ``read`` gives, or None with its problem noted."""
        try:
            return read()
        except Wrong as wrong:
            key = ".".join(part for part in (path, wrong.key) if part)
            self.problems.append(Problem(wrong.line, key, wrong.said))
            return None

    def given(self, entry: Marked, path: str, known: Iterable[str] | None = None) -> Given:
        """The entries of a place that must have some; unknown keys are noted."""
        if not isinstance(entry.value, dict):
            raise Wrong(entry.line, path, "应为“键: 值”", 'should be "key: value" lines')
        for name, each in entry.value.items() if known else ():
            if name not in (known or ()):
                wrong = _unknown(each.line, name, tuple(known or ()), "键", "key")
                key = ".".join(part for part in (path, name) if part)
                self.problems.append(Problem(wrong.line, key, wrong.said))
        return Given(entry.value, entry.line)

    def entity(self, entry: Marked) -> Entity:
        if not isinstance(entry.value, dict):
            if entry.text not in TEMPLATES:
                raise _unknown(entry.line, entry.text, TEMPLATES, "标准实体", "standard entity", "")
            return shipped(entry.text)
        given = self.given(entry, "entity", _ENTITY)
        given.need("fields")
        listed = self.given(given.entries["fields"], "fields").entries
        found = {
            name: self.guarded("fields", partial(self.field, name, each)) for name, each in listed.items()
        }
        fields = {name: each for name, each in found.items() if each is not None}
        bare = Entity(
            name=given.text("name") or "entity",
            title=given.text("title") or given.text("name"),
            title_en=given.text("title_en") or given.text("name"),
            fields=fields,
            keys=(),
        )
        return self.changed(bare, given)

    def field(self, name: str, entry: Marked) -> Field:
        if not _NAME.fullmatch(name):
            raise Wrong(
                entry.line, name, "名称用小写字母、数字和 _", "names have small letters, digits and _"
            )
        if entry.value is None:
            return Field(name)
        given = self.given(entry, f"fields.{name}", _FIELD)
        kind = given.choice("kind", KINDS, "text")
        return Field(name, given.text("title"), given.text("title_en"), kind, given.text("standard"))

    def changed(self, entity: Entity, given: Given) -> Entity:
        """The entity with keys and probable matching as they are written beside it."""
        keys, probable = entity.keys, entity.probable
        if given.has("keys"):
            keys = tuple(self.key(each, entity) for each in _listed(given, "keys"))
        if given.has("probable"):
            probable = self.probable(given.entries["probable"], entity)
        return Entity(
            name=entity.name, title=entity.title, title_en=entity.title_en, fields=entity.fields,
            keys=keys, probable=probable,
        )  # fmt: skip

    def key(self, entry: Marked, entity: Entity) -> tuple[str, ...]:
        names = Given({"keys": entry}, entry.line).texts("keys")
        for name in names:
            _known(entry.line, "keys", name, entity.fields)
        return names

    def probable(self, entry: Marked, entity: Entity) -> Probable | None:
        if entry.value is False:
            return None
        given = self.given(entry, "probable", _PROBABLE)
        old = entity.probable or Probable(compare=(), blocks=())
        compare = given.texts("compare") or old.compare
        for name in compare:
            _known(given.entries.get("compare", entry).line, "probable.compare", name, entity.fields)
        blocks = old.blocks
        if given.has("blocks"):
            blocks = tuple(_block(each, entity) for each in _listed(given, "blocks"))
        if not compare or not blocks:
            raise given.wrong("compare", "缺少 compare 或 blocks", "compare or blocks is missing")
        sure, review, expected = (
            _share(given, name, default)
            for name, default in (("sure", old.sure), ("review", old.review), ("expected", old.expected))
        )
        if review > sure:
            raise given.wrong("review", "review 不能大于 sure", "review cannot be greater than sure")
        return Probable(compare=compare, blocks=blocks, sure=sure, review=review, expected=expected)

    def sources(self, top: Given, entity: Entity) -> tuple[Source, ...]:
        listed = _listed(top, "sources")
        found: list[Source] = []
        for place, each in enumerate(listed):
            path = f"sources[{place + 1}]"
            one = self.guarded(path, partial(self.source, each, path, entity))
            if one is not None and one.name in {other.name for other in found}:
                said = Said(f"来源“{one.name}”重复", f'the source "{one.name}" is there twice')
                self.problems.append(Problem(one.line, f"{path}.name", said))
            elif one is not None:
                found.append(one)
        return tuple(found)

    def source(self, entry: Marked, path: str, entity: Entity) -> Source:
        given = self.given(entry, path, (*_SOURCE, *self.where))
        for name in ("name", self.where[0], "fields"):
            given.need(name)
        columns = {}
        for name, each in self.given(given.entries["fields"], f"{path}.fields").entries.items():
            _known(each.line, f"fields.{name}", name, entity.fields)
            columns[name] = self.column(each, f"{path}.fields.{name}", entity.fields[name])
        if not columns:
            raise given.wrong("fields", "至少对应一列", "at least one column must be mapped")
        return Source(
            name=given.text("name"),
            file=given.text("file"),
            table=given.text("table"),
            version=_number(given, "version"),
            columns=columns,
            title=given.text("title"),
            office=given.text("office"),
            unique=given.flag("unique"),
            id=given.text("id"),
            updated=given.text("updated"),
            line=given.line,
            lines={name: each.line for name, each in given.entries.items()},
        )

    def column(self, entry: Marked, path: str, field: Field) -> Column:
        if not isinstance(entry.value, dict):
            if not entry.text:
                raise Wrong(entry.line, field.name, "缺少列名", "the column's name is missing")
            return Column(entry.text, field.kind, {}, entry.line)
        given = self.given(entry, path, _COLUMN)
        given.need("column")
        values = {}
        if given.has("values"):
            inner = self.given(given.entries["values"], f"{path}.values")
            values = {name: inner.text(name) for name in inner.entries}
        return Column(given.text("column"), given.choice("convert", KINDS, field.kind), values, entry.line)

    def rules(self, top: Given, entity: Entity, sources: tuple[Source, ...]) -> dict[str, Survivorship]:
        names = tuple(source.name for source in sources)
        written: dict[str, Survivorship] = {}
        if top.has("survivorship"):
            for name, each in self.given(top.entries["survivorship"], "survivorship").entries.items():
                path = f"survivorship.{name}"
                rule = self.guarded(path, partial(self.rule, name, each, entity, names))
                if rule is not None:
                    written[name] = rule
        # One item, one source: the first that gives it, others only stand in.
        default = written.pop("default", Survivorship((Step("authority", names),)))
        return {name: written.get(name, default) for name in entity.fields}

    def rule(self, name: str, entry: Marked, entity: Entity, sources: tuple[str, ...]) -> Survivorship:
        if name != "default":
            _known(entry.line, "", name, entity.fields)
        if not isinstance(entry.value, dict) or set(entry.value) & set(_STEP):
            return Survivorship(self.steps(entry, entity, sources))
        given = self.given(entry, f"survivorship.{name}", _RULE)
        first: tuple[Step, ...] = ()
        if given.has("from"):
            source = given.text("from")
            _known(given.entries["from"].line, "from", source, sources, "来源", "source")
            first = (Step("authority", (source,)),)
        rest = self.steps(given.entries["rules"], entity, sources) if given.has("rules") else ()
        strict = given.flag("strict")
        if strict and (not (first + rest) or (first + rest)[0].rule != "authority"):
            raise given.wrong(
                "strict", "strict 要有 from 或以 authority 开头", "strict needs from, or authority first"
            )
        if not first + rest:
            raise given.wrong("rules", "缺少 from 或 rules", "from or rules is missing")
        return Survivorship(first + rest, strict)

    def steps(self, entry: Marked, entity: Entity, sources: tuple[str, ...]) -> tuple[Step, ...]:
        listed = entry.value if isinstance(entry.value, list) else [entry]
        if not listed:
            raise Wrong(entry.line, "", "缺少规则", "a rule is missing")
        return tuple(self.step(each, entity, sources) for each in listed)

    def step(self, entry: Marked, entity: Entity, sources: tuple[str, ...]) -> Step:
        if not isinstance(entry.value, dict):
            if entry.text not in STEPS or entry.text == "condition":
                raise _unknown(entry.line, entry.text, STEPS[:4], "规则", "rule", "")
            return Step(entry.text, sources if entry.text == "authority" else ())
        given = self.given(entry, "", _STEP)
        if len(given.entries) != 1:
            raise Wrong(entry.line, "", "一步只写一个规则", "one rule to a step")
        if given.has("authority"):
            order = given.texts("authority")
            for name in order:
                _known(given.entries["authority"].line, "authority", name, sources, "来源", "source")
            return Step("authority", order)
        given.need("condition")
        inner = self.given(given.entries["condition"], "condition", ("field", "in"))
        inner.need("field")
        inner.need("in")
        _known(inner.line, "condition.field", inner.text("field"), entity.fields)
        return Step("condition", (), inner.text("field"), inner.texts("in"))


def _needed(given: Given, name: str) -> Marked:
    given.need(name)
    return given.entries[name]


def _listed(given: Given, name: str) -> list[Marked]:
    entry = _needed(given, name)
    if not isinstance(entry.value, list) or not entry.value:
        raise given.wrong(name, "应为列表", "should be a list")
    return entry.value


def _number(given: Given, name: str) -> int | None:
    found = given.number(name, None)
    if found is None:
        return None
    if found != int(found) or found < 1:
        raise given.wrong(name, "应为1以上的整数", "should be a whole number from 1")
    return int(found)


def _share(given: Given, name: str, default: float) -> float:
    found = given.number(name, default)
    if found is None or not 0 < found < 1:
        raise given.wrong(name, "应在0与1之间", "should be between 0 and 1")
    return found


def _block(entry: Marked, entity: Entity) -> tuple[tuple[str, int], ...]:
    found = []
    for text in Given({"blocks": entry}, entry.line).texts("blocks"):
        match = _BLOCK.fullmatch(text)
        if match is None:
            raise Wrong(
                entry.line,
                "blocks",
                f"“{text}”应为 字段 或 字段:字数",
                f'"{text}" should be FIELD or FIELD:LETTERS',
            )
        _known(entry.line, "blocks", match[1], entity.fields)
        found.append((match[1], int(match[2] or 0)))
    return tuple(found)


def _known(line: int, key: str, name: str, known: Iterable[str], zh: str = "字段", en: str = "field") -> None:
    names = tuple(known)
    if name not in names:
        raise _unknown(line, name, names, zh, en, key)


def _unknown(line: int, name: str, known: tuple[str, ...], zh: str, en: str, key: str = "") -> Wrong:
    near = difflib.get_close_matches(name, known, 1)
    ends = (
        (f"；是不是“{near[0]}”？", f'; did you mean "{near[0]}"?')
        if near
        else (f"；有：{'、'.join(known)}", f"; there are {', '.join(known)}")
    )
    return Wrong(line, key, f"没有{zh}“{name}”{ends[0]}", f'there is no {en} "{name}"{ends[1]}')
