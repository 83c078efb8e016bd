"""Gaps on both sides: duties without data, data without a duty; per office."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from kaishu.access import Call, Permission, Role, allowed, offices, require
from kaishu.access.models import Office
from kaishu.base.errors import NotFound
from kaishu.catalogue.models import Dataset
from kaishu.compilation.duties import ACCEPTED, datasets_of
from kaishu.compilation.matching import is_same
from kaishu.compilation.models import Duty, DutyList, Proposal


@dataclass(frozen=True, slots=True)
class Gap:
    """Of one office: duties (all, and those without data), datasets (all, and those without a duty)."""

    office: Office
    duties: int
    without_data: Sequence[Duty]
    datasets: int
    without_duty: Sequence[Dataset]

    @property
    def covered(self) -> float | None:
        """Share of the duties that have data, or None without any duty."""
        return 1 - len(self.without_data) / self.duties if self.duties else None


def duty_lists(call: Call) -> Sequence[DutyList]:
    """The lists that this actor may work on, newest first."""
    require(call, Permission.duty_manage, office=call.actor.office)
    wanted = select(DutyList).order_by(DutyList.id.desc())
    if call.actor.role is Role.steward:
        wanted = wanted.where(DutyList.office_id == call.actor.office)
    return call.session.scalars(wanted).all()


def duty_list(call: Call, list_id: str) -> DutyList:
    """One list.  Raises ``NotFound``."""
    found = call.session.get(DutyList, list_id)
    if found is None:
        raise NotFound(kind="权责清单 duty list", name=list_id)
    require(call, Permission.duty_manage, office=found.office_id)
    return found


def duties_of(call: Call, list_id: str) -> Sequence[Duty]:
    """The duties of a list in its order."""
    duty_list(call, list_id)
    require(call, Permission.duty_manage)
    return call.session.scalars(select(Duty).where(Duty.list_id == list_id).order_by(Duty.row)).all()


def proposals_of(call: Call, list_id: str, state: str = "") -> Sequence[Proposal]:
    """What a list proposes, as it was derived; ``state`` is open, accepted or declined."""
    duty_list(call, list_id)
    require(call, Permission.duty_manage)
    wanted = select(Proposal).join(Duty, Duty.id == Proposal.duty_id)
    wanted = wanted.where(Proposal.list_id == list_id).order_by(Duty.row, Proposal.id)
    return call.session.scalars(wanted.where(Proposal.state == state) if state else wanted).all()


def gaps(call: Call, office: str = "", without: Collection[str] = ()) -> list[Gap]:
    """Of each office that this actor may see (or the one named by id), those with most gaps first.

    Offices whose ids are in ``without`` are left out unless they gave a list of duties.

    A duty has data when one of its proposals was accepted or is as good as the same as a dataset;
    a dataset has a duty when its record names one or a proposal found it to be the same.
    """
    require(call, Permission.duty_manage, office=office or call.actor.office)
    listed = set(call.session.scalars(select(Duty.office_id).distinct()))
    wanted = [
        each
        for each in offices(call.session)
        if office in ("", each.id)
        and (each.id in listed or each.id not in without)
        and allowed(call, Permission.duty_manage, office=each.id)
    ]
    found = [_gap(call, each) for each in wanted]
    return sorted(
        (gap for gap in found if gap.duties or gap.datasets),
        key=lambda gap: (-len(gap.without_data) - len(gap.without_duty), gap.office.name),
    )


def _gap(call: Call, office: Office) -> Gap:
    duties = call.session.scalars(
        select(Duty).where(Duty.office_id == office.id).order_by(Duty.list_id, Duty.row)
    ).all()
    proposals = call.session.scalars(select(Proposal).where(Proposal.office_id == office.id)).all()
    datasets = datasets_of(call, office)
    served: set[str] = set()
    linked: set[str] = set()
    for proposal in proposals:
        same = [source["dataset"] for source in proposal.sources if is_same(source)]
        if proposal.state == ACCEPTED or same:
            served |= {proposal.duty_id, *proposal.also}
        linked |= {*same[:1], *([proposal.dataset_id] if proposal.dataset_id else [])}
    return Gap(
        office,
        len(duties),
        [duty for duty in duties if duty.id not in served],
        len(datasets),
        [
            dataset
            for dataset in datasets
            if not linked & {dataset.id, dataset.name} and not _has_duty(call, dataset)
        ],
    )


def _has_duty(call: Call, dataset: Dataset) -> bool:
    if dataset.record.get("business_item"):
        return True
    from kaishu.catalogue.models import Revision

    draft = call.session.get(Revision, dataset.draft_revision_id) if dataset.draft_revision_id else None
    return bool(draft and draft.record.get("business_item"))
