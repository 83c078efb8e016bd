"""What the ledger says of a dataset."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from kaishu import catalogue
from kaishu.ledger.models import Entry
from kaishu.web.contexts import HistoryEntry, HistoryPage
from kaishu.web.figures import cell
from kaishu.web.rendering import render
from kaishu.web.routing import Visit, page
from kaishu.web.words import _, pick


def show_history(visit: Visit) -> Response:
    """Every act on a dataset, newest first."""
    dataset = catalogue.dataset_by_name(visit.call, visit.part("name"))
    entries = [_entry(entry) for entry in catalogue.history(visit.call, dataset.name)]
    context = HistoryPage(dataset.name, pick(dataset.title, dataset.title_en), entries)
    return render("dataset/history.html", visit.shell, context)


def _entry(entry: Entry) -> HistoryEntry:
    facts = {key: value for key, value in entry.facts.items() if key != "reason"}
    return HistoryEntry(
        entry.number,
        _titles().get(entry.action, entry.action),
        entry.at,
        entry.actor_name,
        str(entry.facts.get("reason") or ""),
        [(key, _value(value)) for key, value in facts.items()],
        entry.hash,
    )


def _value(value: Any) -> str:
    return ", ".join(cell(each) for each in value) if isinstance(value, list) else cell(value)


def _titles() -> dict[str, str]:
    return {
        "catalogue.add": _("建立数据集"),
        "catalogue.revise": _("修改目录信息"),
        "catalogue.rename": _("更改标识"),
        "catalogue.resource.add": _("添加一份数据"),
        "catalogue.version.set": _("放入新版本"),
        "catalogue.submit": _("提交审核"),
        "catalogue.take-back": _("撤回提交"),
        "catalogue.publish": _("发布"),
        "catalogue.send-back": _("退回"),
        "catalogue.withdraw": _("撤销发布"),
        "engagement.rate": _("用户评分"),
        "engagement.rate-again": _("用户改评分"),
        "engagement.unrate": _("用户收回评分"),
    }


ROUTES: list[Route] = [page("/datasets/{name}/history", show_history)]
