"""The content says what a file is; its name only where the content leaves it open."""

from __future__ import annotations

import pytest

from kaishu.lake.errors import BrokenFile, EmptyFile, OtherFormat, UnknownFormat
from tests.lake.reading.conftest import Read


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n....", "PNG"),
        (b"\xff\xd8\xff\xe0....", "JPEG"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le"), "Word"),
        (b"SQLite format 3\0....", "SQLite"),
        (b"Rar!\x1a\x07....", "RAR"),
        (b"<!DOCTYPE html><html><table><tr><td>1</td></tr></table></html>", "HTML"),
        ("\ufeff<html><body><table></table></body></html>".encode(), "HTML"),
        (
            b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>",
            "Excel 2003",
        ),
    ],
)
def test_what_cannot_be_read_is_named(read: Read, content: bytes, kind: str) -> None:
    with pytest.raises(UnknownFormat) as caught:
        read(content, "报表.csv")
    assert kind in caught.value.sentence("zh")
    assert kind in caught.value.sentence("en")
    assert "CSV" in caught.value.advice("zh")


@pytest.mark.parametrize("content", [b"", b"  \n\r\n\t", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file_says_so(read: Read, content: bytes) -> None:
    with pytest.raises(EmptyFile):
        read(content)


def test_a_wrong_format_option_says_what_it_is(read: Read) -> None:
    with pytest.raises(OtherFormat) as caught:
        read('[{"a":1}]', "a.json", format="xlsx")
    assert caught.value.facts["found"] == "json"
    with pytest.raises(BrokenFile):
        read("a,b\n1,2\n", "a.csv", format="json")


@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a", "a.xlsx", "表"])
def test_plain_text_is_delimited_whatever_its_name(read: Read, name: str) -> None:
    assert read("区,数\n东城,1\n", name).plan.format == "csv"


def test_broken_content_under_a_clear_name_is_called_broken(read: Read) -> None:
    for name in ("a.json", "a.xml"):
        with pytest.raises(BrokenFile) as caught:
            read("区,数\n东城,1\n", name)
        assert caught.value.facts["line"] == 1


def test_json_is_known_without_its_name(read: Read) -> None:
    assert read('[{"a":1}]', "下载").plan.format == "json"
    assert read('{"a":1}\n{"a":2}\n', "下载").plan.format == "ndjson"
    assert read("<r><a><b>1</b></a><a><b>2</b></a></r>", "下载").plan.format == "xml"
