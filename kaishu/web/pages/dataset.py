"""The page of one dataset."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kaishu import catalogue, elements, harvest, http, ledger, standards
from kaishu.access import Permission, allowed
from kaishu.catalogue import DatasetRecord, ResourceEntry, State
from kaishu.catalogue.errors import NoSuchResource, NotOpen
from kaishu.catalogue.models import Dataset
from kaishu.lake.models import Version
from kaishu.standards import Term
from kaishu.web import addresses
from kaishu.web.contexts import Calls, DatasetPage, Download, Origin, VersionEntry
from kaishu.web.documents import dataset_data, families
from kaishu.web.entries import changed_on
from kaishu.web.figures import day, number, plain
from kaishu.web.grids import first_rows
from kaishu.web.lines import record_lines
from kaishu.web.ratings import rating_block
from kaishu.web.rendering import address, render
from kaishu.web.routing import Visit, page, said
from kaishu.web.statistics import field_charts
from kaishu.web.takeaways import downloads
from kaishu.web.uses import uses_of
from kaishu.web.words import _, language, listed, pick


@dataclass(frozen=True, slots=True)
class Data:
    """The table shown on the page, in the version shown."""

    resource: ResourceEntry
    version: Version


def show_dataset(visit: Visit) -> Response:
    """Record, rows, fields, statistics, downloads, versions and use."""
    dataset = catalogue.dataset_by_name(visit.call, visit.part("name"))
    if dataset.name != visit.part("name"):
        query = visit.request.url.query
        return RedirectResponse(
            addresses.dataset_path(dataset.name) + (f"?{query}" if query else ""), status_code=301
        )
    data, refusal = _data(visit, dataset)
    insider = bool(allowed(visit.call, Permission.dataset_read_draft, office=dataset.office_id))
    if not insider:
        ledger.tally(visit.call.actor.row, "catalogue.view", ("dataset", dataset.id))
    return render("dataset/dataset.html", visit.shell, _context(visit, dataset, data, refusal, insider))


def _tags(record: DatasetRecord) -> list[tuple[str, str]]:
    """Tags with where they lead: the filter knows those of the record's language, words find both."""
    if language() == "en" and record.tags_en:
        return [(tag, address("/datasets", ("q", tag))) for tag in record.tags_en]
    return [(tag, address("/datasets", ("tag", tag))) for tag in record.tags]


def _data(visit: Visit, dataset: Dataset) -> tuple[Data | None, tuple[str, str] | None]:
    """The table to show, or the sentence that says why not."""
    wanted = visit.query("version")
    version = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 9 else None
    try:
        found = catalogue.readable_version(visit.call, dataset.name, visit.query("resource") or None, version)
    except NotOpen as error:
        return None, said(error) if dataset.open_class or not _addresses(dataset) else None
    except NoSuchResource:
        if visit.query("resource") or version:
            raise
        return None, None
    return Data(found[1], found[2]), None


def _context(
    visit: Visit, dataset: Dataset, data: Data | None, refusal: tuple[str, str] | None, insider: bool
) -> DatasetPage:
    record = DatasetRecord.model_validate(dataset.record)
    entries = catalogue.resources_of(dataset)
    licence = _licence(record.licence)
    title = pick(record.title, record.title_en)
    office_title = pick(dataset.office.title, dataset.office.title_en)
    site = http.site_url(visit.request)
    updated = data.version.created_at if data else changed_on(dataset)
    base = DatasetPage(
        dataset=dataset,
        record=record,
        title=title,
        abstract=plain(pick(record.description, record.description_en)),
        office=dataset.office,
        office_title=office_title,
        tags=_tags(record),
        licence=licence,
        updated=updated,
        lines=record_lines(dataset, record, licence),
        uses=uses_of(visit.call, dataset.id),
        citation=_citation(
            title,
            office_title,
            visit.shell.site,
            day(updated),
            data,
            site + addresses.dataset_path(dataset.name),
        ),
        insider=insider,
        may_draft=bool(allowed(visit.call, Permission.dataset_draft, office=dataset.office_id)),
        may_review=bool(allowed(visit.call, Permission.dataset_review)),
        refusal=refusal,
        tables=[entry for entry in entries if entry.table_id],
        links=_addresses(dataset),
        origin=_origin(visit, dataset),
        fields=record.items if data is None or data.resource.id == _first(entries) else [],
        families=families(dataset.name) if dataset.state == State.published else (),
        linked=dataset_data(visit.request, dataset) if dataset.state == State.published else None,
        ratings=rating_block(visit.call, dataset) if dataset.state == State.published else None,
    )
    return base if data is None else _with_table(visit, base, data)


def _addresses(dataset: Dataset) -> list[tuple[ResourceEntry, str]]:
    """The parts that are elsewhere, each with the address a person can open."""
    parts = [entry for entry in catalogue.resources_of(dataset) if not entry.table_id]
    found = [(entry, next(filter(_web, (entry.url, entry.access_url)), "")) for entry in parts]
    return [(entry, address) for entry, address in found if address]


def _origin(visit: Visit, dataset: Dataset) -> Origin | None:
    found = harvest.origin_of(visit.call.session, dataset.id)
    if found is None:
        return None
    row, source = found
    return Origin(pick(source.title, source.title_en), dataset.record.get("source_url", ""), row.last_seen)


