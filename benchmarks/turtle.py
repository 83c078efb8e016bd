"""The whole catalogue as Turtle: CPU against a bare string template and rdflib, and peak memory.

    python -m benchmarks.turtle [DATASETS] [ROUNDS]

All three write the same statements of the same made-up datasets; the template and ours take turns, block
by block, in one process, so that both meet the same machine.  rdflib makes a graph for each page of 100
and serializes it; it gets fewer datasets, and its time is multiplied.  Making the datasets is not counted.
That the statements are the same is checked before anything is measured.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from benchmarks.measure import run_alone
from kaishu.crosswalk import Entry, Site
from kaishu.crosswalk.dcat.names import HEAD

DATASETS, PAGE, RDFLIB = 100_000, 100, 600
SLOWER_THAN_TEMPLATE, FASTER_THAN_RDFLIB, PEAK = 0.6, 50.0, 64
SITE = Site(url="https://data.example.gov.cn", title="开枢市公共数据平台")
LINKS = 1
WHERE = SITE.url


def main(rows: int = DATASETS, rounds: int = 3) -> list[dict[str, Any]]:
    """Three lines: against the template, against rdflib, memory."""
    check()
    datasets = min(rows, DATASETS)
    runs = [run_alone("turtle", str(datasets)) for _ in range(rounds)]
    ours = sorted(run["cpu"] for run in runs)[rounds // 2]
    template = sorted(run["template"] for run in runs)[rounds // 2]
    slow = sorted(run["rdflib"] for run in runs)[rounds // 2] * datasets / RDFLIB
    pairs = sorted(run["template"] / run["cpu"] for run in runs)
    growth = max(run["grown"] for run in runs)
    name = f"turtle, {datasets:,} datasets"
    found = [
        _line(
            f"{name}, rate to template's",
            ours,
            f"template {template:.2f}",
            pairs[rounds // 2],
            SLOWER_THAN_TEMPLATE,
        ),
        _line(f"{name}, rate to rdflib's", ours, f"rdflib {slow:.0f}", slow / ours, FASTER_THAN_RDFLIB),
        {
            "benchmark": f"{name}, memory of the stream",
            "ours": round(ours, 2),
            "peak_mib": round(growth, 1),
            "peak_goal": PEAK,
            "met": growth <= PEAK,
        },
    ]
    for line in found:
        print(json.dumps(line, ensure_ascii=False), flush=True)
    return found


def _line(name: str, ours: float, peer: str, ratio: float, goal: float) -> dict[str, Any]:
    """``ratio`` and ``goal`` are of rates: the larger the better."""
    return {
        "benchmark": name,
        "ours": round(ours, 2),
        "peer": peer,
        "ratio": round(ratio, 2),
        "goal": goal,
        "met": ratio >= goal,
    }


def made(count: int) -> Iterator[list[Entry]]:
    """The generator's datasets with at most one distribution each, in pages."""
    from dataclasses import replace

    from benchmarks.catalogues import entries

    source = (replace(each, resources=each.resources[:LINKS]) for each in entries(count))
    while page := list(islice(source, PAGE)):
        yield page


def check(count: int = 300) -> None:
    """All three say the same statements."""
    import pyoxigraph as ox

    def said(text: str) -> set[str]:
        return {str(quad.triple) for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)}

    pages = list(made(count))
    ours = said(HEAD + "".join(_ours(page) for page in pages))
    theirs = said(HEAD + "".join(_template(page) for page in pages))
    assert ours == theirs, sorted(ours ^ theirs)[:6]
    print(json.dumps({"statements a dataset": round(len(ours) / count, 1)}), flush=True)


def one(count: int) -> None:
    """One paired run; prints its figures."""
    spent = {"cpu": 0.0, "template": 0.0, "rdflib": 0.0}
    writers: list[tuple[str, Callable[[Sequence[Entry]], str]]] = [("cpu", _ours), ("template", _template)]
    grown = _growth(count)
    for number, page in enumerate(made(count)):
        for name, write in writers if number % 2 else reversed(writers):
            started = time.process_time()
            write(page)
            spent[name] += time.process_time() - started
    for page in made(RDFLIB):
        text = HEAD + _ours(page)
        spent["rdflib"] += _rdflib(text)
    print(json.dumps({**spent, "grown": grown}))


