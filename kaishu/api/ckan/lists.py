"""Lists, lookups and words to choose from while typing."""

from __future__ import annotations

from typing import Any

from kaishu import catalogue, discovery, standards
from kaishu.access import Permission, allowed, offices, people, require
from kaishu.api.ckan import shapes
from kaishu.api.ckan.arguments import Asked
from kaishu.api.ckan.registry import action
from kaishu.api.ckan.resources import find_resource
from kaishu.api.ckan.searching import counts, packages
from kaishu.base.errors import Invalid, NotFound, Said
from kaishu.catalogue.models import Dataset

MOST = 1000


@action("current_package_list_with_resources")
def current_package_list_with_resources(asked: Asked) -> list[dict[str, Any]]:
    """Published datasets in full, the newest changed first; ``limit`` (to 1000), ``offset``, ``page``."""
    limit = asked.integer("limit", MOST, most=MOST) or MOST
    offset = asked.integer("offset", 0)
    if asked.values.get("page") not in (None, ""):
        offset = (max(1, asked.integer("page", 1)) - 1) * limit
    with asked.reading() as call:
        query = discovery.Query(sort="metadata_modified desc", limit=limit, offset=offset)
        return packages(call, discovery.search(call, query).hits, asked.site)


@action("group_show")
def group_show(asked: Asked) -> dict[str, Any]:
    """A theme; ``id`` is its code, ``include_datasets`` adds its datasets (at most 1000)."""
    code = _theme(asked.needed("id"))
    with asked.reading() as call:
        require(call, Permission.dataset_read)
        count = counts(call, "groups").get(code, 0)
        shape = {**shapes.group(code, count), "users": [], "groups": [], "tags": [], "extras": []}
        if asked.flag("include_datasets"):
            shape["packages"] = _of_theme(asked, call, code, MOST)
    return shape


@action("group_package_show")
def group_package_show(asked: Asked) -> list[dict[str, Any]]:
    """The datasets of the theme ``id``; ``limit`` at most 1000."""
    code = _theme(asked.needed("id"))
    with asked.reading() as call:
        return _of_theme(asked, call, code, asked.integer("limit", MOST, most=MOST) or MOST)


@action("tag_show")
def tag_show(asked: Asked) -> dict[str, Any]:
    """A tag in use; ``include_datasets`` adds its datasets (at most 1000)."""
    name = asked.needed("id")
    with asked.reading() as call:
        known = counts(call, "tags")
        found = next((tag for tag in known if name in (tag, shapes.tag(tag)["id"])), None)
        if found is None:
            raise NotFound(kind="标签 tag", name=name)
        shape = shapes.tag(found)
        if asked.flag("include_datasets"):
            where = discovery.Is("tags", [found])
            query = discovery.Query(where=where, sort="name asc", limit=MOST)
            shape["packages"] = packages(call, discovery.search(call, query).hits, asked.site)
    return shape


@action("tag_search")
def tag_search(asked: Asked) -> dict[str, Any]:
    """Tags that contain ``query``; ``limit`` and ``offset``."""
    query = asked.needed("query", "q").casefold()
    with asked.reading() as call:
        names = sorted(tag for tag in counts(call, "tags") if query in tag.casefold())
    offset = asked.integer("offset", 0)
    shown = names[offset : offset + (asked.integer("limit", MOST, most=MOST) or MOST)]
    return {"count": len(names), "results": [shapes.tag(name) for name in shown]}


@action("vocabulary_list")
def vocabulary_list(asked: Asked) -> list[Any]:
    """Vocabularies of tags: there are none, tags are free."""
    return []


@action("vocabulary_show")
def vocabulary_show(asked: Asked) -> dict[str, Any]:
    """No vocabulary of tags is known."""
    raise NotFound(kind="标签词表 vocabulary", name=asked.needed("id"))


@action("license_list")
def license_list(asked: Asked) -> list[dict[str, Any]]:
    """The licences that a dataset may name."""
    return [shapes.licence(term.code) for term in standards.vocabulary("licence").terms]


@action("resource_view_list")
def resource_view_list(asked: Asked) -> list[Any]:
    """Views of a resource: tables are shown on their own page, so there are none."""
    with asked.reading() as call:
        find_resource(call, asked.needed("id"))
    return []


@action("organization_list_for_user")
def organization_list_for_user(asked: Asked) -> list[dict[str, Any]]:
    """The departments for which the caller may make datasets."""
    with asked.reading() as call:
        number = counts(call, "organization")
        return [
            {**shapes.organization(each, number.get(each.name, 0)), "capacity": "editor"}
            for each in offices(call.session)
            if allowed(call, Permission.dataset_draft, office=each.id)
        ]


