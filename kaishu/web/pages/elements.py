"""The library of data elements and the code sets, for everybody."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from kaishu import access, catalogue, elements, standards
from kaishu.access import Permission, allowed, require
from kaishu.base.errors import NotFound
from kaishu.elements import Code, CodeSetText, Element, Known
from kaishu.http.files import disposition
from kaishu.web.code_trees import tree_of, widest
from kaishu.web.element_checks import check_said
from kaishu.web.element_contexts import ElementPage, KnownLine, LibraryPage, SetPage, SetsPage, Use
from kaishu.web.rendering import address, render
from kaishu.web.routing import Visit, page
from kaishu.web.words import _, language, pick

SHOWN, CODES = 60, 200
HEADS = ("code", "name", "name_en", "parent", "valid_from", "valid_to", "successor")


def letters() -> list[tuple[str, str]]:
    """Type letters with their words."""
    return [(code, f"{code} {pick(said, said.en)}") for code, said in elements.LETTERS.items()]


def owners(visit: Visit) -> dict[str, str]:
    """Id of an office to its title."""
    return {o.id: pick(o.title, o.title_en) for o in access.offices(visit.call.session)}


def show_library(visit: Visit) -> Response:
    """Search and filters over the elements in force."""
    require(visit.call, Permission.elements_read)
    every = elements.library(visit.call.session)
    q, letter, origin = visit.query("q")[:100], visit.query("letter"), visit.query("origin")
    found = [
        each
        for each in every
        if letter in ("", each.element.letter) and origin in ("", each.origin) and matches(each.element, q)
    ]
    start = _start(visit)
    here = (("q", q), ("letter", letter), ("origin", origin))
    titles = owners(visit)
    shown = [each.element.code for each in found[start : start + SHOWN]]
    counts = elements.use_counts(visit.call.session, shown)
    context = LibraryPage(
        lines=[_line(each, titles, counts) for each in found[start : start + SHOWN]],
        total=len(found),
        all=len(every),
        q=q,
        letter=letter,
        origin=origin,
        letters=letters(),
        next=address("/elements", *here, ("from", start + SHOWN)) if len(found) > start + SHOWN else "",
        before=address("/elements", *here, ("from", max(start - SHOWN, 0) or "")) if start else "",
    )
    return render("elements/library.html", visit.shell, context)


def matches(element: Element, q: str) -> bool:
    """Is this text in a name, a synonym, the identifier or the definition?"""
    wanted = q.casefold()
    said = (*element.names, element.definition, element.definition_en, element.standard, element.code_set)
    return not wanted or any(wanted in each.casefold() for each in said)


def _line(known: Known, titles: dict[str, str], counts: Mapping[str, int]) -> KnownLine:
    said = elements.LETTERS[known.element.letter]
    uses = counts.get(known.element.code, 0)
    return KnownLine(known, pick(said, said.en), _owner(known.office_id, titles), uses)


def _owner(office_id: str | None, titles: dict[str, str]) -> str:
    return titles.get(office_id, "") if office_id else _("国家")


def show_element(visit: Visit) -> Response:
    """One element."""
    require(visit.call, Permission.elements_read)
    known = elements.element_by_code(visit.call.session, visit.part("code"))
    element = known.element
    uses, unseen = _uses(visit, element.code)
    values = None
    code_set = ""
    if element.code_set:
        found, text = elements.code_set_by_code(visit.call.session, element.code_set)
        code_set = pick(found.name, found.name_en)
        values = None if found.origin == elements.NATIONAL else [item.code for item in text.items[:3]]
    rules = elements.rules_for({"name": element.name, "type": "text"}, element, values)
    said = elements.LETTERS[element.letter]
    context = ElementPage(
        known=known,
        element=element,
        owner=_owner(known.office_id, owners(visit)),
        letter=pick(said, said.en),
        words=element.form.words(language()),
        code_set=code_set,
        range=_range(element),
        uses=uses,
        unseen=unseen,
        versions=elements.versions_of(visit.call.session, elements.ELEMENT, element.code),
        checks=[check_said(rule) for rule in rules],
        may_change=_may_change(visit, known.office_id, known.state),
    )
    return render("elements/element.html", visit.shell, context)


def _may_change(visit: Visit, office_id: str | None, state: str) -> bool:
    if office_id is None or state == "withdrawn":
        return False
    return bool(allowed(visit.call, Permission.elements_propose, office=office_id))


def _range(element: Element) -> str:
    low, high = element.minimum or "…", element.maximum or "…"
    text = f"{low} – {high} {element.unit}".replace("today", _("今天"))
    return text.strip() if element.minimum or element.maximum else ""


def _uses(visit: Visit, code: str) -> tuple[list[Use], int]:
    """Columns of datasets that this visitor may see, and how many others there are."""
    every = elements.uses_of(visit.call.session, code)
    seen = catalogue.datasets_by_ids(visit.call, {each.dataset_id for each in every})
    known = {dataset.id: dataset for dataset in seen}
    uses = [
        Use(
            known[each.dataset_id],
            pick(known[each.dataset_id].title, known[each.dataset_id].title_en),
            each.column,
            pick(known[each.dataset_id].office.title, known[each.dataset_id].office.title_en),
        )
        for each in every
        if each.dataset_id in known
    ]
    return uses, len(every) - len(uses)


def show_sets(visit: Visit) -> Response:
    """Every code set."""
    require(visit.call, Permission.elements_read)
    titles = owners(visit)
    sets = elements.code_sets(visit.call.session)
    return render(
        "elements/code_sets.html",
        visit.shell,
        SetsPage(sets, {each.code: _owner(each.office_id, titles) for each in sets}),
    )


def show_set(visit: Visit) -> Response:
    """The codes of a set level by level, or those that a search finds."""
    require(visit.call, Permission.elements_read)
    known, text = elements.code_set_by_code(visit.call.session, visit.part("code"))
    q, under, start = visit.query("q")[:100], visit.query("under")[:60], _start(visit)
    if q:
        found = [item for item in text.items if _has(item, q)]
    else:
        found = [item for item in text.items if item.parent == under]
    here = f"/code-sets/{known.code}"
    path = path_to(text, under)
    leveled = any(item.parent for item in text.items)
    open_codes = [item.code for item in path]
    as_tree = leveled and not q and widest(text.items, open_codes) <= CODES
    more = address(here, ("q", q), ("under", under), ("from", start + CODES))
    context = SetPage(
        known=known,
        text=text,
        about=_about(known.code, known.origin, text),
        owner=_owner(known.office_id, owners(visit)),
        q=q,
        under=under,
        path=path,
        tree=tree_of(text.items, open_codes) if as_tree else None,
        codes=found[start : start + CODES],
        places=_places(text, found[start : start + CODES]) if q and leveled else {},
        below=Counter(item.parent for item in text.items if item.parent),
        total=len(found),
        next=more if len(found) > start + CODES else "",
        dated=any(item.valid_from or item.valid_to for item in text.items),
        successors=any(item.successor for item in text.items),
        elements=elements.elements_with(visit.call.session, known.code),
        versions=elements.versions_of(visit.call.session, elements.CODE_SET, known.code),
        may_change=_may_change(visit, known.office_id, known.state),
    )
    return render("elements/code_set.html", visit.shell, context)


def _about(code: str, origin: str, text: CodeSetText) -> str:
    if origin == elements.NATIONAL and language() == "en":
        return standards.code_set(code).note
    return text.definition


def _places(text: CodeSetText, codes: Iterable[Code]) -> dict[str, str]:
    """Parent to the names from the highest code down to it."""
    known = {item.code: item for item in text.items}
    found = {}
    for parent in {item.parent for item in codes if item.parent}:
        names: list[str] = []
        at = parent
        while at in known and len(names) < 10:
            names.insert(0, pick(known[at].name, known[at].name_en))
            at = known[at].parent
        found[parent] = " › ".join(names)
    return found


def path_to(text: CodeSetText, code: str) -> list[Code]:
    """The code and those above it, the highest first.  Raises ``NotFound``."""
    known = {item.code: item for item in text.items}
    if code and code not in known:
        raise NotFound(kind="代码 code", name=code)
    path: list[Code] = []
    while code in known and known[code] not in path:
        path.insert(0, known[code])
        code = known[code].parent
    return path


def _has(item: Code, q: str) -> bool:
    wanted = q.casefold()
    return item.code.casefold().startswith(wanted) or wanted in f"{item.name} {item.name_en}".casefold()


def download_set(visit: Visit) -> Response:
    """All codes as CSV or JSON."""
    require(visit.call, Permission.elements_read)
    form = visit.part("form")
    if form not in ("csv", "json"):
        raise NotFound(kind="格式 format", name=form[:20])
    known, text = elements.code_set_by_code(visit.call.session, visit.part("code"))
    kind = "text/csv; charset=utf-8" if form == "csv" else "application/json"
    body = csv_lines(text.items) if form == "csv" else json_lines(text)
    headers = {"content-disposition": disposition(f"{known.code}.{form}")}
    return StreamingResponse(body, media_type=kind, headers=headers)


def csv_lines(items: Iterable[Code]) -> Iterator[str]:
    """A set as CSV, in parts."""
    yield "\ufeff" + ",".join(HEADS) + "\r\n"
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for item in items:
        writer.writerow([getattr(item, head) for head in HEADS])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def json_lines(text: CodeSetText) -> Iterator[str]:
    """A set as one JSON value, in parts."""
    head = {"code": text.code, "name": text.name, "name_en": text.name_en, "edition": text.edition}
    yield json.dumps({**head, "standard": text.standard}, ensure_ascii=False)[:-1] + ', "items": ['
    for number, item in enumerate(text.items):
        said = {key: getattr(item, key) for key in HEADS if getattr(item, key)}
        yield (",\n" if number else "\n") + json.dumps(said, ensure_ascii=False)
    yield "\n]}\n"


def _start(visit: Visit) -> int:
    given = visit.query("from")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 0


ROUTES: list[Route] = [
    page("/elements", show_library),
    page("/elements/{code}", show_element),
    page("/code-sets", show_sets),
    page("/code-sets/{code}.{form}", download_set),
    page("/code-sets/{code}", show_set),
]
