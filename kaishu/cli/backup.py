"""``kaishu backup`` and ``kaishu restore``."""

from __future__ import annotations

from pathlib import Path

import click

from kaishu.cli.entrance import terminal_call
from kaishu.cli.output import emit, json_option, print_pairs, progress_bar, step
from kaishu.cli.words import say


@click.command(
    help=say(
        "备份到一个目录；再次备份只写有变化的部分", "back up into a folder; again writes only what is new"
    )
)
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@json_option
def backup(folder: Path) -> None:
    """Safe while the server runs: records are read in one transaction, files never change."""
    from kaishu import backup as backups

    with terminal_call() as call:
        backups.note_backup(call, folder)
    with terminal_call(write=False) as call, progress_bar(say("备份", "backing up")) as report:
        made = backups.make_backup(call, folder, report)
    data = {
        "folder": str(folder),
        "tables": made.tables,
        "records": made.records,
        "files": made.files,
        "new_files": made.new_files,
        "bytes": made.size,
    }
    emit(
        data,
        lambda: print_pairs(
            [
                (say("备份目录", "folder"), str(folder)),
                (say("记录", "records"), made.records),
                (say("文件", "files"), made.files),
                (say("其中新写", "newly written"), made.new_files),
                (say("字节", "bytes"), made.size),
            ]
        ),
    )


@click.command(help=say("从备份恢复到空的数据目录", "restore a backup into an empty home"))
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--force",
    is_flag=True,
    help=say("数据目录不空时，把原有内容移到旁边", "move what is in the home aside first"),
)
@json_option
def restore(folder: Path, force: bool) -> None:
    """Check every byte of the backup, put everything back, verify the ledger, build the index."""
    from kaishu import backup as backups
    from kaishu import discovery

    with progress_bar(say("核对并恢复", "checking and restoring")) as report:
        done = backups.restore_backup(folder, force=force, progress=report)
    step(say("正在重建索引……", "building the index ..."))
    discovery.rebuild()
    data = {
        "folder": str(folder),
        "records": done.records,
        "files": done.files,
        "ledger_entries": done.ledger_entries,
        "moved_aside": str(done.moved_aside) if done.moved_aside else None,
    }

    def people() -> None:
        print_pairs(
            [
                (say("记录", "records"), done.records),
                (say("文件", "files"), done.files),
                (say("账本核对", "ledger entries verified"), done.ledger_entries),
            ]
        )
        if done.moved_aside:
            click.echo(say(f"原有内容在 {done.moved_aside}", f"the old content is in {done.moved_aside}"))

    emit(data, people)
