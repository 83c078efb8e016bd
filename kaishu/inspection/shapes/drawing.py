"""The constraints as SHACL in Turtle, for pySHACL and for whoever wants to use them elsewhere."""

from __future__ import annotations

from functools import cache

from kaishu.inspection.shapes.rules import Profile, Rule, Thing, profile

TIMES = ("date", "dateTime", "gYear", "gYearMonth")


@cache
def turtle() -> str:
    """The whole shapes graph."""
    said = profile()
    lines = [
        f"# {said.en}, {said.source}",
        "# Constraints of the published specification in our own shapes; see THIRD_PARTY_NOTICES.md.",
        "@prefix sh: <http://www.w3.org/ns/shacl#> .",
        "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .",
        *(f"@prefix {prefix}: <{address}> ." for prefix, address in said.prefixes.items()),
        "",
    ]
    for thing in said.things:
        lines += _node(said, thing)
    return "\n".join(lines) + "\n"


def _node(said: Profile, thing: Thing) -> list[str]:
    shapes = [said.shape(thing, rule) for rule in thing.rules]
    lines = [
        f"<{said.namespace}{thing.name.replace(':', '.')}> a sh:NodeShape ;",
        f"  sh:targetClass {thing.name} ;",
        "  sh:property " + ",\n    ".join(f"<{shape}>" for shape in shapes) + " .",
        "",
    ]
    for rule, shape in zip(thing.rules, shapes, strict=True):
        parts = [f"sh:path {rule.path}", f'sh:name "{rule.en}"@en, "{rule.zh}"@zh', *_parts(rule)]
        lines.append(f"<{shape}> " + " ;\n  ".join(parts) + " .")
    return [*lines, ""]


def _parts(rule: Rule) -> list[str]:
    parts = []
    if rule.min:
        parts.append(f"sh:minCount {rule.min}")
    if rule.max:
        parts.append(f"sh:maxCount {rule.max}")
    if rule.text:
        parts.append("sh:nodeKind sh:Literal")
    if rule.filled:
        parts.append(r'sh:pattern "\\S"')
    if rule.iri:
        parts.append("sh:nodeKind sh:IRI")
    if rule.type:
        parts.append(f"sh:datatype {rule.type}")
    if rule.time:
        parts.append("sh:or ( " + " ".join(f"[ sh:datatype xsd:{name} ]" for name in TIMES) + " )")
    if rule.kind:
        parts.append(
            f"sh:or ( [ sh:class {rule.kind} ] [ sh:nodeKind sh:IRI ; "
            "sh:property [ sh:path rdf:type ; sh:maxCount 0 ] ] )"
        )
    return parts
