"""The census: platforms, themes and policies of the reports or of a file; two theme schemes aligned."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from markupsafe import Markup
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kaishu import http
from kaishu.access import Permission, allowed, require
from kaishu.base.errors import KaishuError, NotFound
from kaishu.evaluation import census
from kaishu.evaluation.census import Box, CloudWord, RingLine, RingTheme, Rows, Scheme
from kaishu.http.files import disposition
from kaishu.reporting import FORMATS, Document, Heading, Table, html_body, write_document
from kaishu.web.figures import number
from kaishu.web.rendering import render
from kaishu.web.routing import Unchanged, Visit, page, said, taking
from kaishu.web.words import _, language, listed, pick

HOME = "/evaluation/census"
MOST_FILE = 4 * 1024 * 1024
MOST_TEXT = 20_000
MOST_MATRIX = 24
RING, RING_LETTERS = 20, 8
WHOLE = 60

Read = Callable[[Path | None], Rows]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the census: how its file is read, told, and written as a report."""

    read: Read
    told: Callable[[Rows, str], dict[str, Any]]
    document: Callable[[Rows, str], Document]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the matrix: its number, its name, its cells as (x, part of 1, words)."""

    place: int
    name: str
    y: int
    cells: Sequence[tuple[int, float, str]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What stands between the first figures and the tables."""

    cloud: Sequence[CloudWord] = ()
    cloud_box: Box | None = None
    words: str = ""
    ring: Sequence[RingTheme] = ()
    ring_box: Box | None = None
    lines: Sequence[RingLine] = ()
    matrix: Sequence[Line] = ()


@dataclass(frozen=True, slots=True)
class CensusPage:
    """A part; ``own`` is the name of a file that was counted in place of the shipped data."""

    part: str
    title: str
    head: Markup
    body: Markup
    drawn: Drawn
    files: Sequence[tuple[str, str]]
    needed: str
    optional: str
    may_bring: bool
    own: str = ""
    trouble: tuple[str, str] | None = None
    letters: int = RING_LETTERS


@dataclass(frozen=True, slots=True)
class AlignmentPage:
    """Two schemes; ``names`` fill the list of suggestions."""

    names: Sequence[tuple[str, int]]
    given: dict[str, str]
    body: Markup
    trouble: tuple[str, str] | None
    unused: Sequence[str]


def _parts() -> dict[str, Part]:
    return {
        "platforms": Part(census.read_platforms, census.platforms_as_dict, census.platforms_document),
        "themes": Part(census.read_themes, census.themes_as_dict, census.themes_document),
        "policies": Part(census.read_policies, census.policies_as_dict, census.policies_document),
    }


@cache
def _shipped(name: str) -> Rows:
    return _parts()[name].read(None)


@cache
def _document(name: str, spoken: str) -> Document:
    return _parts()[name].document(_shipped(name), spoken)


@cache
def _drawn_of_shipped(name: str) -> Drawn:
    return _drawn(name, _shipped(name))


def show_platforms(visit: Visit) -> Response:
    """Platforms."""
    return _shown(visit, "platforms")


def show_part(visit: Visit) -> Response:
    """Themes or policies."""
    return _shown(visit, _name(visit))


def write_part(visit: Visit) -> Response:
    """The same as Word, PDF or JSON."""
    name, form = _name(visit), visit.part("form")
    if form == "json":
        body = json.dumps(_parts()[name].told(_shipped(name), language()), ensure_ascii=False).encode()
        kind = "application/json"
    else:
        body, kind = write_document(_document(name, language()), form), FORMATS.get(form, "")
    return Response(
        body, media_type=kind, headers={"Content-Disposition": disposition(f"census-{name}.{form}")}
    )


def bring(request: Request, form: FormData) -> Response:
    """Count a file of one's own; nothing of it is kept."""
    name = str(request.path_params["part"])
    with http.read_call(request) as call:
        visit = Visit(call, request)
        require(call, Permission.evaluation_run)
        if name not in _parts():
            raise NotFound(kind="普查 census", name=name[:40])
        given = form.get("file")
        if not isinstance(given, UploadFile) or not given.filename:
            raise Unchanged(_shown(visit, name, (_("请先选择文件。"), "")))
        content = given.file.read(MOST_FILE + 1)
        if len(content) > MOST_FILE:
            raise Unchanged(_shown(visit, name, (_("文件大于4 MiB，请用命令行统计。"), "kaishu census")))
        try:
            rows = _read(name, given.filename, content)
        except KaishuError as error:
            raise Unchanged(_shown(visit, name, said(error))) from error
        document = _parts()[name].document(rows, language())
        return _page(visit, name, document, _drawn(name, rows), own=given.filename)


def _read(name: str, file: str, content: bytes) -> Rows:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(file.replace("\\", "/")).name[-100:] or "file")
        path.write_bytes(content)
        return _parts()[name].read(path)


def _name(visit: Visit) -> str:
    name = visit.part("part")
    if name not in _parts():
        raise NotFound(kind="普查 census", name=name[:40])
    return name


def _shown(visit: Visit, name: str, trouble: tuple[str, str] | None = None) -> Response:
    return _page(visit, name, _document(name, language()), _drawn_of_shipped(name), trouble=trouble)


def _page(
    visit: Visit,
    name: str,
    document: Document,
    drawn: Drawn,
    *,
    own: str = "",
    trouble: tuple[str, str] | None = None,
) -> Response:
    blocks = list(document.blocks)
    first = next((place for place, block in enumerate(blocks) if isinstance(block, Heading)), len(blocks))
    context = CensusPage(
        part=name,
        title=document.title,
        head=_inside(document, blocks[:first]),
        body=_inside(document, blocks[first:]),
        drawn=drawn,
        files=[] if own else [(w, f"{HOME}/{name}.{f}") for w, f in _FILES],
        needed=_columns(_NEEDED[name]),
        optional=_columns(_OPTIONAL[name]),
        may_bring=bool(allowed(visit.call, Permission.evaluation_run)),
        own=own,
        trouble=trouble,
    )
    return render("census/census.html", visit.shell, context, 422 if trouble else 200)


