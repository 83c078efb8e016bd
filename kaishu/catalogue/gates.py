"""The six gates into the data-resource centre: a function from facts to verdicts, apart from the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from kaishu.base.errors import Said

OWNER, STANDARD, SOURCE, SHARING, QUALITY, METADATA = GATES = (
    "owner",
    "standard",
    "source",
    "sharing",
    "quality",
    "metadata",
)
GATE_WORDS: Mapping[str, Said] = {
    OWNER: Said("归属部门", "owner"),
    STANDARD: Said("数据标准", "data standard"),
    SOURCE: Said("认证来源", "certified source"),
    SHARING: Said("共享属性", "sharing attribute"),
    QUALITY: Said("质量评估", "quality assessed"),
    METADATA: Said("元数据登记", "metadata registered"),
}
BUREAU = Said("数据主管部门", "the data bureau")
STEWARD = Said("数据管理员", "data steward")
REVIEWER = Said("审核员", "reviewer")
ADMINISTRATOR = Said("系统管理员", "administrator")


@dataclass(frozen=True, slots=True, kw_only=True)
class GateFacts:
    """What is known of one table of a dataset.

    ``meant`` are columns with an accepted element, ``meaningless`` those declared as having none.
    ``source`` is the registered source that brought the version, with its state; by hand it is empty, and
    ``by_owner`` tells whether somebody of the owning office brought it, ``hand_certified`` what the bureau
    said.  ``missing`` is what ``policy.lacks`` says of the record.
    """

    dataset: str
    office: Said
    answerable: bool
    contact: str
    columns: Sequence[str] = ()
    has_version: bool = True
    meant: frozenset[str] = frozenset()
    meaningless: frozenset[str] = frozenset()
    source: str = ""
    source_state: str = ""
    by_owner: bool = False
    hand_certified: bool = False
    share_class: str = ""
    share_condition: str = ""
    has_rules: bool = False
    checked: bool = False
    profiled: bool = False
    assessed: bool = False
    missing: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One gate: passed if nothing is ``missing``; who must do it, and at which page.

    ``columns`` are those that it is about.
    """

    gate: str
    missing: Sequence[Said] = ()
    office: Said = BUREAU
    role: Said = STEWARD
    href: str = ""
    columns: Sequence[str] = ()

    @property
    def passed(self) -> bool:
        """Does it let the table in?"""
        return not self.missing

    @property
    def title(self) -> Said:
        """Its name."""
        return GATE_WORDS[self.gate]


def verdicts(facts: GateFacts) -> list[Verdict]:
    """The six verdicts, in the order of ``GATES``."""
    judges: Mapping[str, Callable[[GateFacts], Verdict]] = {
        OWNER: _owner,
        STANDARD: _standard,
        SOURCE: _source,
        SHARING: _sharing,
        QUALITY: _quality,
        METADATA: _metadata,
    }
    return [judges[gate](facts) for gate in GATES]


def _owner(facts: GateFacts) -> Verdict:
    if not facts.answerable:
        said = Said(
            f"“{facts.office}”没有可用的账号，无人负责。", f'Nobody can act for "{facts.office.en}" here.'
        )
        return Verdict(OWNER, [said], BUREAU, ADMINISTRATOR, "/admin/people")
    missing = [] if facts.contact else [Said("没有联系人。", "There is no contact.")]
    return Verdict(OWNER, missing, facts.office, STEWARD, _desk(facts, "record"))


def _standard(facts: GateFacts) -> Verdict:
    missing = []
    if not facts.has_version:
        missing = [_NO_DATA]
    lacking = [name for name in facts.columns if name not in facts.meant | facts.meaningless]
    if lacking:
        missing = [
            Said(
                f"{len(lacking)}列没有数据元，也没有说明为何没有。",
                f"{len(lacking)} columns have no data element, and no reason why not.",
            )
        ]
    return Verdict(STANDARD, missing, facts.office, STEWARD, _desk(facts, "elements"), lacking)


