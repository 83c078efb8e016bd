"""Which format a file has: its content first, its name only where the content leaves it open."""

from __future__ import annotations

import json
import re
import zipfile
from typing import BinaryIO

from kaishu.lake.errors import DamagedFile, OtherFormat, ProtectedFile, UnknownFormat
from kaishu.lake.reading.container import Source, inner_name

_LOOK = 256 << 10
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "PDF 文档", "a PDF document"),
    (b"\x89PNG", "PNG 图片", "a PNG image"),
    (b"\xff\xd8\xff", "JPEG 图片", "a JPEG image"),
    (b"GIF8", "GIF 图片", "a GIF image"),
    (b"BM", "BMP 图片", "a BMP image"),
    (b"II*\0", "TIFF 图片", "a TIFF image"),
    (b"MM\0*", "TIFF 图片", "a TIFF image"),
    (b"Rar!", "RAR 压缩包", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包", "a 7z archive"),
    (b"BZh", "bzip2 压缩文件", "a bzip2 file"),
    (b"\xfd7zXZ", "xz 压缩文件", "an xz file"),
    (b"\x28\xb5\x2f\xfd", "zstd 压缩文件", "a zstd file"),
    (b"SQLite format 3\0", "SQLite 数据库", "an SQLite database"),
    (b"{\\rtf", "RTF 文档", "an RTF document"),
    (b"\x7fELF", "可执行程序", "a program"),
    (b"MZ\x90\0", "可执行程序", "a program"),
    (b"\x1f\x8b", "压缩文件套压缩文件", "an archive inside an archive"),
)
_FAMILIES = ({"csv", "tsv"}, {"json", "geojson", "ndjson"}, {"xml"}, {"xls", "xlsx"}, {"parquet"})
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|table|meta|script)\b", re.IGNORECASE)
_COLLECTION = re.compile(r'"type"\s*:\s*"(?:FeatureCollection|Feature)"')


def find_format(source: Source, asked: str | None = None) -> str:
    """Code of the format.  Raises ``UnknownFormat``, ``OtherFormat``, ``ProtectedFile``, ``DamagedFile``."""
    head = source.head(_LOOK)
    found = _binary_format(source, head) or _text_format(source, head)
    if asked is None or asked == found:
        return found
    if any({asked, found} <= family for family in _FAMILIES):
        return asked
    if found in ("csv", "tsv") and asked in ("json", "ndjson", "xml", "geojson"):
        return asked  # the parser says where it stops being that
    raise OtherFormat(file=source.name, found=found, asked=asked)


def _binary_format(source: Source, head: bytes) -> str | None:
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(_OLE):
        return _ole_format(source, head)
    if head.startswith(b"PK\x03\x04"):
        with source.open_seekable() as file:
            return _office_format(source, file)
    for magic, zh, en in _OTHERS:
        if head.startswith(magic) and not (magic == b"BM" and head[6:10] != b"\0\0\0\0"):
            raise UnknownFormat(file=source.name, kind_zh=zh, kind_en=en)
    return None


def _ole_format(source: Source, head: bytes) -> str:
    with source.open_seekable() as file:
        file.seek(max(0, source.size - _LOOK) if source.compression is None else 0)
        content = head + file.read(_LOOK)
    if _utf16("EncryptedPackage") in content:
        raise ProtectedFile(file=source.name)
    if _utf16("Workbook") in content or _utf16("Book") in content:
        return "xls"
    for word, zh, en in (
        ("WordDocument", "Word 文档", "a Word document"),
        ("PowerPoint Document", "PowerPoint 文稿", "a PowerPoint file"),
    ):
        if _utf16(word) in content:
            raise UnknownFormat(file=source.name, kind_zh=zh, kind_en=en)
    return "xls"


def _utf16(word: str) -> bytes:
    return word.encode("utf-16-le")


def _office_format(source: Source, file: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile as error:
        raise DamagedFile(file=source.name, format="xlsx", detail=str(error)) from error
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    for prefix, zh, en in (
        ("word/", "Word 文档", "a Word document"),
        ("ppt/", "PowerPoint 文稿", "a PowerPoint file"),
        ("content.xml", "OpenDocument 文件", "an OpenDocument file"),
        ("OFD.xml", "OFD 文档", "an OFD document"),
    ):
        if any(name.startswith(prefix) for name in names):
            raise UnknownFormat(file=source.name, kind_zh=zh, kind_en=en)
    raise UnknownFormat(file=source.name, kind_zh="压缩包里的压缩包", kind_en="an archive inside an archive")


def _text_format(source: Source, head: bytes) -> str:
    text = _readable(head)
    body = text.lstrip("\ufeff \t\r\n")
    suffix = inner_name(source).lower().rsplit(".", 1)[-1]
    if body.startswith("<"):
        return _markup(source, body)
    if re.match(r"\{\s*(?:\"|\}|$)|\[\s*(?:[\[{\]]|$)", body):
        return _json_format(body)
    if suffix in ("json", "geojson", "ndjson", "jsonl", "xml"):
        return {"jsonl": "ndjson"}.get(suffix, suffix)  # the parser says what is wrong, and where
    return "tsv" if suffix in ("tsv", "tab") else "csv"


def _readable(head: bytes) -> str:
    for mark, name in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return head.decode(name, "replace")
    return head.decode("utf-8", "replace")


def _markup(source: Source, body: str) -> str:
    start = re.sub(r"\A(?:\s|<\?.*?\?>|<!--.*?-->)*", "", body[:4096], flags=re.DOTALL)
    if _HTML.match(start):
        raise UnknownFormat(file=source.name, kind_zh="HTML 网页", kind_en="an HTML page")
    if "urn:schemas-microsoft-com:office:spreadsheet" in body[:4096]:
        raise UnknownFormat(
            file=source.name,
            kind_zh="Excel 2003 XML 表格（请另存为 XLSX）",
            kind_en="an Excel 2003 XML sheet (save it as XLSX)",
        )
    return "xml"


def _json_format(body: str) -> str:
    first, _, others = body.partition("\n")
    if first.startswith("{") and others.lstrip().startswith("{"):
        try:
            json.loads(first)
        except ValueError:
            pass
        else:
            return "ndjson"
    if body.startswith("{") and _COLLECTION.search(body[:65536]):
        return "geojson"
    return "json"
