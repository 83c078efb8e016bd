"""An alignment as a report."""

from __future__ import annotations

from kaishu.base.errors import in_language
from kaishu.evaluation.census.alignment import SIGNS, STATES, Alignment, Group
from kaishu.evaluation.census.showing.writing import Writer
from kaishu.reporting import Block, Document, Facts, Note, Paragraph, Table


def alignment_document(found: Alignment, language: str) -> Document:
    """Two schemes beside each other, in ``zh`` or ``en``."""
    write = Writer(language)
    counts = found.counts
    left, right = (sum(len(getattr(group, side)) for group in found.groups) for side in ("left", "right"))
    pairs = [(found.left, write.say(f"{left}个主题", f"{left} themes"))]
    pairs.append((found.right, write.say(f"{right}个主题", f"{right} themes")))
    pairs += [(in_language(word, language), str(counts[state])) for state, word in STATES.items()]
    blocks: list[Block] = [Facts(pairs)]
    blocks += [Paragraph(in_language(doubt, language)) for doubt in found.doubts]
    heads = [
        write.say("对应", "state"),
        found.left,
        found.right,
        write.say("依据", "why"),
    ]
    rows = [_row(write, group) for group in found.groups]
    title = write.say("主题对应", "Themes set beside each other")
    told = write.say(
        "先取同名，再取互相包含、共有词、共有字；“服务”“管理”之类不指明对象的词不作依据，读音相同不作依据。人工判定优先。",
        "Equal names come first, then one within the other, shared words, shared characters. Words such as "
        "服务 and "
        "管理 that name no subject join nothing, nor does sound. What people decide comes before all.",
    )
    blocks += [write.heading("主题对应", "Themes set beside each other"), Table("", heads, rows), Note(told)]
    return write.report(f"{title}: {found.left} / {found.right}", blocks)


def _row(write: Writer, group: Group) -> list[str]:
    comma = write.say("、", ", ")
    why = [_why(write, group, tie.left, tie.right) for tie in group.ties]
    return [
        in_language(STATES[group.state], write.language),
        comma.join(group.left) or "—",
        comma.join(group.right) or "—",
        write.say("；", "; ").join(dict.fromkeys(why)) or "—",
    ]


def _why(write: Writer, group: Group, left: str, right: str) -> str:
    tie = next(each for each in group.ties if (each.left, each.right) == (left, right))
    sign = in_language(SIGNS[tie.sign], write.language)
    if tie.sign in ("equal", "decided"):
        return sign
    return write.say(f"{sign}“{tie.shared}”（{tie.score:.2f}）", f"{sign} {tie.shared} ({tie.score:.2f})")
