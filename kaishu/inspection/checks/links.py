"""Addresses that do not answer, as of their last check."""

from __future__ import annotations

from collections.abc import Iterator

from kaishu.base.errors import Said
from kaishu.inspection.checks.check import WRONG, Check, Found, Surroundings, both
from kaishu.inspection.linking import words_for
from kaishu.inspection.scopes import Subject


def links(subject: Subject, around: Surroundings) -> Iterator[Found]:
    """One finding an address."""
    seen = set()
    for link in subject.links:
        for url in (link.get("url"), link.get("access_url")):
            if url and url not in seen and url in around.dead:
                seen.add(url)
                dead = around.dead[url]
                why = words_for(dead.trouble, dead.status, dead.detail)
                yield Found(
                    subject=subject,
                    field="resources",
                    value=url[:500],
                    facts={**both(str(why), why.en), "on": dead.on},
                )


CHECK = Check(
    name="links",
    severity=WRONG,
    title=Said("死链", "Dead links"),
    why=Said("打不开的地址等于没有数据。", "An address that does not answer is no data."),
    said=Said(
        "打不开 {value}：{reason}（{on}检查）。", "{value} does not answer: {reason} (checked on {on})."
    ),
    mend=Said("改正地址，或把文件上传到本站。", "Mend the address, or upload the file here."),
    each=links,
)
