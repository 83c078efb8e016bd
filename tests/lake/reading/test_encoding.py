"""Encodings: byte-order mark, strict UTF-8, then GB18030; nothing is ever guessed into other characters."""

from __future__ import annotations

import pytest

from kaishu.lake.errors import NulByte, UnknownEncoding, WrongEncoding
from tests.lake.reading.conftest import Read

TEXT = "学校,所在地\n北京大学,海淀区\n清华大学,海淀区\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_every_usual_encoding_is_found(read: Read, encoding: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    table = read(mark + TEXT.encode(encoding))
    assert table.rows == [
        {"学校": "北京大学", "所在地": "海淀区"},
        {"学校": "清华大学", "所在地": "海淀区"},
    ]


def test_four_byte_gb18030_characters_survive(read: Read) -> None:
    rare = "𠮷㐀䶮\U00020000"
    table = read(f"姓名,地\n{rare},镇\n".encode("gb18030"))
    assert table.plan.encoding == "gb18030"
    assert table.column("姓名") == [rare]


def test_ascii_head_and_gbk_tail_starts_again_as_gb18030(read: Read) -> None:
    content = b"name,town\n" + b"abc,def\n" * 700_000 + "李四,北京\n".encode("gbk")
    table = read(content)
    assert table.plan.encoding == "gb18030"
    assert table.restarts == 1
    assert table.rows[-1] == {"name": "李四", "town": "北京"}
    assert table.note("not-utf8") == {"line": 700_002, "offset": content.index("李".encode("gbk"))}


def test_a_broken_utf8_file_is_not_turned_into_gb18030(read: Read) -> None:
    content = TEXT.encode() * 20 + b"\xd6\xd0,\xb9\xfa\n"
    with pytest.raises(WrongEncoding) as caught:
        read(content)
    assert caught.value.facts == {
        "file": "table.csv", "encoding": "utf-8", "line": 61, "offset": len(TEXT.encode()) * 20,
    }  # fmt: skip


def test_a_wrong_declared_encoding_names_line_and_byte(read: Read) -> None:
    with pytest.raises(WrongEncoding) as caught:
        read("code,name\n1,东城区\n".encode("gbk"), encoding="utf-8")
    assert caught.value.facts["line"] == 2
    assert caught.value.facts["offset"] == 12
    assert "table.csv" in caught.value.sentence("zh")
    assert caught.value.advice("zh")


def test_a_wrong_declared_encoding_deep_in_a_file_is_found(read: Read) -> None:
    head = "name,town\n" + "abc,中文\n" * 500_000
    with pytest.raises(WrongEncoding) as caught:
        read(head.encode() + b"\xff\xff,x\n", encoding="utf-8")
    assert caught.value.facts["line"] == 500_002
    assert caught.value.facts["offset"] == len(head.encode())


def test_a_right_declared_encoding_is_used(read: Read) -> None:
    assert read("名稱,數\n臺北,1\n".encode("big5"), encoding="big5").column("名稱") == ["臺北"]


def test_an_unknown_encoding_is_named(read: Read) -> None:
    with pytest.raises(UnknownEncoding):
        read(TEXT, encoding="klingon")
    with pytest.raises(UnknownEncoding):
        read(TEXT, encoding="base64")


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_nul_byte_is_refused_with_its_place(read: Read, encoding: str) -> None:
    with pytest.raises(NulByte) as caught:
        read("区,数\n东城区,1\n西城\0区,2\n".encode(encoding))
    assert (caught.value.facts["line"], caught.value.facts["column"]) == (3, 3)


def test_utf16_without_a_mark_can_be_declared(read: Read) -> None:
    with pytest.raises(NulByte):
        read("a,b\n1,2\n".encode("utf-16-le"))
    assert read(TEXT.encode("utf-16-le"), encoding="utf-16-le").column("学校") == ["北京大学", "清华大学"]
