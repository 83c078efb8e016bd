"""How much a dataset is used, for its page."""

from __future__ import annotations

from kaishu import usage
from kaishu.access import Call
from kaishu.web.charts import trend
from kaishu.web.contexts import Uses
from kaishu.web.words import _

DAYS = 30


def uses_of(call: Call, dataset_id: str) -> Uses:
    """Totals by kind and the last thirty days."""
    total = usage.counts(call.session, dataset_id)
    days = usage.days(call.session, dataset_id, last=call.now.date(), number=DAYS)
    lines = [(_("查看"), total.views), (_("下载"), total.downloads), (_("接口调用"), total.calls)]
    return Uses(total.all, lines, trend([(each.day.isoformat(), each.counts.all) for each in days]))
