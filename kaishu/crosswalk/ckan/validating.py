"""Fields made to fit: what is too long is cut, what does not fit is kept aside, and both are said."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError

from kaishu.base.errors import Said
from kaishu.catalogue import DatasetRecord, Link
from kaishu.crosswalk.ckan import names
from kaishu.crosswalk.ckan.tidying import Notes

ROUNDS = 30
LONGEST_KEY, LONGEST_VALUE, MOST_EXTRAS = 500, 20_000, 500


def settled_record(fields: dict[str, Any], extras: dict[str, str], notes: Notes) -> dict[str, Any] | None:
    """The record, or None if not even a title is left."""
    if not str(fields.get("title") or "").strip():
        notes.refuse("title", "必填。", "Required.")
        return None
    start, end = fields.get("temporal_start"), fields.get("temporal_end")
    if start and end and start > end:
        notes.drop("temporal_end", "结束日期早于开始日期。", "Ends before it starts.")
        extras["temporal_end"] = str(fields.pop("temporal_end"))
    return _settled(DatasetRecord, fields, extras, "", notes)


def settled_link(fields: dict[str, Any], place: int, notes: Notes) -> dict[str, Any] | None:
    """One link."""
    extras = fields.pop("extras", {})
    return _settled(Link, fields, extras, f"resources.{place}.", notes)


def _settled(
    model: type[BaseModel], fields: dict[str, Any], extras: dict[str, str], where: str, notes: Notes
) -> dict[str, Any] | None:
    for _ in range(ROUNDS):
        try:
            made = model.model_validate({**fields, "extras": _fitting(extras, where, notes)})
            return made.model_dump(mode="json", exclude_defaults=True)
        except ValidationError as error:
            _repair(error, fields, extras, where, notes)
    notes.refuse(where or "package", "无法整理成记录。", "It cannot be made to fit.")
    return None


def _repair(
    error: ValidationError, fields: dict[str, Any], extras: dict[str, str], where: str, notes: Notes
) -> None:
    for problem in error.errors():
        field = str(problem["loc"][0])
        if field == "extras":
            extras.clear()
            notes.drop(f"{where}extras", "附加项不合格式。", "The extras do not fit.")
        elif field in fields:
            _mend(field, problem, fields, extras, where, notes)


def _mend(
    field: str,
    problem: Any,
    fields: dict[str, Any],
    extras: dict[str, str],
    where: str,
    notes: Notes,
) -> None:
    value, most = fields[field], (problem.get("ctx") or {}).get("max_length")
    whole = names.kept_text(value)
    key = f"{names.THEIRS}{field}"
    if problem["type"] in ("string_too_long", "too_long") and len(problem["loc"]) == 1 and most:
        fields[field] = value[:most]
        said = Said(f"太长，截为{most}。", f"Too long; cut to {most}.")
    elif (
        problem["type"] == "string_too_long" and isinstance(value, list) and len(problem["loc"]) == 2 and most
    ):
        fields[field] = [each[:most] if isinstance(each, str) else each for each in value]
        said = Said(f"太长，截为{most}。", f"Too long; cut to {most}.")
    else:
        del fields[field]
        said = Said("不合格式，放在附加项里。", "Does not fit; put among the extras.")
    if len(whole) <= LONGEST_VALUE:
        extras.setdefault(key, whole)
    notes.drop(where + field, str(said), said.en)


def _fitting(extras: dict[str, str], where: str, notes: Notes) -> dict[str, str]:
    fits = {k.strip(): v for k, v in extras.items()}
    short = all(0 < len(k) <= LONGEST_KEY and len(v) <= LONGEST_VALUE for k, v in fits.items())
    if short and len(fits) <= MOST_EXTRAS:
        return fits
    notes.drop(
        f"{where}extras", "附加项过长或过多，已截短。", "Extras are too long or too many; they were cut."
    )
    kept = {k[:LONGEST_KEY]: v[:LONGEST_VALUE] for k, v in list(fits.items())[:MOST_EXTRAS] if k}
    extras.clear()
    extras.update(kept)
    return kept
