"""Text encodings: byte-order mark, strict UTF-8, then GB18030, never the reverse; checked on every byte."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field

from kaishu.lake.errors import EmptyFile, NulByte, TypeTooNarrow, UnknownEncoding, WrongEncoding
from kaishu.lake.reading.container import Source, Stream
from kaishu.lake.reading.notes import Note, make_note

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# GB2312 and GBK are read as GB18030, which contains them.
_SAME = {"gb2312": "gb18030", "gbk": "gb18030", "utf-8-sig": "utf-8", "ascii": "utf-8", "utf-16": "utf-16-le"}
_LOOK = 4 << 20
_SURE = 24  # so many valid UTF-8 characters beyond ASCII do not come about in GB18030 text by chance
BLOCK = 4 << 20


@dataclass(slots=True)
class Encoding:
    """What a text is written in; ``mark`` is the length of its byte-order mark."""

    name: str
    mark: int = 0
    declared: bool = False
    notes: list[Note] = field(default_factory=list)


def known_encoding(declared: str, file: str) -> str:
    """Our name of a declared encoding.  Raises ``UnknownEncoding``."""
    try:
        info = codecs.lookup(declared)
        "".encode(info.name)
    except (LookupError, ValueError) as error:
        raise UnknownEncoding(file=file, encoding=declared) from error
    if not info._is_text_encoding:
        raise UnknownEncoding(file=file, encoding=declared)
    return _SAME.get(info.name, info.name)


def find_encoding(source: Source, declared: str | None = None) -> Encoding:
    """Encoding of a text file, from its first 4 MiB; the rest is checked while it is read.

    Raises ``EmptyFile``, ``WrongEncoding``, ``UnknownEncoding``.
    """
    head = source.head(_LOOK)
    mark, marked = next(((len(m), name) for m, name in _MARKS if head.startswith(m)), (0, None))
    if not head[mark:].strip(b"\0 \t\r\n"):
        raise EmptyFile(file=source.name)
    if declared:
        name = known_encoding(declared, source.name)
        if marked and marked.startswith(name[:6]):  # utf-16 as the mark says
            name = marked
        found = Encoding(name, mark if marked == name else 0, declared=True)
        _check_head(head[found.mark :], found, source.name, whole=len(head) < _LOOK)
        return found
    if marked:
        return Encoding(marked, mark, notes=[make_note("byte-order-mark", encoding=marked)])
    bad = bad_byte(head, "utf-8", final=len(head) < _LOOK)
    if bad is None:
        return Encoding("utf-8")
    if _utf8_characters(head[:bad]) >= _SURE:
        raise WrongEncoding(file=source.name, encoding="utf-8", line=_line_of(head, bad), offset=bad)
    found = Encoding("gb18030", notes=[make_note("not-utf8", line=_line_of(head, bad), offset=bad)])
    _check_head(head, found, source.name, whole=len(head) < _LOOK)
    return found


def bad_byte(data: bytes, encoding: str, *, final: bool) -> int | None:
    """Offset of the first byte that the encoding does not allow, or None."""
    if encoding == "utf-8" and data.isascii():
        return None
    try:
        codecs.getincrementaldecoder(encoding)("strict").decode(data, final)
    except UnicodeDecodeError as error:
        return error.start
    return None


def _line_of(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1


def _utf8_characters(valid: bytes) -> int:
    text = valid.decode("utf-8", "ignore")
    return sum(1 for mark in text if mark > "\x7f")


def _check_head(head: bytes, found: Encoding, file: str, *, whole: bool) -> None:
    bad = bad_byte(head, found.name, final=whole)
    if bad is not None:
        raise WrongEncoding(file=file, encoding=found.name, line=_line_of(head, bad), offset=bad + found.mark)


def utf8_blocks(stream: Stream, found: Encoding, file: str, size: int = BLOCK) -> Iterator[bytes]:
    """The text as UTF-8 in blocks of about ``size`` bytes that end at whole characters.

    Raises ``WrongEncoding``, ``NulByte``, or ``TypeTooNarrow`` with the next encoding to try where the
    encoding was only guessed from the beginning of the file.
    """
    stream.read(found.mark)
    if found.name == "utf-8":
        yield from _checked_utf8(stream, found, file, size)
    else:
        yield from _transcoded(stream, found, file, size)


def _transcoded(stream: Stream, found: Encoding, file: str, size: int) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(found.name)("strict")
    offset = found.mark
    while True:
        data = stream.read(size)
        pending = len(decoder.getstate()[0])
        try:
            block = decoder.decode(data, not data).encode("utf-8", "surrogatepass")
        except UnicodeDecodeError as error:
            place = offset - pending + error.start
            raise WrongEncoding(
                file=file, encoding=found.name, line=stream.line_at(place, found.name), offset=place
            ) from error
        if b"\0" in block:
            _refuse_nul(block, stream, offset, found)
        offset += len(data)
        if block:
            yield block
        if not data:
            return


def _checked_utf8(stream: Stream, found: Encoding, file: str, size: int) -> Iterator[bytes]:
    offset, rest = found.mark, b""
    sure = found.declared or found.mark > 0
    while True:
        data = stream.read(size)
        block = rest + data if rest else data
        cut = _whole_characters(block) if data else len(block)
        rest, block = block[cut:], block[:cut]
        if not is_utf8(block):
            bad = bad_byte(block, "utf-8", final=True) or 0
            sure = sure or _utf8_characters(block[:bad]) >= _SURE
            line = stream.line_at(offset + bad)
            _give_up_utf8(block[bad : bad + 8], offset=offset + bad, line=line, sure=sure, file=file)
        sure = sure or not block.isascii()
        if b"\0" in block:
            _refuse_nul(block, stream, offset, found)
        offset += len(block)
        if block:
            yield block
        if not data:
            return


def is_utf8(block: bytes) -> bool:
    """Strict check of a whole block, several times quicker than decoding it."""
    import pyarrow as pa

    if block.isascii():
        return True
    offsets = pa.array([0, len(block)], pa.int32()).buffers()[1]
    try:
        pa.Array.from_buffers(pa.binary(), 1, [None, offsets, pa.py_buffer(block)]).cast(pa.string())
    except pa.ArrowInvalid:
        return False
    return True


def _give_up_utf8(found: bytes, *, offset: int, line: int, sure: bool, file: str) -> None:
    if sure:
        raise WrongEncoding(file=file, encoding="utf-8", line=line, offset=offset)
    raise TypeTooNarrow(
        column="",
        row=line,
        value=found.hex(" "),
        narrow="utf-8",
        wider="gb18030",
        encoding="gb18030",
        file=file,
        offset=offset,
    )


def _whole_characters(block: bytes) -> int:
    """Length of the part that does not cut a character (a UTF-8 character has at most 4 bytes)."""
    for back in range(1, min(4, len(block)) + 1):
        lead = block[-back]
        if lead & 0xC0 != 0x80:
            need = 1 if lead < 0x80 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
            return len(block) if need <= back else len(block) - back
    return len(block)


def _refuse_nul(block: bytes, stream: Stream, offset: int, found: Encoding) -> None:
    place = block.find(b"\0")
    start = block.rfind(b"\n", 0, place) + 1
    column = len(block[start:place].decode("utf-8", "replace")) + 1
    line = stream.line_at(offset, found.name) + block.count(b"\n", 0, place)
    raise NulByte(file=stream.file, line=line, column=column)
