"""The catalogue record as a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from kaishu import access, catalogue
from kaishu.base.errors import Invalid, in_language
from kaishu.catalogue import DatasetRecord
from kaishu.catalogue.models import Dataset
from kaishu.web.desk_contexts import RecordPage
from kaishu.web.forms import record as forms
from kaishu.web.pages.desk import home_of, mine_by_name
from kaishu.web.rendering import render
from kaishu.web.routing import Unchanged, Visit, act, moved, page, text
from kaishu.web.shell import RECORD_KEPT, SUBMITTED, say
from kaishu.web.words import language, pick


def show_record(visit: Visit) -> Response:
    """The draft's record, or the published one to start the next draft from."""
    dataset = mine_by_name(visit)
    return _show(visit, dataset, forms.values_of(_known(visit, dataset)), {})


def keep_record(visit: Visit, form: FormData) -> Response:
    """Keep the draft; with "submit" hand it to the reviewers too.  What is wrong stands beside its field."""
    dataset = mine_by_name(visit)
    values = forms.values_from(form)
    try:
        record = catalogue.record_from(forms.record_data(values, _known(visit, dataset)))
    except Invalid as error:
        raise Unchanged(_show(visit, dataset, values, error.problems_in(language()))) from error
    catalogue.revise(visit.call, dataset.name, record)
    if text(form, "do") != "submit":
        return say(moved(visit, home_of(dataset)), RECORD_KEPT)
    try:
        catalogue.submit(visit.call, dataset.name)
    except Invalid as error:
        # The draft itself is sound and is kept: only the submission has to wait.
        return _show(visit, dataset, values, error.problems_in(language()))
    return say(moved(visit, home_of(dataset)), SUBMITTED, name=record.title)


def _known(visit: Visit, dataset: Dataset) -> DatasetRecord:
    draft = catalogue.draft_of(visit.call, dataset)
    return DatasetRecord.model_validate(draft.record if draft else dataset.record)


def _flaws(visit: Visit, dataset: Dataset, values: Mapping[str, Any]) -> str:
    """What the guide says against a code that was filled in; it may be kept all the same."""
    if not values["resource_code"]:
        return ""
    kind = values["resource_class"]
    found = catalogue.codes.check(
        values["resource_code"],
        resource_class=kind if kind in catalogue.categories.classes().values() else "",
        resource_category=values["resource_category"],
        office_code=dataset.office.code,
        offices={office.code for office in access.offices(visit.call.session) if office.code},
    )
    return " ".join(in_language(each.said, language()) for each in found)


def _show(
    visit: Visit, dataset: Dataset, values: Mapping[str, Any], problems: Mapping[str, Sequence[str]]
) -> Response:
    found = forms.gathered(problems)
    words = forms.titles()
    loose = [
        (_item_title(field, values) or field, sentences)
        for field, sentences in found.items()
        if field not in words
    ]
    context = RecordPage(
        dataset=dataset,
        title=pick(dataset.title, dataset.title_en),
        values=values,
        codes=forms.code_lists(str(values["resource_category"])),
        flaws=_flaws(visit, dataset, values),
        problems=found,
        loose=loose,
    )
    return render("desk/record.html", visit.shell, context, 422 if problems else 200)


def _item_title(field: str, values: Mapping[str, Any]) -> str:
    """``items.3.length`` as the name of that field of the table."""
    parts = field.split(".")
    if parts[0] == "items" and len(parts) > 1 and parts[1].isdigit() and int(parts[1]) < len(values["rows"]):
        return str(values["rows"][int(parts[1])]["name"])
    return ""


ROUTES: list[Route] = [
    page("/desk/datasets/{name}/record", show_record),
    act("/desk/datasets/{name}/record", keep_record),
]
