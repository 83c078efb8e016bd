"""Entries for properties: every field of a record, of its items and of its distributions, filled or not."""

from __future__ import annotations

from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from kaishu import standards
from kaishu.catalogue import DatasetRecord, Item, Link, ResourceEntry
from kaishu.catalogue.drafts import CODED
from kaishu.crosswalk import Agent, Entry

LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Cn"))
NASTY = (
    "实有人口信息",
    'Say "hello" \\ goodbye',
    "它的 'quotes'",
    "<script>alert('x')</script>",
    "]]> & &amp; <a>",
    "👩‍👩‍👧 emoji 🚇",
    "@prefix kaishu: <x> .",
    "{{ }} ${x} %s",
    "=1+1, ;|",
    "null",
    "1",
    "true",
    "藏文 བོད་ཡིག 维文 ئۇيغۇرچە",
    "𠮷野家",
)
ADDRESSES = (
    "https://data.example.gov.cn/a?b=c&d=%E4%B8%AD#e",
    "http://数据.example/路径/文件.csv",
    "https://example.org/~x/(y)/z;1,2",
    "ftp://files.example.org/all.zip",
    "https://example.org:8443/x",
)
ODD_ADDRESSES = ("http://example.org/<a>|b", "http://[::1]/x", "http://example.org/%zz", "https://a.b/#c#d")
NAMES = st.from_regex(r"[a-z][a-z0-9-]{1,40}[a-z0-9]", fullmatch=True)


def words(most: int = 60, least: int = 0) -> SearchStrategy[str]:
    """One line of text, trimmed as the model trims it."""
    texts = st.text(LETTERS, min_size=least, max_size=min(most, 30)) | st.sampled_from(NASTY)
    return texts.map(lambda text: text.strip()[:most].strip()).filter(lambda text: len(text) >= least)


def prose() -> SearchStrategy[str]:
    """Several lines."""
    return st.lists(words(), max_size=4).map("\n".join).map(str.strip)


def addresses() -> SearchStrategy[str]:
    """Web addresses, sometimes such as nobody should write but somebody did."""
    usual = st.sampled_from(ADDRESSES) | NAMES.map(lambda name: f"https://example.org/{name}")
    return usual | st.sampled_from(ODD_ADDRESSES)


def several(one: SearchStrategy[Any], most: int = 4) -> SearchStrategy[list[Any]]:
    """A list without repetition."""
    return st.lists(one, max_size=most, unique=True)


def codes(vocabulary: str) -> SearchStrategy[str]:
    """A code of a shipped vocabulary."""
    return st.sampled_from(sorted(standards.vocabulary(vocabulary).codes))


def stamps() -> SearchStrategy[str]:
    """What portals write for a moment."""
    dates = st.dates().map(lambda day: day.isoformat())
    moments = st.datetimes(timezones=st.sampled_from((None, ZoneInfo("UTC"))))
    return dates | moments.map(lambda moment: moment.isoformat()) | words() | st.just("2020-02-30")


def extras() -> SearchStrategy[dict[str, str]]:
    """Foreign statements, by name or by address."""
    keys = words(least=1) | addresses() | st.sampled_from(("http://purl.org/dc/terms/title", "kaishu:x"))
    return st.dictionaries(keys, prose() | st.just('["a", {"b": 1}]'), max_size=3)


def boxes() -> SearchStrategy[list[float]]:
    """West, south, east, north."""
    longitudes = st.tuples(st.floats(-180, 180), st.floats(-180, 180)).map(sorted)
    latitudes = st.tuples(st.floats(-90, 90), st.floats(-90, 90)).map(sorted)
    return st.tuples(longitudes, latitudes).map(lambda two: [two[0][0], two[1][0], two[0][1], two[1][1]])


def constraints() -> SearchStrategy[dict[str, Any]]:
    """Constraints of a field."""
    return st.fixed_dictionaries(
        {},
        optional={
            "required": st.booleans(),
            "unique": st.booleans(),
            "minimum": st.integers(-1000, 1000),
            "maxLength": st.integers(1, 1000),
            "pattern": st.just("^[A-Z]{2}\\d+$"),
            "enum": st.lists(words(least=1), min_size=1, max_size=3, unique=True),
        },
    )


