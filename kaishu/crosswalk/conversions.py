"""The conversions that the correspondences name in ``how``: to an element's value, and from it.

What a conversion cannot give back exactly need not trouble it: the writer notices and says it beside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from kaishu import standards
from kaishu.catalogue.drafts import CODED
from kaishu.crosswalk.model import Entry
from kaishu.crosswalk.tables import Row
from kaishu.crosswalk.taking import Intake

To = Callable[[Any, Row, Mapping[str, Any], Entry], Any]
From = Callable[[Intake, str, Any, Row], None]
ACCESS = {"unconditional": "public", "conditional": "restricted public", "none": "non-public"}
RIGHTS = "http://publications.europa.eu/resource/authority/access-right/"
COLUMN_TYPES = {
    "text": ("string", "string", "sc:Text"),
    "integer": ("integer", "integer", "sc:Integer"),
    "number": ("number", "decimal", "sc:Float"),
    "boolean": ("boolean", "boolean", "sc:Boolean"),
    "date": ("date", "date", "sc:Date"),
    "datetime": ("datetime", "dateTime", "sc:DateTime"),
}


def argument(row: Row, usual: str = "") -> str:
    """What stands behind the colon in ``how``."""
    return row.how.partition(":")[2] or usual


def _plain(value: Any, row: Row, said: Mapping[str, Any], entry: Entry) -> Any:
    return value


def _take(intake: Intake, name: str, value: Any, row: Row) -> None:
    intake.put(name, value, row.element)


def _to_first(value: Any, row: Row, said: Mapping[str, Any], entry: Entry) -> Any:
    return value[0] if value else None


def _to_listed(value: Any, row: Row, said: Mapping[str, Any], entry: Entry) -> Any:
    return [value] if value not in (None, "") else None


def _from_first(intake: Intake, name: str, value: Any, row: Row) -> None:
    intake.put(name, value if isinstance(value, list) else [value], row.element)


def _from_listed(intake: Intake, name: str, value: Any, row: Row) -> None:
    intake.put(name, value[0] if isinstance(value, list) and value else value, row.element)


def _to_joined(value: Any, row: Row, said: Mapping[str, Any], entry: Entry) -> Any:
    return argument(row, "；").join(str(each) for each in value or [])


def _from_joined(intake: Intake, name: str, value: Any, row: Row) -> None:
    if isinstance(value, str):
        value = [part.strip() for part in re.split(r"[;；,，、\n]", value) if part.strip()]
    intake.put(name, value, row.element)


def _terms(row: Row, value: Any) -> list[standards.Term | str]:
    known = standards.vocabulary(CODED[row.field.partition(".")[2]]).codes
    listed = value if isinstance(value, list) else [value]
    return [known.get(code) or code for code in listed if code]


def _to_label(value: Any, row: Row, said: Mapping[str, Any], entry: Entry) -> Any:
    english = argument(row) == "en"
    terms = _terms(row, value)
    labels = [each if isinstance(each, str) else each.label("en" if english else "zh") for each in terms]
    return labels if isinstance(value, list) else (labels[0] if labels else None)


def _to_uri(value: Any, row: Row, said: Mapping[str, Any], entry: Entry) -> Any:
    uris = [each if isinstance(each, str) else each.uri or each.code for each in _terms(row, value)]
    return uris if isinstance(value, list) else (uris[0] if uris else None)


def _to_period(value: Any, row: Row, said: Mapping[str, Any], entry: Entry) -> Any:
    term = standards.vocabulary("update-frequency").codes.get(value or "")
    if term is None:
        return None
    period = str(term.extra.get("period", ""))
    weekly = {"P7D": "P1W", "P14D": "P2W", "P15D": "P0.5M"}
    return f"R/{weekly.get(period, period)}" if period else "irregular"


def _from_period(intake: Intake, name: str, value: Any, row: Row) -> None:
    intake.put(name, "irregular" if value == "irregular" else value, row.element)


def _to_mail(value: Any, row: Row, said: Mapping[str, Any], entry: Entry) -> Any:
    return f"mailto:{value}" if value else None


def _from_mail(intake: Intake, name: str, value: Any, row: Row) -> None:
    text = value.strip() if isinstance(value, str) else value
    if isinstance(text, str) and text.lower().startswith("mailto:"):
        text = text[7:]
    intake.put(name, text, row.element)


def _to_access(value: Any, row: Row, said: Mapping[str, Any], entry: Entry) -> Any:
    return ACCESS.get(value or "")


def _from_access(intake: Intake, name: str, value: Any, row: Row) -> None:
    back = {said: code for code, said in ACCESS.items()}
    listed = value if isinstance(value, list) else [value]
    text = ", ".join(str(each) for each in listed).strip().lower()
    if text in back:
        intake.said[name] = back[text]
    else:
        intake.note(
            row.element, f"“{text[:60]}”不认识，放在一边。", f'"{text[:60]}" is not known; kept aside.'
        )


def _to_licence(value: Any, row: Row, said: Mapping[str, Any], entry: Entry) -> Any:
    term = standards.vocabulary("licence").codes.get(value or "")
    return (term.uri or term.code) if term else said.get("licence_text") or None


def _from_licence(intake: Intake, name: str, value: Any, row: Row) -> None:
    text = intake.text(value[0] if isinstance(value, list) and value else value, row.element, 2000)
    term = standards.vocabulary("licence").find(text) if text else None
    if term is not None:
        intake.said[name] = term.code
    elif text:
        intake.said["licence_text"] = text


def _to_temporal(value: Any, row: Row, said: Mapping[str, Any], entry: Entry) -> Any:
    start, end = said.get("temporal_start") or "", said.get("temporal_end") or ""
    gap = argument(row, "..") if start or end else ""
    gap = "" if gap == "none" else gap
    return f"{start or gap}/{end or gap}" if start or end else None


def _from_temporal(intake: Intake, name: str, value: Any, row: Row) -> None:
    text = intake.text(value, row.element)
    start, slash, end = text.partition("/")
    for which, said in (("temporal_start", start), ("temporal_end", end if slash else "")):
        if said.strip(". ") and not said.startswith("P"):
            intake.put(which, said, row.element)


def _to_box(value: Any, row: Row, said: Mapping[str, Any], entry: Entry) -> Any:
    if not value:
        return None
    west, south, east, north = value
    return " ".join(str(each) for each in (south, west, north, east))


def _from_box(intake: Intake, name: str, value: Any, row: Row) -> None:
    parts = re.split(r"[\s,]+", value.strip()) if isinstance(value, str) else []
    if len(parts) == 4:
        south, west, north, east = parts
        intake.put(name, [west, south, east, north], row.element)


def _from_themes(intake: Intake, name: str, value: Any, row: Row) -> None:
    """Those of our list as themes, all others as subjects."""
    known = standards.vocabulary("theme")
    listed = value if isinstance(value, list) else re.split(r"[;；,，、]", str(value))
    texts = [text for each in listed if (text := intake.text(each, row.element, 300))]
    found = [known.find(text) for text in texts]
    intake.put("themes", [term.code for term in found if term], row.element)
    others = [text for text, term in zip(texts, found, strict=True) if term is None]
    intake.put("subjects", others, row.element)


def _to_themes(value: Any, row: Row, said: Mapping[str, Any], entry: Entry) -> Any:
    labels = _to_label(list(value or []), row, said, entry)
    return [*labels, *(said.get("subjects") or [])]


def _to_modified(value: Any, row: Row, said: Mapping[str, Any], entry: Entry) -> Any:
    return value or (entry.modified.isoformat(timespec="seconds") if entry.modified else None)


def _to_issued(value: Any, row: Row, said: Mapping[str, Any], entry: Entry) -> Any:
    return value or (entry.created.date().isoformat() if entry.created else None)


def _to_column(value: Any, row: Row, said: Mapping[str, Any], entry: Entry) -> Any:
    place = ("table-schema", "csvw", "croissant").index(argument(row, "table-schema"))
    return COLUMN_TYPES.get(value or "text", COLUMN_TYPES["text"])[place]


def _from_column(intake: Intake, name: str, value: Any, row: Row) -> None:
    value = value.get("base", "string") if isinstance(value, dict) else value
    text = str(value[0] if isinstance(value, list) and value else value).rpartition("/")[2]
    bare = text.removeprefix("sc:").removeprefix("xsd:").lower()
    others = {
        "string": "text", "text": "text", "any": "text", "int": "integer", "integer": "integer",
        "long": "integer", "short": "integer", "nonnegativeinteger": "integer", "float": "number",
        "double": "number", "decimal": "number", "number": "number", "boolean": "boolean",
        "date": "date", "datetime": "datetime", "year": "integer", "gyear": "integer",
    }  # fmt: skip
    intake.said[name] = others.get(bare, "text")


def _to_letter(value: Any, row: Row, said: Mapping[str, Any], entry: Entry) -> Any:
    term = standards.vocabulary("item-type").codes.get(value or "C")
    return f"{term.zh}{term.code}" if term else None


def _from_letter(intake: Intake, name: str, value: Any, row: Row) -> None:
    text = intake.text(value, row.element)
    vocabulary = standards.vocabulary("item-type")
    term = vocabulary.find(text) or vocabulary.find(text[:-1]) or vocabulary.find(text[-1:])
    if term is None:
        intake.note(
            row.element, f"“{text[:40]}”不是数据类型，放在一边。", f'"{text[:40]}" is no type; kept aside.'
        )
        return
    intake.said[name] = term.code
    intake.said.setdefault("type", str(term.extra.get("column_type", "text")))


def _to_digest(value: Any, row: Row, said: Mapping[str, Any], entry: Entry) -> Any:
    """``sha256:…`` of an own table comes from the received file only where the file itself is meant."""
    algorithm, mark, digest = str(value or "").partition(":")
    wanted = argument(row)
    if wanted:
        return digest if mark and algorithm.lower() == wanted else None
    return value or None


def _from_digest(intake: Intake, name: str, value: Any, row: Row) -> None:
    text, wanted = intake.text(value, row.element), argument(row)
    if text:
        intake.put(name, f"{wanted}:{text}" if wanted else text, row.element)


def _to_text(value: Any, row: Row, said: Mapping[str, Any], entry: Entry) -> Any:
    return None if value is None else str(value)


def _to_mime(value: Any, row: Row, said: Mapping[str, Any], entry: Entry) -> Any:
    if value:
        return value
    term = (
        standards.vocabulary("file-format").find(str(said.get("format") or ""))
        if said.get("format")
        else None
    )
    return str(term.extra["media_type"]) if term and "media_type" in term.extra else None


RULES = {
    "text": {"required", "unique", "minLength", "maxLength", "pattern", "enum"},
    "integer": {"required", "unique", "minimum", "maximum"},
    "number": {"required", "unique", "minimum", "maximum"},
}


def _to_rules(value: Any, row: Row, said: Mapping[str, Any], entry: Entry) -> Any:
    """The constraints that Table Schema has for the type."""
    fit = RULES.get(str(said.get("type") or "text"), {"required", "unique"})
    return {key: rule for key, rule in (value or {}).items() if key in fit}


def _to_string_format(value: Any, row: Row, said: Mapping[str, Any], entry: Entry) -> Any:
    fit = value in ("email", "uri", "binary", "uuid") and said.get("type", "text") == "text"
    return value if fit else None


def _from_string_format(intake: Intake, name: str, value: Any, row: Row) -> None:
    if value not in ("default", "any"):
        intake.put(name, value, row.element)


def _from_titles(intake: Intake, name: str, value: Any, row: Row) -> None:
    if isinstance(value, dict):
        value = next(iter(value.values()), None)
    if isinstance(value, list):
        value = value[0] if value else None
    intake.put(name, value, row.element)


#: Conversions from an element that look at what was taken before; all others see the value alone.
HEEDFUL = frozenset({"letter"})
TO: dict[str, To] = {
    "": _plain,
    "first": _to_first,
    "listed": _to_listed,
    "joined": _to_joined,
    "label": _to_label,
    "uri": _to_uri,
    "period": _to_period,
    "mailto": _to_mail,
    "access": _to_access,
    "licence": _to_licence,
    "temporal": _to_temporal,
    "box": _to_box,
    "themes": _to_themes,
    "modified": _to_modified,
    "issued": _to_issued,
    "column": _to_column,
    "letter": _to_letter,
    "digest": _to_digest,
    "text": _to_text,
    "mime": _to_mime,
    "rules": _to_rules,
    "string-format": _to_string_format,
    "titles": _plain,
    "module": lambda value, row, said, entry: None,
}
FROM: dict[str, From] = {
    "": _take,
    "first": _from_first,
    "listed": _from_listed,
    "joined": _from_joined,
    "label": _take,
    "uri": _take,
    "period": _from_period,
    "mailto": _from_mail,
    "access": _from_access,
    "licence": _from_licence,
    "temporal": _from_temporal,
    "box": _from_box,
    "themes": _from_themes,
    "modified": _take,
    "issued": _take,
    "column": _from_column,
    "letter": _from_letter,
    "digest": _from_digest,
    "text": _take,
    "mime": _take,
    "rules": _take,
    "string-format": _from_string_format,
    "titles": _from_titles,
    "module": lambda intake, name, value, row: None,
}
