"""What a broken constraint means: which field, what is wrong, how to mend it, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from kaishu.base.errors import Said
from kaishu.inspection.shapes.rules import Rule, Thing, profile

#: Constraint component to sentence and advice; {name} is the property, {thing} what has it.
WORDS: dict[str, tuple[Said, Said]] = {
    "MinCount": (
        Said("{thing}缺少“{name}”（{path}）。", "The {thing} has no {name} ({path})."),
        Said("请填写，至少{min}个。", "Give at least {min}."),
    ),
    "MaxCount": (
        Said("{thing}的“{name}”（{path}）太多。", "The {thing} has too many values of {name} ({path})."),
        Said("只保留{max}个。", "Keep {max}."),
    ),
    "NodeKind.text": (
        Said(
            "{thing}的“{name}”（{path}）应是文字，却写成了地址或空节点。",
            "{name} ({path}) of the {thing} should be text, not an address or blank node.",
        ),
        Said("把文字直接写上。", "Write the text itself."),
    ),
    "NodeKind.iri": (
        Said(
            "{thing}的“{name}”（{path}）应是网址，却写成了文字。",
            "{name} ({path}) of the {thing} should be an address, not text.",
        ),
        Said("写成以 https:// 开头的完整地址。", "Write a whole address that begins with https://."),
    ),
    "Pattern": (
        Said("{thing}的“{name}”（{path}）是空的。", "{name} ({path}) of the {thing} is empty."),
        Said("请填写内容。", "Fill it in."),
    ),
    "Datatype": (
        Said(
            "{thing}的“{name}”（{path}）类型不对，应为{type}。",
            "{name} ({path}) of the {thing} has the wrong type; {type} is needed.",
        ),
        Said("按{type}的写法改正。", "Write it as {type}."),
    ),
    "Or.time": (
        Said(
            "{thing}的“{name}”（{path}）不是日期或时间。",
            "{name} ({path}) of the {thing} is not a date or time.",
        ),
        Said(
            "写成 2026-11-21 这样的日期，类型为 xsd:date。",
            "Write a date such as 2026-11-21, typed xsd:date.",
        ),
    ),
    "Or.class": (
        Said(
            "{thing}的“{name}”（{path}）应是{kind}，所指的不是。",
            "{name} ({path}) of the {thing} should be a {kind}; what it points to is not.",
        ),
        Said(
            "写代码表里的地址，或给所指对象注明类型{kind}。",
            "Use an address of the vocabulary, or say that what it points to is a {kind}.",
        ),
    ),
    "": (
        Said("{thing}的“{name}”（{path}）不合规定。", "{name} ({path}) of the {thing} breaks a rule."),
        Said("请对照 DCAT-AP 3.0 的说明改正。", "See what DCAT-AP 3.0 says of it."),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One broken constraint; ``node`` and ``value`` as they stand in the graph, cut to 300 letters."""

    node: str
    shape: str
    component: str
    value: str = ""

    @property
    def field(self) -> str:
        """The field of the record's form where it is mended; empty if it is not there."""
        return _rules()[self.shape][1].field if self.shape in _rules() else ""

    @property
    def path(self) -> str:
        """The property."""
        return _rules()[self.shape][1].path if self.shape in _rules() else ""

    @property
    def said(self) -> Said:
        """What is wrong."""
        return self._filled(0)

    @property
    def mend(self) -> Said:
        """What to do."""
        return self._filled(1)

    def _filled(self, which: int) -> Said:
        thing, rule = _rules().get(self.shape, (None, None))
        if thing is None or rule is None:
            return Said(self.shape, self.shape)
        words = WORDS.get(_word(rule, self.component), WORDS[""])[which]
        facts = {"path": rule.path, "min": rule.min, "max": rule.max, "type": rule.type, "kind": rule.kind}
        return Said(
            str(words).format(thing=thing.zh, name=rule.zh, **facts),
            _capital(words.en.format(thing=thing.en, name=rule.en, **facts)),
        )


def _word(rule: Rule, component: str) -> str:
    if component == "NodeKind":
        return "NodeKind.text" if rule.text else "NodeKind.iri"
    if component == "Or":
        return "Or.time" if rule.time else "Or.class"
    return component


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@cache
def _rules() -> dict[str, tuple[Thing, Rule]]:
    said = profile()
    return {said.shape(thing, rule): (thing, rule) for thing in said.things for rule in thing.rules}
