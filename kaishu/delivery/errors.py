"""What can be wrong with asking for rows or a file.  Facts name the column, the value and what exists."""

from __future__ import annotations

from kaishu.base.errors import NotFound, Terminal, Transient


class BadQuery(Terminal):
    """Root of every query that cannot be answered as asked."""

    code = "delivery.bad-query"
    status = 400
    zh = "查询有误。"
    en = "The query is not right."


class UnknownColumn(BadQuery):
    """A column that the table does not have."""

    code = "delivery.unknown-column"
    zh = "没有“{column}”这一列。"
    en = 'There is no column "{column}".'
    next_zh = "可用的列：{existing}。"
    next_en = "The columns are: {existing}."


class UnknownParameter(BadQuery):
    """A parameter that begins with an underscore and means nothing here."""

    code = "delivery.unknown-parameter"
    zh = "没有“{parameter}”这个参数。"
    en = 'There is no parameter "{parameter}".'
    next_zh = "可用的参数：{existing}；按列筛选请直接写列名。"
    next_en = "The parameters are: {existing}; to filter by a column, write its name."


class UnknownOperator(BadQuery):
    """An operator that does not exist."""

    code = "delivery.unknown-operator"
    zh = "“{column}”列没有“{operator}”这种比较。"
    en = 'There is no comparison "{operator}" (column "{column}").'
    next_zh = "可用的比较：{existing}。"
    next_en = "The comparisons are: {existing}."


class OperatorNotForType(BadQuery):
    """An operator that does not go with the column's type."""

    code = "delivery.operator-not-for-type"
    zh = "“{column}”列的类型是 {type}，不能用“{operator}”。"
    en = 'Column "{column}" is of type {type}; "{operator}" does not go with it.'
    next_zh = "可用的比较：{existing}。"
    next_en = "The comparisons are: {existing}."


class BadValue(BadQuery):
    """A value that is not of the column's type."""

    code = "delivery.bad-value"
    zh = "“{column}”列的值“{value}”不是 {type} 类型。"
    en = 'Column "{column}": "{value}" is not of type {type}.'
    next_zh = "请写成 {example} 的样子；要找空值请用 {column}__isnull=true。"
    next_en = "Write it like {example}; for missing values use {column}__isnull=true."


class BadParameter(BadQuery):
    """A parameter with a value that cannot be used."""

    code = "delivery.bad-parameter"
    zh = "参数 {parameter} 的值“{value}”不能用：应为{wanted_zh}。"
    en = 'The parameter {parameter} cannot be "{value}": {wanted_en} is needed.'


class QueryTooSlow(Transient):
    """A query that was stopped after the time allowed for one."""

    code = "delivery.query-too-slow"
    status = 503
    zh = "查询超过{seconds}秒，已停止。"
    en = "The query was stopped after {seconds} seconds."
    next_zh = "请增加筛选条件，或下载整个文件。"
    next_en = "Add a filter, or download the whole file."


class UnknownFormat(NotFound):
    """A format that files are not handed over in, or not for this table."""

    code = "delivery.unknown-format"
    status = 404
    zh = "这张表不能以“{format}”格式下载。"
    en = 'This table cannot be downloaded as "{format}".'
    next_zh = "可用的格式：{existing}。"
    next_en = "The formats are: {existing}."


class CopyNotMade(Transient):
    """The process that makes serving copies ended before it was done; the server's log says why."""

    code = "delivery.copy-not-made"
    zh = "表的查询副本没有做成（版本 {version}，退出码 {status}）。"
    en = "The copy that rows are served from was not made (version {version}, exit code {status})."
    next_zh = "请稍后再试；若一再出现，请检查磁盘空间和服务日志。"
    next_en = "Try again later; if it keeps happening, look at the disk space and the server's log."


class SqlNotUnderstood(BadQuery):
    """SQL that cannot be parsed."""

    code = "delivery.sql-not-understood"
    zh = "SQL 第{line}行第{column}列附近“{near}”读不懂：{reason}。"
    en = 'SQL not understood near line {line}, column {column} ("{near}"): {reason}.'
    next_zh = "请用 PostgreSQL 的写法，列名和资源标识用双引号。"
    next_en = "Write it as for PostgreSQL, column names and resource identifiers in double quotes."


class SqlNotAllowed(BadQuery):
    """SQL with a part that is not among what is allowed."""

    code = "delivery.sql-not-allowed"
    status = 403
    zh = "SQL 里不允许“{part}”：{reason}。"
    en = 'SQL may not have "{part}": {reason_en}.'
    next_zh = "只能用一条 SELECT，读取可以读的资源，使用常用函数；见文档。"
    next_en = "One SELECT over resources that may be read, with the usual functions; see the documents."


class SqlFailed(BadQuery):
    """SQL that the engine could not carry out: a wrong column, a wrong type, too much memory."""

    code = "delivery.sql-failed"
    status = 409
    zh = "SQL 没有执行成功：{reason}。"
    en = "The SQL could not be carried out: {reason}."
    next_zh = "请核对列名和类型。"
    next_en = "Check the names and types of the columns."
