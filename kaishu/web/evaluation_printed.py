"""What was printed of a built-in system beside what comes out."""

from __future__ import annotations

from kaishu import evaluation
from kaishu.base.errors import in_language
from kaishu.evaluation.models import Evaluation
from kaishu.web.evaluation_contexts import Printed, PrintedLine
from kaishu.web.figures import DASH
from kaishu.web.words import _, language, listed

#: What differs stands first, then what needs a reason.
ORDER = ("no", "partly", "cannot", "yes")


def printed_of(run: Evaluation) -> Printed | None:
    """The comparison of a built-in system's run on its own data; None of any other."""
    if run.edition_id is not None or run.origin != "own" or run.system not in evaluation.built_in():
        return None
    found = evaluation.compare(run.system)
    if not found.rows:
        return None
    spoken = language()
    rows = sorted(found.rows, key=lambda row: ORDER.index(row.agrees))
    lines = [
        PrintedLine(
            what=_opened(in_language(row.what, spoken)),
            unit=in_language(row.unit, spoken),
            printed=in_language(row.printed, spoken),
            ours=DASH if row.ours is None else in_language(row.ours, spoken),
            agrees=row.agrees,
            word=in_language(evaluation.AGREEMENTS[row.agrees], spoken),
            reason=in_language(row.reason, spoken),
        )
        for row in rows
    ]
    words = evaluation.AGREEMENTS
    told = listed(f"{in_language(words[name], spoken)} {count}" for name, count in found.counts.items())
    finding = _("对照{n}个公布的数字：{told}", n=len(lines), told=told)
    return Printed(in_language(found.about, spoken), finding, lines)


def _opened(words: str) -> str:
    """With a capital, where letters have such."""
    return words[:1].upper() + words[1:]