def _growth(count: int) -> float:
    """MiB by which the process grows while the whole catalogue streams, after its first pieces."""
    from kaishu.crosswalk import dcat

    before = 0.0
    for number, _ in enumerate(dcat.turtle(chain.from_iterable(made(count)), SITE)):
        if number == 5:
            before = _peak()
    return _peak() - before if before else 0.0


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _ours(page: Sequence[Entry]) -> str:
    from kaishu.crosswalk.dcat.writing import written

    used: set[tuple[str, str]] = set()
    return "".join([written(entry, SITE, used) for entry in page])


def _rdflib(text: str) -> float:
    """Seconds in which rdflib adds the statements of a page to a graph and serializes it."""
    import rdflib

    rdflib.NORMALIZE_LITERALS = False
    triples = list(rdflib.Graph().parse(data=text, format="turtle"))
    started = time.process_time()
    graph = rdflib.Graph()
    for triple in triples:
        graph.add(triple)
    graph.serialize(format="turtle")
    return time.process_time() - started


#: What Turtle and XML cannot hold is left out, as ours does, or the peer would write broken documents.
ESCAPES = {
    **dict.fromkeys([*range(32), 0xFFFE, 0xFFFF]),
    **{ord(c): f"\\{e}" for c, e in zip('\t\n\r"\\', 'tnr"\\', strict=True)},
}
FORBIDDEN = re.compile('[\\x00-\\x20<>"{}|^`\\\\]')


def _escaped(text: str) -> str:
    return text.translate(ESCAPES)


def _linked(address: str) -> str:
    return FORBIDDEN.sub(lambda found: f"%{ord(found[0]):02X}", address)


def _template(page: Sequence[Entry]) -> str:
    """What somebody would write by hand for these datasets and no others."""
    return "".join([_template_one(entry) for entry in page])


def _template_one(entry: Entry) -> str:
    r, x = entry.record, _escaped
    d = f"{WHERE}/dataset/{entry.identifier}"
    created, modified = entry.created.isoformat()[:19], entry.modified.isoformat()[:19]
    licence = LICENCES.get(r.get("licence", ""), "")
    derived = "" if r.get("description") else ' ;\n  kaishu:derived "description"'
    issued = f'"{r["issued"]}"^^xsd:date' if r.get("issued") else f'"{created}Z"^^xsd:dateTime'
    derived += "" if r.get("issued") else ' ;\n  kaishu:derived "issued"'
    more = "".join(
        [
            f' ;\n  dct:title "{x(r["title_en"])}"@en' if r.get("title_en") else "",
            f' ;\n  dct:description "{x(r["description_en"])}"@en' if r.get("description_en") else "",
            " ;\n  dcat:keyword " + ", ".join([f'"{x(tag)}"@zh' for tag in r["tags"]])
            if r.get("tags")
            else "",
            " ;\n  dcat:theme " + ", ".join([THEMES[code] for code in r["themes"]])
            if r.get("themes")
            else "",
            f' ;\n  kaishu:openCondition "{x(r["open_condition"])}"' if r.get("open_condition") else "",
            f' ;\n  kaishu:shareCondition "{x(r["share_condition"])}"' if r.get("share_condition") else "",
            f' ;\n  kaishu:resourceCode "{x(r["resource_code"])}"' if r.get("resource_code") else "",
            f" ;\n  dct:license {licence}" if licence else "",
        ]
    )
    tail = []
    if r.get("temporal_start") or r.get("temporal_end"):
        more += f" ;\n  dct:temporal <{d}#temporal>"
        tail.append(f"<{d}#temporal> a dct:PeriodOfTime")
        tail.append(
            f' ;\n  dcat:startDate "{r["temporal_start"]}"^^xsd:date' if r.get("temporal_start") else ""
        )
        tail.append(f' ;\n  dcat:endDate "{r["temporal_end"]}"^^xsd:date' if r.get("temporal_end") else "")
        tail.append(" .\n")
    if r.get("spatial") or r.get("spatial_code"):
        more += f" ;\n  dct:spatial <{d}#spatial>"
        box = ""
        if r.get("bbox"):
            west, south, east, north = r["bbox"]
            ring = f"{west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}"
            box = f' ;\n  dcat:bbox "POLYGON(({ring}))"^^geo:wktLiteral'
        tail.append(
            f'<{d}#spatial> a dct:Location ;\n  skos:prefLabel "{x(r["spatial"])}"@zh ;\n'
            f'  dct:identifier "{r["spatial_code"]}"{box} .\n'
        )
    for number, link in enumerate(entry.resources, 1):
        tail.append(_template_link(d, number, link, licence))
        more += f" ;\n  dcat:distribution <{d}/resource/{link['id']}>"
    who = entry.publisher
    return (
        f'<{d}> a dcat:Dataset ;\n  dct:identifier "{entry.identifier}" ;\n'
        f'  kaishu:name "{entry.name}" ;\n'
        f'  dct:title "{x(r["title"])}"@zh ;\n'
        f'  dct:description "{x(r.get("description") or r["title"])}"@zh ;\n'
        f"  dct:accrualPeriodicity {FREQUENCIES[r['update_frequency']]} ;\n  dct:issued {issued} ;\n"
        f"  dct:accessRights {RIGHTS[r['open_class']]} ;\n  dct:language <{LANGUAGE}> ;\n"
        f'  kaishu:resourceClass "{r["resource_class"]}" ;\n'
        f'  kaishu:formatCategory "{r["format_category"]}" ;\n'
        f'  kaishu:shareClass "{r["share_class"]}" ;\n  dct:modified "{modified}Z"^^xsd:dateTime ;\n'
        f'  kaishu:derived "modified" ;\n  dcat:landingPage <{WHERE}/datasets/{entry.name}> ;\n'
        f"  dct:publisher <{WHERE}/organization/{who.name}>{more}{derived} .\n"
        f"<{WHERE}/organization/{who.name}> a foaf:Agent, foaf:Organization ;\n"
        f'  foaf:name "{x(who.title)}"@zh ;\n'
        f'  dct:identifier "{who.code}" ;\n  kaishu:name "{who.name}" .\n{"".join(tail)}'
        f"<{d}#record> a dcat:CatalogRecord ;\n  foaf:primaryTopic <{d}> ;\n"
        f'  dct:issued "{created}Z"^^xsd:dateTime ;\n  dct:modified "{modified}Z"^^xsd:dateTime .\n'
        f"<{WHERE}/> dcat:dataset <{d}> ; dcat:record <{d}#record> .\n"
    )