ITEM: dict[str, SearchStrategy[Any]] = {
    "name": words(least=1),
    "title": words(),
    "title_en": words(),
    "type": st.sampled_from(("text", "integer", "number", "boolean", "date", "datetime")),
    "letter": st.sampled_from("CNYDTLMGBIF"),
    "length": st.none() | st.integers(0, 10_000),
    "unit": words(),
    "description": prose(),
    "description_en": prose(),
    "format": words(),
    "uri": addresses() | words(),
    "code_list": addresses() | words(),
    "constraints": constraints(),
}
LINK: dict[str, SearchStrategy[Any]] = {
    "name": words(),
    "description": prose(),
    "format": st.sampled_from(("CSV", "csv", "XLSX", "JSON", "SHP", "接口", "PDF")) | words(),
    "url": st.just("") | addresses(),
    "access_url": st.just("") | addresses(),
    "media_type": st.sampled_from(("", "text/csv", "application/geo+json", "text/csv; charset=gb18030"))
    | words(),
    "role": st.sampled_from(("", "file", "api", "documentation", "image", "visualization")),
    "bytes": st.none() | st.integers(0, 2**53),
    "checksum": st.sampled_from(("", "sha256:" + "ab" * 32, "md5:" + "01" * 16, "strange")),
    "issued": stamps(),
    "modified": stamps(),
    "licence": st.just("") | codes("licence"),
    "licence_text": words(),
    "rights": prose(),
    "languages": several(codes("language"), 2),
    "conforms_to": several(addresses() | words(least=1), 2),
    "described_by": st.just("") | addresses(),
    "compression": st.sampled_from(("", "application/gzip", "gz")),
    "packaging": st.sampled_from(("", "application/zip", "zip")),
    "encoding": st.sampled_from(("", "UTF-8", "GB18030")),
    "availability": st.just("http://publications.europa.eu/resource/authority/planned-availability/STABLE")
    | words(),
    "status": st.just("http://purl.org/adms/status/Completed") | words(),
    "original_id": words(),
    "extras": extras(),
}
RECORD: dict[str, SearchStrategy[Any]] = {
    "title_en": words(),
    "description": prose(),
    "description_en": prose(),
    "resource_code": words(),
    "resource_category": st.sampled_from(("", "101", "209", "307014", "3070140203")),
    "items": st.lists(
        st.fixed_dictionaries(
            {"name": ITEM["name"]}, optional={k: v for k, v in ITEM.items() if k != "name"}
        ),
        max_size=3,
    ),
    "share_condition": prose(),
    "open_condition": prose(),
    "issued": st.none() | st.dates().map(lambda day: day.isoformat()),
    "related_codes": several(words(least=1)),
    "tags": several(words(least=1)),
    "tags_en": several(words(least=1)),
    "spatial": words(),
    "spatial_code": st.sampled_from(("", "330100", "110000", "0")),
    "bbox": st.none() | boxes(),
    "contact_name": words(),
    "contact_email": st.sampled_from(("", "data@example.gov.cn", "not an address")),
    "contact_phone": st.sampled_from(("", "0571-12345", "+86 571 8888 (9)", "12345 转 2")),
    "contact_url": st.just("") | addresses(),
    "source": words(),
    "source_url": st.just("") | addresses(),
    "provenance": prose(),
    "kind": st.sampled_from(("dataset", "dataset", "dataset", "series", "service")),
    "in_series": several(addresses() | NAMES, 2),
    "serves": several(addresses() | NAMES, 2),
    "endpoint_url": st.just("") | addresses(),
    "endpoint_description": st.just("") | addresses(),
    "business_item": words(),
    "business_information": words(),
    "data_standard": words(),
    "data_source": words(),
    "identifiers": several(addresses() | words(least=1)),
    "publisher": words(),
    "publisher_url": st.just("") | addresses(),
    "creator": words(),
    "maintainer": words(),
    "maintainer_email": st.sampled_from(("", "keeper@example.org")) | words(),
    "modified": stamps(),
    "version": words(),
    "version_notes": prose(),
    "subjects": several(words(least=1)),
    "conforms_to": several(addresses() | words(least=1), 2),
    "derived_from": several(addresses() | words(least=1), 2),
    "generated_by": words() | addresses(),
    "related": several(addresses() | words(least=1), 2),
    "documentation": several(addresses() | words(least=1), 2),
    "spatial_uri": addresses() | words(),
    "spatial_resolution": st.sampled_from(("30", "0.5", "1:10000")) | words(),
    "temporal_resolution": st.sampled_from(("P1D", "PT15M", "每日")) | words(),
    "licence_text": words(),
    "rights": prose(),
    "policy": prose() | addresses(),
    "extras": extras(),
    **{
        field: several(codes(name), 3) if field in ("themes", "languages") else st.just("") | codes(name)
        for field, name in CODED.items()
    },
}


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    """The JSON form of a valid ``DatasetRecord`` with any of its fields."""
    said = draw(st.fixed_dictionaries({"title": words(least=1)}, optional=RECORD))
    start, end = draw(st.tuples(st.dates(), st.dates()).map(sorted))
    if draw(st.booleans()):
        said["temporal_start"] = start.isoformat()
    if draw(st.booleans()):
        said["temporal_end"] = end.isoformat()
    return DatasetRecord.model_validate(said).model_dump(mode="json")


