"""``/ns``: what every word of our own namespace means, for people and for programs."""

from __future__ import annotations

from functools import cache
from html import escape

from starlette.requests import Request
from starlette.responses import Response

from kaishu.api.catalog import forms
from kaishu.catalogue import DatasetRecord, Item, Link
from kaishu.crosswalk import table
from kaishu.crosswalk.dcat.names import OWN, camel
from kaishu.crosswalk.dcat.syntaxes import recast
from kaishu.crosswalk.dcat.terms import literal

CLASSES = {
    "Item": ("信息项", "A field of a table, as the catalogue describes it."),
    "Table": ("数据表", "A table of this platform; its distributions are renderings of it."),
    "Rows": ("行接口", "The interface to the rows of a dataset's tables."),
    "Extra": ("附加项", "A statement of another standard, by its name there."),
}
WORDS = {
    "name": ("名称", "Part of the address: of a dataset, an office; the name of a field."),
    "item": ("信息项", "A field of the dataset's table."),
    "table": ("数据表", "A table of the dataset."),
    "renders": ("所呈现的数据表", "The table of which this distribution is one form."),
    "position": ("次序", "Place in the list, from 1."),
    "rows": ("行数", "Number of rows."),
    "derived": ("由程序补充的项目", "A field whose value the writer filled in; the record does not say it."),
    "office": ("登记部门", "The department that keeps the entry, where somebody else publishes the data."),
    "officeName": ("登记部门名称", "Name of that department in addresses."),
    "extra": ("附加项", "A statement that has no property of its own."),
    "key": ("附加项名称", "What the statement is called by its own standard."),
    "value": ("附加项内容", "What it says."),
}


@cache
def words() -> dict[str, tuple[str, str]]:
    """Every property: its Chinese label, and what it means in English."""
    labels = {row.field: row for name in ("dcat", "prov", "odrl") for row in table(name).rows}
    found = dict(WORDS)
    for owner, model in (("record", DatasetRecord), ("link", Link), ("item", Item)):
        for field in model.model_fields:
            row = labels.get(f"{owner}.{field}")
            zh, en = (row.zh, row.en) if row else (field, field.replace("_", " "))
            found.setdefault(camel(field), (zh, f"{en[:1].upper()}{en[1:]}, exactly as it was written."))
    return dict(sorted(found.items()))


def answer_namespace(request: Request) -> Response:
    """As a page, or as the RDF that Accept or ``?form=`` asks for."""
    form = request.query_params.get("form") or forms.preferred(request.headers.get("accept", ""))
    if form in forms.RDF:
        return Response(_as_rdf(form), media_type=forms.media_type(form), headers={"vary": "Accept"})
    rows = [
        *(("class", n, *said) for n, said in CLASSES.items()),
        *(("property", n, *w) for n, w in words().items()),
    ]
    lines = "".join(
        f'<tr id="{name}"><td><code>kaishu:{name}</code></td><td>{kind}</td>'
        f"<td>{escape(zh)}</td><td>{escape(en)}</td></tr>"
        for kind, name, zh, en in rows
    )
    body = (
        '<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>kaishu:</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="alternate" type="text/turtle" href="/ns?form=ttl"></head><body>'
        f"<h1>kaishu: &lt;{OWN}&gt;</h1><p>本命名空间收留其他标准没有位置的内容。"
        "Words of this platform that other standards have no place for.</p>"
        f'<p><a href="/ns?form=ttl">Turtle</a> · <a href="/ns?form=jsonld">JSON-LD</a></p>'
        f"<table><tbody>{lines}</tbody></table></body></html>"
    )
    return Response(body, media_type="text/html; charset=utf-8", headers={"vary": "Accept"})


def _as_rdf(form: str) -> bytes:
    parts = [f'<{OWN}> a owl:Ontology ;\n  dct:title "开枢"@zh, "Kaishu"@en .\n']
    for kind, told in (("rdfs:Class", CLASSES), ("rdf:Property", words())):
        for name, (zh, en) in told.items():
            parts.append(
                f"kaishu:{name} a {kind} ;\n  rdfs:label {literal(zh)}@zh ;\n"
                f"  rdfs:comment {literal(en)}@en ;\n  rdfs:isDefinedBy <{OWN}> .\n"
            )
    return recast("".join(parts), form)
