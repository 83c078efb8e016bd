"""Everything that reading can say stands in docs/reading.md."""

from __future__ import annotations

import string
from pathlib import Path

from kaishu.lake.errors import BadFile, TypeTooNarrow
from kaishu.lake.reading.aside import REASONS
from kaishu.lake.reading.notes import NOTES

PAGE = (Path(__file__).parents[3] / "docs" / "reading.md").read_text(encoding="utf-8")


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_every_note_reason_and_error_has_its_line() -> None:
    errors = [error.code for error in (*BadFile.__subclasses__(), TypeTooNarrow)]
    missing = [code for code in (*NOTES, *REASONS, *errors) if f"`{code}`" not in PAGE]
    assert missing == []


def test_both_languages_tell_the_same_facts() -> None:
    for zh, en in (*NOTES.values(), *REASONS.values()):
        assert fields(zh) == fields(en)
    for error in BadFile.__subclasses__():
        if "{kind_zh}" not in error.zh and "{detail_zh}" not in error.zh:
            assert fields(error.zh) == fields(error.en), error.code
        assert error.next_zh
        assert error.next_en
