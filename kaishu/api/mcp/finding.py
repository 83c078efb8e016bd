"""Tools that find and read datasets."""

from __future__ import annotations

from typing import Any

from kaishu import catalogue, discovery
from kaishu.api.mcp import wanted
from kaishu.api.mcp.desk import Desk, Reply
from kaishu.catalogue.models import Dataset

NEAR = "拼音、同义词或部分字 pinyin, synonym or part of a word"
CANDIDATES, MOST_WORDS = 100, 10  # looked at for each word of a question, and how many words
NOTES = 500  # characters of a description in a list
#: How much a word weighs where it is found, and what the place is called.
PLACES = {
    "title": (4.0, "标题 title"),
    "tags": (3.0, "标签 tags"),
    "fields": (2.5, "数据项 fields"),
    "notes": (2.0, "描述 description"),
    "organization": (1.0, "部门 department"),
}


def ckan_package_search(
    desk: Desk,
    q: wanted.Words = "",
    fq: wanted.Filter = "",
    sort: wanted.Sort = "",
    rows: wanted.Rows = 10,
    start: wanted.Start = 0,
    facet_field: wanted.Facets = [],  # noqa: B006 - never changed
    facet_limit: wanted.FacetLimit = 20,
) -> Reply:
    """检索数据集：检索词、精确过滤、分面计数、翻页；没有检索词时最新的在前。

    Search datasets by words and exact filters, with facet counts and paging.
    """
    found = desk.ckan(
        "package_search",
        q=q,
        fq=fq or None,
        sort=sort or None,
        rows=rows,
        start=start,
        **{"facet.field": list(facet_field), "facet.limit": facet_limit},
    )
    packages = found["results"]
    datasets = catalogue.datasets_by_ids(desk.call, [package["id"] for package in packages])
    total, following = found["count"], start + rows
    lines = [line for package in packages for line in _package_lines(package)]
    for field, facet in found["search_facets"].items():
        lines.append(f"{field}: " + ", ".join(f"{i['display_name']} {i['count']}" for i in facet["items"]))
    return Reply(
        {
            "count": total,
            "results": [brief(package, desk.site) for package in packages],
            "search_facets": found["search_facets"],
        },
        lines,
        desk.papers(datasets),
        total=total,
        following=following if rows and following < total else None,
        empty=total == 0,
    )


def ckan_package_show(desk: Desk, id: wanted.Id) -> Reply:
    """一个数据集的全部元数据和资源。

    Everything that is said of one dataset, with its resources.
    """
    package = desk.ckan("package_show", id=id)
    dataset = catalogue.dataset_by_name(desk.call, package["id"])
    lines = [*_package_lines(package, long=True), *_resource_lines(package["resources"])]
    return Reply(package, lines, desk.papers([dataset]), total=1)


def ckan_list_resources(desk: Desk, id: wanted.Id) -> Reply:
    """一个数据集有哪些表和文件；datastore_active 为 true 的可以逐行查询。

    The tables and files of a dataset; those with datastore_active can be asked row by row.
    """
    package = desk.ckan("package_show", id=id)
    dataset = catalogue.dataset_by_name(desk.call, package["id"])
    resources = package["resources"]
    return Reply(
        {"package_id": package["id"], "name": package["name"], "resources": resources},
        _resource_lines(resources),
        desk.papers([dataset]),
        total=len(resources),
        empty=not resources,
    )


def ckan_find_relevant_datasets(desk: Desk, query: wanted.Question, limit: wanted.Few = 10) -> Reply:
    """用一句话找最相关的数据集，并说明每个为什么相关（哪些词出现在哪里）。

    The datasets that fit a question best, each with its score and the reasons for it.
    """
    found = discovery.search(desk.call, discovery.Query(q=query, limit=limit))
    words = list(dict.fromkeys(word.text for word in found.words))
    every = found.total > 0 or len(words) < 2
    scores = {hit.dataset_id: hit.score for hit in found.hits}
    total = found.total
    if not every:
        total, scores = _with_some(desk, words, limit)
    datasets = catalogue.datasets_by_ids(desk.call, scores)
    results = [_relevant(desk, dataset, words, scores[dataset.id]) for dataset in datasets]
    lines = []
    for each in results:
        why = "; ".join(f"{reason['place']}: {'、'.join(reason['words'])}" for reason in each["reasons"])
        lines.append(f"{each['score']:.1f}  {each['title']} ({each['name']}) — {why or NEAR}")
    return Reply(
        {"query": query, "words": words, "all_words": every, "results": results},
        lines,
        desk.papers(datasets),
        total=total,
        empty=not results,
    )


