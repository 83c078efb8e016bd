"""Synonyms: the shipped groups of words that mean the same, and what this site makes of them."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from kaishu import discovery
from kaishu.access import Permission, require
from kaishu.base.errors import Invalid, KaishuError
from kaishu.web.paging import around, beginning
from kaishu.web.rendering import render
from kaishu.web.routing import Unchanged, Visit, act, moved, page, said, text
from kaishu.web.search_contexts import SynonymsAdmin
from kaishu.web.shell import SYNONYMS_KEPT, SYNONYMS_REMOVED, SYNONYMS_RESTORED, say
from kaishu.web.words import _, language

LONGEST = 2000
SHOWN = 50
ORIGINS = ("shipped", "changed", "own", "removed")
HERE = "/admin/synonyms"


def list_synonyms(visit: Visit) -> Response:
    """Every group, or those with a word, and the form for one more or one to change."""
    changing = visit.query("change")
    known = {group.key: group for group in discovery.groups(visit.call.session)}
    terms = "、".join(known[changing].terms) if changing in known else ""
    return _page(visit, terms, changing if changing in known else "")


def put_synonyms(visit: Visit, form: FormData) -> Response:
    """Add a group, or change one."""
    given, key = text(form, "terms")[:LONGEST], text(form, "key")
    try:
        group = discovery.put_synonyms(visit.call, discovery.terms_from(given), key)
    except Invalid as error:
        raise Unchanged(_page(visit, given, key, error)) from error
    return say(moved(visit, HERE), SYNONYMS_KEPT, name=group.terms[0])


def remove_synonyms(visit: Visit, form: FormData) -> Response:
    """Take a group away."""
    key = text(form, "key")
    discovery.remove_synonyms(visit.call, key)
    return say(moved(visit, HERE), SYNONYMS_REMOVED)


def restore_synonyms(visit: Visit, form: FormData) -> Response:
    """A shipped group as it came."""
    discovery.restore_synonyms(visit.call, text(form, "key"))
    return say(moved(visit, HERE), SYNONYMS_RESTORED)


def _page(visit: Visit, terms: str, changing: str, error: KaishuError | None = None) -> Response:
    require(visit.call, Permission.synonym_manage)
    q = visit.query("q")
    every = discovery.groups(visit.call.session)
    low, origin, start = q.casefold(), visit.query("origin"), beginning(visit)
    origin = origin if origin in ORIGINS else ""
    shown = [
        group
        for group in every
        if (not low or any(low in term.casefold() for term in group.terms))
        and (not origin or group.origin == origin)
    ]
    before, following = around(HERE, (("q", q), ("origin", origin)), start, SHOWN, len(shown))
    context = SynonymsAdmin(
        groups=shown[start : start + SHOWN],
        total=len(every),
        found=len(shown),
        origin=origin,
        before=before,
        next=following,
        q=q,
        origins={
            "shipped": _("自带"),
            "changed": _("已改"),
            "own": _("本站"),
            "removed": _("已停用"),
        },
        terms=terms,
        changing=changing,
        problems=error.problems_in(language()) if isinstance(error, Invalid) else {},
        trouble=said(error) if error else None,
    )
    return render("admin/synonyms.html", visit.shell, context, error.status if error else 200)


ROUTES: list[Route] = [
    page(HERE, list_synonyms),
    act(HERE, put_synonyms),
    act(f"{HERE}/remove", remove_synonyms),
    act(f"{HERE}/restore", restore_synonyms),
]
