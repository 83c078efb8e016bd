"""``kaishu datasets``: what the catalogue has."""

from __future__ import annotations

from typing import Any

import click

from kaishu.cli.entrance import terminal_call
from kaishu.cli.output import emit, json_option, print_table
from kaishu.cli.words import language, say

STATES = ("draft", "in-review", "published", "returned", "withdrawn")


@click.command(help=say("列出数据集", "list the datasets"))
@click.option("--state", type=click.Choice(STATES), help=say("只列这种状态的", "only those in this state"))
@click.option("--office", default="", metavar="NAME", help=say("只列这个部门的", "only those of this office"))
@json_option
def datasets(state: str | None, office: str) -> None:
    """Every dataset, published or not: the terminal is the administrator."""
    from kaishu import access, catalogue

    found: list[dict[str, Any]] = []
    with terminal_call(write=False) as call:
        office_id = access.office_by_name(call.session, office).id if office else None
        cursor: str | None = None
        while True:
            page = catalogue.datasets(call, office=office_id, state=state, limit=500, cursor=cursor)
            found += [_facts(dataset) for dataset in page.rows]
            cursor = page.next
            if cursor is None:
                break

    def people() -> None:
        heads = [
            say("标识", "name"),
            say("名称", "title"),
            say("部门", "office"),
            say("状态", "state"),
            say("版本", "version"),
            say("行数", "rows"),
        ]
        title = "title" if language() == "zh" else "title_en"
        print_table(
            heads,
            [
                [
                    each["name"],
                    each[title] or each["title"],
                    each["office"],
                    state_words(each["state"], each["draft_state"]),
                    each["version"],
                    each["rows"],
                ]
                for each in found
            ],
            numbers=(4, 5),
        )

    emit(found, people)


def state_words(state: str, draft_state: str | None) -> str:
    """``已发布（待审）``: the dataset's state, and that of a newer revision under way."""
    from kaishu.catalogue import State

    def word(code: str) -> str:
        return say(State(code).zh, State(code).en)

    if draft_state and draft_state != state:
        return say(f"{word(state)}（{word(draft_state)}）", f"{word(state)} ({word(draft_state)})")
    return word(state)


def _facts(dataset: Any) -> dict[str, Any]:
    tables = [entry for entry in dataset.resources if entry.get("version")]
    return {
        "name": dataset.name,
        "title": dataset.title,
        "title_en": dataset.title_en,
        "office": dataset.office.name,
        "state": str(dataset.state),
        "draft_state": str(dataset.draft_state) if dataset.draft_state else None,
        "open_class": dataset.open_class,
        "version": tables[0]["version"] if tables else None,
        "rows": sum(entry.get("rows") or 0 for entry in tables) if tables else None,
        "updated_at": dataset.updated_at.isoformat(),
        "published_at": dataset.published_at.isoformat() if dataset.published_at else None,
    }
