"""From a CKAN package to an entry.  Nothing raises: what cannot be taken is kept aside or refused, and said.

Text that is too long is cut and kept whole in the extras where it fits; what no field can hold stands in
the extras under its own name.  Addresses that run script are refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from kaishu import standards
from kaishu.crosswalk.ckan import names
from kaishu.crosswalk.ckan.links import read_links
from kaishu.crosswalk.ckan.tidying import Notes, pairs_of, tidy
from kaishu.crosswalk.ckan.validating import settled_record
from kaishu.crosswalk.ckan.values import BOX, FREQUENCY, SPATIAL, takes, text
from kaishu.crosswalk.ckan.writing import polygon
from kaishu.crosswalk.model import Agent, Entry, Reading

NOTHING: tuple[Any, ...] = (None, "", [], {})


def read_package(package: Any, *, strict: bool = False, ours: bool = False) -> Reading:
    """A package of any CKAN.

    ``strict`` refuses whatever would otherwise be cut or left out; with ``ours`` a table of another Kaishu
    has no address, as it had none there, and without it the address of its download.
    """
    notes = Notes(strict)
    if not isinstance(package, Mapping):
        notes.refuse("package", "应为一个对象。", "An object is needed.")
        return Reading(None, notes.all)
    package = tidy(package, notes)
    found = _Found(package, notes)
    found.read()
    links = read_links(package.get("resources"), notes, ours)
    record = settled_record(found.fields, found.extras, notes)
    if record is None or notes.fatal:
        return Reading(None, notes.all)
    entry = Entry(
        identifier=str(package.get("id") or ""),
        name=str(package.get("name") or ""),
        record=record,
        resources=links,
        publisher=found.publisher,
        created=found.moment("metadata_created"),
        modified=found.moment("metadata_modified"),
    )
    return Reading(entry, notes.all)


class _Found:
    """What has been understood of a package so far."""

    def __init__(self, package: Mapping[str, Any], notes: Notes) -> None:
        self.package, self.notes = package, notes
        self.fields: dict[str, Any] = {"languages": []}
        self.extras: dict[str, str] = {}
        self.publisher = Agent(title="")

    def read(self) -> None:
        """Everything but the resources."""
        self.pairs = pairs_of(self.package.get("extras"), self.notes)
        self._own_keys()
        self._publisher()
        self._tags()
        self._groups()
        self._licence()
        for key, value in self.pairs.items():
            self._extra(key, value)

    def moment(self, key: str) -> datetime | None:
        """A stamp in UTC."""
        said = self.package.get(key)
        try:
            moment = datetime.fromisoformat(str(said)) if said else None
        except ValueError:
            return None
        if moment is None:
            return None
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)

    def _own_keys(self) -> None:
        for key, value in self.package.items():
            if value in NOTHING:
                continue
            if key in names.DIRECT:
                taken = takes(key, value)
                if taken is None:
                    self._aside(key, value)
                else:
                    self.fields[names.DIRECT[key]] = taken
            elif key not in names.DERIVED:
                self._keep(key, value)
        if not self.fields.get("title"):
            self.fields["title"] = str(self.package.get("name") or "")
        for key, usual in (("type", "dataset"), ("state", "active"), ("private", False)):
            if self.package.get(key, usual) not in (usual, None, "", "False", "false"):
                self._keep(key, self.package[key])
        for key in ("metadata_created", "metadata_modified"):
            if self.package.get(key) and self.moment(key) is None:
                self._aside(key, self.package[key])

    def _publisher(self) -> None:
        given = self.package.get("organization")
        if isinstance(given, Mapping):
            said = (given.get(key) for key in ("title", "display_name", "name"))
            title = next((text for each in said if each and (text := str(each).strip())), "")
            name, identifier = str(given.get("name") or ""), str(given.get("id") or "")
            self.publisher = Agent(title=title[:300], name=name, identifier=identifier)
            for key in ("description", "image_url"):
                if isinstance(given.get(key), str) and given[key]:
                    self._keep(f"organization.{key}", given[key])
        elif isinstance(given, str) and given:
            self.publisher = Agent(title=given[:300], name=given)
        author = self.package.get("author")
        own = self.pairs.pop(f"{names.OURS}creator", None)
        if own:
            self.fields["creator"] = own
        elif author not in NOTHING and author != self.publisher.title:
            self.fields["creator"] = str(author)

    def _tags(self) -> None:
        given = self.package.get("tags") or []
        given = given if isinstance(given, list) else [given]
        tags = []
        for each in given:
            name = each.get("name") or each.get("display_name") if isinstance(each, Mapping) else each
            if isinstance(name, str | int | float) and not isinstance(name, bool):
                tags.append(str(name))
            elif name not in NOTHING:
                self.notes.drop("tags", "应为 {name} 的列表。", "A list of {name} is needed.")
        if any(isinstance(each, Mapping) and each.get("vocabulary_id") for each in given):
            self._keep("tags", given)
        more = self.package.get("tag_string")
        if isinstance(more, str):
            tags += more.split(",")
        self.fields["tags"] = [tag.strip() for tag in tags if tag.strip()]

    def _groups(self) -> None:
        given = self.package.get("groups") or []
        given = given if isinstance(given, list) else [given]
        themes, foreign = [], []
        for each in given:
            group = {"name": each} if isinstance(each, str) else each
            if not isinstance(group, Mapping):
                self.notes.drop("groups", "应为 {name} 的列表。", "A list of {name} is needed.")
                continue
            term = _theme(group)
            if term is None:
                foreign.append(dict(group))
            else:
                themes.append(term)
                if not _ours(group, term):
                    foreign.append(dict(group))
        self.fields["themes"] = themes
        self.fields["subjects"] = [name for group in foreign if (name := _label(group))]
        if foreign:
            self._keep("groups", foreign)

    def _licence(self) -> None:
        said, title = self.package.get("license_id"), self.package.get("license_title")
        url = self.package.get("license_url")
        own = standards.vocabulary("licence").codes.get(str(self.pairs.pop(f"{names.OURS}licence", "")))
        asked = (said, url, title) if said != "notspecified" else (url,)
        term = own or next((t for t in map(_licence_of, asked) if t is not None), None)
        ours = term.extra.get("ckan", term.code) if term else "notspecified"
        if term is not None:
            self.fields["licence"] = term.code
        elif title and "licence_text" not in self.pairs:
            self.fields["licence_text"] = str(title)
        elif said not in (*NOTHING, "notspecified") and "licence_text" not in self.pairs:
            self.fields["licence_text"] = str(said)
        usual = term.zh if term else self.pairs.get("licence_text") or self.fields.get("licence_text") or ""
        for key, value, same in (
            ("license_id", said, ours),
            ("license_title", title, usual),
            ("license_url", url, term.uri if term else ""),
        ):
            if value not in NOTHING and value != same:
                self._keep(key, value)

    def _extra(self, key: str, value: Any) -> None:
        if key.startswith(names.ESCAPED):
            self.extras[key.removeprefix(names.ESCAPED)] = text(value)
            return
        if value in NOTHING:
            return
        field = names.EXTRA_FIELDS.get(key)
        taken = takes(key, value) if field or key in names.SPECIAL else None
        if key == SPATIAL and taken is not None:
            self._spatial(value, taken)
        elif key == BOX and taken is not None:
            self.fields["bbox"] = taken
        elif key == FREQUENCY and taken is not None:
            own = takes("update_frequency", self.pairs.get("update_frequency"))
            if own in (None, taken):
                self.fields["update_frequency"] = taken
            else:
                self.extras[key] = names.kept_text(value)
        elif field and taken is not None:
            if field == "subjects":
                taken = [*self.fields["subjects"], *taken]
            self.fields[field] = taken
        else:
            if field or key in names.SPECIAL:
                self.notes.aside(key, f"“{value}”读不懂，原样保留。", f'"{value}" is kept as it is.')
            self.extras[key] = value if isinstance(value, str) else names.kept_text(value)
            said = self.pairs.keys() & {FREQUENCY, "update_frequency"}
            if key in names.FREQUENCIES and not said and (code := takes(key, value)):
                self.fields["update_frequency"] = code

    def _spatial(self, value: Any, taken: tuple[float, float, float, float]) -> None:
        if BOX not in self.pairs:
            self.fields["bbox"] = taken
        if value != polygon(taken):
            self.extras[SPATIAL] = value if isinstance(value, str) else names.kept_text(value)

    def _keep(self, key: str, value: Any) -> None:
        self.extras[f"{names.THEIRS}{key}"] = names.kept_text(value)

    def _aside(self, key: str, value: Any) -> None:
        if isinstance(value, str) and value.lstrip().lower().startswith(
            ("javascript:", "data:", "vbscript:")
        ):
            self.notes.drop(key, "不接受这样的地址。", "Such an address is not taken.")
            return
        self.notes.aside(key, "读不懂，原样保留在附加项里。", "Not understood; kept among the extras.")
        self._keep(key, value)


def _theme(group: Mapping[str, Any]) -> str | None:
    for key in ("name", "id", "title", "display_name"):
        said = group.get(key)
        term = standards.vocabulary("theme").find(said) if isinstance(said, str) and said else None
        if term is not None:
            return term.code
    return None


def _ours(group: Mapping[str, Any], code: str) -> bool:
    said = {str(group.get(key) or code) for key in ("id", "name")}
    return said == {code}


def _label(group: Mapping[str, Any]) -> str:
    said = next((group.get(k) for k in ("title", "display_name", "name", "id") if group.get(k)), "")
    return str(said)


def _licence_of(said: Any) -> standards.Term | None:
    return standards.vocabulary("licence").find(said) if isinstance(said, str) and said else None