def _with_table(visit: Visit, base: DatasetPage, data: Data) -> DatasetPage:
    """The page with all that comes from the table."""
    dataset, resource, version = base.dataset, data.resource, data.version
    preview = first_rows(visit.call, version)
    published = catalogue.published_versions(visit.call.session, dataset).get(resource.id, [])
    number = None if resource.version == version.number else version.number
    return replace(
        base,
        resource=resource,
        version=version,
        preview=preview,
        rows_href=addresses.dataset_path(dataset.name) + "/rows" + _query(resource.id, number),
        charts=field_charts(visit.call.session, version),
        downloads=downloads(dataset.name, resource.id, version, preview.rows),
        versions=_versions(dataset.name, resource.id, published or [version]),
        elements=_elements(visit, version.table_id),
        api=_calls(
            http.site_url(visit.request) + addresses.api_rows(dataset.name, resource.id, number), version
        ),
    )


def _elements(visit: Visit, table_id: str) -> dict[str, elements.Element]:
    """Column to the element that it holds, for those that hold one in force."""
    held = elements.assignments_of(visit.call.session, table_id)
    if not held:
        return {}
    known = {each.element.code: each.element for each in elements.library(visit.call.session)}
    return {column: known[each.element] for column, each in held.items() if each.element in known}


def _versions(name: str, resource_id: str, versions: list[Version]) -> list[VersionEntry]:
    older = [*versions[1:], None]
    return [
        VersionEntry(
            version,
            _changes(before, version),
            _links(downloads(name, resource_id, version)),
            addresses.dataset_path(name) + "/rows" + _query(resource_id, version.number),
            addresses.api_set_aside(name, version.number, resource_id) if version.set_aside else "",
        )
        for version, before in zip(versions, older, strict=True)
    ]


def _links(files: list[Download]) -> list[Download]:
    return [file for file in files if file.code in ("csv", "xlsx", "json", "parquet")]


def _changes(before: Version | None, after: Version) -> list[str]:
    """What a version changed, in short sentences."""
    if before is None:
        return [_("首个版本")]
    said_ = []
    more = after.rows - before.rows
    if more:
        said_.append(_("多{n}行", n=number(more)) if more > 0 else _("少{n}行", n=number(-more)))
    else:
        said_.append(_("行数不变"))
    old, new = ({c["name"]: c["type"] for c in v.columns} for v in (before, after))
    added, gone = [n for n in new if n not in old], [n for n in old if n not in new]
    if added:
        said_.append(_("新增列：{names}", names=listed(added[:8])))
    if gone:
        said_.append(_("去掉列：{names}", names=listed(gone[:8])))
    changed = [n for n in new if n in old and old[n] != new[n]]
    if changed:
        said_.append(_("类型有变：{names}", names=listed(changed[:8])))
    return said_


def _calls(rows: str, version: Version) -> Calls:
    """The rows that the page shows, for programs; ``rows`` is their whole address."""
    address = f"{rows}&_limit=100"
    as_csv = address.replace("/rows?", "/rows.csv?")
    column = next((c["name"] for c in version.columns), "")
    each = f'for row in page["rows"]:\n    print(row["{column}"])' if _plain(column) else "print(page)"
    python = (
        "import json, urllib.request\n\n"
        f'address = "{address}"\n'
        "with urllib.request.urlopen(address) as answer:\n"
        "    page = json.load(answer)\n" + each
    )
    curl = f'curl "{address}"\n' + _("# 只要 CSV：") + f'\ncurl "{as_csv}"'
    return Calls("/" + rows.split("/", 3)[3], curl, python)


def _plain(column: str) -> bool:
    return '"' not in column and "\\" not in column and "\n" not in column


def _citation(title: str, office: str, site: str, updated: str, data: Data | None, address: str) -> str:
    version = _("，第{n}版", n=data.version.number) if data else ""
    return _(
        "{office}：《{title}》{version}，{site}，{day}。{address}",
        office=office,
        title=title,
        version=version,
        site=site,
        day=updated,
        address=address,
    )


def _licence(code: str) -> Term | None:
    if not code:
        return None
    try:
        return standards.vocabulary("licence").term(code)
    except KeyError:
        return Term(code, code, code)


def _first(entries: list[ResourceEntry]) -> str:
    return next((entry.id for entry in entries if entry.table_id), "")


def _query(resource_id: str, version: int | None) -> str:
    pairs = [("resource", resource_id)] + ([("version", str(version))] if version else [])
    return "?" + urlencode(pairs)


def _web(address: str) -> bool:
    return address.startswith(("https://", "http://"))


def moved_here(visit: Visit) -> Response:
    """CKAN's address of a dataset leads to ours."""
    return RedirectResponse(addresses.dataset_path(visit.part("name")), status_code=301)


def moved_list(visit: Visit) -> Response:
    """CKAN's address of the list leads to ours."""
    query = visit.request.url.query
    return RedirectResponse("/datasets" + (f"?{query}" if query else ""), status_code=301)


def moved_office(visit: Visit) -> Response:
    """CKAN's address of an organisation leads to ours."""
    return RedirectResponse(f"/offices/{quote(visit.part('name'), safe='')}", status_code=301)


ROUTES: list[Route] = [
    page("/datasets/{name}", show_dataset),
    page("/dataset", moved_list),
    page("/dataset/{name}", moved_here),
    page("/organization/{name}", moved_office),
]
