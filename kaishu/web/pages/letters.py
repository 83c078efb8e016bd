"""The inbox of an office: letters left in the platform, such as reports of evaluations."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from kaishu import engagement
from kaishu.access import Role, offices
from kaishu.http.files import disposition
from kaishu.web.letter_contexts import LetterPage, LettersPage
from kaishu.web.rendering import address, render
from kaishu.web.routing import Visit, act, moved, page
from kaishu.web.words import pick

LETTERS, SHOWN = "/desk/letters", 50


def inbox(visit: Visit) -> Response:
    """Letters, the newest first."""
    start = int(visit.query("from")) if visit.query("from").isdecimal() else 0
    found = engagement.letters(visit.call, limit=SHOWN + 1, offset=min(start, 10**6))
    context = LettersPage(
        letters=found[:SHOWN],
        offices=_titles(visit),
        several=visit.call.actor.role is Role.administrator,
        next=address(LETTERS, ("from", start + SHOWN)) if len(found) > SHOWN else "",
        previous=address(LETTERS, ("from", max(0, start - SHOWN))) if start else "",
    )
    return render("desk/letters.html", visit.shell, context)


def letter(visit: Visit) -> Response:
    """One letter."""
    found = engagement.letter_by_id(visit.call, visit.part("letter"))
    about = f"/evaluation/results/{found.about_id}" if found.about_kind == "evaluation" else ""
    lines = found.body.split("\n")
    # A letter begins with its subject, which the page has as its heading.
    lines = lines[1:] if lines[0] == found.subject else lines
    context = LetterPage(found, lines, _titles(visit).get(found.office_id, ""), about)
    return render("desk/letter.html", visit.shell, context)


def enclosed(visit: Visit) -> Response:
    """The file that goes with it, always as a download."""
    found = engagement.enclosed_in(visit.call, visit.part("letter"))
    answer = Response(found.content, media_type=found.media_type)
    answer.headers["Content-Disposition"] = disposition(found.name)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def read(visit: Visit, form: FormData) -> Response:
    """Say that it was read."""
    engagement.mark_read(visit.call, visit.part("letter"))
    return moved(visit, f"{LETTERS}/{visit.part('letter')}")


def _titles(visit: Visit) -> dict[str, str]:
    return {each.id: pick(each.title, each.title_en) for each in offices(visit.call.session)}


ROUTES: list[Route] = [
    page(LETTERS, inbox),
    page(f"{LETTERS}/{{letter}}", letter),
    page(f"{LETTERS}/{{letter}}/file", enclosed),
    act(f"{LETTERS}/{{letter}}/read", read),
]
