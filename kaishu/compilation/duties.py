"""Taking a duty list in, and deciding on what it proposes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from kaishu import catalogue
from kaishu.access import Call, Permission, note, office_by_name, require
from kaishu.access.models import Office
from kaishu.base import ids
from kaishu.base.errors import NotFound, in_language
from kaishu.casework.errors import ReasonNeeded
from kaishu.catalogue import DatasetRecord, record_from
from kaishu.catalogue.models import Dataset
from kaishu.compilation.duty_files import DutyFile, DutyRow
from kaishu.compilation.errors import AlreadyDecided, DutyRowsWrong
from kaishu.compilation.matching import candidate, is_same, sources_of
from kaishu.compilation.models import Duty, DutyList, Proposal
from kaishu.compilation.proposing import Information, merged, record_of

OPEN, ACCEPTED, DECLINED = "open", "accepted", "declined"
STATES = {OPEN: ("待定", "open"), ACCEPTED: ("已采纳", "accepted"), DECLINED: ("不采纳", "declined")}


def import_duties(
    call: Call,
    read: DutyFile,
    *,
    office: str,
    file_name: str,
    title: str = "",
    sha256: str = "",
    only_good: bool = False,
) -> DutyList:
    """Take in a list that was read, with everything that it proposes.

    Raises ``DutyRowsWrong`` if rows are wrong and ``only_good`` was not asked for; then nothing is taken.
    """
    owner = office_by_name(call.session, office)
    require(call, Permission.duty_manage, office=owner.id)
    if read.problems and (not only_good or not read.rows):
        raise _wrong(read)
    made = DutyList(
        id=ids.new_id(),
        office_id=owner.id,
        title=(title or file_name)[:300],
        file_name=file_name[:255],
        sha256=sha256,
        columns=dict(read.columns),
        duties=len(read.rows),
        left_out=len(read.problems),
        created_by=call.actor.name or call.actor.id,
        created_at=call.now,
    )
    call.session.add(made)
    call.session.flush()
    information, needs = merged(read.rows)
    by_row = {row.row: _duty(made, row, needs.get(row.row, [])) for row in read.rows}
    call.session.add_all(by_row.values())
    call.session.flush()
    among = [candidate(dataset) for dataset in datasets_of(call, owner)]
    call.session.add_all(_proposal(call, made, owner, each, by_row, among) for each in information)
    call.session.flush()
    facts = {"title": made.title, "duties": made.duties, "left_out": made.left_out, "sha256": sha256}
    note(call, "compilation.duty.import", ("duty-list", made.id), proposals=len(information), **facts)
    return made


def _wrong(read: DutyFile) -> DutyRowsWrong:
    first = read.problems[0]
    facts = {"count": len(read.problems), "row": first.row, "reason": str(first.said)}
    return DutyRowsWrong(**facts, reason_en=in_language(first.said, "en"))


def _duty(made: DutyList, row: DutyRow, needs: list[str]) -> Duty:
    return Duty(
        id=ids.new_id(),
        list_id=made.id,
        office_id=made.office_id,
        row=row.row,
        name=row.name,
        kind=row.kind,
        said=row.said,
        needs=needs,
    )


def _proposal(
    call: Call,
    made: DutyList,
    owner: Office,
    information: Information,
    by_row: Mapping[int, Duty],
    among: Sequence[Any],
) -> Proposal:
    duties = [by_row[duty.row] for duty in information.duties]
    sources = sources_of(information.name, information.elements, among)
    record = record_of(information, owner.title, owner.contact)
    if sources and is_same(sources[0]):
        record["data_source"] = f"{sources[0]['title']}（{sources[0]['dataset']}）"[:300]
    return Proposal(
        id=ids.new_id(),
        list_id=made.id,
        duty_id=duties[0].id,
        office_id=owner.id,
        information=information.name,
        origin=information.origin,
        also=[duty.id for duty in duties[1:]],
        elements=information.elements,
        sources=sources,
        record=record,
        state=OPEN,
        created_at=call.now,
    )


def accept(call: Call, proposal_id: str, changes: Mapping[str, Any] | None = None, into: str = "") -> Dataset:
    """Make the proposed entry a draft dataset; ``changes`` are fields of the record that a person set.

    With ``into``, the name of a dataset that is there, its draft gets L1 to L4 instead.
    Raises ``AlreadyDecided``, ``Invalid``, ``InReview``.
    """
    proposal = _open_one(call, proposal_id)
    require(call, Permission.duty_manage, office=proposal.office_id)
    if into:
        dataset = _joined(call, proposal, into)
    else:
        record = record_from({**proposal.record, **(changes or {})})
        dataset = catalogue.add_dataset(call, record=record, office=proposal.office_id)
        if not record.resource_code and record.resource_class:
            _give_code(call, dataset, record)
    proposal.state, proposal.dataset_id = ACCEPTED, dataset.id
    proposal.decided_by, proposal.decided_at = call.actor.name or call.actor.id, call.now
    call.session.flush()
    facts = {"information": proposal.information, "dataset": dataset.name, "joined": bool(into)}
    note(call, "compilation.proposal.accept", ("proposal", proposal.id), **facts)
    return dataset


def _give_code(call: Call, dataset: Dataset, record: DatasetRecord) -> None:
    """The code, if it is known of which category; else it is made when the draft is submitted."""
    office, data = (dataset.office.code, dataset.office.name), record.model_dump()
    if catalogue.codes.lacks_category(data, office):
        return
    record.resource_category = catalogue.codes.category_of(data, office)
    record.resource_code = catalogue.codes.code_for(data, office, dataset.serial)
    catalogue.revise(call, dataset.name, record)


def accept_all(call: Call, proposal_ids: Sequence[str]) -> list[Dataset]:
    """Accept several as they stand, all or none; those decided meanwhile are an error."""
    return [accept(call, proposal_id) for proposal_id in proposal_ids]


def decline(call: Call, proposal_id: str, reason: str) -> Proposal:
    """Say no, and why.  Raises ``ReasonNeeded``, ``AlreadyDecided``."""
    proposal = _open_one(call, proposal_id)
    require(call, Permission.duty_manage, office=proposal.office_id)
    if not reason.strip():
        raise ReasonNeeded()
    proposal.state, proposal.reason = DECLINED, reason.strip()[:4000]
    proposal.decided_by, proposal.decided_at = call.actor.name or call.actor.id, call.now
    call.session.flush()
    facts = {"information": proposal.information, "reason": proposal.reason}
    note(call, "compilation.proposal.decline", ("proposal", proposal.id), **facts)
    return proposal


def reopen(call: Call, proposal_id: str) -> Proposal:
    """Take a refusal back."""
    proposal = proposal_by_id(call, proposal_id)
    require(call, Permission.duty_manage, office=proposal.office_id)
    if proposal.state != DECLINED:
        raise _decided(proposal)
    proposal.state, proposal.reason = OPEN, ""
    call.session.flush()
    note(call, "compilation.proposal.reopen", ("proposal", proposal.id), information=proposal.information)
    return proposal


def remove_list(call: Call, list_id: str) -> None:
    """Delete a list with its open proposals; datasets made of it stay."""
    found = call.session.get(DutyList, list_id)
    if found is None:
        raise NotFound(kind="权责清单 duty list", name=list_id)
    require(call, Permission.duty_manage, office=found.office_id)
    for model in (Proposal, Duty):
        for row in call.session.scalars(select(model).where(model.list_id == list_id)):
            call.session.delete(row)
        call.session.flush()
    call.session.delete(found)
    call.session.flush()
    note(call, "compilation.duty.remove", ("duty-list", list_id), title=found.title)


def proposal_by_id(call: Call, proposal_id: str) -> Proposal:
    """A proposal of an office that this actor compiles for.  Raises ``NotFound``."""
    found = call.session.get(Proposal, proposal_id)
    if found is None:
        raise NotFound(kind="建议 proposal", name=proposal_id)
    require(call, Permission.duty_manage, office=found.office_id)
    return found


def datasets_of(call: Call, office: Office) -> Sequence[Dataset]:
    """Every dataset of an office in whatever state but withdrawn."""
    require(call, Permission.dataset_read_draft, office=office.id)
    wanted = select(Dataset).where(Dataset.office_id == office.id, Dataset.state != catalogue.State.withdrawn)
    return call.session.scalars(wanted.order_by(Dataset.name)).all()


def _open_one(call: Call, proposal_id: str) -> Proposal:
    proposal = proposal_by_id(call, proposal_id)
    if proposal.state != OPEN:
        raise _decided(proposal)
    return proposal


def _decided(proposal: Proposal) -> AlreadyDecided:
    return AlreadyDecided(information=proposal.information, state=STATES[proposal.state][0], reason="")


def _joined(call: Call, proposal: Proposal, into: str) -> Dataset:
    dataset = catalogue.dataset_by_name(call, into)
    draft = catalogue.draft_of(call, dataset)
    record = DatasetRecord.model_validate(draft.record if draft else dataset.record)
    for field in ("business_item", "business_information", "data_standard"):
        if not getattr(record, field):
            setattr(record, field, proposal.record.get(field, ""))
    record.data_source = record.data_source or f"{dataset.title}（{dataset.name}）"[:300]
    if not record.share_condition and record.share_class != "unconditional":
        record.share_condition = proposal.record.get("share_condition", "")
    catalogue.revise(call, dataset.name, record)
    return dataset
