"""Where records end: what the parser is given holds whole records only."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from kaishu.lake.formats.lines import walk, whole_records

PIECES = st.lists(
    st.sampled_from(['"', '""', ",", "\n", "\r\n", "a", 'b"', '","', '"\n"', ',"']), max_size=24
)


def plain_end(text: str) -> int:
    """End of the last record, mark by mark: a quote opens only at the beginning of a field."""
    inside, fresh, end, place = False, True, 0, 0
    while place < len(text):
        mark = text[place]
        if inside:
            if mark == '"' and text[place + 1 : place + 2] == '"':
                place += 1
            elif mark == '"':
                inside, fresh = False, False
        elif mark == '"' and fresh:
            inside, fresh = True, False
        else:
            fresh = mark in ",\r\n"
            end = place + 1 if mark == "\n" else end
        place += 1
    return end


@settings(max_examples=500, deadline=None)
@given(PIECES)
def test_the_last_whole_record_is_found(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert whole_records(text.encode(), b",") == plain_end(text)


@settings(max_examples=200, deadline=None)
@given(PIECES)
def test_the_records_cover_the_text(pieces: list[str]) -> None:
    block = "".join(pieces).encode()
    records = list(walk(block, b","))
    kept = sum(record.end - record.start for record in records)
    assert all(a.end <= b.start for a, b in pairwise(records))
    assert kept <= len(block)
    if block.endswith(b"\n") and plain_end(block.decode()) == len(block):
        last = records[-1]
        assert block[last.end :] in (b"\n", b"\r\n")
