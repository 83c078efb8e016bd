"""How good the order of results is: nDCG@10 over judged queries, beside plain BM25 over the same datasets.

The datasets are those of the demo city and of the catalogues that come with it; the baseline cuts texts with
jieba and ranks by BM25 with its usual constants over title, description, tags, department and fields.
Where nothing was found, what the page offers instead counts: another spelling, else what is near.
"""

from __future__ import annotations

import gzip
import json
import math
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
QUERIES = HERE / "relevance_set" / "queries.yaml"
DEMO = HERE.parent / "kaishu" / "demo"
DEPTH = 10


@dataclass(frozen=True)
class Judged:
    """A query and how good each dataset is for it."""

    q: str
    kind: str
    own: Mapping[str, int] = field(default_factory=dict)
    titles: Sequence[tuple[str, int]] = ()

    def grade(self, name: str, title: str, ours: bool) -> int:
        """0 to 3."""
        if ours:
            return self.own.get(name, 0)
        return next((grade for pattern, grade in self.titles if re.search(pattern, title, re.I)), 0)


@dataclass(frozen=True)
class Text:
    """One dataset of the corpus."""

    name: str
    title: str
    ours: bool
    office: str
    record: Mapping[str, Any]


def main() -> list[dict[str, Any]]:
    """Print nDCG@10 of both, in all and by kind of query."""
    home = Path(tempfile.mkdtemp(prefix="kaishu-relevance-"))
    before = os.environ.get("KAISHU_HOME")
    os.environ["KAISHU_HOME"] = str(home)
    try:
        corpus = list(texts())
        put(corpus)
        scores = compared(corpus, judged())
    finally:
        if before is None:
            del os.environ["KAISHU_HOME"]
        else:
            os.environ["KAISHU_HOME"] = before
        shutil.rmtree(home, ignore_errors=True)
    if os.environ.get("KAISHU_RELEVANCE_EACH"):
        for query, first, second in scores:
            print(f"{query.q:20} {query.kind:12} ours {first:.2f}  BM25 {second:.2f}")
    for kind in sorted({each[0].kind for each in scores}):
        some = [each for each in scores if each[0].kind == kind]
        print(f"{kind:14} {len(some):3}  ours {mean(some, 1):.3f}  BM25 {mean(some, 2):.3f}")
    ours, peer = mean(scores, 1), mean(scores, 2)
    line = {
        "benchmark": f"nDCG@10 of {len(scores)} queries, {len(corpus):,} datasets (more is better)",
        "ours": round(ours, 3),
        "peer": f"BM25 {peer:.3f}",
        "ratio": round(ours / peer, 3),
        "goal": 1,
        "met": ours >= peer,
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)
    return [line]


def mean(scores: Sequence[tuple[Judged, float, float]], which: int) -> float:
    """Mean of ours (1) or of the baseline (2)."""
    return sum(each[which] for each in scores) / len(scores)  # type: ignore[misc]


def judged() -> list[Judged]:
    """The set."""
    return [Judged(**each) for each in yaml.safe_load(QUERIES.read_text(encoding="utf-8"))]


