"""The query language of package_search: what is known is exact, what is not known is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaishu.api.ckan.errors import SearchQueryError
from kaishu.api.ckan.grammar import And, Everything, Not, Or, Range, Term, parse


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", Everything()),
        ("*:*", Everything()),
        ("地铁", Term("", "地铁")),
        ("tags:地铁", Term("tags", "地铁")),
        ('title:"北京 地铁"', Term("title", "北京 地铁", phrase=True)),
        ("a b", And((Term("", "a"), Term("", "b")))),
        ("a OR b AND c", Or((Term("", "a"), And((Term("", "b"), Term("", "c")))))),
        ("+type:dataset -tags:x", And((Term("type", "dataset"), Not(Term("tags", "x"))))),
        ("NOT tags:x", Not(Term("tags", "x"))),
        ("organization:(a OR b)", Or((Term("organization", "a"), Term("organization", "b")))),
        ("name:bei*", Term("name", "bei", prefix=True)),
        ("license_id:*", Term("license_id", "", prefix=True)),
        (
            "metadata_modified:[2026-01-01T00:00:00Z TO *]",
            Range("metadata_modified", "2026-01-01T00:00:00Z", None),
        ),
        ("id:{a TO b]", Range("id", "a", "b", with_low=False)),
        (r"name:a\:b", Term("name", "a:b")),
        ("http://x.y/z", Term("http", "//x.y/z")),
        ("-(tags:a OR tags:b)", Not(Or((Term("tags", "a"), Term("tags", "b"))))),
    ],
)
def test_what_is_known(text: str, tree: object) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    "text",
    [
        "title:te?t",
        "title:t*t",
        "roam~",
        '"a b"~3',
        "a^2",
        "{!geofilt}",
        "_val_:x",
        "(a OR b",
        "a)",
        "a OR",
        "AND b",
        "title:",
        'title:"open',
        "*:x",
        "metadata_modified:[NOW-1DAY TO NOW]",
        "[a TO b]",
        "(" * 60 + "a" + ")" * 60,
        "-" * 5000,
        "a " * 4000,
    ],
)
def test_what_is_not_known_is_refused(text: str) -> None:
    with pytest.raises(SearchQueryError):
        parse(text)


@given(st.text(max_size=60))
def test_every_text_is_read_or_refused(text: str) -> None:
    try:
        parse(text)
    except SearchQueryError:
        return


@given(st.text(alphabet='ab:()[]{}"\\+-!&|~^*? ANDORTO', max_size=40))
def test_every_heap_of_marks_is_read_or_refused(text: str) -> None:
    try:
        parse(text)
    except SearchQueryError:
        return
