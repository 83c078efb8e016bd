"""Made-up catalogues of any size with the lengths and facets of real ones; the same for the same seed.

How long, how many and how often stands in ``catalogues.yaml``, measured over real catalogues; the words
stand in ``catalogue_words.yaml``; places are the real divisions that come with the demo.

    python -m benchmarks.catalogues 100000 HOME     # a home with that many published datasets
"""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate, islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kaishu.crosswalk import Entry

HERE = Path(__file__).parent
PLACES = HERE.parent / "kaishu" / "demo" / "files"
DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
PAIRS = [a + b for a in DIGITS for b in DIGITS]
OFFICES = 600
DAWN = datetime(2016, 1, 1, tzinfo=UTC)
BLOCK = 2000
MADE_UP = "https://data.example.gov.cn"


def records(n: int, seed: int = 0) -> Iterator[dict[str, Any]]:
    """``n`` published datasets with the columns of ``catalogue_dataset``.

    ``office`` is name, title and code; what a record does not hold has its default.  The first k of n
    are the k of a shorter run.
    """
    maker = _Maker(seed)
    for number in range(n):
        yield maker.dataset(number)


def entries(n: int, seed: int = 0) -> Iterator[Entry]:
    """The same datasets as the crosswalk takes them."""
    from kaishu.crosswalk import Agent, Entry

    for row in records(n, seed):
        name, title, code = row["office"]
        yield Entry(
            identifier=row["id"],
            name=row["name"],
            record=row["record"],
            resources=row["resources"],
            publisher=Agent(name=name, title=title, code=code),
            created=row["created_at"],
            modified=row["published_at"],
        )


def fill(home: Path, n: int, seed: int = 0, *, whole: bool = False, links: bool = True) -> None:
    """Put ``n`` datasets straight into the SQLite database of a home (made if it is not there).

    ``whole`` writes records with every default, as the product itself does (three times the bytes);
    ``links=False`` leaves out the table of resources' identities, which searching never reads.
    Nothing is said in the ledger and nothing is indexed.
    """
    path = _prepared(home)
    with sqlite3.connect(path) as database:
        database.executescript("PRAGMA synchronous=OFF; PRAGMA cache_size=-50000;")
        offices = _put_offices(database)
        serial = database.execute("SELECT coalesce(max(serial), 0) FROM catalogue_dataset").fetchone()[0]
        rows = records(n, seed)
        while block := list(islice(rows, BLOCK)):
            _put(database, block, offices, serial, whole=whole, links=links)
        database.commit()


@cache
def measures() -> dict[str, Any]:
    """The measured figures."""
    return _yaml("catalogues.yaml")


@cache
def wording() -> dict[str, Any]:
    """The words."""
    return _yaml("catalogue_words.yaml")


def _yaml(name: str) -> dict[str, Any]:
    import yaml

    read: dict[str, Any] = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return read


class _Choice:
    """Draws from a list by weights; by Zipf's law if there are none."""

    def __init__(self, values: Sequence[Any], weights: Sequence[float] = (), slope: float = 1.0) -> None:
        given = weights or [1 / (rank + 2.7) ** slope for rank in range(len(values))]
        self.values = list(values)
        self.sums = list(accumulate(given))
        self.whole = self.sums[-1]

    def draw(self, chance: float) -> Any:
        return self.values[bisect_right(self.sums, chance * self.whole)]


class _Spread:
    """Draws a length or number from measured quantiles, straight between them."""

    def __init__(self, name: str) -> None:
        self.points = [point / 100 for point in measures()["points"]]
        self.heights = measures()[name]

    def draw(self, chance: float) -> int:
        place = bisect_right(self.points, chance)
        low = self.heights[place - 1]
        if place == len(self.points):
            return int(low)
        step = (chance - self.points[place - 1]) / (self.points[place] - self.points[place - 1])
        return int(low + (self.heights[place] - low) * step + 0.5)


