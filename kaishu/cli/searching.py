"""``kaishu search``: find published datasets."""

from __future__ import annotations

import click

from kaishu.cli.entrance import terminal_call
from kaishu.cli.output import emit, json_option, print_table
from kaishu.cli.words import language, say


@click.command(help=say("搜索已发布的数据集", "search the published datasets"))
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@json_option
def search(words: tuple[str, ...], limit: int) -> None:
    """Words, parts of words, pinyin and field names, in the order of relevance."""
    from kaishu import catalogue, discovery

    with terminal_call(write=False) as call:
        discovery.refresh(at_once=True)
        found = discovery.search(call, discovery.Query(q=" ".join(words), limit=limit))
        hits = []
        for hit in found.hits:
            dataset = catalogue.dataset_by_id(call, hit.dataset_id)
            hits.append(
                {
                    "name": hit.name,
                    "title": dataset.title,
                    "title_en": dataset.title_en,
                    "office": dataset.office.name,
                    "score": hit.score,
                }
            )
    data = {"total": found.total, "took_ms": found.took_ms, "hits": hits}

    def people() -> None:
        click.echo(say(f"找到{found.total}个数据集", f"{found.total} datasets"))
        if hits:
            title = "title" if language() == "zh" else "title_en"
            heads = [say("标识", "name"), say("名称", "title"), say("部门", "office")]
            print_table(
                heads, [[each["name"], each[title] or each["title"], each["office"]] for each in hits]
            )

    emit(data, people)