def links() -> SearchStrategy[dict[str, Any]]:
    """The JSON form of a valid ``Link`` with any of its fields."""
    said = st.fixed_dictionaries({}, optional=LINK)
    return said.map(lambda link: Link.model_validate(link).model_dump(mode="json"))


@st.composite
def tables(draw: st.DrawFn) -> dict[str, Any]:
    """A table of ours: no address of its own, but rows."""
    said = draw(st.fixed_dictionaries({}, optional={k: v for k, v in LINK.items() if "url" not in k}))
    number = draw(st.integers(10**6, 10**7))
    entry = ResourceEntry.model_validate(
        {
            **said,
            "id": f"01K{number:023d}",
            "table_id": f"01T{number:023d}",
            "version_id": f"01V{number:023d}",
            "version": 2,
            "rows": 1200,
            "sha256": "cd" * 32,
            "file_name": "表.csv",
            "columns": [{"name": "区域", "type": "text"}, {"name": "count", "type": "integer"}],
        }
    )
    return entry.model_dump(mode="json")


@st.composite
def entries(draw: st.DrawFn, with_tables: bool = True) -> Entry:
    """A whole entry; ``with_tables=False`` for catalogues that only point elsewhere."""
    distributions = draw(st.lists(links() | tables() if with_tables else links(), max_size=3))
    unique = {each.get("id", str(place)): each for place, each in enumerate(distributions)}
    number = draw(st.integers(10**6, 10**7))
    return Entry(
        identifier=f"01D{number:023d}",
        name=draw(NAMES),
        record=draw(records()),
        resources=list(unique.values()),
        publisher=Agent(
            title=draw(words(least=1)),
            name=draw(st.just("") | NAMES),
            title_en=draw(words()),
            code=draw(st.sampled_from(("", "330100-07"))),
            url=draw(st.just("") | addresses()),
            email=draw(st.sampled_from(("", "office@example.gov.cn"))),
        ),
        created=draw(st.none() | st.datetimes(timezones=st.just(UTC))),
        modified=draw(st.none() | st.datetimes(timezones=st.just(UTC))),
    )


#: For the test that no field was forgotten.
COVERED = {
    "record": set(RECORD) | {"title", "temporal_start", "temporal_end"},
    "item": set(ITEM),
    "link": set(LINK),
}
KNOWN = {
    "record": set(DatasetRecord.model_fields),
    "item": set(Item.model_fields),
    "link": set(Link.model_fields),
}