class _Maker:
    """Everything drawn from, and one dataset after another."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed).random
        figures, said = measures(), wording()
        self.places = _Choice(_places(), slope=0.9)
        self.offices = _Choice(offices(), slope=figures["offices"]["zipf"])
        themes = list(said["subjects"])
        shares = figures["themes"] + [figures["themes"][-1] / 2] * (len(themes) - len(figures["themes"]))
        self.themes = _Choice(themes, shares)
        self.subjects = {theme: _Choice(words) for theme, words in said["subjects"].items()}
        self.nouns, self.fields = _Choice(said["nouns"]), _Choice(said["fields"])
        self.tags, self.companies = _Choice(said["tags"], slope=0.8), _Choice(said["companies"])
        self.sentences = _Choice(said["sentences"], [1] * len(said["sentences"]))
        self.formats = _Choice(list(figures["formats"]), list(figures["formats"].values()))
        self.many_themes = _Choice(list(figures["themes_each"]), list(figures["themes_each"].values()))
        self.licences = _Choice(said["licences"], figures["licences"])
        self.frequencies = _Choice(said["frequencies"], figures["frequencies"])
        classes = [said["access"][name] for name in figures["access"]]
        self.access = _Choice(classes, list(figures["access"].values()))
        self.years = _Choice(list(figures["created"]), list(figures["created"].values()))
        self.title, self.description = _Spread("title"), _Spread("description")
        self.many, self.many_tags = _Spread("resources"), _Spread("tags")
        self.resource_name, self.resource_text = _Spread("resource_name"), _Spread("resource_description")
        self.sounds: dict[str, str] = {}

    def dataset(self, number: int) -> dict[str, Any]:
        chance = self.random
        theme = self.themes.draw(chance())
        subject, noun = self.subjects[theme].draw(chance()), self.nouns.draw(chance())
        code, place, wider, office = self._where()
        year = self.years.draw(chance())
        made = datetime(year, 1, 1, tzinfo=UTC) + timedelta(seconds=int(chance() * 31_000_000))
        out = made + timedelta(seconds=int(chance() * chance() * 60_000_000))
        facts = {"place": wider or place, "subject": subject, "office": office[1], "year": year}
        title = self._title(place, wider, subject, noun, year)
        access = self.access.draw(chance())
        record = {
            "title": title,
            "description": self._prose(self.description.draw(chance()), facts),
            "resource_class": "department",
            "format_category": "spreadsheet",
            "open_class": access,
            "share_class": access if chance() < 0.8 else "conditional",
            "update_frequency": self.frequencies.draw(chance()),
            "issued": made.date().isoformat(),
            "themes": self._themes(theme),
            "tags": self._tags(subject),
            "spatial": wider + place,
            "spatial_code": code,
            "licence": self.licences.draw(chance()),
        }
        if access == "conditional":
            record["open_condition"] = "签订数据开放利用协议后提供。"
        if chance() < 0.4:
            record["temporal_start"] = date(year - 1, 1, 1).isoformat()
            record["temporal_end"] = date(year, 12, 31).isoformat()
        if chance() < 0.3:
            record["bbox"] = self._box()
        one = _encoded((number * 997 + 1_450_000_000_000) << 80 | int(chance() * (1 << 53)))
        return {
            "id": one,
            "serial": number + 1,
            "name": f"{self._sound(subject)}-{self._sound(noun)}-{number + 1}",
            "office": office,
            "title": title,
            "open_class": access,
            "created_at": made,
            "updated_at": out,
            "published_at": out,
            "record": record,
            "resources": self._resources(one, facts, noun, made, out),
        }

    def _where(self) -> tuple[str, str, str, tuple[str, str, str]]:
        """Division code, its name, the name of what it lies in, and the office."""
        code, place, wider = self.places.draw(self.random())
        return code, place, wider, self.offices.draw(self.random())

    def _title(self, place: str, wider: str, subject: str, noun: str, year: int) -> str:
        """Place, subject and noun, longer or shorter as the measured length wants."""
        wanted = self.title.draw(self.random())
        short = subject + noun
        if wanted <= len(short) + 1:
            return short if wanted > len(subject) + 1 else subject
        text = place + short
        if wanted > len(text) + 4:
            text = f"{year}年{text}"
        if wanted > len(text) + 3:
            text = wider + text
        while wanted > len(text) + 6:
            text += f"（{self.companies.draw(self.random())}园{self.fields.draw(self.random())}）"
        return text

    def _prose(self, wanted: int, facts: dict[str, Any]) -> str:
        """Sentences up to the measured length."""
        text = ""
        while len(text) < wanted - 12:
            chance, field = self.random, self.fields
            sentence: str = self.sentences.draw(chance())
            text += sentence.format(
                f1=field.draw(chance()),
                f2=field.draw(chance()),
                f3=field.draw(chance()),
                f4=field.draw(chance()),
                **facts,
            )
        return text or (facts["subject"] if wanted > 3 else "")

    def _themes(self, first: str) -> list[str]:
        number = self.many_themes.draw(self.random())
        return list(dict.fromkeys([first, *(self.themes.draw(self.random()) for _ in range(number - 1))]))[
            :number
        ]

    def _tags(self, subject: str) -> list[str]:
        number = self.many_tags.draw(self.random())
        drawn = [self.tags.draw(self.random()) for _ in range(number - 1)]
        drawn += [f"{self.companies.draw(self.random())}{tag}" for tag in drawn[3:]]
        return list(dict.fromkeys([subject, *drawn]))[:number]

    def _box(self) -> list[float]:
        west, south = 75 + 55 * self.random(), 20 + 30 * self.random()
        wide = 2 * self.random() ** 3
        return [round(west, 4), round(south, 4), round(west + wide, 4), round(south + wide, 4)]

    def _resources(
        self, one: str, facts: dict[str, Any], noun: str, made: datetime, out: datetime
    ) -> list[dict[str, Any]]:
        chance = self.random
        created, modified, found = made.isoformat(), out.isoformat(), []
        base = facts["subject"] + noun
        for place in range(self.many.draw(chance())):
            kind = self.formats.draw(chance())
            wanted = self.resource_name.draw(chance())
            name = base if wanted <= len(base) + 4 else f"{facts['place']}{base}（{facts['year'] - place}年）"
            wanted = self.resource_text.draw(chance())
            found.append(
                {
                    "id": f"{one[:-3]}{place:03}",
                    "name": name if wanted != 1 else "",
                    "description": self._prose(wanted, facts) if wanted > 3 else "",
                    "format": kind,
                    "url": f"{MADE_UP}/{one}/{place + 1}.{kind.lower()}",
                    "bytes": int(10 ** (2 + 5 * chance())),
                    "created_at": created,
                    "modified_at": modified,
                }
            )
        return found

    def _sound(self, word: str) -> str:
        if word not in self.sounds:
            from kaishu.base import ids

            self.sounds[word] = ids.slug(word, 40)
        return self.sounds[word]


def offices() -> list[tuple[str, str, str]]:
    """Name, title and code of each department, the largest first."""
    kinds, counties = wording()["offices"], [row for row in _places() if len(row[0]) == 6]
    found = []
    for number in range(OFFICES):
        title = kinds[number % len(kinds)]
        place = counties[number // len(kinds)]
        found.append((f"office-{number + 1}", place[2] + place[1] + title, f"{place[0]}{number:04}"))
    return found


@cache
def _places() -> list[tuple[str, str, str]]:
    """Code, name and the county around it, mixed, counties and streets."""
    counties = json.loads((PLACES / "admin_counties.json").read_text(encoding="utf-8"))
    names = {row["code"]: row["name"] for row in counties}
    found = [(code, name, "") for code, name in names.items()]
    with (PLACES / "admin_streets.csv").open(encoding="utf-8-sig", newline="") as file:
        found += [(r["code"], r["name"], names.get(r["areaCode"], "")) for r in csv.DictReader(file)]
    Random(11).shuffle(found)
    found.sort(key=lambda row: len(row[0]))
    return found


def _encoded(number: int) -> str:
    return "".join([PAIRS[(number >> shift) & 1023] for shift in range(120, -1, -10)])


def _prepared(home: Path) -> Path:
    """The database of the home, at the newest revision."""
    import os
    import subprocess

    path = home / "records" / "kaishu.db"
    code = "from kaishu.app import prepare; prepare()"
    environment = {**os.environ, "KAISHU_HOME": str(home), "KAISHU_DATABASE": ""}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    return path


def _put_offices(database: sqlite3.Connection) -> dict[str, str]:
    """Office name to id."""
    known = dict(database.execute("SELECT name, id FROM access_office"))
    fresh = [
        (_encoded(1_440_000_000_000 << 80 | number), *office)
        for number, office in enumerate(offices())
        if office[0] not in known
    ]
    database.executemany(
        "INSERT INTO access_office (id, name, title, code, title_en, description, description_en, contact,"
        f" created_at) VALUES (?, ?, ?, ?, '', '', '', '', '{_moment(DAWN)}')",
        fresh,
    )
    return known | {row[1]: row[0] for row in fresh}


def _put(
    database: sqlite3.Connection,
    block: list[dict[str, Any]],
    offices: dict[str, str],
    serial: int,
    *,
    whole: bool,
    links: bool,
) -> None:
    record, link = _defaults() if whole else ({}, {})
    rows, identities = [], []
    for row in block:
        made = _moment(row["created_at"])
        out = _moment(row["published_at"])
        text = json.dumps(record | row["record"])
        resources = json.dumps([link | each for each in row["resources"]])
        own = [row[key] for key in ("id", "name", "title", "open_class")]
        office = offices[row["office"][0]]
        rows.append((*own, row["serial"] + serial, office, text, resources, made, out, out))
        identities += [(each["id"], row["id"], made) for each in row["resources"]]
    database.executemany(
        "INSERT INTO catalogue_dataset (id, name, title, open_class, serial, office_id, record, resources,"
        " created_at, updated_at, published_at, state, title_en)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'published', '')",
        rows,
    )
    if links:
        database.executemany(
            "INSERT INTO catalogue_resource (id, dataset_id, created_at) VALUES (?, ?, ?)", identities
        )


@cache
def _defaults() -> tuple[dict[str, Any], dict[str, Any]]:
    from kaishu.catalogue import DatasetRecord, ResourceEntry

    record = DatasetRecord(title="-").model_dump(mode="json")
    return record, ResourceEntry(id="-").model_dump(mode="json")


def _moment(moment: datetime) -> str:
    """As SQLAlchemy writes it in SQLite."""
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


if __name__ == "__main__":
    fill(Path(sys.argv[2]), int(sys.argv[1]))
