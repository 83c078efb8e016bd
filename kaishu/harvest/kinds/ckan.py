"""CKAN by its API: searched page by page in order of id, or listed and shown one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from kaishu.harvest.digests import digest_of
from kaishu.harvest.errors import AnsweredBadly, TooMuch
from kaishu.harvest.kinds.dump import package_found
from kaishu.harvest.kinds.finding import PAGES, Found, Place, SourceMoved, get, parsed, refused

ROWS = 100


def find(place: Place) -> Iterator[Found]:
    """Every package; by search where the portal has one, else by list and show."""
    base = _base(place.url)
    if place.resume:
        yield from (
            _listed(place, base) if "list" in place.resume else _pages(place, base, *_again(place, base))
        )
        return
    try:
        first = _search(place, base, 0)
    except AnsweredBadly as error:
        if error.facts.get("status") not in (400, 404, 409):
            raise
        yield from _listed(place, base)
        return
    yield from _pages(place, base, first, 0)


def _again(place: Place, base: str) -> tuple[dict[str, Any], int]:
    """The page with what follows; the last package read must still stand where it stood, among as many."""
    done = place.done
    page = _search(place, base, done - 1)
    results = page["results"]
    if page["count"] != place.resume["count"] or not results or _id(results[0]) != place.resume["last"]:
        raise SourceMoved
    if len(results) == 1 and done < page["count"]:
        return _search(place, base, done), done
    return {**page, "results": results[1:]}, done


def _pages(place: Place, base: str, page: dict[str, Any], start: int) -> Iterator[Found]:
    """Ends with an empty page; two pages that are the same mean that the portal does not turn them.

    Where the number of packages changes meanwhile, one may have slipped between two pages: what is
    missing is not taken as gone then.
    """
    place.total = page["count"]
    before = None
    for _ in range(PAGES):
        packages = page["results"]
        these = [_id(each) for each in packages]
        if page["count"] != place.total:
            place.whole = False
        if not packages:
            place.whole = place.whole and start >= place.total
            return
        if these == before:
            place.whole = False
            return
        for number, package in enumerate(packages, start=start + 1):
            place.mark = {"number": number, "count": place.total, "last": _id(package)}
            yield package_found(package, f"#{number}", f"{base}/dataset/")
        start, before = start + len(packages), these
        if start >= place.total > 0:
            return
        page = _search(place, base, start)
    raise TooMuch(address=place.url, reason=f"超过{PAGES}页", reason_en=f"more than {PAGES} pages")


def _id(package: Any) -> str:
    return str(package.get("id")) if isinstance(package, dict) else ""


def _search(place: Place, base: str, start: int) -> dict[str, Any]:
    query = {"rows": ROWS, "start": start, "sort": "id asc"}
    if place.since:
        query["fq"] = f"metadata_modified:[{place.since}Z TO *]"  # without the Z it is no moment to Solr
    result = _call(place, f"{base}/api/3/action/package_search?{urlencode(query)}")
    if not isinstance(result, dict) or not isinstance(result.get("results"), list):
        raise _no_ckan(place.url, "回答里没有 results", "there are no results in it")
    count = result.get("count")
    return {"count": count if isinstance(count, int) else 0, "results": result["results"]}


def _listed(place: Place, base: str) -> Iterator[Found]:
    names = _call(place, f"{base}/api/3/action/package_list")
    if not isinstance(names, list):
        raise _no_ckan(place.url, "package_list 不是列表", "package_list is no list")
    place.total = len(names)
    names = sorted(str(each) for each in names)
    listed = digest_of(names)
    if place.resume and place.resume["list"] != listed:
        raise SourceMoved
    for number, name in enumerate(names[place.done :], start=place.done + 1):
        address = f"{base}/api/3/action/package_show?id={quote(name, safe='')}"
        try:
            found = package_found(_call(place, address), name, f"{base}/dataset/")
        except AnsweredBadly as error:
            if error.facts.get("status") not in (403, 404, 410):
                raise
            found = _hidden(name, str(error.facts["status"]))
            place.whole = False
        place.mark = {"number": number, "list": listed}
        yield found


def _hidden(name: str, status: str) -> Found:
    """What is listed but not shown: taken back in between, or not for everybody."""
    said = f"列出却不给看（HTTP {status}）。", f"It is listed but not shown (HTTP {status})."
    return Found(name, "", name[:300], lambda: refused("package_show", *said))


def _call(place: Place, address: str) -> Any:
    said = parsed(place, get(place, address).content, "CKAN")
    if not isinstance(said, dict) or not said.get("success") or "result" not in said:
        raise _no_ckan(address, "不是 CKAN 的回答", "it is no answer of CKAN")
    return said["result"]


def _base(url: str) -> str:
    """The portal's own address, however much of an API's path was given."""
    parts = urlsplit(url)
    path = parts.path.partition("/api/")[0].removesuffix("/api").rstrip("/")
    for ending in ("/dataset", "/organization", "/group"):
        path = path.removesuffix(ending)
    return parts._replace(path=path, query="", fragment="").geturl()


def _no_ckan(address: str, reason: str, reason_en: str) -> AnsweredBadly:
    return AnsweredBadly(address=address, reason=reason, reason_en=reason_en)
