"""A draft of cleansing steps: from the rules that failed, or from a form; added to what is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from kaishu.access import Call
from kaishu.base.errors import Invalid, Said
from kaishu.quality.cleansing.planned import readable_version
from kaishu.quality.cleansing.plans import FILE, keep_cleansing_plan
from kaishu.quality.cleansing.strategy import Proposal, propose
from kaishu.quality.cleansing.treatments import TREATMENTS
from kaishu.quality.editions import CLEANSING_PLANS
from kaishu.quality.errors import BadRules, BadSteps
from kaishu.quality.models import CleansingPlan, Rulebook, Run
from kaishu.quality.queries import findings_of_run, last_check
from kaishu.quality.results import RuleResult, TableResult
from kaishu.quality.ruleforms import EntryKind, add_entries, entry_lines, form_lines
from kaishu.quality.rules import RuleSet, parse_rules

_MANY = ("columns", "key", "reference-key", "into", "of", "units")
#: Parameters that are a mapping of their own.
_PAIRS, _NESTED = "values", "failing"
_Change = Callable[[list[list[str]]], list[list[str]]]


@dataclass(frozen=True, slots=True)
class Drafted:
    """What the newest check asks for: ``columns`` are those that a failed rule looks at, by rule."""

    run: Run
    proposals: Sequence[Proposal]
    titles: Mapping[str, str]
    columns: Mapping[str, Sequence[str]]


def draft_cleansing(
    session: Session, table_id: str, importance: Mapping[str, str] | None = None
) -> Drafted | None:
    """Steps for each rule that failed in the newest check; None if there is no sound one.

    ``importance`` of columns; what the plan says if None.
    """
    run = last_check(session, table_id)
    if run is None or not run.sound:
        return None
    if importance is None:
        plan = CLEANSING_PLANS.newest(session, table_id)
        importance = plan.importance if plan else {}
    rules = parse_rules(session.get_one(Rulebook, run.rulebook_id).text)
    version = readable_version(session, table_id)
    columns = [str(each["name"]) for each in version.columns] if version else []
    result = _result(session, run, rules)
    proposals = propose(rules, result, importance=importance, columns=columns)
    return Drafted(
        run,
        proposals,
        {each.rule.id: each.rule.title for each in result.rules},
        {each.rule.id: list(each.rule.check.reads) for each in result.rules},
    )


def add_drafted(
    call: Call, table_id: str, rules: Collection[str], importance: Mapping[str, str]
) -> tuple[CleansingPlan, list[str]]:
    """Add the steps for these failed rules to the draft of the plan, but for those that it has already.

    Returns the plan and the ids of the steps.  Raises ``Invalid`` if there is nothing to add, and what
    ``keep_cleansing_plan`` raises.
    """
    drafted = draft_cleansing(call.session, table_id, importance)
    plan = CLEANSING_PLANS.newest(call.session, table_id)
    text = plan.text if plan else ""
    wanted = [each for each in drafted.proposals if each.rule in rules] if drafted else []
    steps = [step for each in wanted for step in each.steps if not _has(text, str(step["id"]))]
    if not steps or drafted is None:
        raise Invalid({"rules": [Said("没有可以加入的步骤。", "There is no step to add.")]})
    whole = _added(text, [line for step in steps for line in entry_lines(step)])
    if not text.strip():
        whole = _key(call.session.get_one(Rulebook, drafted.run.rulebook_id)) + whole
    kept = keep_cleansing_plan(call, table_id, whole, importance=importance)
    return kept, [str(step["id"]) for step in steps]


def kinds_of_steps() -> list[EntryKind]:
    """Every kind of step."""
    return [EntryKind(kind, each.zh, each.en, each.parameters) for kind, each in TREATMENTS.items()]


def add_step(text: str, step: Mapping[str, str]) -> str:
    """The text with one more step, of a form's fields, at the end.  Raises ``BadSteps``.

    ``values`` is written as lines or a list of old=new; ``failing`` as a check in braces.
    """
    plain = {name: value for name, value in step.items() if name not in (_PAIRS, _NESTED)}
    lines = form_lines(plain, _MANY)
    if step.get(_PAIRS, "").strip():
        pairs = [part.partition("=") for part in re.split(r"[\n,，;；]", step[_PAIRS]) if part.strip()]
        wrong = [left for left, between, _ in pairs if not between]
        if wrong:
            said = Said(f"“{wrong[0].strip()}”应写成 旧值=新值。", "Write old=new, one after another.")
            raise Invalid({_PAIRS: [said]})
        lines += entry_lines({_PAIRS: {left.strip(): right.strip() for left, _, right in pairs}})
        lines[-1] = "  " + lines[-1].removeprefix("- ")
    if step.get(_NESTED, "").strip():
        nested = " ".join(step[_NESTED].split())
        lines.append(f"  {_NESTED}: {nested if nested.startswith('{') else '{' + nested + '}'}")
    return _added(text, lines)


def remove_step(text: str, place: int) -> str:
    """The text without the step at this place (from 0); what is written elsewhere stays.

    Raises ``BadSteps`` where the text is not a list of steps; the last step cannot go.
    """
    return _rearranged(text, lambda blocks: [*blocks[:place], *blocks[place + 1 :]])


def move_step(text: str, place: int, by: int) -> str:
    """The text with the step at this place moved up (-1) or down (1)."""

    def moved(blocks: list[list[str]]) -> list[list[str]]:
        other = place + by
        if not 0 <= other < len(blocks) or not 0 <= place < len(blocks):
            return blocks
        found = list(blocks)
        found[place], found[other] = found[other], found[place]
        return found

    return _rearranged(text, moved)


def _rearranged(text: str, change: _Change) -> str:
    """Blocks of lines, one for each step, in another order; remarks before a step go with it."""
    import yaml

    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        root = None
    found = None
    if isinstance(root, yaml.MappingNode):
        found = next((value for name, value in root.value if name.value == "steps"), None)
    if not isinstance(found, yaml.SequenceNode) or found.flow_style or not found.value:
        said = Said("没有步骤的列表（steps:）。", "There is no list of steps (steps:).")
        raise Invalid({"text": [said]})
    lines = text.splitlines()
    starts = [node.start_mark.line for node in found.value]
    starts = [_with_remarks(lines, start, found.start_mark.line) for start in starts]
    end = found.value[-1].end_mark
    last = end.line if end.column == 0 or end.line >= len(lines) else end.line + 1
    blocks = [lines[a:b] for a, b in zip(starts, [*starts[1:], last], strict=True)]
    changed = change(blocks)
    if not changed:
        raise Invalid({"text": [Said("至少要留一个步骤。", "At least one step has to stay.")]})
    return (
        "\n".join([*lines[: starts[0]], *(line for block in changed for line in block), *lines[last:]]) + "\n"
    )


def _with_remarks(lines: Sequence[str], start: int, first: int) -> int:
    while start > first and not lines[start].lstrip().startswith("-"):
        start -= 1
    while start > first and lines[start - 1].strip().startswith("#"):
        start -= 1
    return start


def _added(text: str, lines: Sequence[str]) -> str:
    try:
        return add_entries(text, lines, "steps")
    except BadRules as error:
        raise BadSteps(FILE, error.problems) from error


def _key(book: Rulebook) -> str:
    """The key of the rules as that of the steps."""
    import yaml

    key = list(parse_rules(book.text).key)
    return yaml.safe_dump({"key": key}, allow_unicode=True) if key else ""


def _has(text: str, id: str) -> bool:
    pattern = re.compile(rf"""^\s*(-\s+)?id:\s*['"]?{re.escape(id)}['"]?\s*$""", re.MULTILINE)
    return bool(pattern.search(text))


def _result(session: Session, run: Run, rules: RuleSet) -> TableResult:
    known = {each.id: each for each in rules.rules}
    results = [
        RuleResult(known[each.rule_id], each.checked, each.failed, each.level)
        for each in findings_of_run(session, run.id)
        if each.rule_id in known
    ]
    return TableResult(run.rows, results, run.scores)
