"""How a file will be read: everything found out about it, for a person to see and correct."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from kaishu.lake.reading.notes import Note, make_note
from kaishu.lake.reading.options import ReadOptions

if TYPE_CHECKING:
    from kaishu.lake.errors import TypeTooNarrow


@dataclass(slots=True)
class Column:
    """One column: ``position`` is 1-based in the file, ``reason`` a code for why it has this type.

    Reasons: ``set`` (a person), ``empty``, ``code-header``, ``leading-zero``, ``long-digits``,
    ``all-integers``, ``all-numbers``, ``all-booleans``, ``all-dates``, ``compact-dates``,
    ``all-datetimes``, ``mixed``, ``words``, ``stored`` (the file says so), ``widened``.
    """

    name: str
    type: str
    source_name: str
    position: int
    examples: list[str] = field(default_factory=list)
    reason: str = ""


@dataclass(slots=True)
class Plan:
    """What was found out about a file.  ``width`` is the number of fields a row has in the file; positions
    that no column has are left out because they are empty (and checked to be, when the file is read)."""

    format: str
    compression: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    sheet: str | None = None
    sheets: list[dict[str, Any]] = field(default_factory=list)
    member: str | None = None
    members: list[str] = field(default_factory=list)
    record_path: str | None = None
    columns: list[Column] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    sample: list[list[str | None]] = field(default_factory=list)
    options: ReadOptions = field(default_factory=ReadOptions)
    width: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; ``from_dict`` turns it back."""
        plain = {name: getattr(self, name) for name in _PLAIN}
        plain["columns"] = [asdict(column) for column in self.columns]
        plain["notes"] = [note.to_dict() for note in self.notes]
        plain["options"] = self.options.to_dict()
        return plain

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Plan:
        """Reverse of ``to_dict``."""
        plan = cls(**{name: given[name] for name in _PLAIN if name in given})
        plan.columns = [Column(**column) for column in given.get("columns", [])]
        plan.notes = [Note.from_dict(note) for note in given.get("notes", [])]
        plan.options = ReadOptions.from_dict(given.get("options", {}))
        return plan

    def widened(self, error: TypeTooNarrow) -> Plan:
        """The plan to start again with after ``TypeTooNarrow``: wider, and a note of what decided."""
        facts = error.facts
        if error.encoding is not None:
            note = make_note("not-utf8", line=facts["row"], offset=facts["offset"])
            return replace(self, encoding=error.encoding, notes=[*self.notes, note])
        columns = [
            replace(column, type=error.wider, reason="widened") if column.name == error.column else column
            for column in self.columns
        ]
        if error.appeared is not None:
            columns = sorted([*columns, error.appeared], key=lambda column: column.position)
            note = make_note("column-appeared", column=error.column, row=facts["row"])
        else:
            told = {key: facts[key] for key in ("column", "row", "narrow", "wider")}
            note = make_note("type-widened", value=facts["value"][:100], **told)
        width = max([self.width, *(column.position for column in columns)])
        return replace(self, columns=columns, notes=[*self.notes, note], width=width)


_PLAIN = (
    "format",
    "compression",
    "encoding",
    "delimiter",
    "header_row",
    "sheet",
    "sheets",
    "member",
    "members",
    "record_path",
    "sample",
    "width",
)
