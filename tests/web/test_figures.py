"""Numbers, sizes and times read the same everywhere."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from kaishu import quality
from kaishu.web import figures
from kaishu.web.charts import LABEL_UNITS, counts, field_chart, trend
from kaishu.web.quality_contexts import levels
from kaishu.web.rendering import environment
from kaishu.web.result_charts import spread


def test_numbers_keep_what_they_mean() -> None:
    assert figures.number(1234567) == "1,234,567"
    assert figures.number(1234.5) == "1,234.5"
    assert figures.number(0.00012) == "0.00012"
    assert figures.number(None) == "—"


def test_a_share_is_none_or_all_only_if_it_is() -> None:
    assert figures.share(0) == "0%" and figures.share(1) == "100%"
    assert figures.share(0.0001) == "<0.1%" and figures.share(0.99999) == ">99.9%"
    assert figures.share(0.5) == "50%" and figures.share(0.123) == "12.3%"


def test_a_day_is_chinas_day() -> None:
    assert figures.day(datetime(2026, 11, 20, 17, 0, tzinfo=UTC)) == "2026-11-21"
    assert figures.moment(datetime(2026, 11, 20, 17, 5, tzinfo=UTC)) == "2026-11-21 01:05"


def test_blanks_at_the_ends_of_a_cell_are_drawn() -> None:
    assert figures.edged(" 江西省  ", 20) == "␣江西省␣␣"
    assert figures.edged("江西 省", 20) == "江西 省"
    assert figures.edged("　", 20) == "␣"
    assert figures.edged("", 20) == ""


@given(st.integers(min_value=0, max_value=2**60))
def test_a_size_is_short(count: int) -> None:
    assert len(figures.size(count)) <= 11


@given(st.text(max_size=200), st.integers(min_value=2, max_value=50))
def test_a_brief_value_is_brief(text: str, length: int) -> None:
    assert len(figures.brief(text, length)) <= length


def field(**facts: object) -> dict[str, object]:
    """A field's profile with the given facts."""
    base = {
        "name": "x",
        "type": "text",
        "records": 100,
        "missing": 0,
        "distinct": 3,
        "top": [],
        "histogram": [],
    }
    return {**base, **facts}


@given(st.lists(st.integers(min_value=0, max_value=10**9), min_size=2, max_size=30))
def test_bars_of_a_histogram_stay_inside(counts: list[int]) -> None:
    histogram = [{"low": n, "high": n + 1, "count": count} for n, count in enumerate(counts)]
    drawn = field_chart(field(type="integer", distinct=50, histogram=histogram, median=1, q1=0, q3=2))
    assert drawn.kind == "histogram"
    assert all(bar.x >= 0 and bar.x + bar.width <= 320.01 for bar in drawn.bars)
    assert all(bar.y >= 0 and bar.height >= 0 for bar in drawn.bars)


def test_top_values_are_named_and_cut() -> None:
    top = [{"value": "很长很长很长很长很长的名称", "count": 90}, {"value": "", "count": 10}]
    drawn = field_chart(field(top=top, distinct=2))
    assert drawn.kind == "bars" and "90%" in drawn.finding
    assert all(len(bar.label) <= LABEL_UNITS for bar in drawn.bars)


def test_what_cannot_be_drawn_is_said() -> None:
    assert field_chart(field(missing=100, distinct=0)).kind == "none"
    assert field_chart(field(distinct=100)).finding == "每个值都不同。"
    assert trend([("2026-11-20", 0), ("2026-11-21", 0)]).bars[0].height == 0


def test_html_of_other_portals_is_read_as_text() -> None:
    assert (
        figures.plain('<p>The <a href="x">EPA</a> &amp; co</p><p>two<br/>three</p>')
        == "The EPA & co\ntwo\nthree"
    )
    for text in ("x<5 and y>3", "a <b and c> d &amp;", "<script>alert(1)</script>", ""):
        assert figures.plain(text) == text


def test_what_other_portals_write_in_markdown_reads_as_plain_text() -> None:
    said = "***As of May 2022, daily.*** **Please *note* [the page](https://a.test/x_(1)) and __more__."
    said += "\n\n## Rows"
    assert figures.plain(said) == (
        "As of May 2022, daily. Please note the page (https://a.test/x_(1)) and more.\n\nRows"
    )
    assert figures.plain("<p>**Bold** and [x](https://b.test)</p>", addresses=False) == "Bold and x"
    assert figures.plain("这是**重要**说明") == "这是重要说明"
    assert figures.plain("[https://b.test](https://b.test)") == "https://b.test"


def test_stars_that_are_no_markup_stay() -> None:
    for said in (
        "2**3 is 8",
        "a * b * c",
        "x*y*z",
        "* one\n* two",
        "see note**",
        "[1] and (2)",
        "snake__case__name",
        "line #2 is a note",
        "a < b",
    ):
        assert figures.plain(said) == said


def test_equal_points_share_a_rank() -> None:
    assert figures.ranks([400.0, 400.0, 390.5, 390.5, 12.0]) == [1, 1, 3, 3, 5]
    assert figures.ranks([]) == []


LONG = "开数市住房和城乡建设局房屋征收与物业管理处"


def test_a_name_that_is_cut_in_a_chart_is_told_in_full() -> None:
    drawn = (
        spread([(LONG, 3), ("短", 1)], 4, "{value} {rate}"),
        counts([(LONG, 3), ("短", 1)]),
        field_chart(field(top=[{"value": LONG, "count": 60}, {"value": "短", "count": 40}], distinct=2)),
    )
    lying = environment().get_template("frame/_pieces.html").module.lying  # type: ignore[attr-defined]
    for chart in drawn:
        assert chart.bars[0].label.endswith("…") and chart.bars[0].name == LONG
        assert str(lying(chart.bars[0])).count(f"<title>{LONG}") == 2
        assert chart.bars[1].name == "短"


def test_an_exploration_tells_cut_values_and_fields_in_full() -> None:
    profiled = {**field(name=LONG, distinct=2), "top": [{"value": LONG, "count": 60}]}
    _kind, svg = quality.field_drawing(profiled, {})
    assert f"…<title>{LONG}</title>" in svg
    missing = {"fields": {LONG: [1]}, "rows": [2], "blocks": 1}
    assert f"…<title>{LONG}</title>" in quality.missing_drawing(missing, "缺失")


def test_labels_get_the_room_they_need() -> None:
    drawn = levels("", [("Interoperability", 3, 5, "3"), ("Findability", 2, 5, "2")])
    assert [each.short for each in drawn.levels] == ["Interoperability", "Findability"]
    assert levels("", [("好", 1, 1, "1")]).label < drawn.label < levels("", [(LONG, 1, 1, "1")]).label <= 160
