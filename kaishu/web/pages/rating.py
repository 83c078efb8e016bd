"""Rating a dataset, and taking one's rating back."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from kaishu import catalogue, engagement
from kaishu.access import Permission, require
from kaishu.base.errors import Invalid
from kaishu.web import addresses
from kaishu.web.ratings import RatingBlock, rating_block
from kaishu.web.rendering import render
from kaishu.web.routing import Unchanged, Visit, act, moved, page, text
from kaishu.web.shell import RATED, RATING_GONE, say
from kaishu.web.words import language, pick

HERE = "/datasets/{name}/rating"


@dataclass(frozen=True, slots=True)
class RatingPage:
    """The form by itself: for who comes from the sign-in page, or left something out."""

    title: str
    ratings: RatingBlock


def show_form(visit: Visit) -> Response:
    """The form."""
    require(visit.call, Permission.dataset_rate)
    dataset = catalogue.dataset_by_name(visit.call, visit.part("name"))
    if engagement.provides(visit.call.actor, dataset):
        return moved(visit, addresses.dataset_path(dataset.name) + "#ratings")
    return _form(visit)


def give(visit: Visit, form: FormData) -> Response:
    """Rate, or take the rating back."""
    name = visit.part("name")
    here = addresses.dataset_path(name) + "#ratings"
    if text(form, "act") == "withdraw":
        engagement.withdraw_rating(visit.call, name)
        return say(moved(visit, here), RATING_GONE)
    given = {aspect: text(form, aspect) for aspect in engagement.ASPECTS}
    scores = {
        aspect: int(score) if score in ("1", "2", "3", "4", "5") else None for aspect, score in given.items()
    }
    try:
        engagement.rate(visit.call, name, scores)
    except Invalid as error:
        raise Unchanged(_form(visit, error)) from error
    return say(moved(visit, here), RATED)


def _form(visit: Visit, error: Invalid | None = None) -> Response:
    dataset = catalogue.dataset_by_name(visit.call, visit.part("name"))
    problems = error.problems_in(language()) if error else {}
    block = rating_block(visit.call, dataset, problems)
    context = RatingPage(pick(dataset.title, dataset.title_en), block)
    return render("dataset/rating.html", visit.shell, context, error.status if error else 200)


ROUTES: list[Route] = [page(HERE, show_form), act(HERE, give)]
