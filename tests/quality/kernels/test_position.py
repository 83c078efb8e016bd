"""Points lie in the box of their division unless they are swapped, abroad or far away."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pyarrow as pa

from kaishu import demo, standards
from kaishu.quality.kernels.position import REASONS, boxes, position_reasons, positions_ok

SEATS = standards.code_set("gb-t-2260-seats").columns


def test_every_seat_lies_in_its_county_city_and_province() -> None:
    along, across = (pa.array(map(float, SEATS[name])) for name in ("longitude", "latitude"))
    for digits in (2, 4, 6):
        codes = pa.array([code[:digits].ljust(6, "0") for code in SEATS["code"]])
        assert positions_ok(along, across, codes).all()
    assert positions_ok(along, across).all()


def test_air_stations_lie_in_their_cities() -> None:
    """Points of another source: national monitoring stations, by the name of the city they stand in."""
    columns = standards.code_set("gb-t-2260").columns
    listed = zip(columns["code"], columns["zh"], columns["to"], strict=True)
    cities = {name: code for code, name, ended in listed if not ended and code[4:] == "00"}
    path = Path(demo.__file__).parent / "files" / "air_quality_stations.csv"
    rows = [row for row in csv.DictReader(path.open(encoding="utf-8-sig")) if row["area"] + "市" in cities]
    points = (pa.array(float(row[name]) for row in rows) for name in ("lon", "lat"))
    ok = positions_ok(*points, pa.array([cities[row["area"] + "市"] for row in rows]))
    assert len(ok) > 1000 and ok.all()


def test_each_fault_has_its_reason() -> None:
    points = [
        (116.4, 39.9, "110101", "ok"),
        (39.9, 116.4, "110101", "swapped"),
        (116.4, 31.2, "310101", "division"),
        (113.9, 22.5, "230404", "division"),
        (500.0, 1.0, "110101", "range"),
        (2.35, 48.85, "110101", "country"),
        (None, 39.9, "110101", "ok"),
        (116.4, 39.9, "xx", "ok"),
        (116.4, 39.9, None, "ok"),
        (116.4, 39.9, "130000", "ok"),
    ]
    along, across, codes, expected = zip(*points, strict=True)
    found = position_reasons(pa.array(along), pa.array(across), pa.array(codes))
    assert [REASONS[why].key for why in found] == list(expected)
    country = position_reasons(pa.array(along), pa.array(across))
    assert [REASONS[why].key for why in country] == ["ok", "swapped", "ok", "ok", "range", "country"] + [
        "ok"
    ] * 4


def test_the_reach_of_a_seat_is_what_its_note_says() -> None:
    along, across = (np.array(SEATS[name], float) for name in ("longitude", "latitude"))
    narrow = np.cos(np.deg2rad(across))
    far = np.array([code[:2] in {"15", "54", "62", "63", "65"} for code in SEATS["code"]])
    for place in range(0, len(along), 37):
        apart = np.hypot((along - along[place]) * narrow[place], across - across[place])
        expected = 5 if far[place] else np.clip(2 * apart[apart > 0].min(), 1, 5)
        assert abs(float(SEATS["reach"][place]) - expected) < 0.006
    assert len(boxes().west) > 350
