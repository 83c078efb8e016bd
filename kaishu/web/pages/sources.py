"""Sources outside: registered, looked at, certified; contracts and what came of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kaishu import access, catalogue, http, lake, source
from kaishu.access import Call, Permission, Role, allowed, require
from kaishu.base import settings
from kaishu.base.errors import Invalid, KaishuError, NotFound
from kaishu.source import Kept, Kind
from kaishu.source.models import Contract
from kaishu.web.dataset_choices import chosen_entry, fillable
from kaishu.web.office_choices import own_offices
from kaishu.web.rendering import render
from kaishu.web.routing import Unchanged, Visit, act, moved, page, said, taking, text
from kaishu.web.source_contexts import ContractLine, ContractPage, Month, SourcePage, SourcesPage, VirtualPage
from kaishu.web.words import _, _n, language, listed, pick

TONES = {"kept": "good", "late": "care", "empty": "care", "overdue": "bad", "missed": "bad"}
DRAWN = ("kept", "late", "empty", "missed")
SHOWN = 100


def list_sources(visit: Visit) -> Response:
    """Sources, contracts, and the form for a source of the chosen kind."""
    return _list(visit, {})


def add(visit: Visit, form: FormData) -> Response:
    """Register a source as a draft."""
    kind = source.KINDS.get(text(form, "kind"))
    values = {key: text(form, key) for key in form if key != "csrf"}
    try:
        if kind is None:
            raise Invalid({"kind": [_("请选择类型。")]})
        own = access.office_by_name(visit.call.session, text(form, "office") or visit.call.actor.office or "")
        made = source.add_source(
            visit.call,
            name=text(form, "name"),
            kind=kind.name,
            office=own.name,
            title=text(form, "title"),
            options=_given(kind, form, secret=False),
            secret=_given(kind, form, secret=True),
        )
    except KaishuError as error:
        visit.call.session.rollback()
        raise Unchanged(_list(visit, values, error)) from error
    return moved(visit, f"/desk/sources/{made.name}")


def agree_push(visit: Visit, form: FormData) -> Response:
    """Agree upon a table that a program of the office pushes."""
    try:
        made = _agree(visit, form, "")
    except KaishuError as error:
        visit.call.session.rollback()
        values = {key: text(form, key) for key in form}
        raise Unchanged(_list(visit, values, error)) from error
    return moved(visit, f"/desk/contracts/{made.name}")


def show_source(visit: Visit) -> Response:
    """One source."""
    return _source(visit)


def look(request: Request, form: FormData) -> Response:
    """Look at a source now; no transaction is open meanwhile."""
    name = str(request.path_params["name"])
    with http.write_call(request) as call:  # asks for the form's proof before anything is opened
        found = source.source_by_name(call, name)
        require(call, Permission.source_manage, office=found.office_id)
        place = source.place_of(found)
    try:
        seen: list[source.FoundTable] | KaishuError = source.look_at(place)
    except KaishuError as error:
        seen = error
    with http.write_call(request) as call:
        source.keep_look(call, name, seen)
        return moved(Visit(call, request), f"/desk/sources/{name}")


def do(visit: Visit, form: FormData) -> Response:
    """Certify or retire a source, or agree upon a table of it."""
    name, wanted = visit.part("name"), text(form, "do")
    if wanted == "certify":
        source.certify_source(visit.call, name)
    elif wanted == "retire":
        source.retire_source(visit.call, name)
    elif wanted == "contract":
        try:
            return moved(visit, f"/desk/contracts/{_agree(visit, form, name).name}")
        except KaishuError as error:
            visit.call.session.rollback()
            values = {key: text(form, key) for key in form}
            raise Unchanged(_source(visit, values, error)) from error
    elif wanted == "query":
        try:
            made = source.register_query(
                visit.call, name=text(form, "query_name"), source=name, query=text(form, "query")
            )
            return moved(visit, f"/desk/virtual/{made.name}")
        except KaishuError as error:
            visit.call.session.rollback()
            values = {key: text(form, key) for key in form}
            raise Unchanged(_source(visit, values, error)) from error
    return moved(visit, f"/desk/sources/{name}")


def show_virtual(visit: Visit) -> Response:
    """One virtual entry: its query, and the button that asks the source."""
    contract = source.contract_by_name(visit.call, visit.part("name"))
    return _virtual(visit, contract, None)


def run_virtual(request: Request, form: FormData) -> Response:
    """Ask the source now; no transaction is open meanwhile."""
    name = str(request.path_params["name"])
    with http.write_call(request) as call:
        place, query = source.query_to_run(call, name)
    found, trouble = None, None
    try:
        found = source.run_query(place, query)
    except KaishuError as error:
        trouble = error
    with http.read_call(request) as call:
        visit = Visit(call, request)
        return _virtual(visit, source.contract_by_name(call, name), found, trouble)


def _virtual(
    visit: Visit, contract: Contract, found: source.VirtualRows | None, error: KaishuError | None = None
) -> Response:
    context = VirtualPage(
        contract=contract,
        source=source.source_by_name(visit.call, contract.source_id or ""),
        office=_offices(visit).get(contract.office_id, ""),
        found=found,
        trouble=said(error) if error else None,
        may_manage=bool(allowed(visit.call, Permission.source_manage, office=contract.office_id)),
        most_rows=settings.number("virtual_rows"),
        seconds=settings.number("virtual_seconds"),
    )
    return render("sources/virtual.html", visit.shell, context, error.status if error else 200)


def show_contract(visit: Visit) -> Response:
    """One contract: how its periods went."""
    contract = source.contract_by_name(visit.call, visit.part("name"))
    if contract.way == "virtual":
        return moved(visit, f"/desk/virtual/{contract.name}")
    kept = source.kept_periods(visit.call, contract)
    trouble = contract.trouble[language()] if contract.trouble else None
    context = ContractPage(
        contract=contract,
        source=source.source_by_name(visit.call, contract.source_id) if contract.source_id else None,
        office=_offices(visit).get(contract.office_id, ""),
        periods=list(reversed(kept))[:SHOWN],
        months=_months(kept),
        arrivals=source.arrivals_of(visit.call, contract, SHOWN),
        finding=_went(kept),
        title=_title(visit, contract),
        trouble=(trouble["message"], trouble["advice"]) if trouble else None,
        may_manage=bool(allowed(visit.call, Permission.source_manage, office=contract.office_id)),
        waiting=source.pull_waits(visit.call, contract),
        site=http.site_url(visit.request),
    )
    return render("sources/contract.html", visit.shell, context)


def _went(kept: Sequence[Kept]) -> str:
    """How many periods there were, and how they went."""
    counts = Counter(each.state for each in kept)
    words = {
        "kept": _("按时{n}期", n=counts["kept"]),
        "late": _("迟到{n}期", n=counts["late"]),
        "empty": _("空报{n}期", n=counts["empty"]),
        "missed": _("漏报{n}期", n=counts["missed"]),
        "overdue": _("逾期{n}期", n=counts["overdue"]),
        "waiting": _("未到期{n}期", n=counts["waiting"]),
    }
    parts = listed(word for state, word in words.items() if counts[state])
    return _n("共{n}期：{parts}。", len(kept), parts=parts)


def _title(visit: Visit, contract: Contract) -> str:
    """What the dataset of a contract is called."""
    try:
        dataset = catalogue.dataset_by_name(visit.call, contract.dataset)
    except NotFound:
        return contract.dataset
    return pick(dataset.title, dataset.title_en)


def do_contract(visit: Visit, form: FormData) -> Response:
    """Pull now, pause, go on."""
    contract = source.contract_by_name(visit.call, visit.part("name"))
    wanted = text(form, "do")
    if wanted == "pull":
        source.source_to_pull(visit.call, contract)
        source.leave_pull(visit.call, contract)
    elif wanted in ("pause", "resume"):
        source.pause_contract(visit.call, contract.name, wanted == "pause")
    return moved(visit, f"/desk/contracts/{contract.name}")


def _agree(visit: Visit, form: FormData, name: str) -> Contract:
    """A contract about a table of that source; without one it is pushed."""
    grace = text(form, "grace") or "0"
    found = source.source_by_name(visit.call, name) if name else None
    owner = found.office_id if found else visit.call.actor.office or ""
    entry = None
    if text(form, "dataset"):
        entry = chosen_entry(visit.call, text(form, "dataset"), owner if found else _own_office(visit.call))
        owner = entry.office_id
    draft = source.ContractDraft(
        name=text(form, "contract"),
        way="pull" if name else "push",
        source=name,
        table=text(form, "table"),
        dataset=entry.name if entry else "",
        period=text(form, "period"),
        at=text(form, "at") or "02:00",
        grace=int(grace) if grace.isdecimal() and len(grace) < 5 else -1,
        marker=text(form, "marker"),
        redelivery=text(form, "redelivery"),
        update=lake.Update.from_dict({"mode": text(form, "mode"), "key": text(form, "key")}).to_dict(),
    )
    return source.make_contract(visit.call, draft, owner)


def _own_office(call: Call) -> str | None:
    """The only department whose entries this actor fills, or None for all."""
    return call.actor.office if call.actor.role is Role.steward else None


def _given(kind: Kind, form: FormData, *, secret: bool) -> dict[str, str]:
    return {
        each.name: text(form, f"o-{each.name}")
        for each in kind.options
        if each.secret is secret and text(form, f"o-{each.name}")
    }


def _list(visit: Visit, values: Mapping[str, str], error: KaishuError | None = None) -> Response:
    call = visit.call
    titles = _offices(visit)
    lines = [_line(visit, each, titles) for each in source.contracts(call)]
    kind = source.KINDS.get(values.get("kind") or visit.query("kind")) or next(iter(source.KINDS.values()))
    offices = own_offices(call, values.get("office", ""))
    problems = error.problems_in(language()) if isinstance(error, Invalid) else {}
    context = SourcesPage(
        sources=[
            (
                each,
                titles.get(each.office_id, ""),
                pick(source.KINDS[each.kind].zh, source.KINDS[each.kind].en),
            )
            for each in source.sources(call)
        ],
        contracts=sorted(
            lines, key=lambda line: (line.latest not in ("overdue", "missed"), line.contract.name)
        ),
        kinds=source.KINDS,
        kind=kind,
        offices=[] if call.actor.role is Role.steward else offices,
        values=values,
        problems={
            (f"o-{k}" if any(o.name == k for o in kind.options) else k): v for k, v in problems.items()
        },
        trouble=said(error) if error else None,
        finding=_wanting(lines),
        pushing="contract" in values,
        datasets=fillable(call, _own_office(call)),
    )
    return render("sources/sources.html", visit.shell, context, error.status if error else 200)


def _wanting(lines: Sequence[ContractLine]) -> str:
    """How many contracts are overdue, were late or brought nothing, by their latest period."""
    latest = Counter(line.latest for line in lines if line.contract.state == "active")
    bad = latest["overdue"] + latest["missed"]
    sentences = [
        _n("{n}个约定逾期未报。", bad) if bad else "",
        _n("{n}个约定最近一期迟到。", latest["late"]) if latest["late"] else "",
        _n("{n}个约定最近一期空报。", latest["empty"]) if latest["empty"] else "",
    ]
    return (" " if language() == "en" else "").join(each for each in sentences if each)


def _line(visit: Visit, contract: Contract, titles: Mapping[str, str]) -> ContractLine:
    kept = source.kept_periods(visit.call, contract)
    latest = kept[-1].state if kept else "waiting"
    # A period that waits says less than the one before it.
    if latest == "waiting" and len(kept) > 1:
        latest = kept[-2].state
    trouble = contract.trouble[language()]["message"] if contract.trouble else ""
    office = titles.get(contract.office_id, "")
    return ContractLine(
        contract, office, latest, TONES.get(latest, ""), Counter(each.state for each in kept), trouble
    )


def _source(
    visit: Visit, values: Mapping[str, str] | None = None, error: KaishuError | None = None
) -> Response:
    call = visit.call
    found = source.source_by_name(call, visit.part("name"))
    trouble = found.trouble[language()] if found.trouble else None
    sentence = (trouble["message"], trouble["advice"]) if trouble else None
    own = call.actor.kind == "person" and found.created_by == call.actor.id
    context = SourcePage(
        source=found,
        kind=source.KINDS[found.kind],
        office=_offices(visit).get(found.office_id, ""),
        contracts=source.contracts(call, found.id),
        drift=source.drift_of(call, found.name, SHOWN),
        datasets=fillable(call, found.office_id),
        values=values or {},
        problems=error.problems_in(language()) if isinstance(error, Invalid) else {},
        trouble=said(error) if error else sentence,
        may_manage=bool(allowed(call, Permission.source_manage, office=found.office_id)),
        may_certify=bool(allowed(call, Permission.source_certify, office=found.office_id)) and not own,
    )
    return render("sources/source.html", visit.shell, context, error.status if error else 200)


def _months(kept: Sequence[Kept]) -> list[Month]:
    """Periods by the month in which they began, the last twelve that have any."""
    by_month: dict[str, Counter[str]] = {}
    for each in kept:
        state = "missed" if each.state == "overdue" else each.state
        if state in DRAWN:
            by_month.setdefault(f"{each.start:%Y-%m}", Counter())[state] += 1
    months = []
    for name, counts in list(by_month.items())[-12:]:
        total, place, pieces = sum(counts.values()), 0.0, []
        for state in DRAWN:
            width = round(100 * counts[state] / total, 2)
            pieces.append((state, round(place, 2), width))
            place += width
        months.append(Month(name, counts, pieces))
    return months


def _offices(visit: Visit) -> dict[str, str]:
    return {each.id: pick(each.title, each.title_en) for each in access.offices(visit.call.session)}


ROUTES: list[Route] = [
    page("/desk/sources", list_sources),
    act("/desk/sources", add),
    act("/desk/contracts", agree_push),
    page("/desk/sources/{name}", show_source),
    act("/desk/sources/{name}", do),
    taking("/desk/sources/{name}/look", look),
    page("/desk/contracts/{name}", show_contract),
    act("/desk/contracts/{name}", do_contract),
    page("/desk/virtual/{name}", show_virtual),
    taking("/desk/virtual/{name}", run_virtual),
]
