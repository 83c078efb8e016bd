"""What can be wrong with a file before anybody looks inside."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from kaishu.base.errors import Conflict, NotFound, Terminal, Transient


class EmptyDelivery(Terminal):
    """A file of no bytes."""

    code = "source.empty-file"
    zh = "文件“{file}”是空的（0 字节）。"
    en = 'The file "{file}" is empty (0 bytes).'
    next_zh = "请确认导出是否完成，再上传有内容的文件。"
    next_en = "Check that the export finished, and send a file with content."


class TooLarge(Terminal):
    """A file beyond the upload limit."""

    code = "source.too-large"
    status = 413
    zh = "文件“{file}”超过了 {limit} 字节的上限，没有收下。"
    en = 'The file "{file}" is larger than the limit of {limit} bytes and was not taken.'
    next_zh = "请压缩为 .gz 或 .zip，或分成几个文件；上限由 KAISHU_UPLOAD_LIMIT 设定。"
    next_en = "Send it as .gz or .zip, or in parts; KAISHU_UPLOAD_LIMIT sets the limit."


class BadName(Terminal):
    """A file name of which nothing is left."""

    code = "source.bad-name"
    zh = "文件名“{file}”不能用。"
    en = 'The file name "{file}" cannot be used.'
    next_zh = "请给文件一个普通的名字，例如“学校名录.csv”。"
    next_en = "Give the file an ordinary name such as schools.csv."


class NoSuchFile(Terminal):
    """A path that is not a file we can read."""

    code = "source.no-such-file"
    status = 404
    zh = "没有文件“{file}”，或不能读取它（{reason}）。"
    en = 'There is no file "{file}", or it cannot be read ({reason}).'
    next_zh = "请检查路径和权限。"
    next_en = "Check the path and its permissions."


class DiskFull(Transient):
    """The disk has no room for the file or for the table made from it."""

    code = "source.disk-full"
    status = 507
    zh = "磁盘空间不足，文件“{file}”没有收下。"
    en = 'There is not enough room on the disk for "{file}"; nothing of it was kept.'
    next_zh = "请管理员清理磁盘或扩容后重试。"
    next_en = "Ask whoever runs the server to make room, then try again."


class PlaceRefused(Terminal):
    """A host, address or folder that sources may not be read from."""

    code = "source.place-refused"
    status = 403
    zh = "不能从“{place}”读取：{reason}。"
    en = '"{place}" is not read: {reason_en}.'
    next_zh = "内网主机由管理员写进设置 KAISHU_SOURCE_ALLOW，本机文件夹写进 KAISHU_SOURCE_FOLDERS。"
    next_en = (
        "An administrator lists hosts inside in KAISHU_SOURCE_ALLOW, folders of this machine in "
        "KAISHU_SOURCE_FOLDERS."
    )


class SourceUnreachable(Transient):
    """Nobody answered, or the connection broke off; nothing of a pull is kept then."""

    code = "source.unreachable"
    zh = "连不上“{place}”或中途断开：{reason}。没有收下任何内容。"
    en = '"{place}" cannot be reached, or broke off: {reason}. Nothing was taken.'
    next_zh = "会自动重试，每次间隔更长；也可以检查对方是否在运行。"
    next_en = "It is tried again by itself, with longer pauses; or check whether the other side runs."


class SourceRefuses(Terminal):
    """The other side answers, and says no."""

    code = "source.refuses"
    zh = "“{place}”拒绝了请求：{reason}。"
    en = '"{place}" refuses: {reason}.'
    next_zh = "请核对账号、口令、表名和权限。"
    next_en = "Check account, password, name of the table and rights."


class SourceUnreadable(Terminal):
    """What came back is not what this kind of source sends."""

    code = "source.unreadable"
    zh = "“{place}”的内容不能用：{reason}。"
    en = 'What "{place}" sends cannot be used: {reason_en}.'
    next_zh = "请核对来源的类型和设置。"
    next_en = "Check the kind of the source and its options."


class ExtraMissing(Terminal):
    """A library that is installed only where it is wanted."""

    code = "source.extra-missing"
    status = 501
    zh = "读取这类来源需要另外安装：{package}。"
    en = "This kind of source needs {package}, which is not installed."
    next_zh = "运行 pip install 'kaishu[{extra}]'，然后重新启动。"
    next_en = "Run pip install 'kaishu[{extra}]', and start again."


class NoSuchRemoteTable(NotFound):
    """A table that the source has not got, or does not show."""

    code = "source.no-such-table"
    next_zh = "请先探测，看看来源里有哪些表。"
    next_en = "Probe the source to see its tables."


class NothingNew(Terminal):
    """A pattern whose newest file was taken already."""

    code = "source.nothing-new"
    status = 409
    zh = "“{table}”没有比上次更新的文件。"
    en = 'There is no file of "{table}" newer than the last one taken.'
    next_zh = "请确认部门是否已放入新文件。"
    next_en = "Check whether the office has put a new file there."


class SourceNameTaken(Conflict):
    """A name that another source or contract has."""

    code = "source.name-taken"
    zh = "标识“{name}”已被使用。"
    en = 'The name "{name}" is taken.'
    next_zh = "请换一个标识。"
    next_en = "Choose another name."


class NotCertified(Conflict):
    """A source from which nothing may be taken yet."""

    code = "source.not-certified"
    zh = "来源“{name}”还没有认证，不能取数。"
    en = 'The source "{name}" is not certified; nothing may be taken from it.'
    next_zh = "请大数据局的审核员在来源页认证；改过地址或口令后要重新认证。"
    next_en = "A reviewer certifies it on its page, again after its address or secret was changed."


class OwnCertification(Terminal):
    """Who registered a source may not certify it."""

    code = "source.own-certification"
    status = 403
    zh = "来源“{name}”由本人登记，应由另一人认证。"
    en = 'Whoever registered the source "{name}" cannot certify it.'
    next_zh = "请另一位审核员认证。"
    next_en = "Ask another reviewer."


class RetiredSource(Conflict):
    """A source that was retired, and its secret forgotten, does not come back."""

    code = "source.retired"
    zh = "来源“{name}”已停用，口令已忘记，不能再认证。"
    en = 'The source "{name}" is retired and its secret forgotten; it cannot be certified again.'
    next_zh = "如要继续取数，请换一个标识重新登记，再认证。"
    next_en = "To go on taking from it, register it anew under another name, and have that certified."


class SecretLost(Terminal):
    """A secret that the present key does not open."""

    code = "source.secret-lost"
    status = 409
    zh = "来源“{name}”的口令用现在的密钥解不开。"
    en = 'The secret of "{name}" cannot be opened with the present key.'
    next_zh = "恢复原来的密钥（KAISHU_SECRET_KEY 或 secret.key），或重新填写口令。"
    next_en = "Bring the former key back (KAISHU_SECRET_KEY or secret.key), or give the secret again."


class BadSecretKey(Terminal):
    """A key that is no key."""

    code = "source.bad-secret-key"
    status = 500
    zh = "密钥（{where}）格式不对。"
    en = "The key ({where}) is not well-formed."
    next_zh = "应为32个字节的 base64（44个字符），例如 openssl rand -base64 32 的输出。"
    next_en = "32 bytes in base64 (44 characters) are needed, such as openssl rand -base64 32 prints."


class AlreadyDelivered(Conflict):
    """A second delivery for a period whose contract allows one."""

    code = "source.already-delivered"
    zh = "“{name}”从{period}起的一期已经收到，约定不再收第二次。"
    en = 'The period of "{name}" that began on {period} was delivered already; the contract allows one.'
    next_zh = "如需更正，请把重报规则改为“替换”。"
    next_en = "For a correction, change the rule for deliveries that come again."


class ContractPaused(Conflict):
    """A contract that is paused, or that takes data in another way."""

    code = "source.not-this-way"
    zh = "约定“{name}”是“{way}”方式、状态“{state}”，不能这样取数。"
    en = 'The contract "{name}" is of the way "{way}" and {state}; data cannot come like this.'
    next_zh = "请查看约定的方式和状态。"
    next_en = "Look at the way and the state of the contract."


class PullOvertaken(Conflict):
    """Another pull of the same contract came first; what this one brought would stand there twice."""

    code = "source.pull-overtaken"
    zh = "约定“{name}”在这次取数期间已由另一次取数更新，这次取到的没有入表。"
    en = 'Another pull of "{name}" came first; what this one brought was not taken.'
    next_zh = "不必处理：另一次已经取到这些数据，下次从那里接着取。"
    next_en = (
        "Nothing needs to be done: the other pull has brought these data, and the next goes on from there."
    )


class QueryRefused(Terminal):
    """A query that is more than one plain SELECT."""

    code = "source.query-refused"
    zh = "查询不能登记：{reason}。"
    en = "The query is refused: {reason_en}."
    next_zh = "只用 SELECT、常用的函数和本库的表；写入、系统表和其他函数都不许用。"
    next_en = (
        "Use SELECT, common functions and tables of the database only; nothing that writes, no system table."
    )


@contextmanager
def room_for(file: str) -> Iterator[None]:
    """Turn the system's word for a full disk or quota into ``DiskFull``."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(file=file) from error
        raise
