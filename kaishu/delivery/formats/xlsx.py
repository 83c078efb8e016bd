"""Excel workbooks: sheet XML made by whole columns, packed as it comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from kaishu.delivery.columns import Column
from kaishu.delivery.exporter import Exporter, Shape
from kaishu.delivery.markup import FORBIDDEN, SPECIAL, escaped, plain_text, raw
from kaishu.delivery.sink import Sink
from kaishu.delivery.workbook import SHEET_CLOSING, parts, sheet_opening

if TYPE_CHECKING:
    import polars as pl

SHEET_ROWS = 1_048_576 - 1
SHEET_BYTES = 1_900_000_000  # a part of 2 GiB or more would need ZIP64, which some programs do not open
CELL_LENGTH = 32_767
EXACT = 10**15  # Excel keeps 15 digits of a number
LEVEL = 3
_UNIX_EPOCH = 25_569  # days from 1899-12-30 to 1970-01-01
_FIRST_DAY = -25_508  # 1900-03-01; before it Excel counts a day that never was
_WIDTHS = {"integer": 12, "number": 14, "boolean": 8, "date": 12, "datetime": 20, "text": 18}
_TEXT, _TEXT_END = '<c t="inlineStr"><is><t>', "</t></is></c>"
_SPACED = '<c t="inlineStr"><is><t xml:space="preserve">'


class XLSX(Exporter):
    """Text stays text, dates are dates; whole numbers of more than 15 digits are text, so none is rounded."""

    code = "xlsx"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    suffix = "xlsx"
    label_zh = "Excel 工作簿"
    label_en = "Excel"
    rows = 4_096

    def chunks(self, frames: Iterable[pl.DataFrame], shape: Shape) -> Iterator[bytes]:
        """Compressed sheet XML of a batch at a time; a full sheet is followed by another."""
        sink = Sink()
        writing = _Writing(ZipFile(sink, "w", ZIP_DEFLATED), shape.columns)
        for frame in frames:
            writing.add(frame)
            yield from sink.taken()
        writing.close()
        yield from sink.taken()


class _Writing:
    """The workbook as far as it is written."""

    def __init__(self, package: ZipFile, columns: Sequence[Column]) -> None:
        self._package, self._columns = package, columns
        self._sheets: list[str] = []
        self._part: IO[bytes] | None = None
        self._rows = self._bytes = self._cut = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Rows of a frame, over as many sheets as they need."""
        while frame.height:
            if self._part is None or self._rows >= SHEET_ROWS or self._bytes >= SHEET_BYTES:
                self._turn()
            now = frame.head(SHEET_ROWS - self._rows)
            self._write(now)
            self._rows += now.height
            frame = frame.slice(now.height)

    def close(self) -> None:
        """The rest of the package."""
        if self._part is None:
            self._turn()
        self._end()
        if self._cut:
            self._say_what_was_cut()
        for path, text in parts(self._sheets).items():
            self._package.writestr(_entry(path), text, compresslevel=LEVEL)
        self._package.close()

    def _turn(self) -> None:
        self._end()
        number = len(self._sheets) + 1
        self._open("数据" if number == 1 else f"数据 {number}", [_WIDTHS[c.type] for c in self._columns])
        header = "".join(f'<c s="3" t="inlineStr"><is><t>{_one(c.name)}</t></is></c>' for c in self._columns)
        assert self._part is not None
        self._part.write(f"<row>{header}</row>".encode())
        self._rows = self._bytes = 0

    def _open(self, name: str, widths: Sequence[int]) -> None:
        self._sheets.append(name)
        entry = _entry(f"xl/worksheets/sheet{len(self._sheets)}.xml")
        self._part = self._package.open(entry, "w")
        self._part.write(sheet_opening(widths).encode())

    def _end(self) -> None:
        if self._part is not None:
            self._part.write(SHEET_CLOSING.encode())
            self._part.close()

    def _write(self, frame: pl.DataFrame) -> None:
        import polars as pl

        cells = [self._cells(frame[column.name], column.type) for column in self._columns]
        rows = pl.select(pl.concat_str([pl.lit("<row>"), *cells, pl.lit("</row>")])).to_series()
        text = raw(rows)
        assert self._part is not None
        self._part.write(text)
        self._bytes += len(text)

    def _cells(self, series: pl.Series, kind: str) -> pl.Series:
        import polars as pl

        if kind == "text":
            return _filled(self._texts(series))
        if kind == "boolean":
            return _filled(_wrapped('<c t="b"><v>', series.cast(pl.Int8).cast(pl.String), "</v></c>"))
        if kind == "integer":
            return _numbers(series, (series.abs() < EXACT) & (series > -EXACT))
        if kind == "number":
            return _numbers(series.fill_nan(None), series.is_finite())
        return _dates(series, kind)

    def _texts(self, series: pl.Series) -> pl.Series:
        import polars as pl

        if (series.str.len_bytes() > CELL_LENGTH).any():
            long = _units(series) > CELL_LENGTH
            self._cut += int(long.sum())
            cut = series.str.slice(0, CELL_LENGTH // 2) + "…"
            series = pl.select(pl.when(long).then(cut).otherwise(series)).to_series()
        safe = _safe(series)
        spaced = series.str.contains(r"^\s|\s$|[\n\t]")
        if not spaced.any():
            return _wrapped(_TEXT, safe, _TEXT_END)
        opening = pl.when(spaced).then(pl.lit(_SPACED)).otherwise(pl.lit(_TEXT))
        return pl.select(pl.concat_str([opening, safe, pl.lit(_TEXT_END)])).to_series()

    def _say_what_was_cut(self) -> None:
        said = (
            f"有 {self._cut} 个单元格超过 Excel 的长度上限（32,767 个字符），"
            "在此文件中已截短；完整内容请下载 CSV。",
            f"{self._cut} cells were longer than Excel allows (32,767 characters) and are cut in this file; "
            "the CSV file has them whole.",
        )
        self._open("说明 Notes", [100])
        assert self._part is not None
        for line in said:
            self._part.write(f"<row>{_TEXT}{line}{_TEXT_END}</row>".encode())
        self._end()


def _entry(path: str) -> ZipInfo:
    """Always the same date, so that the same table gives the same bytes."""
    entry = ZipInfo(path, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = ZIP_DEFLATED
    entry._compresslevel = LEVEL  # type: ignore[attr-defined]  # no public way before Python 3.13
    return entry


def _numbers(series: pl.Series, exact: pl.Series) -> pl.Series:
    """Numeric cells; those that Excel cannot hold exactly as text."""
    import polars as pl

    text = series.cast(pl.String)
    cells = _wrapped("<c><v>", text, "</v></c>")
    if not exact.fill_null(True).all():
        cells = pl.select(pl.when(exact).then(cells).otherwise(_wrapped(_TEXT, text, _TEXT_END))).to_series()
    return _filled(cells)


def _dates(series: pl.Series, kind: str) -> pl.Series:
    import polars as pl

    if kind == "date":
        days = series.cast(pl.Int32).cast(pl.Int64)
        serial = (days + _UNIX_EPOCH).cast(pl.String)
        cells = _wrapped('<c s="1"><v>', serial, "</v></c>")
    else:
        micros = series.cast(pl.Int64)
        days = micros // 86_400_000_000
        serial = (micros / 86_400_000_000 + _UNIX_EPOCH).cast(pl.String)
        cells = _wrapped('<c s="2"><v>', serial, "</v></c>")
    if int(days.min() or 0) < _FIRST_DAY or int(days.max() or 0) > 2_932_896:  # type: ignore[arg-type]
        known = days.is_between(_FIRST_DAY, 2_932_896)
        said = _wrapped(_TEXT, plain_text(series, kind), _TEXT_END)
        cells = pl.select(pl.when(known).then(cells).otherwise(said)).to_series()
    return _filled(cells)


def _safe(series: pl.Series) -> pl.Series:
    """Text as XML, with what XML cannot hold written the way Excel writes it: ``_x0001_``."""
    odd = f"{FORBIDDEN}|\r|_x[0-9A-Fa-f]{{4}}_"
    if not series.str.contains(f"{SPECIAL}|{odd}").any():
        return series
    if series.str.contains(odd).any():
        series = series.str.replace_all("_(x[0-9A-Fa-f]{4}_)", "_x005F_${1}")
        marks = [*map(chr, range(9)), "\x0b", "\x0c", *map(chr, range(13, 32)), "\ufffe", "\uffff"]
        series = series.str.replace_many(marks, [f"_x{ord(mark):04X}_" for mark in marks])
    return escaped(series)


def _units(series: pl.Series) -> pl.Series:
    """Length as Excel counts it: a character beyond the first plane is two."""
    return series.str.len_chars() + series.str.count_matches("[\U00010000-\U0010ffff]")


def _one(text: str) -> str:
    import polars as pl

    return str(_safe(pl.Series([text[:CELL_LENGTH]]))[0])


def _wrapped(opening: str, text: pl.Series, closing: str) -> pl.Series:
    import polars as pl

    return pl.select(pl.concat_str([pl.lit(opening), text, pl.lit(closing)])).to_series()


def _filled(cells: pl.Series) -> pl.Series:
    """A cell without a value keeps its place."""
    return cells.fill_null("<c/>") if cells.null_count() else cells
