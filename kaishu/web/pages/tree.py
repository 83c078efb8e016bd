"""The catalogue by its classifications: class, department, entries; and the whole of it as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from kaishu import access, catalogue, harvest, http, standards
from kaishu.access import Call, Permission, allowed, require
from kaishu.access.models import Office
from kaishu.base.errors import in_language
from kaishu.catalogue import CLASSIFICATIONS
from kaishu.catalogue.models import Dataset
from kaishu.db import session_scope
from kaishu.web.compile_contexts import TreeClass, TreeOffice, TreePage
from kaishu.web.rendering import address, render
from kaishu.web.routing import Visit, page
from kaishu.web.words import _, _n, label, language, pick, speaking

HERE = "/catalogue"
SHOWN = 100
NONE, CATEGORY = "none-given", "resource_category"


def show_tree(visit: Visit) -> Response:
    """Counts by class and department; entries of the one that is opened."""
    require(visit.call, Permission.dataset_read)
    by = visit.query("by") if visit.query("by") in CLASSIFICATIONS else "resource_class"
    foreign = harvest.foreign_offices(visit.call.session)
    whole = visit.query("from") == "all"
    counts = catalogue.class_counts(visit.call, by, () if whole else foreign)
    opened = (visit.query("class"), visit.query("office"))
    order = _order(by)
    codes = sorted({code for code, _office, _count in counts} | set(order), key=lambda c: _place(order, c))
    if by == CATEGORY:
        given = {code for code, _office, _count in counts}
        codes = [code for code in codes if code in given]
    most = max((sum(n for c, _o, n in counts if c == code) for code in codes), default=0) or 1
    offices = {office.id: office for office in access.offices(visit.call.session)}
    classes = []
    for code in codes:
        rows = sorted(((o, n) for c, o, n in counts if c == code), key=lambda row: (-row[1], row[0]))
        total = sum(n for _office, n in rows)
        href = address(HERE, *_from(whole), ("by", by), ("class", code or NONE))
        shown: list[TreeOffice] = []
        if opened[0] == (code or NONE):
            shown = [_office(visit, by, code, offices[o], n, opened[1]) for o, n in rows if o in offices]
        title = _title(by, code) or _("未标明")
        classes.append(TreeClass(code or NONE, title, total, round(100 * total / most, 1), href, shown))
    total = sum(each.count for each in classes)
    best = max(classes, key=lambda each: each.count, default=None)
    finding = _n("共{n}个条目", total)
    if best and best.count:
        finding += _("，最多的是“{name}”", name=best.title)
    context = TreePage(
        by,
        [(name, _titles()[name], name == by) for name in CLASSIFICATIONS],
        total,
        classes,
        f"{HERE}.csv",
        bool(allowed(visit.call, Permission.dataset_read_draft)),
        finding,
        sum(foreign.values()),
        whole,
    )
    return render("tree/tree.html", visit.shell, context)


def _from(whole: bool) -> list[tuple[str, str]]:
    return [("from", "all")] if whole else []


def as_csv(request: Request) -> Response:
    """Every entry that one may see, with its classes; streamed."""
    with http.read_call(request) as call:
        require(call, Permission.dataset_read)
        actor, now, request_id = call.actor, call.now, call.request_id
    tongue = http.language_of(request)

    def lines() -> Iterator[str]:
        yield "\ufeff" + _line(list(_headings(tongue)))
        after = ""
        while True:
            with session_scope(write=False) as session, speaking(tongue):
                rows = catalogue.in_order(Call(session, actor, now, request_id), after)
                text = "".join(_line(_cells(row)) for row in rows)
                after = rows[-1].name if rows else ""
            if not text:
                return
            yield text

    headers = {"Content-Disposition": 'attachment; filename="catalogue.csv"'}
    return StreamingResponse(lines(), media_type="text/csv; charset=utf-8", headers=headers)


def _office(
    visit: Visit,
    by: str,
    code: str,
    office: Office,
    count: int,
    opened: str,
) -> TreeOffice:
    title = pick(office.title, office.title_en)
    whole = visit.query("from") == "all"
    href = address(HERE, *_from(whole), ("by", by), ("class", code or NONE), ("office", office.name))
    if opened != office.name:
        return TreeOffice(office, title, count, href)
    found = catalogue.of_class(visit.call, by, code, office.id, visit.query("after"), SHOWN + 1)
    entries = [(row, pick(row.title, row.title_en)) for row in found[:SHOWN]]
    more = f"{href}&after={found[SHOWN - 1].name}" if len(found) > SHOWN else ""
    return TreeOffice(office, title, count, href, entries, more)


def _place(order: list[str], code: str) -> int:
    return order.index(code) if code in order else len(order)


def _order(by: str) -> list[str]:
    """The codes of a classification as its list has them."""
    if by == CATEGORY:
        return [code for code, _words in catalogue.category_choices()]
    return [term.code for term in standards.vocabulary(CLASSIFICATIONS[by]).terms]


def _title(by: str, code: str) -> str:
    if by == CATEGORY:
        return in_language(catalogue.category_words(code), language()) if code else ""
    return label(CLASSIFICATIONS[by], code)


def _titles() -> dict[str, str]:
    return {
        "resource_class": _("资源属性"),
        CATEGORY: _("项、目、细目"),
        "secrecy": _("涉密属性"),
        "share_class": _("共享属性"),
        "level": _("层级属性"),
    }


def _headings(tongue: str) -> Iterator[str]:
    with speaking(tongue):
        yield from (_("标识"), _("信息资源代码"), _("信息资源名称"), _("信息资源提供方"), _("提供方代码"))
        yield from _titles().values()
        yield from (_("开放属性"), _("更新周期"), _("状态"))


def _cells(row: Dataset) -> list[str]:
    record = row.record
    state = catalogue.State(row.state)
    return [
        row.name,
        str(record.get("resource_code") or ""),
        pick(row.title, row.title_en),
        pick(row.office.title, row.office.title_en),
        row.office.code,
        *(_title(field, str(record.get(field) or "")) for field in CLASSIFICATIONS),
        label("open-class", row.open_class),
        label("update-frequency", record.get("update_frequency")),
        pick(state.zh, state.en),
    ]


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


ROUTES: list[Route] = [page(HERE, show_tree), Route(f"{HERE}.csv", as_csv, methods=["GET"])]