@action("group_list_authz")
def group_list_authz(asked: Asked) -> list[dict[str, Any]]:
    """The themes that the caller may give to datasets: all of them, for whoever may make one."""
    with asked.reading() as call:
        if not allowed(call, Permission.dataset_draft):
            return []
    return [shapes.group(term.code) for term in standards.vocabulary("theme").terms]


@action("member_list")
def member_list(asked: Asked) -> list[list[str]]:
    """The datasets of a department: [id, "package", "public"]; who its people are is not told."""
    name = asked.needed("id")
    if asked.text("object_type", "package") not in ("package", ""):
        return []
    with asked.reading() as call:
        office = next((o for o in offices(call.session) if name in (o.id, o.name)), None)
        if office is None:
            raise NotFound(kind="部门 organization", name=name)
        rows: list[Dataset] = []
        cursor = None
        while len(rows) < 100 * MOST:
            page = catalogue.datasets(call, office=office.id, state="published", limit=MOST, cursor=cursor)
            rows += page.rows
            cursor = page.next
            if cursor is None:
                break
        return [[row.foreign_id or row.id, "package", "public"] for row in rows]


@action("package_autocomplete")
def package_autocomplete(asked: Asked) -> list[dict[str, str]]:
    """Datasets whose name or title has what is typed in ``q``; at most ``limit`` (10)."""
    with asked.reading() as call:
        query = discovery.Query(q=asked.needed("q"), limit=_limit(asked))
        rows = catalogue.datasets_by_ids(call, [h.dataset_id for h in discovery.search(call, query).hits])
    return [
        {
            "name": row.name,
            "title": row.title,
            "match_field": "title",
            "match_displayed": f"{row.title} ({row.name})",
        }
        for row in rows
    ]


@action("organization_autocomplete")
def organization_autocomplete(asked: Asked) -> list[dict[str, str]]:
    """Departments whose name or title has ``q``."""
    with asked.reading() as call:
        require(call, Permission.dataset_read)
        found = [
            (o.id, o.name, o.title) for o in offices(call.session) if _has(asked, o.name, o.title, o.title_en)
        ]
    return [{"id": i, "name": name, "title": title} for i, name, title in found[: _limit(asked)]]


@action("group_autocomplete")
def group_autocomplete(asked: Asked) -> list[dict[str, str]]:
    """Themes whose code or title has ``q``."""
    terms = [t for t in standards.vocabulary("theme").terms if _has(asked, t.code, t.zh, t.en, *t.aliases)]
    return [{"id": t.code, "name": t.code, "title": t.zh} for t in terms[: _limit(asked)]]


@action("tag_autocomplete")
def tag_autocomplete(asked: Asked) -> list[str]:
    """Tags in use that have ``query`` or ``q``."""
    typed = asked.needed("query", "q").casefold()
    with asked.reading() as call:
        names = sorted(tag for tag in counts(call, "tags") if typed in tag.casefold())
    return names[: _limit(asked)]


@action("user_autocomplete")
def user_autocomplete(asked: Asked) -> list[dict[str, str]]:
    """People whose account or name has ``q``, for whoever keeps the accounts."""
    with asked.reading() as call:
        require(call, Permission.person_manage)
        found = [(p.id, p.account, p.name) for p in people(call.session) if _has(asked, p.account, p.name)]
    return [{"id": i, "name": account, "fullname": name} for i, account, name in found[: _limit(asked)]]


@action("format_autocomplete")
def format_autocomplete(asked: Asked) -> list[str]:
    """Formats in use that have ``q``, the most used first."""
    with asked.reading() as call:
        found = sorted(counts(call, "res_format").items(), key=lambda pair: (-pair[1], pair[0]))
    return [name for name, _ in found if _has(asked, name)][: _limit(asked)]


def _theme(name: str) -> str:
    term = standards.vocabulary("theme").find(name)
    if term is None:
        raise NotFound(kind="主题 group", name=name)
    return term.code


def _of_theme(asked: Asked, call: Any, code: str, limit: int) -> list[dict[str, Any]]:
    query = discovery.Query(where=discovery.Is("groups", [code]), sort="name asc", limit=limit)
    return packages(call, discovery.search(call, query).hits, asked.site)


def _has(asked: Asked, *texts: str) -> bool:
    typed = asked.needed("q").casefold()
    return any(typed in text.casefold() for text in texts)


def _limit(asked: Asked) -> int:
    limit = asked.integer("limit", 10, most=100)
    if not limit:
        raise Invalid({"limit": [Said("应大于0。", "Must be greater than 0")]})
    return limit
