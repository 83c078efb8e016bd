"""Whatever a record says, what is written of it breaks no constraint of DCAT-AP 3.0."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from kaishu.crosswalk import Entry, Site, dcat
from kaishu.inspection.shapes.validating import graph_of, validate
from tests.crosswalk.strategies import entries

SITE = Site(url="https://data.example.gov.cn", title="开枢市公共数据平台", title_en="Kaishu")


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(entry=entries())
def test_no_constraint_of_dcat_ap_is_broken(entry: Entry) -> None:
    assert [str(result) for result in validate(graph_of(dcat.quads(entry, SITE)))] == []


def test_a_whole_page_is_clean() -> None:
    import pyoxigraph as ox

    made = [Entry(identifier=f"01D{n}", name=f"a-{n}", record={"title": f"表 {n}"}) for n in range(5)]
    leaf = dcat.Leaf(address=f"{SITE.url}/catalog.ttl", number=1, size=100, total=5, query={})
    data = dcat.write_page(made, SITE, "nt", leaf)
    triples = [quad.triple for quad in ox.parse(data, format=ox.RdfFormat.N_TRIPLES)]
    assert validate(graph_of(triples)) == []
