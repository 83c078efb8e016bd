"""Errors of backup and restore."""

from __future__ import annotations

from kaishu.base.errors import Conflict, Terminal


class NoBackup(Terminal):
    """The folder holds no backup."""

    code = "backup.none"
    status = 404
    zh = "“{folder}”里没有备份（{reason}）。"
    en = '"{folder}" holds no backup ({reason}).'
    next_zh = "请给出 kaishu backup 写过的目录。"
    next_en = "Name a folder that kaishu backup has written."


class Damaged(Terminal):
    """A file of the backup is missing or has changed."""

    code = "backup.damaged"
    zh = "备份里的文件“{file}”{what_zh}，没有恢复任何内容。"
    en = 'The file "{file}" of the backup {what_en}; nothing was restored.'
    next_zh = "请换一份完好的备份。"
    next_en = "Use another backup that is whole."


class SourceDamaged(Terminal):
    """A file of the home folder is not what its record says."""

    code = "backup.source-damaged"
    zh = "数据目录里的文件“{file}”与记录的 SHA-256 不符，备份没有完成。"
    en = (
        'The file "{file}" of the home folder differs from its recorded SHA-256; the backup was not finished.'
    )
    next_zh = "请检查磁盘；上一份备份没有被改动。"
    next_en = "Check the disk; the backup made before is unchanged."


class OtherVersion(Terminal):
    """The backup was made with another edition of the database."""

    code = "backup.other-version"
    zh = "备份由 Kaishu {version} 制作（数据库修订 {revision}），现在的程序是修订 {present}。"
    en = "Kaishu {version} made the backup (database revision {revision}); this program is at {present}."
    next_zh = "请用制作备份的版本恢复，再升级。"
    next_en = "Restore it with the version that made it, then upgrade."


class NotEmpty(Conflict):
    """There is something where the backup would go."""

    code = "backup.not-empty"
    zh = "{place}不是空的，没有恢复。"
    en = "{place} is not empty; nothing was restored."
    next_zh = "换一个空的 KAISHU_HOME（或空数据库）；对目录也可加 --force，把原有内容移到旁边。"
    next_en = "Choose an empty KAISHU_HOME (or database); for a folder --force moves what is there aside."


class LedgerBroken(Terminal):
    """The restored ledger is not the one that was backed up."""

    code = "backup.ledger-broken"
    zh = "恢复后的账本核对不上（第{entry}条：{reason}）。"
    en = "The restored ledger does not verify (entry {entry}: {reason})."
    next_zh = "请换一份备份，并查明这份备份从何而来。"
    next_en = "Use another backup, and find out where this one came from."
