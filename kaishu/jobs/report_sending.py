"""The task ``send-reports``: units get their reports by mail or in the inbox; one failure stops no other."""

from __future__ import annotations

from typing import Any

from kaishu import evaluation
from kaishu.access import Actor, Call
from kaishu.base import clock
from kaishu.base.errors import KaishuError
from kaishu.db import session_scope
from kaishu.jobs.reporting import beating


def run(task_id: str, actor: Actor, payload: dict[str, Any]) -> dict[str, Any]:
    """Payload: run_id, units, language, form, template, and mail (unit to address).  Mail goes outside of
    transactions.  Returns sent ([unit, way]) and failed ([unit, what happened in two languages]).
    """
    order = evaluation.ReportOrder(payload["language"], payload["form"], payload.get("template", ""))
    sent, failed = [], []
    units = payload["units"]
    with beating(task_id) as report:
        for done, unit in enumerate(units):
            report(done, len(units))
            try:
                sent.append([unit, _send(task_id, actor, payload, unit, order)])
            except KaishuError as error:
                failed.append([unit, {each: error.sentence(each) for each in ("zh", "en")}])
    return {"evaluation": payload["run_id"], "sent": sent, "failed": failed}


def _send(
    task_id: str, actor: Actor, payload: dict[str, Any], unit: str, order: evaluation.ReportOrder
) -> str:
    with session_scope(write=False) as session:
        call = Call(session, actor, clock.now(), task_id)
        mail = payload.get("mail", {}).get(unit, "")
        parcel = evaluation.make_parcel(call, payload["run_id"], unit, order, mail=mail)
    message = evaluation.post_parcel(parcel) if parcel.to.mail else ""
    with session_scope() as session:
        call = Call(session, actor, clock.now(), task_id)
        return evaluation.record_parcel(call, parcel, message)
