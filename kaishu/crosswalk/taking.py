"""Values from strangers as values of our fields: repaired, kept aside or refused, and always said."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError

from kaishu import standards
from kaishu.base.errors import Said
from kaishu.catalogue import DatasetRecord, Item, Link
from kaishu.catalogue.drafts import CODED
from kaishu.crosswalk.model import Note

ADDRESSES = frozenset({"url", "access_url", "described_by", "source_url", "publisher_url", "contact_url"})
ADDRESSES |= {"endpoint_url", "endpoint_description"}
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
RUNNING = re.compile(r"\s*(javascript|vbscript|data)\s*:", re.IGNORECASE)
WAYS = ("http://", "https://", "ftp://", "ftps://")
MOST_NOTES = 200
ADDRESS_LETTERS = 2000  # fields that may have so many hold addresses, or texts that may be one


@dataclass
class Notes:
    """What is to be said of one reading."""

    said: list[Note] = field(default_factory=list)

    def add(self, where: str, zh: str, en: str, fatal: bool = False) -> None:
        """One more; past the first two hundred only fatal ones."""
        if fatal or len(self.said) < MOST_NOTES:
            self.said.append(Note(where, Said(zh, en), fatal))


@dataclass(frozen=True, slots=True)
class Kind:
    """What a field takes: its JSON type, the most letters, the most members, and those of a member."""

    type: str
    letters: int = 0
    members: int = 0
    each: int = 0
    day: bool = False


@cache
def kinds(model: type[BaseModel]) -> Mapping[str, Kind]:
    """Field to what it takes, read from the model itself."""
    schema = model.model_json_schema()
    return {name: _kind(each) for name, each in schema["properties"].items()}


#: Would ``Intake.put`` take this value unchanged and without a word?
Fits = Callable[[Any], bool]


def fits_line(most: int) -> Fits:
    """For a text of so many letters; 0 is any number."""
    suspect, limit = most == ADDRESS_LETTERS, most or sys.maxsize

    def fits(value: Any) -> bool:
        if not isinstance(value, str) or value.strip() != value or len(value) > limit:
            return False
        if suspect and RUNNING.match(value):
            return False
        return value.isprintable() or not CONTROLS.search(value)

    return fits


def fits_address(most: int) -> Fits:
    """For a web address; whatever is odd about one is left to be looked at."""
    limit = most or sys.maxsize

    def fits(value: Any) -> bool:
        known = isinstance(value, str) and value.startswith(WAYS) and 8 < len(value) <= limit
        return known and " " not in value and value.isprintable()

    return fits


def fits_list(members: int, each: int) -> Fits:
    """For a list of different texts."""
    one, limit = fits_line(each), members or sys.maxsize

    def fits(value: Any) -> bool:
        if not isinstance(value, list) or len(value) > limit:
            return False
        return all(text and one(text) for text in value) and len(set(value)) == len(value)

    return fits


@cache
def fitting(model: type[BaseModel]) -> Mapping[str, Fits]:
    """What fits each field of text or a list of texts; codes, days, numbers and objects are missing."""
    found: dict[str, Fits] = {}
    for name, kind in kinds(model).items():
        coded = (name in CODED and model is DatasetRecord) or (name, model) == ("licence", Link)
        if coded or kind.day or name in ("bbox", "items"):
            continue
        if kind.type == "array":
            found[name] = fits_list(kind.members, kind.each)
        elif kind.type == "string":
            found[name] = (fits_address if name in ADDRESSES else fits_line)(kind.letters)
    return found


@cache
def sound(model: type[BaseModel]) -> frozenset[str]:
    """Fields of which the model can refuse nothing that ``Intake.put`` takes."""
    schema = model.model_json_schema()["properties"]
    return frozenset(name for name, each in schema.items() if _plain(each) and name in kinds(model))


def _plain(schema: Mapping[str, Any]) -> bool:
    """Does it ask for nothing else than a type and bounds?"""
    more = schema.keys() - {"title", "default", "type", "maxLength", "maxItems", "minimum", "anyOf", "items"}
    more -= {"minLength"} if schema.get("minLength") == 1 else set()
    more -= {"format"} if schema.get("format") == "date" else set()
    inner = [*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ())]
    return not more and schema.get("type") != "object" and all(_plain(each) for each in inner)


@cache
def defaults(model: type[BaseModel]) -> Mapping[str, Any]:
    """Field to what it is where nothing is said."""
    needed: dict[str, Any] = (
        {"title": ""} if model is DatasetRecord else {"name": ""} if model is Item else {}
    )
    return model.model_construct(None, **needed).model_dump(mode="json")


def clean(text: str) -> str:
    """Without the characters that no document may hold."""
    return CONTROLS.sub("", text)


def meant(model: type[BaseModel], said: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that say something else than their default."""
    known = defaults(model)
    return {key: value for key, value in said.items() if key in known and value != known[key]}


