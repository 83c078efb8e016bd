"""Four real catalogues for the demo city to harvest, so that it stands beside foreign datasets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kaishu import access, evaluation, harvest, source
from kaishu.access import TERMINAL, Call
from kaishu.base import clock, ids, settings
from kaishu.db import session_scope

FOLDER = Path(__file__).parent / "catalogues"
#: Written when the harvests were left to the worker once; a source that was removed stays away.
MARK = "demo-catalogues"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A shipped catalogue; origins and licences stand in NOTICE.md beside the files."""

    name: str
    kind: str
    file: str
    title: str
    title_en: str


CATALOGUES = (
    Catalogue("philadelphia", "datajson", "philadelphia.json.gz", "美国费城", "City of Philadelphia"),
    Catalogue("dhs", "datajson", "dhs.json.gz", "美国国土安全部", "US Department of Homeland Security"),
    Catalogue("healthdata", "datajson", "healthdata.json.gz", "美国 HealthData.gov", "HealthData.gov (US)"),
    Catalogue("tokyo", "ckan-jsonl", "tokyo.jsonl.gz", "日本东京都", "Tokyo Metropolitan Government"),
)


def register_catalogues() -> list[str]:
    """Register those that are missing, each with rules for themes if nobody gave it any; the names of all."""
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        known = {each.name: each.themes for each in harvest.sources(call)}
        for each in CATALOGUES:
            if each.name not in known:
                harvest.add_source(
                    call,
                    name=each.name,
                    kind=each.kind,
                    title=each.title,
                    title_en=each.title_en,
                    delivery=source.receive_path(call, FOLDER / each.file),
                )
            if known.get(each.name) is None:
                rules = (FOLDER / f"{each.name}-themes.yaml").read_text(encoding="utf-8")
                harvest.set_themes(call, each.name, rules)
    return [each.name for each in CATALOGUES]


def leave_catalogues() -> int:
    """The first time, leave the harvest of all four to the worker; returns the number of harvests left.

    Behind them facts are counted again, so that they tell of these catalogues too.
    """
    mark = settings.folder(".") / MARK
    if mark.exists():
        return 0
    names = register_catalogues()
    with session_scope() as session:
        call = Call(session, access.TERMINAL, clock.now(), ids.new_id())
        left = sum(bool(harvest.leave(call, name, "run")) for name in names)
        evaluation.leave_all_facts(call)
    mark.touch()
    return left
