"""Duty lists: taking one in, what it proposes, deciding, and the gaps on both sides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from kaishu import access, catalogue, compilation, harvest, http, source
from kaishu.access import Permission, Role, require
from kaishu.access.models import Office
from kaishu.base.errors import Invalid, KaishuError, NotFound
from kaishu.casework.errors import ReasonNeeded
from kaishu.compilation.models import Duty, DutyList, Proposal
from kaishu.web.compile_contexts import (
    Branch,
    DutiesPage,
    DutyListPage,
    GapLine,
    GapsPage,
    ListEntry,
    ProposalPage,
)
from kaishu.web.forms.record import code_lists, gathered
from kaishu.web.office_choices import own_offices
from kaishu.web.paging import around, beginning
from kaishu.web.rendering import address, render
from kaishu.web.routing import Unchanged, Visit, act, moved, page, said, taking, text
from kaishu.web.shell import ACCEPTED, DECLINED, DUTIES_TAKEN, say
from kaishu.web.words import _, _n, language, pick

SHOWN = 100
OFFICES = 30
FIELDS = (
    "title",
    "description",
    "resource_class",
    "resource_category",
    "share_class",
    "share_condition",
    "open_class",
    "open_condition",
    "update_frequency",
    "data_standard",
    "data_source",
)
EXAMPLES = ("duties-minzhengju.csv", "duties-jiaoyuju.csv")


def show_lists(visit: Visit) -> Response:
    """Every list that I may work on, and the form for one more."""
    return _lists(visit)


def upload(request: Request, form: FormData) -> Response:
    """Read a list and take it in; no transaction is open while it is read."""
    office = text(form, "office")
    with http.read_call(request) as call:
        require(call, Permission.duty_manage, office=call.actor.office)
        known = access.offices(call.session)
        owner = next(
            (o for o in known if o.name == office or (not office and o.id == call.actor.office)), None
        )
        require(call, Permission.duty_manage, office=owner.id if owner else None)
    read, file = None, form.get("file")
    try:
        if owner is None:
            raise Invalid({"office": [_("请选择部门。")]})
        if not isinstance(file, UploadFile) or not file.filename:
            raise Invalid({"file": [_("请选择一个文件。")]})
        original = source.keep_original(file.filename, file.file)
        others = frozenset(o.title for o in known if o.id != owner.id)
        read = compilation.read_duties(original.path, original.name, own=owner.title, others=others)
        with http.write_call(request) as call:
            made = compilation.import_duties(
                call,
                read,
                office=owner.name,
                file_name=original.name,
                title=text(form, "title"),
                sha256=original.sha256,
                only_good=text(form, "only_good") == "yes",
            )
            visit = Visit(call, request)
            return say(moved(visit, f"/desk/duties/{made.id}"), DUTIES_TAKEN, n=str(made.duties))
    except KaishuError as error:
        problems = error.problems_in(language()) if isinstance(error, Invalid) else {}
        with http.read_call(request) as call:
            shown = _lists(Visit(call, request), office, read, said(error), problems)
            shown.status_code = error.status
            return shown


def example(visit: Visit) -> Response:
    """A list that we wrote, to try it with."""
    require(visit.call, Permission.duty_manage, office=visit.call.actor.office)
    name = visit.part("file")
    if name not in EXAMPLES:
        raise NotFound(kind="示例 example", name=name)
    path: Path = compilation.EXAMPLES / name
    return FileResponse(path, media_type="text/csv; charset=utf-8", filename=name)


def show_list(visit: Visit) -> Response:
    """One list from L1 to L4."""
    return _list(visit)


def take_chosen(visit: Visit, form: FormData) -> Response:
    """Accept the proposals that were ticked, all or none."""
    chosen = [str(value) for value in form.getlist("proposal")]
    back = f"/desk/duties/{visit.part('list')}"
    try:
        if not chosen:
            raise Invalid({"proposal": [_("请先勾选建议。")]})
        made = compilation.accept_all(visit.call, chosen)
    except KaishuError as error:
        visit.call.session.rollback()
        raise Unchanged(_list(visit, error)) from error
    return say(moved(visit, back), ACCEPTED, n=str(len(made)))


def remove(visit: Visit, form: FormData) -> Response:
    """Delete a list and what is still open of it."""
    compilation.remove_list(visit.call, visit.part("list"))
    return moved(visit, "/desk/duties")


def show_proposal(visit: Visit) -> Response:
    """One proposed entry with its evidence."""
    return _proposal(visit)


def decide(visit: Visit, form: FormData) -> Response:
    """Accept as changed, join to a dataset that is there, decline, or open again."""
    proposal = compilation.proposal_by_id(visit.call, visit.part("proposal"))
    back = f"/desk/duties/{proposal.list_id}"
    do, values = text(form, "do"), {name: text(form, name) for name in FIELDS}
    try:
        if do == "decline":
            compilation.decline(visit.call, proposal.id, text(form, "reason"))
            return say(moved(visit, back), DECLINED, name=proposal.information)
        if do == "reopen":
            compilation.reopen(visit.call, proposal.id)
            return moved(visit, f"/desk/proposals/{proposal.id}")
        into = text(form, "into") if do == "join" else ""
        if do == "join" and not into:
            raise Invalid({"into": [_("请选择数据集。")]})
        compilation.accept(visit.call, proposal.id, values, into)
    except (Invalid, ReasonNeeded) as error:
        visit.call.session.rollback()
        raise Unchanged(_proposal(visit, values if do == "accept" else None, error)) from error
    return say(moved(visit, back), ACCEPTED, n="1")


def show_gaps(visit: Visit) -> Response:
    """Duties without data, data without a duty; offices that gave a list come first, page by page."""
    foreign = harvest.foreign_offices(visit.call.session)  # what other portals have is nobody's duty here
    found = sorted(compilation.gaps(visit.call, without=foreign), key=lambda gap: not gap.duties)
    start = beginning(visit)
    before, following = around("/desk/duties/gaps", (), start, OFFICES, len(found))
    wanted = visit.query("office") or (found[0].office.name if len(found) == 1 else "")
    lines = [
        GapLine(
            gap,
            pick(gap.office.title, gap.office.title_en),
            round(100 * (gap.covered or 0), 1),
            round(100 * (1 - len(gap.without_duty) / gap.datasets), 1) if gap.datasets else 0,
        )
        for gap in found[start : start + OFFICES]
    ]
    lacking, loose = sum(len(g.without_data) for g in found), sum(len(g.without_duty) for g in found)
    unlisted = _("还没有部门导入清单，看不出缺什么数据；")
    without = _n("{n}个事项还没有数据，", lacking) if any(gap.duties for gap in found) else unlisted
    finding = without + _n("{n}个数据集还没有对应的事项。", loose)
    chosen = next((gap for gap in found if gap.office.name == wanted), None)
    return render("duties/gaps.html", visit.shell, GapsPage(lines, chosen, finding, before, following))


def _lists(
    visit: Visit,
    office: str = "",
    read: compilation.DutyFile | None = None,
    trouble: tuple[str, str] | None = None,
    problems: dict[str, list[str]] | None = None,
) -> Response:
    lists = compilation.duty_lists(visit.call)
    counted: dict[str, Counter[str]] = {}
    rows = visit.call.session.execute(
        select(Proposal.list_id, Proposal.state, func.count()).group_by(Proposal.list_id, Proposal.state)
    )
    for list_id, state, count in rows:
        counted.setdefault(list_id, Counter())[state] = count
    offices = {each.id: each for each in access.offices(visit.call.session)}
    own = visit.call.actor.role is Role.steward
    entries = [_entry(each, offices[each.office_id], counted.get(each.id, Counter())) for each in lists]
    options = [] if own else own_offices(visit.call, office)
    context = DutiesPage(
        lists=entries, offices=options, office=office, read=read, trouble=trouble, problems=problems or {}
    )
    return render("duties/duties.html", visit.shell, context)


def _entry(made: DutyList, office: Office, counts: Counter[str]) -> ListEntry:
    title = pick(office.title, office.title_en)
    return ListEntry(made, title, counts["open"], counts["accepted"], counts["declined"])


def _list(visit: Visit, error: KaishuError | None = None) -> Response:
    found = compilation.duty_list(visit.call, visit.part("list"))
    duties = {duty.id: duty for duty in compilation.duties_of(visit.call, found.id)}
    proposals = compilation.proposals_of(visit.call, found.id)
    state = visit.query("state")
    first: dict[str, list[Proposal]] = {}
    shared: dict[str, list[tuple[Proposal, Duty]]] = {}
    for proposal in proposals:
        if state in ("", proposal.state):
            first.setdefault(proposal.duty_id, []).append(proposal)
            for other in proposal.also:
                shared.setdefault(other, []).append((proposal, duties[proposal.duty_id]))
    branches = [Branch(duty, first.get(duty.id, []), shared.get(duty.id, [])) for duty in duties.values()]
    if state:
        branches = [branch for branch in branches if branch.proposals]
    start = int(visit.query("from")) if visit.query("from").isdecimal() else 0
    office = access.office_by_name(visit.call.session, found.office_id)
    here = f"/desk/duties/{found.id}"
    context = DutyListPage(
        list=found,
        office=pick(office.title, office.title_en),
        branches=branches[start : start + SHOWN],
        counts=Counter(proposal.state for proposal in proposals),
        state=state,
        names=_names(visit, proposals),
        next=address(here, ("state", state), ("from", start + SHOWN))
        if len(branches) > start + SHOWN
        else "",
        origins=_origins(),
        trouble=_trouble(error) if error else None,
    )
    return render("duties/list.html", visit.shell, context, error.status if error else 200)


def _trouble(error: KaishuError) -> tuple[str, str]:
    """What went wrong; where nothing was ticked, that alone."""
    if isinstance(error, Invalid) and "proposal" in error.problems:
        return error.problems_in(language())["proposal"][0], ""
    return said(error)


def _names(visit: Visit, proposals: Sequence[Proposal]) -> dict[str, str]:
    """Proposal to the name of the dataset that it became."""
    wanted = {p.id: p.dataset_id for p in proposals if p.dataset_id}
    found = {d.id: d.name for d in catalogue.datasets_by_ids(visit.call, set(wanted.values()))}
    return {key: found[dataset] for key, dataset in wanted.items() if dataset in found}


def _origins() -> dict[str, str]:
    return {
        "given": _("清单写明"),
        "result": _("办理结果"),
        "register": _("办理过程"),
        "material": _("收取材料"),
    }


def _proposal(
    visit: Visit, values: dict[str, str] | None = None, error: KaishuError | None = None
) -> Response:
    proposal = compilation.proposal_by_id(visit.call, visit.part("proposal"))
    session = visit.call.session
    dataset = None
    if proposal.dataset_id:
        dataset = next(iter(catalogue.datasets_by_ids(visit.call, [proposal.dataset_id])), None)
    problems: dict[str, list[str]] = {}
    if isinstance(error, Invalid):
        problems = gathered(error.problems_in(language()))
    elif isinstance(error, ReasonNeeded):
        problems = {"reason": [error.sentence(language())]}
    office = access.office_by_name(session, proposal.office_id)
    context = ProposalPage(
        proposal=proposal,
        duty=session.get_one(Duty, proposal.duty_id),
        also=[session.get_one(Duty, each) for each in proposal.also],
        list=session.get_one(DutyList, proposal.list_id),
        origin=_origins()[proposal.origin],
        dataset=dataset,
        values=values or {name: str(proposal.record.get(name) or "") for name in FIELDS},
        codes=code_lists(str((values or proposal.record).get("resource_category") or "")),
        code=_front({**proposal.record, **(values or {})}, office),
        problems=problems,
        trouble=said(error) if error else None,
    )
    return render("duties/proposal.html", visit.shell, context, error.status if error else 200)


def _front(record: Mapping[str, Any], office: Office) -> str:
    """What its code will begin with, before the stroke; nothing while its 项 is open."""
    kind = record.get("resource_class")
    known = kind if kind in catalogue.categories.classes().values() else "department"
    data, provider = {**record, "resource_class": known}, (office.code, office.name)
    if catalogue.codes.lacks_category(data, provider):
        return ""
    return catalogue.codes.code_for(data, provider, 0).partition("/")[0]


ROUTES: list[Route] = [
    page("/desk/duties", show_lists),
    taking("/desk/duties", upload),
    page("/desk/duties/gaps", show_gaps),
    page("/desk/duties/examples/{file}", example),
    page("/desk/duties/{list}", show_list),
    act("/desk/duties/{list}/accept", take_chosen),
    act("/desk/duties/{list}/remove", remove),
    page("/desk/proposals/{proposal}", show_proposal),
    act("/desk/proposals/{proposal}", decide),
]