class Intake:
    """Fields of one object as they are taken from a foreign one."""

    def __init__(self, model: type[BaseModel], notes: Notes, where: str = "") -> None:
        self.model, self.notes, self.where = model, notes, where
        self.said: dict[str, Any] = {}

    def put(self, name: str, value: Any, place: str = "") -> bool:
        """Take a value for a field; False, with a note, if nothing of it could be taken."""
        if value is None or value == "" or value == [] or value == {}:
            return False
        taken = self._taken(name, value, self.where + (place or name))
        if taken in (None, "", []):
            return False
        self.said[name] = taken
        return True

    def note(self, place: str, zh: str, en: str) -> None:
        """Say something of a place in the object."""
        self.notes.add(self.where + place, zh, en)

    def _taken(self, name: str, value: Any, place: str) -> Any:
        kind = kinds(self.model)[name]
        if (name in CODED and self.model is DatasetRecord) or (name, self.model) == ("licence", Link):
            return self._coded(name, value, place)
        if name == "bbox":
            return self._box(value, place)
        if kind.type == "integer":
            return self._count(value, place)
        if kind.type == "array":
            return self._many(kind, value, place)
        if kind.type == "object":
            return value if isinstance(value, dict) else self._wrong(value, place)
        text = self.text(value, place, kind.letters)
        if kind.day:
            return self._day(text, place)
        return self._address(text, place) if name in ADDRESSES else text

    def text(self, value: Any, place: str, most: int = 0) -> str:
        """A line or paragraph of a single value, without control characters and not too long."""
        if isinstance(value, dict | list) or value is None:
            self._wrong(value, place)
            return ""
        if not isinstance(value, str):
            value = str(value).lower() if isinstance(value, bool) else str(value)
            self.notes.add(place, "应为文字，已转成文字。", "Text was expected; it was turned into text.")
        clean = CONTROLS.sub("", value).strip()
        if len(clean) != len(value) and CONTROLS.search(value):
            self.notes.add(place, "去掉了控制字符。", "Control characters were removed.")
        if most == ADDRESS_LETTERS and RUNNING.match(clean):
            said = "可执行的地址没有采用。", "An address that runs something was not taken."
            self.notes.add(place, *said)
            return ""
        if most and len(clean) > most:
            said = f"太长（{len(clean)}），截到{most}。", f"Too long ({len(clean)}); cut to {most}."
            self.notes.add(place, *said)
            clean = clean[:most].strip()
        return clean

    def _wrong(self, value: Any, place: str) -> None:
        kind = type(value).__name__
        self.notes.add(place, f"类型不对（{kind}），放在一边。", f"Wrong type ({kind}); kept aside.")

    def _address(self, text: str, place: str) -> str:
        if not text or re.match(r"(https?|ftps?)://\S+$", text):
            return text
        found = re.match(r"(https?|ftps?)(://.*\S)", text, re.IGNORECASE | re.DOTALL)
        mended = found[1].lower() + re.sub(r"\s", "%20", found[2]) if found else ""
        if re.match(r"(https?|ftps?)://\S+$", mended):
            self.notes.add(place, "地址已修正。", "The address was mended.")
            return mended
        self.notes.add(place, "不是网址，没有采用。", "Not a web address; not taken.")
        return ""

    def _day(self, text: str, place: str) -> str | None:
        try:
            if re.fullmatch(r"\d{8}", text):
                text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
            found = re.match(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})", text)
            if found:
                return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
            return datetime.fromisoformat(text).date().isoformat()
        except ValueError:
            said = f"“{text[:40]}”不是日期，放在一边。", f'"{text[:40]}" is not a date; kept aside.'
            self.notes.add(place, *said)
            return None

    def _count(self, value: Any, place: str) -> int | None:
        if isinstance(value, str) and re.fullmatch(r"\d{1,18}", value.strip()):
            value = int(value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self.notes.add(place, "应为整数，放在一边。", "A whole number was expected; kept aside.")
            return None
        return value

    def _many(self, kind: Kind, value: Any, place: str) -> list[str]:
        listed = value if isinstance(value, list) else [value]
        if not isinstance(value, list):
            self.notes.add(place, "应为列表，当作一项。", "A list was expected; taken as one member.")
        texts = [self.text(each, place, kind.each) for each in listed if each not in (None, "")]
        found = list(dict.fromkeys(text for text in texts if text))
        if kind.members and len(found) > kind.members:
            said = f"多于{kind.members}项，只取前面的。", f"More than {kind.members}; the first are taken."
            self.notes.add(place, *said)
        return found[: kind.members or None]

    def _coded(self, name: str, value: Any, place: str) -> Any:
        vocabulary = standards.vocabulary(CODED[name])
        listed = value if isinstance(value, list) else [value]
        codes = []
        for each in listed:
            said = self.text(each, place)
            term = vocabulary.find(said) if said else None
            if term is not None:
                codes.append(term.code)
            elif said:
                zh = f"“{said[:60]}”不在{vocabulary.zh}里，放在一边。"
                self.notes.add(place, zh, f'"{said[:60]}" is not in the list {vocabulary.en}; kept aside.')
        many = kinds(self.model)[name].type == "array"
        return list(dict.fromkeys(codes))[:20] if many else (codes[0] if codes else None)

    def _box(self, value: Any, place: str) -> list[float] | None:
        try:
            west, south, east, north = (float(each) for each in value)
            fine = all(math.isfinite(each) for each in (west, south, east, north))
            if fine and -180 <= west <= east <= 180 and -90 <= south <= north <= 90:
                return [west, south, east, north]
        except (TypeError, ValueError, OverflowError):
            pass
        self.notes.add(place, "不是经纬度范围，放在一边。", "Not a box of degrees; kept aside.")
        return None

    def exactly(self, name: str, value: Any) -> None:
        """Take a value as it stands if the field may have it, else what can be made of it."""
        sample: dict[str, Any] = {"title": "x"} if self.model is DatasetRecord else {}
        sample |= {"name": "x"} if self.model is Item else {}
        coded = name in CODED and self.model is not Item and value not in ("", [], None)
        try:
            fine = not coded and not _has_controls(value) and not self._runs(name, value)
            if fine:
                said = self.model.model_validate(sample | {name: value}).model_dump(mode="json")[name]
                if isinstance(value, tuple | list | dict | str | int | float) or value is None:
                    self.said[name] = said
                return
        except ValidationError:
            pass
        self.put(name, value)
        self.checked()

    def _runs(self, name: str, value: Any) -> bool:
        kind = kinds(self.model)[name]
        listed = value if isinstance(value, list) else [value]
        suspect = ADDRESS_LETTERS in (kind.letters, kind.each)
        return suspect and any(isinstance(each, str) and RUNNING.match(each) for each in listed)

    def checked(self) -> dict[str, Any]:
        """What was taken, without what the model would still refuse."""
        if self.said.keys() <= sound(self.model):
            return self.said
        sample = {"title": "x", **self.said} if self.model is DatasetRecord else self.said
        sample = {"name": "x", **sample} if self.model is Item else sample
        sample = dict(sample)
        for _ in range(2):
            try:
                self.model.model_validate(sample)
                break
            except ValidationError as error:
                for problem in error.errors():
                    name = str(problem["loc"][0]) if problem["loc"] else ""
                    sample.pop(name, None)
                    if self.said.pop(name, None) is not None:
                        self.note(name, "格式不对，放在一边。", "Wrong form; kept aside.")
        return self.said


def _has_controls(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_controls(key) or _has_controls(each) for key, each in value.items())
    if isinstance(value, list):
        return any(_has_controls(each) for each in value)
    return isinstance(value, str) and bool(CONTROLS.search(value))


def _kind(schema: Mapping[str, Any]) -> Kind:
    options = [each for each in schema.get("anyOf", [schema]) if each.get("type") != "null"]
    one = options[0]
    member = one.get("items") or {}
    return Kind(
        type=one.get("type", "string"),
        letters=one.get("maxLength", 0),
        members=one.get("maxItems", 0),
        each=member.get("maxLength", 0) if isinstance(member, dict) else 0,
        day=one.get("format") == "date",
    )
