"""Packed files: .gz and .zip, whatever their members are called, and bombs."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from kaishu.lake.errors import BadFileName, DamagedFile, NoRecords, NoSuchPart, ProtectedFile, UnpacksTooLarge
from tests.lake.reading.conftest import Read
from tests.lake.reading.test_workbook import xlsx

TEXT = "区,数\n东城,1\n西城,2\n"


def packed(members: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-16"])
def test_gzip_is_read_as_what_it_holds(read: Read, encoding: str) -> None:
    table = read(gzip.compress(TEXT.encode(encoding)), "a.csv.gz")
    assert table.plan.compression == "gz"
    assert table.column("数") == [1, 2]


def test_the_only_table_in_a_zip_is_read(read: Read) -> None:
    table = read(packed({"说明.pdf": b"%PDF" * 1000, "数据/表.csv": TEXT}), "a.zip")
    assert (table.plan.compression, table.plan.member) == ("zip", "数据/表.csv")
    assert table.note("zip-member") == {"count": 2, "member": "数据/表.csv"}


def test_a_member_can_be_chosen(read: Read) -> None:
    content = packed({"甲.csv": TEXT * 9, "乙.csv": TEXT})
    assert len(read(content, "a.zip", member="乙.csv").rows) == 2
    with pytest.raises(NoSuchPart):
        read(content, "a.zip", member="丙.csv")


def test_names_inside_a_zip_are_never_paths(read: Read) -> None:
    table = read(packed({"../../etc/passwd.csv": TEXT}), "a.zip")
    assert table.plan.member == "../../etc/passwd.csv"
    assert table.column("数") == [1, 2]


def test_a_gbk_name_inside_a_zip_is_readable(read: Read) -> None:
    content = packed({"AAAA.csv": TEXT}).replace(b"AAAA", "数据".encode("gbk"))
    assert read(content, "a.zip").plan.member == "数据.csv"


def test_workbooks_and_json_inside_packed_files(read: Read) -> None:
    book = xlsx({"表": [["区", "数"], ["东城", 1]]})
    assert read(gzip.compress(book), "a.xlsx.gz").column("数") == [1]
    assert read(packed({"a.xlsx": book}), "a.zip").column("数") == [1]
    assert read(packed({"a.json": '[{"数":1}]'}), "a.zip").column("数") == [1]


def test_bombs_are_stopped(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = b"a,b\n" + (b"0," + b"0" * 1021 + b"\n") * (80 << 10)  # more than the ratio counts from
    with pytest.raises(UnpacksTooLarge):
        read(packed({"a.csv": bomb}), "a.zip")
    monkeypatch.setenv("KAISHU_UNPACK_LIMIT", "1000000")
    with pytest.raises(UnpacksTooLarge):
        read(gzip.compress(bomb[: 4 << 20]), "a.csv.gz")
    with pytest.raises(UnpacksTooLarge):
        read(packed({"[Content_Types].xml": "x", "xl/a.xml": bomb[: 4 << 20]}), "a.xlsx")


def test_damaged_archives_are_named(read: Read) -> None:
    whole = gzip.compress(TEXT.encode() * 1000)
    with pytest.raises(DamagedFile):
        read(whole[:-20], "a.csv.gz")
    with pytest.raises(DamagedFile):
        read(packed({"a.csv": TEXT})[:40], "a.zip")
    with pytest.raises(NoRecords):
        read(packed({}), "a.zip")


def test_an_archive_with_a_password_is_refused(read: Read) -> None:
    content = bytearray(packed({"a.csv": TEXT}))
    directory = content.rindex(b"PK\x01\x02")
    content[6] |= 1
    content[directory + 8] |= 1
    with pytest.raises(ProtectedFile):
        read(bytes(content), "a.zip")


def test_file_names_with_folders_are_cut_to_their_last_part(read: Read) -> None:
    for name in ("../../etc/x.csv", "C:\\数据\\x.csv", "/x.csv"):
        with pytest.raises(Exception, match=r'"x\.csv"'):
            read("a,b\n", name)
    for name in ("", "..", "a/", "\0"):
        with pytest.raises(BadFileName):
            read("a,b\n1,2\n", name)
