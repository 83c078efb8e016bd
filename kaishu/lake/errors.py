"""What can be wrong with a file that comes in.  Facts name the file, and row and column where it applies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaishu.base.errors import NotFound, Terminal

if TYPE_CHECKING:
    from kaishu.lake.reading.plan import Column


class BadFile(Terminal):
    """Root of everything that stops a file from being read; always has the fact ``file``."""

    code = "lake.bad-file"
    status = 422
    zh = "文件“{file}”无法读取。"
    en = 'The file "{file}" cannot be read.'


class TypeTooNarrow(Terminal):
    """An inferred type does not fit a value: start again with ``plan.widened(error)``.

    Also raised when an encoding guessed from the beginning of a file fails later (``encoding`` is then the
    next one to try), and when a column appears that was not there before (``appeared``).
    """

    code = "lake.type-too-narrow"
    zh = "“{column}”列第{row}行的值“{value}”不是{narrow}，需按{wider}重新读取。"
    en = 'Column "{column}", line {row}: "{value}" is not {narrow}; read it again as {wider}.'

    def __init__(
        self,
        *,
        column: str,
        row: int,
        value: str,
        narrow: str = "",
        wider: str = "text",
        appeared: Column | None = None,
        encoding: str | None = None,
        **facts: Any,
    ) -> None:
        self.appeared = appeared
        self.encoding = encoding
        super().__init__(column=column, row=row, value=value, narrow=narrow, wider=wider, **facts)

    @property
    def column(self) -> str:
        """Name of the column."""
        return str(self.facts["column"])

    @property
    def wider(self) -> str:
        """The type that fits."""
        return str(self.facts["wider"])


class EmptyFile(BadFile):
    """Nothing in the file but blanks."""

    code = "lake.empty-file"
    zh = "文件“{file}”是空的。"
    en = 'The file "{file}" is empty.'
    next_zh = "请确认导出是否完成，再上传有内容的文件。"
    next_en = "Check that the export finished, and send a file with content."


class NoDataRows(BadFile):
    """A header and nothing below it."""

    code = "lake.no-data-rows"
    zh = "文件“{file}”只有表头，没有数据行。"
    en = 'The file "{file}" has a header and no rows of data.'
    next_zh = "请上传至少有一行数据的文件；如果第一行就是数据，请把“表头行”设为 0。"
    next_en = "Send a file with at least one row; if the first line is data, set the header row to 0."


class VersionMoved(Terminal):
    """A version was made from another that is no longer the last one: somebody was faster."""

    code = "lake.version-moved"
    status = 409
    zh = "数据表在此期间有了新版本（现为 {number}，所据为 {after}）。"
    en = "The table has a new version meanwhile ({number}; this one was made from {after})."
    next_zh = "请重新读取后再改。"
    next_en = "Read it again and make the change again."


class NoRowFits(BadFile):
    """Rows, but none with as many fields as the header."""

    code = "lake.no-row-fits"
    zh = "文件“{file}”的表头有{expected}列，但没有一行数据是{expected}列（第{line}行有{found}列）。"
    en = 'The header of "{file}" has {expected} columns and no row does (line {line} has {found}).'
    next_zh = "请检查分隔符和表头行号。"
    next_en = "Check the delimiter and the number of the header row."


class BadFileName(BadFile):
    """A file name that is empty or only dots and slashes."""

    code = "lake.bad-file-name"
    zh = "文件名“{file}”不能用。"
    en = 'The file name "{file}" cannot be used.'
    next_zh = "请给文件一个普通的名字，例如“学校名录.csv”。"
    next_en = "Give the file an ordinary name such as schools.csv."


class UnknownFormat(BadFile):
    """Content that is none of the formats we read."""

    code = "lake.unknown-format"
    zh = "文件“{file}”是{kind_zh}，不是可以读取的表格。"
    en = 'The file "{file}" is {kind_en}, not a table that can be read.'
    next_zh = (
        "可以读取的格式：CSV、TSV、XLS、XLSX、JSON、NDJSON、XML、GeoJSON、Parquet，可用 .gz 或 .zip 压缩。"
    )
    next_en = "Readable: CSV, TSV, XLS, XLSX, JSON, NDJSON, XML, GeoJSON, Parquet; plain, .gz or .zip."


class OtherFormat(BadFile):
    """A person named a format and the content is another."""

    code = "lake.other-format"
    zh = "文件“{file}”的内容是 {found}，不是 {asked}。"
    en = 'The content of "{file}" is {found}, not {asked}.'
    next_zh = "请去掉格式选项，或改为 {found}。"
    next_en = "Leave the format option out, or set it to {found}."


class WrongEncoding(BadFile):
    """Bytes that the encoding does not allow."""

    code = "lake.wrong-encoding"
    zh = "文件“{file}”第{line}行（字节偏移 {offset}）不是有效的 {encoding}。"
    en = 'Line {line} of "{file}" (byte offset {offset}) is not valid {encoding}.'
    next_zh = "请选择另一种编码（多数中文文件是 UTF-8 或 GB18030），或从原系统重新导出。"
    next_en = "Choose another encoding (most Chinese files are UTF-8 or GB18030), or export the file again."


class UnknownEncoding(BadFile):
    """An encoding name that we do not know."""

    code = "lake.unknown-encoding"
    zh = "不认识编码“{encoding}”（文件“{file}”）。"
    en = 'The encoding "{encoding}" is not known (file "{file}").'
    next_zh = "常用的编码名：utf-8、gb18030、utf-16、big5。"
    next_en = "Common names: utf-8, gb18030, utf-16, big5."


class NulByte(BadFile):
    """A NUL byte in a text file."""

    code = "lake.nul-byte"
    zh = "文件“{file}”第{line}行第{column}个字符处有空字节（NUL），不是正常的文本。"
    en = 'Line {line}, character {column} of "{file}" is a NUL byte: this is not plain text.'
    next_zh = "请从原系统重新导出为文本；若文件是没有标记的 UTF-16，请把编码设为 utf-16-le。"
    next_en = "Export it again as text; for UTF-16 without a mark set the encoding to utf-16-le."


class FieldTooLong(BadFile):
    """One field beyond the limit; often a quote that is never closed."""

    code = "lake.field-too-long"
    zh = "文件“{file}”第{line}行第{column}列的内容超过{limit}字节的上限。"
    en = 'In "{file}", line {line}, column {column} holds more than the limit of {limit} bytes.'
    next_zh = "请检查该行是否有没有闭合的双引号；确需更长的内容，可提高 KAISHU_FIELD_LIMIT。"
    next_en = "Look for a double quote that is never closed; for longer fields raise KAISHU_FIELD_LIMIT."


class TooManyColumns(BadFile):
    """More columns than the limit."""

    code = "lake.too-many-columns"
    zh = "文件“{file}”第{line}行有{count}列，超过{limit}列的上限。"
    en = 'Line {line} of "{file}" has {count} columns; the limit is {limit}.'
    next_zh = "请检查分隔符是否正确，或把表改为每行一个指标的长表；上限可用 KAISHU_COLUMN_LIMIT 调整。"
    next_en = "Check the delimiter, or turn the table into a long one; KAISHU_COLUMN_LIMIT sets the limit."


class BrokenFile(BadFile):
    """Content that breaks its own format, with the place."""

    code = "lake.broken-file"
    zh = "文件“{file}”的 {format} 内容有误：第{line}行第{column}个字符处，{detail}。"
    en = 'The {format} in "{file}" is broken at line {line}, character {column}: {detail}.'
    next_zh = "请改正该处，或从原系统重新导出。"
    next_en = "Mend that place, or export the file again."


class DamagedFile(BadFile):
    """A binary file or archive that cannot be opened."""

    code = "lake.damaged-file"
    zh = "文件“{file}”已损坏，无法作为 {format} 打开（{detail}）。"
    en = 'The file "{file}" is damaged and cannot be opened as {format} ({detail}).'
    next_zh = "请重新导出或重新传输该文件。"
    next_en = "Export or transfer the file again."


class ProtectedFile(BadFile):
    """A workbook or archive with a password."""

    code = "lake.protected-file"
    zh = "文件“{file}”有密码保护，无法读取。"
    en = 'The file "{file}" is protected by a password and cannot be read.'
    next_zh = "请去掉密码另存一份，再上传。"
    next_en = "Save a copy without the password and send that."


class UnpacksTooLarge(BadFile):
    """An archive that unpacks to more than we accept."""

    code = "lake.unpacks-too-large"
    zh = "压缩文件“{file}”解压后超过上限（已到{unpacked}字节，压缩比{ratio}倍），已停止。"
    en = 'The archive "{file}" unpacks to too much ({unpacked} bytes, {ratio} times its size); stopped.'
    next_zh = "请直接上传未压缩的表格，或分成几个文件；上限由 KAISHU_UNPACK_LIMIT 设定。"
    next_en = "Send the table unpacked or in parts; KAISHU_UNPACK_LIMIT sets the limit."


class NoSuchPart(BadFile):
    """A sheet, member or record path that the file does not have."""

    code = "lake.no-such-part"
    zh = "文件“{file}”里没有{kind_zh}“{name}”；有：{present}。"
    en = 'The file "{file}" has no {kind_en} "{name}"; it has: {present}.'
    next_zh = "请从上面所列中选择。"
    next_en = "Choose one of those."


class NoRecords(BadFile):
    """JSON, XML or an archive in which no table can be found."""

    code = "lake.no-records"
    zh = "在文件“{file}”里没有找到可作为表的内容（{detail_zh}）。"
    en = 'No table was found in "{file}" ({detail_en}).'
    next_zh = "请指明记录所在的位置，例如 data.items。"
    next_en = "Say where the records are, for example data.items."


class NoSuchHeader(BadFile):
    """A header row beyond the end of the file or above nothing."""

    code = "lake.no-such-header"
    zh = "文件“{file}”没有可作表头的第{row}行。"
    en = 'The file "{file}" has no row {row} that could be the header.'
    next_zh = "请检查表头行号；没有表头时填 0。"
    next_en = "Check the number of the header row; 0 says that there is none."


class NoSuchColumn(BadFile):
    """A type or name was given for a column that the file does not have."""

    code = "lake.no-such-column"
    zh = "文件“{file}”没有“{column}”列；有：{present}。"
    en = 'The file "{file}" has no column "{column}"; it has: {present}.'
    next_zh = "请检查列名。"
    next_en = "Check the column name."


class NothingSetAside(NotFound):
    """The rows set aside were asked for of a version that has none."""

    code = "lake.nothing-set-aside"
    zh = "“{file}”的第{number}版没有另存的行。"
    en = 'Version {number} of "{file}" has no rows set aside.'
    next_zh = ""
    next_en = ""


class ColumnsDiffer(BadFile):
    """A batch that is to be added to a table has other columns."""

    code = "lake.columns-differ"
    zh = "文件“{file}”与数据表的列不一致：缺少 {missing}；多出 {extra}。"
    en = 'The columns of "{file}" are not those of the table: missing {missing}; extra {extra}.'
    next_zh = "请补齐各列再交；表的结构确实变了，请用“整表替换”。"
    next_en = "Deliver all columns; if the table really changed, replace it as a whole."


class ColumnTypeDiffers(BadFile):
    """A column that is stored with a type that does not go into the table's."""

    code = "lake.column-type-differs"
    zh = "文件“{file}”的“{column}”列是{found}，数据表里是{expected}，有值放不进去（{detail}）。"
    en = 'Column "{column}" of "{file}" is {found}, in the table {expected}; a value does not fit ({detail}).'
    next_zh = "请改正该列再交，或用“整表替换”。"
    next_en = "Mend the column, or replace the table as a whole."


