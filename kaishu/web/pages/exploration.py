"""The exploration of a version: 23 checks, charts, keys, dependencies; as page, workbook, CSV and JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from kaishu import catalogue, quality, queue
from kaishu.access import Permission, allowed, require
from kaishu.base.errors import NotFound
from kaishu.catalogue import ResourceEntry
from kaishu.catalogue.models import Dataset
from kaishu.http.files import disposition
from kaishu.lake.models import Version
from kaishu.web.rendering import address, path_part, render
from kaishu.web.routing import Visit, act, moved, page, text
from kaishu.web.words import _, language, pick

TASK, SUBJECT = "explore", "exploration"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Seen:
    """A version as its exploration names it; ``profile`` is None while there is none."""

    dataset: Dataset
    entry: ResourceEntry
    version: Version
    profile: Mapping[str, Any] | None

    @property
    def explored(self) -> Mapping[str, Any] | None:
        """The exploration, once made."""
        return self.profile.get("exploration") if self.profile else None

    def at(self, tail: str = "") -> str:
        """Address of the page or of a file."""
        where = f"/datasets/{path_part(self.dataset.name)}/exploration{tail}"
        return address(where, ("resource", self.entry.id), ("version", str(self.version.number)))


@dataclass(frozen=True, slots=True)
class ExplorationPage:
    """``drawings`` are (field, caption, svg); ``sheets`` the tables; ``waiting`` while a task runs."""

    seen: Seen
    title: str
    here: str
    files: Sequence[tuple[str, str]]
    may_explore: bool
    waiting: bool
    failed: bool
    look: int
    sheets: Sequence[Any]
    drawings: Sequence[tuple[str, str, Markup]]
    missing: Markup


def show(visit: Visit) -> Response:
    """What is known of the version."""
    seen = _seen(visit, visit.query("resource"), visit.query("version"))
    explored = seen.explored
    tasks = queue.tasks_about(visit.call.session, SUBJECT, seen.version.id, 1)
    state = tasks[0].state if tasks else ""
    drawings: list[tuple[str, str, Markup]] = []
    missing = Markup()
    if seen.profile and explored:
        drawings = _drawings(seen.profile, explored)
        # Made by us, every value in it escaped.
        missing = Markup(quality.missing_drawing(explored["missing"], _("缺失分布")))  # noqa: S704
    context = ExplorationPage(
        seen=seen,
        title=pick(seen.dataset.title, seen.dataset.title_en),
        here=seen.at(),
        files=[(name, seen.at(f".{name.lower()}")) for name in ("XLSX", "CSV", "JSON")] if explored else [],
        may_explore=bool(allowed(visit.call, Permission.quality_profile, office=seen.dataset.office_id)),
        waiting=state in ("waiting", "running"),
        failed=state == "failed",
        look=sum(check["state"] == "look" for check in explored["checks"]) if explored else 0,
        sheets=quality.exploration_sheets(seen.profile, language()) if seen.profile and explored else [],
        drawings=drawings,
        missing=missing,
    )
    return render("dataset/exploration.html", visit.shell, context)


def explore(visit: Visit, form: FormData) -> Response:
    """Leave it to the worker, unless it waits already."""
    seen = _seen(visit, text(form, "resource"), text(form, "version"))
    require(visit.call, Permission.quality_profile, office=seen.dataset.office_id)
    tasks = queue.tasks_about(visit.call.session, SUBJECT, seen.version.id, 1)
    if not tasks or tasks[0].state not in ("waiting", "running"):
        payload = {"dataset": seen.dataset.name, "version_id": seen.version.id, "title": seen.dataset.title}
        queue.enqueue(visit.call, TASK, payload, (SUBJECT, seen.version.id))
    return moved(visit, seen.at())


def write_xlsx(visit: Visit) -> Response:
    """A workbook."""
    out = io.BytesIO()
    seen, profile = _explored(visit)
    quality.write_exploration_workbook(profile, out, language())
    return _file(seen, out.getvalue(), XLSX, "xlsx")


def write_csv(visit: Visit) -> Response:
    """All tables in one CSV."""
    out = io.StringIO()
    seen, profile = _explored(visit)
    quality.write_exploration_csv(profile, out, language())
    return _file(seen, ("\ufeff" + out.getvalue()).encode(), "text/csv; charset=utf-8", "csv")


def write_json(visit: Visit) -> Response:
    """Profile and exploration as stored."""
    seen, profile = _explored(visit)
    return _file(seen, json.dumps(profile, ensure_ascii=False).encode(), "application/json", "json")


def _seen(visit: Visit, resource: str, number: str) -> Seen:
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else None
    dataset, entry, version = catalogue.readable_version(
        visit.call, visit.part("name"), resource or None, wanted
    )
    return Seen(dataset, entry, version, quality.profile_of(visit.call.session, version.id))


def _explored(visit: Visit) -> tuple[Seen, Mapping[str, Any]]:
    seen = _seen(visit, visit.query("resource"), visit.query("version"))
    if seen.profile is None or seen.explored is None:
        raise NotFound(kind="探查 exploration", name=seen.dataset.name)
    return seen, seen.profile


def _file(seen: Seen, body: bytes, type: str, ending: str) -> Response:
    name = f"{seen.dataset.name}-v{seen.version.number}-exploration.{ending}"
    return Response(body, media_type=type, headers={"Content-Disposition": disposition(name)})


def _drawings(profile: Mapping[str, Any], explored: Mapping[str, Any]) -> list[tuple[str, str, Markup]]:
    words = {
        "histogram": _("分布"),
        "top": _("最常见的值"),
        "lengths": _("长度分布"),
        "none": _("每个值都不同，或没有值"),
    }
    found = []
    pairs = zip(profile["fields"], explored["fields"], strict=True)
    for one, other in list(pairs)[:SHOWN]:
        kind, svg = quality.field_drawing(one, other)
        found.append((one["name"], words[kind], Markup(svg)))  # noqa: S704 - ours, every value in it escaped
    return found


ROUTES: list[Route] = [
    page("/datasets/{name}/exploration", show),
    act("/datasets/{name}/exploration", explore),
    page("/datasets/{name}/exploration.xlsx", write_xlsx),
    page("/datasets/{name}/exploration.csv", write_csv),
    page("/datasets/{name}/exploration.json", write_json),
]
