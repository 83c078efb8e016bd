"""Conditional or refused sharing and opening without a reason in law."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kaishu.base.errors import Said
from kaishu.inspection.checks.check import WRONG, Check, Found, Surroundings, both
from kaishu.inspection.scopes import Subject

#: What says nothing, once blanks and punctuation are gone.
MEANINGLESS = frozenset(
    {
        "无",
        "暂无",
        "没有",
        "不便",
        "不详",
        "未知",
        "其他",
        "其它",
        "保密",
        "内部",
        "敏感",
        "不共享",
        "不开放",
        "不予共享",
        "不予开放",
        "有条件共享",
        "有条件开放",
        "按规定",
        "依规定",
        "按有关规定",
        "根据相关规定",
        "按相关规定",
        "na",
        "none",
        "null",
        "no",
        "tbd",
        "test",
        "测试",
        "同上",
        "略",
    }
)
#: A law, regulation or rule is named: 《…》, 条例, 法第…条, 办法, 规定…
LAW = re.compile(
    r"《[^》]{2,}》|[一-鿿]{2,}(法|条例|办法|规定|决定|通知|细则|规则)|第[一二三四五六七八九十百\d]+条|\b(act|law|regulation|article|section)\b",
    re.IGNORECASE,
)
KINDS = (("share", "共享", "sharing"), ("open", "开放", "opening"))


def basis(subject: Subject, around: Surroundings) -> Iterator[Found]:
    """For sharing and for opening: nothing said, nothing meant, or no rule named in a refusal."""
    for kind, zh, en in KINDS:
        chosen = subject.record.get(f"{kind}_class")
        if chosen not in ("conditional", "none"):
            continue
        said = str(subject.record.get(f"{kind}_condition") or "")
        flaw = _flaw(said, refused=chosen == "none")
        if flaw:
            words = {**both(*flaw), **both(zh, en, "kind")}
            yield Found(subject=subject, field=f"{kind}_condition", value=said[:500], facts=words)


def _flaw(said: str, refused: bool) -> tuple[str, str] | None:
    plain = re.sub(r"[\W_]+", "", said).casefold()
    if not plain:
        return "没有写依据", "no reason is given"
    if plain in MEANINGLESS or len(plain) < 4:
        return f"“{said[:40]}”不是依据", f'"{said[:40]}" is no reason'
    if refused and not LAW.search(said):
        return "没有写明依据哪部法律、法规或文件", "no law, regulation or document is named"
    return None


CHECK = Check(
    name="basis",
    severity=WRONG,
    title=Said("共享、开放属性没有依据", "Share or open class without reason in law"),
    why=Said(
        "不予共享、不予开放须有法律、法规或政策依据；有条件的须写明条件（国发〔2016〕51号）。",
        "Refusal needs a law, regulation or policy, and conditions must be said (Guofa 2016 No. 51).",
    ),
    said=Said("{kind}受限，但{reason}。", "The {kind} is restricted, but {reason}."),
    mend=Said(
        "写明《法规名称》第几条；没有依据的改为无条件。",
        "Name the rule and its article; without one, make it unconditional.",
    ),
    each=basis,
)