class KeyNeeded(BadFile):
    """Key or marker columns that are not there; the fact ``file`` names the delivery."""

    code = "lake.key-needed"
    zh = "没有主键或标记列“{columns}”；有：{present}。"
    en = 'There is no key or marker column "{columns}"; there are: {present}.'
    next_zh = "请指明能唯一确定一行的列。"
    next_en = "Name the columns that tell one row from another."


class RowsDropped(Terminal):
    """The rows of an old batch, which were given up by a rule of retention."""

    code = "lake.rows-dropped"
    status = 410
    zh = "第{number}版的数据行已由 {by} 于 {when} 清退，不能再打开。"
    en = "The rows of version {number} were dropped by {by} at {when} and cannot be opened."
    next_zh = "该版的记录、说明和差异仍可查看；请打开保留的版本。"
    next_en = "Its record and notes remain; open a version that was kept."


class KeptVersion(Terminal):
    """A version that may not be dropped: the newest one, or one that a dataset shows."""

    code = "lake.kept-version"
    status = 409
    zh = "第{number}版是当前版本或已发布的版本，不能清退。"
    en = "Version {number} is the newest or a published one and cannot be dropped."
    next_zh = "请重新生成清退方案。"
    next_en = "Make the plan of what to drop again."


class DisposalDecided(Terminal):
    """A proposal of what to drop that somebody has decided, or that a newer one has overtaken."""

    code = "lake.disposal-decided"
    status = 409
    zh = "这个清退方案已不再等待确认（{state}）。"
    en = "This proposal no longer waits for a decision ({state})."
    next_zh = "请刷新页面，看最新的方案。"
    next_en = "Reload the page and look at the newest proposal."


class KeyNotUnique(BadFile):
    """Two tables are compared by a key that does not tell rows apart."""

    code = "lake.key-not-unique"
    zh = "按“{key}”比较，但 {side} 一侧的“{value}”有{count}行，不能一一对应。"
    en = 'Compared by "{key}", but "{value}" stands in {count} rows of the {side} side.'
    next_zh = "请加上其他列作主键，或不写主键、按整行比较。"
    next_en = "Add more columns to the key, or leave it out to compare whole rows."


class NothingCommon(BadFile):
    """Two tables without a common column."""

    code = "lake.nothing-common"
    zh = "两张表没有同名的列：一边是 {before}；另一边是 {after}。"
    en = "The two tables have no column in common: {before}; {after}."
    next_zh = "请检查是不是同一张表。"
    next_en = "Check that they are the same table."