def _with_some(desk: Desk, words: list[str], limit: int) -> tuple[int, dict[str, float]]:
    """No dataset has all of the words: how many have some, and the best of them by the words' scores."""
    words = words[:MOST_WORDS]
    some = discovery.Any([discovery.Words(word) for word in words])
    total = discovery.search(desk.call, discovery.Query(where=some, limit=0)).total
    scores: dict[str, float] = {}
    for word in words:
        for hit in discovery.search(desk.call, discovery.Query(q=word, limit=CANDIDATES)).hits:
            scores[hit.dataset_id] = scores.get(hit.dataset_id, 0.0) + hit.score
    best = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]
    return total, {one: round(score, 4) for one, score in best}


def _relevant(desk: Desk, dataset: Dataset, words: list[str], score: float) -> dict[str, Any]:
    """A dataset with its score and the reasons for it."""
    return {
        "id": dataset.id,
        "name": dataset.name,
        "title": dataset.title,
        "organization": dataset.office.title,
        "notes": dataset.record.get("description", "")[:NOTES],
        "score": score,
        "reasons": _reasons(dataset, words),
        "url": f"{desk.site}/datasets/{dataset.name}",
    }


def brief(package: dict[str, Any], site: str) -> dict[str, Any]:
    """A dataset in a list: what is needed to choose it."""
    organization = package.get("organization") or {}
    return {
        "id": package["id"],
        "name": package["name"],
        "title": package["title"],
        "notes": (package.get("notes") or "")[:NOTES],
        "organization": {key: organization.get(key) for key in ("id", "name", "title")},
        "groups": [group["name"] for group in package["groups"]],
        "tags": [tag["name"] for tag in package["tags"]][:20],
        "license_id": package["license_id"],
        "metadata_modified": package["metadata_modified"],
        "num_resources": package["num_resources"],
        "resources": [
            {key: resource.get(key) for key in ("id", "name", "format", "datastore_active")}
            for resource in package["resources"][:10]
        ],
        "url": f"{site}/datasets/{package['name']}",
    }


def _reasons(dataset: Dataset, words: list[str]) -> list[dict[str, Any]]:
    record = dataset.record
    items = record.get("items", ())
    texts = {
        "title": f"{dataset.title} {dataset.title_en}",
        "tags": " ".join([*record.get("tags", ()), *record.get("tags_en", ())]),
        "fields": " ".join(f"{item.get('name', '')} {item.get('title', '')}" for item in items),
        "notes": f"{record.get('description', '')} {record.get('description_en', '')}",
        "organization": f"{dataset.office.title} {dataset.office.title_en}",
    }
    reasons = []
    for place, (weight, label) in PLACES.items():
        inside = [word for word in words if word.casefold() in texts[place].casefold()]
        if inside:
            reasons.append({"place": label, "weight": weight, "words": inside})
    return reasons


def _package_lines(package: dict[str, Any], long: bool = False) -> list[str]:
    organization = (package.get("organization") or {}).get("title", "")
    formats = ",".join(dict.fromkeys(r["format"] for r in package["resources"] if r.get("format")))
    notes = (package.get("notes") or "").replace("\n", " ")
    return [
        f"{package['title']} ({package['name']})",
        f"  {organization} · {package['metadata_modified'][:10]} · {formats} · {package['license_title']}",
        f"  {notes if long else notes[:160]}",
    ]


def _resource_lines(resources: list[dict[str, Any]]) -> list[str]:
    lines = []
    for each in resources:
        rows = (
            f"{each['rows']} 行 rows, v{each.get('version')}" if each.get("rows") is not None else each["url"]
        )
        lines.append(f"- {each['name']} [{each['format']}] {each['id']} · {rows}")
    return lines