def _template_link(d: str, number: int, link: Any, licence: str) -> str:
    x, url, place, after = _escaped, _linked(link["url"]), f"{d}/resource/{link['id']}", ""
    more = FORMATS[link["format"]] if link.get("format") else ""
    if "{place}" in more:
        more = more.replace("{place}", place)
        after = f'<{place}#format> a dct:MediaTypeOrExtent ;\n  rdfs:label "{x(link["format"])}" .\n'
    more += f' ;\n  dct:title "{x(link["name"])}"@zh' if link.get("name") else ""
    more += f' ;\n  dct:description "{x(link["description"])}"@zh' if link.get("description") else ""
    more += (
        f' ;\n  dcat:byteSize "{link["bytes"]}"^^xsd:nonNegativeInteger'
        if link.get("bytes") is not None
        else ""
    )
    more += f' ;\n  kaishu:derived "licence" ;\n  dct:license {licence}' if licence else ""
    return (
        f"<{place}> a dcat:Distribution ;\n  kaishu:position {number} ;\n"
        f"  dcat:downloadURL <{url}> ;\n"
        f'  kaishu:derived "access_url" ;\n  dcat:accessURL <{url}>{more} .\n{after}'
    )


def _constants() -> tuple[Any, ...]:
    from kaishu.crosswalk.dcat.linkwriting import _format_lines
    from kaishu.crosswalk.dcat.vocabularies import european, written

    class Formats(dict[str, str]):
        def __missing__(self, said: str) -> str:
            code, lines, media = _format_lines(said)
            if not code:
                lines = "dct:format <{place}#format>"
            self[said] = "".join(f" ;\n  {line}" for line in (lines, media) if line)
            return self[said]

    themes = {code: ", ".join([place, *european(code)]) for code, place in written("theme").items()}
    return written("update-frequency"), written("open-class"), written("licence"), themes, Formats()


FREQUENCIES, RIGHTS, LICENCES, THEMES, FORMATS = _constants()
LANGUAGE = "http://publications.europa.eu/resource/authority/language/ZHO"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(int(sys.argv[2]))
    else:
        main(*(int(given) for given in sys.argv[1:3]))
