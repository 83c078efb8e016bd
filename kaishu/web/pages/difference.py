"""What is different between two versions of a dataset's table."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from kaishu import catalogue, lake
from kaishu.base.errors import KaishuError
from kaishu.lake import Difference
from kaishu.lake.models import Version
from kaishu.web import charts
from kaishu.web.batch_contexts import DifferencePage
from kaishu.web.figures import cell, number
from kaishu.web.rendering import render
from kaishu.web.routing import Visit, page, said
from kaishu.web.words import _, listed, pick

MOST_CELLS = 20_000_000  # about two seconds; more is worked out at a terminal
SAMPLE = 10
_kept: OrderedDict[tuple[str, str, tuple[str, ...]], Difference] = OrderedDict()


def show(visit: Visit) -> Response:
    """By the key in the address, else by the one that batches are merged by, else by whole rows."""
    name, resource_id = visit.part("name"), visit.query("resource") or None
    dataset, resource, after = catalogue.readable_version(
        visit.call, name, resource_id, _number(visit.query("after"))
    )
    earlier = _number(visit.query("before")) or max(after.number - 1, 1)
    before = catalogue.readable_version(visit.call, name, resource.id, earlier)[2]
    known = (lake.table_by_id(visit.call.session, after.table_id).update or {}).get("key", [])
    asked = visit.query("key") if "key" in visit.request.query_params else ",".join(known)
    key = tuple(part for each in asked.replace("，", ",").split(",") if (part := each.strip()))
    context = DifferencePage(
        dataset=dataset,
        title=pick(dataset.title, dataset.title_en),
        resource=resource.id,
        before=before,
        after=after,
        key=", ".join(key),
        **_told(before, after, key),
    )
    return render("dataset/difference.html", visit.shell, context)


def _told(before: Version, after: Version, key: tuple[str, ...]) -> dict[str, Any]:
    if sum(each.rows * len(each.columns) for each in (before, after)) > MOST_CELLS:
        sentence = _("两版加起来太大，不在网页上比较。")
        return {"trouble": (sentence, _("请在终端用 kaishu diff 比较。"))}
    try:
        found = _difference(before, after, key)
    except KaishuError as error:
        return {"trouble": said(error)}
    names = [pick(f"第{each.number}版", f"version {each.number}") for each in (after, before)]
    ranked = sorted(found.columns.items(), key=lambda pair: -pair[1])
    counts = [(_("新增的行"), found.added), (_("删除的行"), found.removed)]
    counts += [(_("修改的行"), found.changed)] if found.key else []
    note = pick(*found.note(*names))
    return {
        "note": note[:1].upper() + note[1:],
        "figures": [(word, number(count)) for word, count in [*counts, (_("未变的行"), found.unchanged)]],
        "chart": charts.counts(ranked) if ranked else None,
        "columns": ranked,
        "added": found.sample["added"],
        "removed": found.sample["removed"],
        "listed": SAMPLE,
        "all": {"added": found.added, "removed": found.removed, "changed": found.changed},
        "changed": [
            (listed("—" if value is None else cell(value) for value in row["key"].values()), name, old, new)
            for row in found.sample["changed"]
            for name, (old, new) in row["values"].items()
        ],
    }


def _difference(before: Version, after: Version, key: tuple[str, ...]) -> Difference:
    place = before.id, after.id, key
    if place not in _kept:
        sides = lake.open_version(before), lake.open_version(after)
        _kept[place] = lake.difference(*sides, key, sample=SAMPLE)
        while len(_kept) > 32:
            _kept.popitem(last=False)
    return _kept[place]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


ROUTES: list[Route] = [page("/datasets/{name}/difference", show)]