#: Columns of a file of one's own; where a bar stands one of them will do.
_NEEDED = {
    "platforms": ("platform_name", "level", "province|location"),
    "themes": ("platform_name", "theme|themes"),
    "policies": ("document", "year"),
}
_OPTIONAL = {
    "platforms": ("city", "county", "url", "type", "year"),
    "themes": ("theme_count_stated", "province", "level"),
    "policies": ("month", "place", "scope"),
}
_FILES = (("Word", "docx"), ("PDF", "pdf"), ("JSON", "json"))


def _columns(names: Sequence[str]) -> str:
    """Columns as the language calls them."""
    words = [[pick(*census.column_words(each)) for each in name.split("|")] for name in names]
    return listed(" / ".join(each) for each in words)


def _inside(document: Document, blocks: Sequence[Any]) -> Markup:
    """Blocks as they stand in the page, a section below each heading; short tables are shown whole."""
    written = []
    starts = [place for place, block in enumerate(blocks) if isinstance(block, Heading) and block.level == 1]
    for first, last in pairwise(sorted({0, *starts, len(blocks)})):
        inside = ""
        for block in blocks[first:last]:
            made = html_body(Document(document.title, document.language, [block]))
            if isinstance(block, Table) and len(block.rows) <= WHOLE:
                made = made.replace('<div class="sheet"', '<div class="sheet tall"', 1)
            inside += made
        written.append(f'<section class="section">{inside}</section>' if first in starts else inside)
    return Markup("".join(written))  # noqa: S704 - escaped by the writer


def _drawn(name: str, rows: Rows) -> Drawn:
    if name == "platforms":
        return Drawn()
    if name == "policies":
        found = census.policies.title_words(rows.frame).select("word", "count").head(50)
        pairs = [(str(word), float(count)) for word, count in found.iter_rows()]
        cloud = census.word_cloud(pairs)
        return Drawn(
            cloud=cloud, cloud_box=census.cloud_box(cloud) if cloud else None, words=_heaviest(pairs)
        )
    table = census.themes.theme_table(rows.frame)
    counts = [(theme, int(count)) for theme, count in zip(table.themes, table.counts, strict=True)]
    words = census.frequencies(counts).select("word", "count").head(50)
    pairs = [(str(word), float(count)) for word, count in words.iter_rows()]
    together = census.themes.together(table, 2).select("first", "second", "platforms")
    ring, lines = census.ring(counts[:RING], list(together.iter_rows()))
    cloud = census.word_cloud(pairs)
    return Drawn(
        cloud=cloud,
        cloud_box=census.cloud_box(cloud) if cloud else None,
        words=_heaviest(pairs),
        ring=ring,
        ring_box=census.ring_box(ring, RING_LETTERS) if ring else None,
        lines=lines,
        matrix=_matrix(table),
    )


def _heaviest(pairs: Sequence[tuple[str, float]]) -> str:
    return ", ".join(f"{word} {number(int(count))}" for word, count in pairs[:10])


def _matrix(table: Any) -> list[Line]:
    """Jaccard's index between provincial platforms, or between the first ones where none is provincial."""
    chosen = [place for place, level in enumerate(table.levels) if level == "省级" and table.has[place].any()]
    chosen = (chosen or [place for place in range(len(table.platforms)) if table.has[place].any()])[
        :MOST_MATRIX
    ]
    index = census.themes.overlap(table)
    lines = []
    for row, place in enumerate(chosen):
        cells = [
            (
                column,
                round(float(index[place, other]), 3),
                f"{table.platforms[place]} / {table.platforms[other]}: {index[place, other]:.2f}",
            )
            for column, other in enumerate(chosen)
        ]
        lines.append(Line(row + 1, table.platforms[place], row, cells))
    return lines


@cache
def _schemes() -> dict[str, Scheme]:
    return census.schemes(_shipped("themes"))


def show_alignment(visit: Visit) -> Response:
    """Two schemes beside each other, with what the reader decides."""
    given = {
        name: visit.query(name)[:MOST_TEXT]
        for name in ("left", "right", "left_themes", "right_themes", "decisions")
    }
    given["left"] = given["left"] or "山东19主题"
    given["right"] = given["right"] or "广西24主题"
    body, trouble, unused = Markup(), None, []
    try:
        left, right = (_chosen(given, side) for side in ("left", "right"))
        made = census.decisions_of(_("人工判定"), given["decisions"].splitlines())
        unused = [" / ".join(pair) for pair in census.unknown_decisions(made, left, right)]
        document = census.alignment_document(census.align(left, right, made), language())
        body = _inside(document, document.blocks)
    except KaishuError as error:
        trouble = said(error)
    names = [(name, len(scheme.themes)) for name, scheme in _schemes().items()]
    context = AlignmentPage(names, given, body, trouble, unused)
    return render("census/alignment.html", visit.shell, context, 422 if trouble else 200)


def _chosen(given: dict[str, str], side: str) -> Scheme:
    if given[f"{side}_themes"]:
        return census.scheme_of_text(given[side][:60], given[f"{side}_themes"])
    return census.scheme(given[side], _schemes())


ROUTES: list[Route] = [
    page(HOME, show_platforms),
    page(f"{HOME}/alignment", show_alignment),
    page(f"{HOME}/{{part}}.{{form}}", write_part),
    page(f"{HOME}/{{part}}", show_part),
    taking(f"{HOME}/{{part}}", bring),
]
