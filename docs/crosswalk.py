"""The page of the crosswalk, from the correspondences themselves; ``reference.py`` writes it."""

from __future__ import annotations

from kaishu.crosswalk import matrix, standards, table

INTRO = """# Crosswalk

One record, every standard. A dataset is kept once; each standard below is written from it and read into
it through one table of correspondences (`kaishu/crosswalk/correspondences/<standard>.yaml`). This page,
the page `/standards`, the writers, the readers and the tests all read those tables.

## Nothing is lost

Two laws hold, and tests prove them for every form and every pair of standards:

1. **What we write reads as what it was.** A document has the elements of its standard. The writer reads
   them back before it hands the document out; whatever they would not give back exactly stands beside
   them in the Kaishu namespace `https://kaishu.dev/ns#` (prefix `kaishu:`).
2. **What others write is written back.** A statement for which a record has no field, or whose value a
   field cannot give back (`2020-02-30`, a moment where we keep a day, an unknown code), is kept under the
   standard's name, such as `data-us:bureauCode`, in the extras of the record or distribution or the
   constraints of a data item. It goes back to its place as long as it still says the same as the field
   beside it. Not kept: blanks around a text, JSON-LD's `@context`, `@type` and `@id`, what is longer than
   20,000 letters, and addresses that run something (`javascript:`). Everything but the first two is said
   in a note.

Nothing in one dataset stops the reading of the others: wrong types, dates that do not exist and overlong
texts are repaired or kept aside with a note that names the place. Only a document that cannot be taken
apart at all is refused, with line and column ([errors](errors.md)).

## The Kaishu namespace

| key | holds |
|---|---|
| `kaishu:<field>` | a field of the record, distribution or item it stands in, as the table below names it |
| `kaishu:entry` | identifier, name, created and modified of the entry; marks a document as ours |
| `kaishu:agent` | what the elements do not say of the publisher |
| `kaishu:extras` | foreign statements that have no place in this standard; null for one to be left out |
| `kaishu:kept` | paths of foreign statements that were put back to their place |
| `kaishu:resources`, `kaishu:items` | distributions or items, where a standard has no objects for them |

In CSVW the keys are full addresses, in XML elements, in CSV columns; values that are not text are JSON.

## Where to get them

| address | standard |
|---|---|
| `/dataset/{name}/guide.csv`, `.json`, `.xml` | 编制指南, 13 core items |
| `/dataset/{name}/gbt21063.json`, `.xml` | GB/T 21063.3-2007 |
| `/dataset/{name}.ttl`, `.rdf`, `.jsonld`, `/catalog.ttl` … | DCAT 3, DCAT-AP |
| `/dataset/{name}/dc.xml`, `.json` | Dublin Core |
| `/dataset/{name}/schema.jsonld`, and inside each page | schema.org |
| `/data.json`, `/dataset/{name}/data.json` | DCAT-US 1.1 |
| `/dataset/{name}/datapackage.json`, `.zip` | Data Package 2, Table Schema |
| `/dataset/{name}/csv-metadata.json`, and `Link: rel="describedby"` of each CSV | CSVW |
| `/dataset/{name}/croissant.jsonld` | Croissant 1.0 |
| `/feeds/datasets.atom`, `/feeds/organization/{name}.atom`, `/feeds/group/{theme}.atom` | Atom |
| `/sitemap.xml`, `/robots.txt` | for crawlers |

A dataset that is open on condition shows its record in all of them; its rows are offered and packed only
for who may read them.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([INTRO, *_fields(), *_standards()])


def _fields() -> list[str]:
    names = standards()
    lines = ["## Our fields against every standard", ""]
    lines += ["An empty cell: the field travels as `kaishu:<field>`.", ""]
    for scope, title in (("record", "Dataset"), ("link", "Distribution"), ("item", "Data item")):
        lines += [
            f"### {title}",
            "",
            "| field | " + " | ".join(names) + " |",
            "|---" * (len(names) + 1) + "|",
        ]
        for each in matrix():
            if each.field.startswith(f"{scope}."):
                cells = [", ".join(f"`{e}`" for e in each.elements.get(name, ())) for name in names]
                lines.append(f"| `{each.field.partition('.')[2]}` | " + " | ".join(cells) + " |")
        lines.append("")
    return lines


def _standards() -> list[str]:
    lines = ["## Each standard", ""]
    for name in standards():
        known = table(name)
        lines += [f"### {name}", "", f"{known.zh} — {known.en}, edition {known.edition}.", ""]
        lines += [f"Source: {known.source}. Licence: {known.licence}.", ""]
        lines += [
            "| element | of | obligation | field | conversion | 名称 | name |",
            "|---|---|---|---|---|---|---|",
        ]
        lines += [
            f"| `{row.element}` | {row.about} | {row.obligation} | {f'`{row.field}`' if row.field else '—'} "
            f"| {row.how} | {row.zh} | {row.en} |"
            for row in known.rows
        ]
        lines.append("")
    return lines
