"""What can be wrong with a file before anybody looks inside."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from kaishu.base.errors import Terminal, Transient


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


@contextmanager
def room_for(file: str) -> Iterator[None]:
    """Turn the system's word for a full disk or quota into ``DiskFull``."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(file=file) from error
        raise