def _source(facts: GateFacts) -> Verdict:
    if not facts.has_version:
        return Verdict(SOURCE, [_NO_DATA], facts.office, STEWARD, _desk(facts))
    if facts.source:
        if facts.source_state == "certified":
            return Verdict(SOURCE)
        said = Said(f"来源“{facts.source}”没有认证。", f'The source "{facts.source}" is not certified.')
        return Verdict(SOURCE, [said], BUREAU, REVIEWER, f"/desk/sources/{quote(facts.source, safe='')}")
    if not facts.by_owner:
        said = Said(
            "这一版不是来自已登记的来源，也不是归属部门的人交来的。",
            "This version came neither from a registered source nor from somebody of the owning office.",
        )
        return Verdict(SOURCE, [said], facts.office, STEWARD, "/desk/sources")
    if facts.hand_certified:
        return Verdict(SOURCE)
    said = Said(
        "由人工报送，数据主管部门还没有认证这张表的人工报送。",
        "It is delivered by hand, which the bureau has not certified for this table.",
    )
    return Verdict(SOURCE, [said], BUREAU, REVIEWER, _desk(facts, "gates"))


def _sharing(facts: GateFacts) -> Verdict:
    missing = []
    if not facts.share_class:
        missing = [Said("没有选共享属性。", "No sharing attribute is chosen.")]
    elif facts.share_class != "unconditional" and not facts.share_condition:
        missing = [
            Said(
                "有条件共享或不予共享，须写明条件或法律依据。",
                "What is shared on conditions or not at all needs the condition or the ground in law.",
            )
        ]
    return Verdict(SHARING, missing, facts.office, STEWARD, _desk(facts, "record"))


def _quality(facts: GateFacts) -> Verdict:
    if not facts.has_version:
        return Verdict(QUALITY, [_NO_DATA], facts.office, STEWARD, _desk(facts))
    if facts.has_rules:
        missing = (
            []
            if facts.checked
            else [
                Said(
                    "这一版还没有按生效的规则检查。",
                    "This version has not been checked by the rules in force.",
                )
            ]
        )
        place = f"/datasets/{quote(facts.dataset, safe='')}/data-quality"
        return Verdict(QUALITY, missing, facts.office, STEWARD, place)
    if not facts.profiled:
        said = Said("没有规则，这一版也没有做过统计。", "There are no rules, and no profile of this version.")
        place = f"/datasets/{quote(facts.dataset, safe='')}/exploration"
        return Verdict(QUALITY, [said], facts.office, STEWARD, place)
    missing = []
    if not facts.assessed:
        missing = [
            Said(
                "没有规则；统计已有，归属部门还没有确认评估。",
                "There are no rules; the profile is there, and nobody of the office has confirmed it.",
            )
        ]
    return Verdict(QUALITY, missing, facts.office, STEWARD, _desk(facts, "gates"))


#: What other gates say of a record is not said again.
_ELSEWHERE = frozenset({"contact_name", "share_class", "share_condition"})


def _metadata(facts: GateFacts) -> Verdict:
    fields = [name for name in facts.missing if name not in _ELSEWHERE]
    missing = []
    if fields:
        titles = [FIELDS.get(name, Said(name, name)) for name in fields]
        missing = [
            Said(
                f"目录信息还缺或有误：{'、'.join(titles)}。",
                f"The record lacks or has wrong: {', '.join(title.en for title in titles)}.",
            )
        ]
    return Verdict(METADATA, missing, facts.office, STEWARD, _desk(facts, "record"))


def _desk(facts: GateFacts, part: str = "") -> str:
    place = f"/desk/datasets/{quote(facts.dataset, safe='')}"
    return f"{place}/{part}" if part else place


_NO_DATA = Said("还没有数据。", "There are no data yet.")
FIELDS: Mapping[str, Said] = {
    "description": Said("摘要", "abstract"),
    "resource_class": Said("资源分类", "resource class"),
    "format_category": Said("格式分类", "format"),
    "open_class": Said("开放属性", "open class"),
    "open_condition": Said("开放条件", "condition of opening"),
    "update_frequency": Said("更新周期", "update frequency"),
    "themes": Said("主题", "themes"),
    "items": Said("信息项", "fields"),
    "licence": Said("许可协议", "licence"),
    "secrecy": Said("密级", "secrecy"),
}
