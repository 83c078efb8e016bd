"""Two rounds of judging the city's departments: one settled and evaluated, one under way.

The facts of the evaluation are counted from the city's own catalogue; scores, notes and evidence of the
assessors and the staff of the departments are demo data and say so.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

from kaishu import access, evaluation, source
from kaishu.access import Actor, Call
from kaishu.base import clock, ids
from kaishu.base.errors import Said
from kaishu.db import session_scope
from kaishu.demo.registers import Register, deliver
from kaishu.evaluation import DataChoice

SYSTEM = Path(__file__).parent / "offices.yaml"
NAME, TABLE = "kaishu-offices", "demo-data-officers"
#: Who stands in: nobody judges the own department.
ASSESSORS, RESERVES = ("shimin", "jiaotong"), ("jiaoyu", "admin")
#: Departments and, for rules (D31) and answers (D32), the scores of the first and of the second assessor.
SCORES: Mapping[str, tuple[tuple[int, int], tuple[int, int]]] = {
    "shujuju": ((5, 5), (5, 5)),
    "minzhengju": ((3, 3), (5, 5)),
    "shangwuju": ((3, 1), (3, 3)),
    "weijianwei": ((5, 5), (3, 5)),
    "jiaoyuju": ((3, 3), (5, 5)),
    "shengtaiju": ((1, 1), (3, 3)),
    "jiaotongju": ((3, 3), (3, 3)),
    "tongjiju": ((5, 5), (3, 0)),
}
#: What the reviewer decided where they differ, with the reason.
DECIDED = {
    ("shangwuju", "D31"): (3, "制度文件已报送，只是没有公开。"),
    ("weijianwei", "D32"): (3, "两件纠错超过期限才答复。"),
    ("tongjiju", "D32"): (3, "都有答复，一件超期。"),
}
#: What has been judged in the second round: by the first and by the second assessor.
BEGUN = {
    ("shujuju", "D31"): (5, 5),
    ("shujuju", "D32"): (3, 3),
    ("minzhengju", "D31"): (5, 3),
    ("minzhengju", "D32"): (5, None),
    ("shangwuju", "D31"): (None, 3),
}
NOTES = {
    "D31": {5: "公开栏有开放制度，写明了责任人。", 3: "有制度文件，没有公开。", 1: "只找到一份内部通知。"},
    "D32": {5: "抽看五件，都按期答复并有理由。", 3: "都有答复，有的超期。", 0: "有一件没有找到答复。"},
}
OFFICERS = (("shujuju", 3), ("minzhengju", 1), ("shangwuju", 1), ("weijianwei", 2), ("jiaoyuju", 2))
OTHERS = (("shengtaiju", 0), ("jiaotongju", 1), ("tongjiju", 2))
#: Departments with people in the city, who find their report in the inbox.
READERS = ("jiaoyuju", "jiaotongju")
#: A domain that nobody can have.
PAGE = "https://jiaotongju.kaishu.example/zhidu"
EVIDENCE = "开放数据管理办法（演示用的虚构文件）\n第三条 本部门由综合处负责数据开放，责任人见附件。\n"


def put_judging(actors: Mapping[str, Actor]) -> bool:
    """Open and fill both rounds, evaluate the first with a table and facts, and send two departments their
    reports; False if that was done.

    ``actors`` are the people of the city by account: a member and the steward of a department assess, another
    department's steward where it is the own one; the reviewer decides, a department appeals.
    """
    if _done(actors["shenhe"]):
        return False
    _put_officers()
    original = source.keep_original("开放数据管理办法（演示）.txt", io.BytesIO(EVIDENCE.encode()))
    with session_scope() as session:
        now, request = clock.now(), ids.new_id()
        calls = {account: Call(session, actor, now, request) for account, actor in actors.items()}
        reviewer = calls["shenhe"]
        system = evaluation.add_system(reviewer, SYSTEM.read_text(encoding="utf-8"))
        evaluation.publish_edition(reviewer, system.id)
        first = _settled(calls, system.id, original)
        _begun(calls, system.id)
        data = DataChoice(dataset=TABLE, facts="office", round=first)
        loaded = evaluation.load_evaluation(reviewer, system.id, data)
        run = evaluation.keep_evaluation(reviewer, loaded, evaluation.compute(loaded))
        evaluation.publish_evaluation(reviewer, run.id)
        for unit in READERS:
            parcel = evaluation.make_parcel(reviewer, run.id, unit, evaluation.ReportOrder())
            evaluation.record_parcel(reviewer, parcel)
    return True


def _done(reviewer: Actor) -> bool:
    with session_scope(write=False) as session:
        call = Call(session, reviewer, clock.now(), ids.new_id())
        return bool(evaluation.editions_of(call, NAME))


def _put_officers() -> None:
    """The staff of the departments, as a table of the data bureau."""
    rows = [["部门", "数据专员"], *([office, str(count)] for office, count in (*OFFICERS, *OTHERS))]
    deliver(Register(TABLE, "shujuju", "部门数据专员（虚构）", "Data officers (made up)", rows))


def _open(calls: Mapping[str, Call], system: str, title: str) -> str:
    reviewer = calls["shenhe"]
    offices = {each.name: each for each in access.offices(reviewer.session)}
    units = [{"id": name, "name": offices[name].title, "office": name} for name in SCORES]
    return evaluation.open_round(
        reviewer,
        system,
        title=title,
        units=units,
        first=ASSESSORS[0],
        second=ASSESSORS[1],
        reviewer="shenhe",
        reserves=RESERVES,
    ).id


def _assessors(unit: str) -> tuple[str, str]:
    """Accounts of those who score a department."""
    return ASSESSORS[0], RESERVES[0] if unit == "jiaotongju" else ASSESSORS[1]


def _settled(calls: Mapping[str, Call], system: str, original: source.Original) -> str:
    """A round judged, decided and disclosed, with an appeal that was upheld; its id."""
    round = _open(
        calls,
        system,
        Said(
            "2026年上半年部门评判（演示数据）", "Judging of the departments, first half of 2026 (demo data)"
        ),
    )
    for unit, pairs in SCORES.items():
        for code, scores in zip(("D31", "D32"), pairs, strict=True):
            for account, score in zip(_assessors(unit), scores, strict=True):
                evaluation.judge(calls[account], round, unit, code, score, NOTES[code][score])
    for unit in ("shujuju", "weijianwei", "tongjiju"):
        about = "部门公开栏里的制度（演示用的虚构文件）"
        evaluation.add_evidence(calls["shimin"], round, unit, "D31", about=about, original=original)
    evaluation.add_evidence(
        calls["shimin"], round, "jiaotongju", "D31", about="公开栏的网页（演示用的虚构网址）", url=PAGE
    )
    for (unit, code), (score, reason) in DECIDED.items():
        evaluation.decide(calls["shenhe"], round, unit, code, score, reason)
    evaluation.disclose(calls["shenhe"], round)
    made = evaluation.appeal(
        calls["jiaotong"], round, "jiaotongju", "D31", "制度已于六月公开，写明了责任人。"
    )
    evaluation.answer_appeal(calls["shenhe"], made.id, uphold=True, score=5, reason="查实已公开，改为5分。")
    return round


def _begun(calls: Mapping[str, Call], system: str) -> None:
    """A round that waits for its assessors and for the reviewer."""
    round = _open(
        calls,
        system,
        Said(
            "2026年下半年部门评判（演示数据，进行中）",
            "Judging of the departments, second half of 2026 (demo data, under way)",
        ),
    )
    for (unit, code), scores in BEGUN.items():
        for account, score in zip(_assessors(unit), scores, strict=True):
            if score is not None:
                evaluation.judge(calls[account], round, unit, code, score, NOTES[code][score])
