"""A file of steps to a list of steps, with every problem at its line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from kaishu.base.errors import Said
from kaishu.quality.checks import Given, Wrong
from kaishu.quality.cleansing.steps import Step, StepList
from kaishu.quality.cleansing.treatments import STRATEGIES, TREATMENTS
from kaishu.quality.errors import BadRules, BadSteps, Problem
from kaishu.quality.marked import Marked, mark, read_marked

_TOP = ("table", "key", "steps")
_STEP = ("id", "step", "when", "strategy", "title", "note")
_ID = re.compile(r"[\w.\-:]{1,100}")


def parse_steps(written: str | Mapping[str, Any], file: str = "steps") -> StepList:
    """Parse YAML text, or the same as a mapping.  Raises ``BadSteps`` with all problems found."""
    try:
        root = read_marked(written, file) if isinstance(written, str) else mark(written)
    except BadRules as error:
        raise BadSteps(file, error.problems) from error
    return _Parser(file).parse(root)


class _Parser:
    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.ids: dict[str, int] = {}

    def parse(self, root: Marked) -> StepList:
        if not isinstance(root.value, dict):
            self.problem(root.line, "", "应为“键: 值”", 'should be "key: value" lines')
            raise BadSteps(self.file, self.problems)
        top = Given(root.value, root.line)
        self.unknown(top.entries, _TOP, "")
        key: tuple[str, ...] = self.guarded("", lambda: top.texts("key")) or ()
        table: str = self.guarded("", lambda: top.text("table")) or ""
        listed = top.entries.get("steps", Marked(None, root.line))
        if not isinstance(listed.value, list) or not listed.value:
            self.problem(listed.line, "steps", "缺少步骤的列表", "a list of steps is missing")
            raise BadSteps(self.file, self.problems)
        steps = [self.step(place, each) for place, each in enumerate(listed.value)]
        if self.problems:
            raise BadSteps(self.file, sorted(self.problems, key=lambda each: each.line))
        return StepList(
            steps=tuple(each for each in steps if each is not None),
            key=key,
            table=table,
            file=self.file,
            lines={name: entry.line for name, entry in top.entries.items()},
        )

    def problem(self, line: int, key: str, zh: str, en: str) -> None:
        self.problems.append(Problem(line, key, Said(zh, en)))

    def guarded(self, path: str, read: Any) -> Any:
        """What ``read`` gives, or None with its problem noted."""
        try:
            return read()
        except Wrong as wrong:
            key = ".".join(part for part in (path, wrong.key) if part)
            self.problems.append(Problem(wrong.line, key, wrong.said))
            return None

    def unknown(self, entries: Mapping[str, Marked], known: Iterable[str], path: str) -> None:
        names = list(known)
        for name, entry in entries.items():
            if name not in names:
                zh, en = _near(name, names)
                key = ".".join(part for part in (path, name) if part)
                self.problem(entry.line, key, f"没有这个键；{zh}", f"unknown key; {en}")

    def step(self, place: int, entry: Marked) -> Step | None:
        path = f"steps[{place + 1}]"
        if not isinstance(entry.value, dict):
            self.problem(entry.line, path, "应为一个步骤", "should be a step")
            return None
        given = Given(entry.value, entry.line)
        return self.guarded(path, lambda: self.read(given, path, place))  # type: ignore[no-any-return]

    def read(self, given: Given, path: str, place: int) -> Step:
        given.need("step")
        kind = given.text("step")
        if kind not in TREATMENTS:
            zh, en = _near(kind, list(TREATMENTS))
            raise given.wrong("step", f"没有步骤“{kind}”；{zh}", f'there is no step "{kind}"; {en}')
        found = TREATMENTS[kind]
        self.unknown(given.entries, (*_STEP, *found.parameters), path)
        id = given.text("id") or f"{place + 1}-{kind}"
        if not _ID.fullmatch(id):
            raise given.wrong("id", "只能用文字、数字和 . - : _", "letters, digits and . - : _ only")
        if id in self.ids:
            line = self.ids[id]
            raise given.wrong("id", f"编号与第{line}行的步骤相同", f"the step on line {line} has the same id")
        self.ids[id] = given.line
        return Step(
            id=id,
            treatment=found.read(given),
            strategy=given.choice("strategy", tuple(STRATEGIES), found.strategy),
            when=given.expression("when") if given.has("when") else None,
            title=given.text("title"),
            note=given.text("note"),
            line=given.line,
            lines={name: each.line for name, each in given.entries.items()},
        )


def _near(name: str, known: list[str]) -> tuple[str, str]:
    near = difflib.get_close_matches(name, known, 1)
    if near:
        return f"是不是“{near[0]}”？", f'did you mean "{near[0]}"?'
    return f"有：{'、'.join(known)}", f"there are {', '.join(known)}"
