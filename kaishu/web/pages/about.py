"""About this site, and how programs use it."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

import kaishu
from kaishu import catalogue, delivery, discovery, http
from kaishu.base import settings
from kaishu.catalogue.errors import NoSuchResource, NotOpen
from kaishu.lake.models import Version
from kaishu.web import addresses
from kaishu.web.contexts import AboutPage, DevelopersPage
from kaishu.web.rendering import render
from kaishu.web.routing import Visit, page
from kaishu.web.words import _, pick


def about(visit: Visit) -> Response:
    """What this site is, what one may do with the data, accessibility."""
    return render("about/about.html", visit.shell, AboutPage("", kaishu.__version__))


def developers(visit: Visit) -> Response:
    """The row interface, downloads, CKAN's calls, tokens; with an example that works here."""
    site = http.site_url(visit.request)
    name, resource, condition = _example(visit)
    rows = site + addresses.api_rows(name, None, None)
    context = DevelopersPage(
        site=site,
        name=name,
        resource=resource,
        examples={
            "search": f'curl "{site}/api/v1/datasets?q={_("地铁")}"',
            "record": f'curl "{site}/api/v1/datasets/{name}"',
            "rows": f'curl "{rows}?_limit=5"',
            "filter": f'curl -G "{rows}" --data-urlencode "{condition}" -d _limit=5',
            "csv": f'curl -OJ "{site}{addresses.api_download(name, "csv", None, None)}"',
            "token": f'curl -H "Authorization: ks_…" "{site}/api/v1/datasets?state=draft"',
            "ckan": f'curl "{site}/api/3/action/package_show?id={name}"',
            "datastore": f'curl "{site}/api/3/action/datastore_search?resource_id={resource}&limit=5"',
            "mcp": f"claude mcp add --transport http kaishu {site}/mcp",
            "ckanapi": "from ckanapi import RemoteCKAN\n\n"
            f'site = RemoteCKAN("{site}")\n'
            f'print(site.action.package_show(id="{name}")["title"])',
        },
        ckan=_ckan(),
        documents=_documents(),
        formats=[(code, pick(each.label_zh, each.label_en)) for code, each in delivery.EXPORTS.items()],
        limits={"rows": f"{settings.number('row_limit'):,}", "seconds": settings.text("query_seconds")},
    )
    return render("about/developers.html", visit.shell, context)


def _example(visit: Visit) -> tuple[str, str, str]:
    """Name, resource and a condition of a dataset that everybody may read, for the examples."""
    ours = {"harvest": [discovery.OWN]}
    found = discovery.search(visit.call, discovery.Query(filters=ours, sort="popular", limit=10))
    for hit in found.hits:
        try:
            dataset, entry, version = catalogue.readable_version(visit.call, hit.name)
        except (NotOpen, NoSuchResource):
            continue
        texts = [column["name"] for column in version.columns if column["type"] == "text"]
        column = texts[0] if texts else version.columns[0]["name"]
        return dataset.name, entry.id, _condition(visit, version, column)
    return "dataset-name", "resource-id", "column=value"


def _condition(visit: Visit, version: Version, column: str) -> str:
    """A condition that finds something in the first rows, with a value that a shell leaves alone."""
    query = delivery.RowQuery(columns=(column,), limit=20, count=False)
    values = [
        str(row[0]) for row in delivery.query_rows(visit.call, version, query).rows if row[0] is not None
    ]
    plain = [value for value in values if not set(value) & set('"$`\\\n') and len(value) <= 40]
    return f"{column}={plain[0]}" if plain else f"{column}__isnull=true"


def _documents() -> list[tuple[str, str]]:
    return [
        ("/catalog.ttl", _("DCAT-AP，每页100个；也有 rdf、jsonld、nt、n3，可加 page、modified_since")),
        ("/data.json", _("DCAT-US 1.1，整份")),
        ("/catalog.csv", _("编制指南的核心元数据，表格")),
        ("/catalogue.csv", _("分类目录，表格")),
        ("/sitemap.xml", _("全部页面的地址")),
        ("/feeds/datasets.atom", _("最近更新（Atom）")),
    ]


def _ckan() -> list[tuple[str, str]]:
    return [
        ("package_list", _("全部数据集的标识")),
        ("package_search", _("搜索：q、fq、rows、start、sort、facet.field")),
        ("package_show", _("一个数据集的目录信息")),
        ("resource_show", _("一份数据")),
        ("datastore_search", _("取行：filters、q、fields、sort、limit、offset")),
        ("datastore_search_sql", _("用 SQL 取行（只能 SELECT）")),
        ("datastore_info", _("各列及类型")),
        ("package_autocomplete", _("边输入边提示")),
        ("current_package_list_with_resources", _("全部数据集，连同其资源")),
        ("organization_list", _("部门")),
        ("organization_show", _("一个部门及其数据集")),
        ("group_list", _("主题")),
        ("tag_list", _("标签")),
        ("package_create", _("建立数据集（需令牌）")),
        ("resource_create", _("上传一份数据（需令牌）")),
        ("site_read", _("站点是否在线")),
        ("status_show", _("版本与扩展")),
    ]


ROUTES: list[Route] = [page("/about", about), page("/developers", developers)]
