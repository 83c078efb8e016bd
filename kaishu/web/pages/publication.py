"""What reviewers do with a dataset that is not waiting for them: withdraw it, or put it back."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from kaishu import catalogue
from kaishu.access import Permission, require
from kaishu.base.errors import Invalid
from kaishu.casework.errors import ReasonNeeded
from kaishu.catalogue import State
from kaishu.catalogue.models import Dataset
from kaishu.web import addresses
from kaishu.web.desk_contexts import Problems
from kaishu.web.rendering import render
from kaishu.web.routing import Unchanged, Visit, act, moved, page, said, text
from kaishu.web.shell import RESTORED, WITHDRAWN, say
from kaishu.web.words import pick


@dataclass(frozen=True, slots=True)
class PublicationPage:
    """A published or withdrawn dataset; ``restorable`` if it was published once."""

    dataset: Dataset
    title: str
    office: str
    restorable: bool
    reason: str
    problems: Problems
    trouble: tuple[str, str] | None


ACTS = {"restore": (catalogue.restore, RESTORED), "withdraw": (catalogue.withdraw, WITHDRAWN)}


def show(visit: Visit) -> Response:
    """The form that its state asks for."""
    return _show(visit, _reviewed(visit))


def settle(visit: Visit, form: FormData) -> Response:
    """Withdraw or restore, with a reason."""
    dataset, reason, wanted = _reviewed(visit), text(form, "reason"), text(form, "do")
    if wanted not in ACTS:
        return moved(visit, visit.request.url.path)
    do, done = ACTS[wanted]
    try:
        do(visit.call, dataset.name, reason)
    except (ReasonNeeded, Invalid) as error:
        raise Unchanged(_show(visit, dataset, reason, error)) from error
    return say(moved(visit, addresses.dataset_path(dataset.name)), done, name=dataset.title)


def _reviewed(visit: Visit) -> Dataset:
    require(visit.call, Permission.dataset_review)
    return catalogue.dataset_by_name(visit.call, visit.part("name"))


def _show(
    visit: Visit, dataset: Dataset, reason: str = "", error: ReasonNeeded | Invalid | None = None
) -> Response:
    context = PublicationPage(
        dataset=dataset,
        title=pick(dataset.title, dataset.title_en),
        office=pick(dataset.office.title, dataset.office.title_en),
        restorable=dataset.state == State.withdrawn and dataset.published_revision_id is not None,
        reason=reason,
        problems={"reason": [said(error)[0]]} if error else {},
        trouble=said(error) if error else None,
    )
    return render("review/publication.html", visit.shell, context, error.status if error else 200)


ROUTES: list[Route] = [
    page("/review/{name}/publication", show),
    act("/review/{name}/publication", settle),
]
