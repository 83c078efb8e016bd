"""``kaishu synonym``: words that mean the same."""

from __future__ import annotations

import click

from kaishu.cli.entrance import terminal_call
from kaishu.cli.output import emit, json_option, print_table
from kaishu.cli.words import say


@click.group(help=say("同义词", "words that mean the same"))
def synonym() -> None:
    """Synonyms."""


@synonym.command("list", help=say("列出同义词组", "list the groups"))
@click.argument("word", default="")
@json_option
def list_synonyms(word: str) -> None:
    """Every group, or those that have a word."""
    from kaishu import discovery

    with terminal_call(write=False) as call:
        found = [
            {"key": group.key, "terms": list(group.terms), "origin": group.origin}
            for group in discovery.groups(call.session)
            if not word or any(word in term for term in group.terms)
        ]

    def people() -> None:
        heads = [say("编号", "key"), say("词", "words"), say("来历", "origin")]
        print_table(heads, [[each["key"], "、".join(each["terms"]), each["origin"]] for each in found])

    emit(found, people)


@synonym.command("put", help=say("添加或修改一组", "add a group or change one"))
@click.argument("terms", nargs=-1, required=True)
@click.option("--key", default="", help=say("要修改的组的编号", "key of the group to change"))
@json_option
def put(terms: tuple[str, ...], key: str) -> None:
    """Words of one meaning, each an argument or with 、 between."""
    from kaishu import discovery

    with terminal_call() as call:
        words = [term for part in terms for term in discovery.terms_from(part)]
        group = discovery.put_synonyms(call, words, key)
    said = "、".join(group.terms)
    emit(
        {"key": group.key, "terms": list(group.terms), "origin": group.origin},
        lambda: click.echo(say(f"已保存：{said}（{group.key}）", f"kept: {said} ({group.key})")),
    )


@synonym.command(
    "remove", help=say("删除一组，或停用自带的一组", "remove a group, or switch a shipped one off")
)
@click.argument("key")
@json_option
def remove(key: str) -> None:
    """By its key."""
    from kaishu import discovery

    with terminal_call() as call:
        discovery.remove_synonyms(call, key)
    emit({"key": key}, lambda: click.echo(say(f"已去掉 {key}。", f"removed {key}.")))


@synonym.command("restore", help=say("恢复自带的一组", "put a shipped group back as it came"))
@click.argument("key")
@json_option
def restore(key: str) -> None:
    """By its key."""
    from kaishu import discovery

    with terminal_call() as call:
        discovery.restore_synonyms(call, key)
    emit({"key": key}, lambda: click.echo(say(f"已恢复 {key}。", f"restored {key}.")))