def texts(*, own_only: bool = False) -> Iterator[Text]:
    """The published datasets of the demo city, then those of the catalogues."""
    from kaishu.demo.plans import dataset_plans, office_plans

    titles = {office.name: office.title for office in office_plans()}
    for plan in dataset_plans():
        if plan.state == "published":
            items = [
                {"name": name, "title": said[0], "title_en": said[1]} for name, said in plan.fields.items()
            ]
            record = {**plan.record, "items": items}
            yield Text(plan.name, record["title"], True, titles[plan.office], record)
    if own_only:
        return
    for path in sorted((DEMO / "catalogues").glob("*.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            rows = map(json.loads, file) if ".jsonl" in path.name else json.load(file)["dataset"]
            for number, row in enumerate(rows):
                yield _foreign(f"{path.name.split('.')[0]}-{number}", row)


def _foreign(name: str, row: Mapping[str, Any]) -> Text:
    """A CKAN package or a dataset of data.json, as far as words go."""
    tags = [tag["display_name"] if isinstance(tag, dict) else tag for tag in row.get("tags", [])]
    office = (row.get("organization") or row.get("publisher") or {}).get("title") or ""
    record = {
        "title": str(row.get("title") or name),
        "description": str(row.get("notes") or row.get("description") or ""),
        "tags": [*tags, *row.get("keyword", [])],
        "publisher": office or (row.get("publisher") or {}).get("name", ""),
    }
    return Text(name, record["title"], False, "外部门户", record)


def put(corpus: Sequence[Text]) -> None:
    """Into the tables of an empty home, and indexed."""
    from sqlalchemy import insert

    from kaishu import access, discovery
    from kaishu.access import TERMINAL, Call
    from kaishu.base import clock, ids
    from kaishu.catalogue.models import Dataset
    from kaishu.db import engine, forget_engines, session_scope
    from kaishu.tables import METADATA

    forget_engines()
    METADATA.create_all(engine())
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), "relevance")
        titles = dict.fromkeys(text.office for text in corpus)
        offices = {
            title: access.add_office(call, title=title, name=f"office-{number}").id
            for number, title in enumerate(titles)
        }
        rows = [
            {
                "id": ids.new_id(),
                "serial": number,
                "name": text.name,
                "office_id": offices[text.office],
                "state": "published",
                "title": text.title,
                "title_en": text.record.get("title_en", ""),
                "open_class": "",
                "record": json.loads(json.dumps(text.record, default=str)),
                "resources": [],
                "created_at": call.now,
                "updated_at": call.now,
                "published_at": call.now,
            }
            for number, text in enumerate(corpus)
        ]
        session.execute(insert(Dataset), rows)
    discovery.forget()
    discovery.rebuild()


def compared(corpus: Sequence[Text], queries: Sequence[Judged]) -> list[tuple[Judged, float, float]]:
    """nDCG@10 of ours and of the baseline for each query."""
    by_name = {text.name: text for text in corpus}
    baseline = Baseline(corpus)
    scores = []
    for query in queries:
        grades = {text.name: query.grade(text.name, text.title, text.ours) for text in corpus}
        best = sorted(grades.values(), reverse=True)[:DEPTH]
        ranked = (ours(query.q), baseline.ranked(query.q))
        first, second = ([grades[name] for name in names if name in by_name] for names in ranked)
        assert gain(best), query
        scores.append((query, gain(first) / gain(best), gain(second) / gain(best)))
    return scores


def gain(grades: Sequence[int]) -> float:
    """Discounted gain of the first ten, 2^grade - 1 over log2 of the place."""
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades[:DEPTH]))


def ours(q: str) -> list[str]:
    """Names in the order of the product."""
    from kaishu import discovery
    from kaishu.access import VISITOR, Call
    from kaishu.base import clock
    from kaishu.db import session_scope

    with session_scope(write=False) as session:
        call = Call(session, VISITOR, clock.now(), "relevance")
        found = discovery.search(call, discovery.Query(q=q, limit=DEPTH))
        if not found.total:
            better, _total = discovery.meant(call, q)
            found = discovery.search(call, discovery.Query(q=better, limit=DEPTH)) if better else found
        if not found.total:
            return [hit.name for hit in discovery.explain(call, discovery.Query(q=q)).near]
    return [hit.name for hit in found.hits]


class Baseline:
    """BM25 over jieba's words, any of them, in one text a dataset."""

    def __init__(self, corpus: Sequence[Text]) -> None:
        self.names = [text.name for text in corpus]
        self.database = sqlite3.connect(":memory:")
        self.database.execute("CREATE VIRTUAL TABLE texts USING fts5(words, tokenize='unicode61')")
        for number, text in enumerate(corpus):
            self.database.execute(
                "INSERT INTO texts (rowid, words) VALUES (?, ?)", (number, " ".join(_words(_all(text))))
            )

    def ranked(self, q: str) -> list[str]:
        """The first ten names."""
        words = [word for word in _words(q) if any(letter.isalnum() for letter in word)]
        if not words:
            return []
        wanted = " OR ".join('"' + word.replace('"', "") + '"' for word in words)
        rows = self.database.execute(
            "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY bm25(texts), rowid LIMIT ?", (wanted, DEPTH)
        )
        return [self.names[number] for (number,) in rows]


def _words(text: str) -> list[str]:
    import rjieba

    return [word for word in rjieba.cut_for_search(text.lower()) if word.strip()]


def _all(text: Text) -> str:
    record = text.record
    fields = [part for item in record.get("items", ()) for part in item.values()]
    parts = [record.get(name, "") for name in ("title", "title_en", "description", "description_en")]
    return "\n".join(
        map(str, [*parts, *record.get("tags", ()), *record.get("tags_en", ()), text.office, *fields])
    )
