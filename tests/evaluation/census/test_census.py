"""Platforms, themes and policies of the reports are counted as they stand; own files are read strictly."""

from __future__ import annotations

import csv
import doctest
import io
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner

from kaishu.base.errors import in_language
from kaishu.cli.root import kaishu
from kaishu.evaluation import census
from kaishu.evaluation.census import addresses, alignment, policies, words
from kaishu.evaluation.census import cloud as cloud_size
from kaishu.evaluation.census.errors import BadCensusFile, NoScheme
from kaishu.evaluation.census.places import divisions, read_place
from kaishu.reporting import Bars, Table


def written(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def run(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(kaishu, ["--lang", "en", "census", *words], catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.stdout if not code else done.output


@pytest.mark.parametrize("module", [addresses, alignment, policies, words])
def test_examples_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


def test_platforms_stand_by_level_and_region_with_both_denominators() -> None:
    frame = census.read_platforms().frame
    levels = {row["level"]: row for row in census.platforms.by_level(frame, 671).to_dicts()}
    assert [levels[each]["platforms"] for each in ("省级", "副省级", "地市级", "县区级")] == [
        25,
        13,
        191,
        441,
    ]
    regions = {row["region"]: row for row in census.platforms.by_region(frame, 671).to_dicts()}
    assert {name: regions[name]["platforms"] for name in ("华东", "华南", "东北")} == {
        "华东": 245,
        "华南": 119,
        "东北": 30,
    }
    assert round(100 * regions["华东"]["share"], 2) == 36.57
    assert round(100 * regions["华东"]["share_of_whole"], 2) == 36.51
    assert sum(row["platforms"] for row in regions.values()) == 670


def test_what_only_follows_from_printed_rates_is_told_as_worked_out() -> None:
    assert census.published.level_counts() == {"省级": 25, "副省级": 13, "地市级": 192, "县区级": 441}
    assert census.levels_total() == 671
    compared = list(census.platform_rows(census.read_platforms().frame))
    for level, count in census.published.level_counts().items():
        said = next(
            row for row in compared if row.unit == level and in_language(row.what, "zh").startswith(level)
        )
        assert said.printed == str(count) and "推得" in in_language(said.what, "zh")


def test_rates_are_by_divisions_of_the_standard() -> None:
    frame = census.read_platforms().frame
    assert (len(divisions().provinces), len(divisions().cities)) == (31, 333)
    provinces = census.platforms.by_province(frame)
    assert provinces.height == 31
    shandong = provinces.row(by_predicate=pl.col("province") == "山东省", named=True)
    assert (shandong["cities"], shandong["cities_with"], shandong["cities_rate"]) == (16, 16, 1.0)
    linfen = census.platforms.by_city(frame).row(by_predicate=pl.col("city") == "临汾市", named=True)
    assert linfen["counties_with"] <= linfen["counties"] == 17
    assert all(rate is None or rate <= 1 for rate in provinces["counties_rate"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("四川省成都市", ("四川省", "成都市", "")),
        ("大理白族自治州", ("云南省", "大理白族自治州", "")),
        ("内蒙古包头市", ("内蒙古自治区", "包头市", "")),
        ("北京市东城区", ("北京市", "", "东城区")),
        ("珠海经济特区", ("广东省", "珠海市", "")),
        ("火星", ("", "", "")),
    ],
)
def test_places_are_read(text: str, expected: tuple[str, str, str]) -> None:
    place = read_place(text)
    assert (place.province, place.city, place.county) == expected


def test_what_is_twice_or_misprinted_is_shown_and_counted_all_the_same() -> None:
    doubts = census.platforms.doubts(census.read_platforms().frame)
    by_column = {
        column: [each for each in doubts if each.column == column] for column in ("url", "level", "city")
    }
    assert {each.row for each in by_column["url"]} >= {128, 129, 351, 366}
    assert 252 in {each.row for each in by_column["level"]}
    assert any(each.value == "襄樊市" and "旧" in each.said for each in by_column["city"])
    wrong = census.themes.doubts(census.read_themes().frame)
    assert len([each for each in wrong if each.column == "theme_count_stated"]) == 7


def test_every_printed_figure_stands_beside_ours() -> None:
    rows = [
        *census.platform_rows(census.read_platforms().frame),
        *census.theme_rows(census.read_themes().frame),
        *census.policy_rows(census.read_policies().frame),
    ]
    differ = {(str(row.what), row.unit): (row.printed, row.ours) for row in rows if row.agrees == "no"}
    assert differ == {
        ("地市级平台（称为最多）", "华南"): ("19", "32"),
        ("写明个数与所列一致的平台", ""): ("156", "149"),
        ("主题数", "山东19主题"): ("19", "20"),
        ("主题数", "深圳市政府数据开放平台"): ("25", "20"),
        ("截止2025年6月的政策", ""): ("73", "66"),
    }
    assert all(row.reason for row in rows if row.agrees != "yes")


def test_printed_types_and_growth_are_quoted_and_apart_from_what_is_counted() -> None:
    found = json.loads(run("platforms", "--json"))
    assert found["types"] == found["growth"] == []
    printed = found["published"]
    assert [(row["value"], row["platforms"]) for row in printed["types"]] == [(80.15, 537), (19.85, 133)]
    everything, upper, earlier = (
        [(row["value"], row["printed"]) for row in each["points"]] for each in printed["series"]
    )
    assert everything == [(501, True), (670, True)]
    assert upper == [(194, False), (230, False)]
    assert earlier == [(3, False), (20, False), (102, False), (142, True)]
    rates = {(row["level"], row["about"]): row["value"] for row in printed["coverage"]}
    assert (rates["省级", "2018"], rates["省级", "2021"]) == (40.6, 80.65)
    figures = [
        *(row for each in printed["series"] for row in [*each["points"], *each["said"]] if row["printed"]),
        *(row for name in ("totals", "coverage", "types", "type_changes") for row in printed[name]),
    ]
    assert len(figures) == 31
    assert all(f"{row['value']:g}" in row["quote"] for row in figures)


def test_what_is_worked_out_gives_back_the_growth_that_is_printed() -> None:
    for series in census.published.growth_series():
        for said in series.said:
            if said.unit != "%":
                continue
            years = {"2012–2017": (0, 1, 5), "2017–2020": (1, 3, 3)}.get(str(said.about)[:9], (0, 1, 1))
            first, last = (series.points[place].value for place in years[:2])
            places = len(f"{said.value:g}".partition(".")[2])
            assert round(100 * ((last / first) ** (1 / years[2]) - 1), places) == said.value


def test_an_address_tells_a_site_from_a_part_of_one() -> None:
    frame = census.addresses.by_address(census.read_platforms().frame)
    counts = dict(frame.select("address", "platforms").iter_rows())
    assert counts == {"own": 123, "shared": 14, "part": 533}
    own = pl.DataFrame(
        {
            "url": [
                "http://data.sd.gov.cn/a",
                "data.sd.gov.cn/b",
                "http://111.2.3.4/",
                "http://www.x.gov.cn/sjkf/",
                "http://data.z.cn",
                "http://data.z.cn/2",
                "",
                "http://[",
            ],
            "level": ["省级", "县区级", "地市级", "地市级", "县区级", "县区级", "省级", "省级"],
        }
    )
    kinds = census.addresses.with_address(own)["address"].to_list()
    assert kinds == ["own", "shared", "own", "part", "shared", "shared", "", ""]
    assert census.addresses.by_address(own.filter(pl.col("url") == "")).is_empty()


def test_overlap_is_jaccards_index_and_lift_is_counted_by_hand() -> None:
    frame = pl.DataFrame(
        {
            "platform_name": ["甲", "甲", "乙", "乙", "乙", "丙", "丁"],
            "theme": ["交通", "教育", "交通", "教育", "气象", "气象", ""],
            "level": [""] * 7,
        }
    )
    table = census.themes.theme_table(frame)
    index = census.themes.overlap(table)
    assert index[0, 1] == pytest.approx(2 / 3)
    assert index[3].tolist() == [0.0] * 4
    assert np.array_equal(index, index.T)
    pair = census.themes.together(table, least=2).to_dicts()
    assert pair == [
        {"first": "交通", "second": "教育", "platforms": 2, "lift": 4 * 2 / (2 * 2), "jaccard": 1.0}
    ]
    assert census.themes.spread(table).counts == ((0, 1), (1, 1), (2, 1), (3, 1))


def test_schemes_of_two_provinces_are_aligned_split_and_left_over() -> None:
    known = census.schemes(census.read_themes())
    found = census.align(census.scheme("山东19主题", known), census.scheme("广西24主题", known))
    states = {(group.left, group.right): group.state for group in found.groups}
    assert states[("社保就业",), ("社保就业",)] == "aligned"
    assert states[("资源环境",), ("生态环境", "资源能源")] == "split"
    assert states[("机构团体",), ("团体机构",)] == "aligned"
    assert states[("综合政务",), ()] == "unmatched"
    assert not any("信用服务" in left and "气象服务" in right for left, right in states)
    assert sum(len(group.left) for group in found.groups) == 20
    assert sum(len(group.right) for group in found.groups) == 24
    assert any("19" in doubt and "20" in doubt for doubt in found.doubts)


def test_what_people_decide_comes_before_every_sign() -> None:
    one, other = (
        census.scheme_of_text("甲", "资源环境\n社会民生"),
        census.scheme_of_text("乙", "生态环境，社会救助"),
    )
    made = census.decisions_of(
        "d", ["left,right,decision", "资源环境,生态环境,不对应", "社会民生，社会救助，对应"]
    )
    found = census.align(one, other, made)
    assert {(group.left, group.right) for group in found.groups if group.state == "aligned"} == {
        (("社会民生",), ("社会救助",))
    }
    assert found.counts["unmatched"] == 2


def test_sound_alone_joins_nothing_but_is_told() -> None:
    one, other = census.scheme_of_text("甲", "税务"), census.scheme_of_text("乙", "水务，睡务")
    assert census.align(one, other).counts["aligned"] == 0
    found = census.align(one, census.scheme_of_text("丙", "睡务"))
    assert found.counts["unmatched"] == 2 and len(found.doubts) == 1


def test_a_scheme_that_is_not_there_is_answered_with_near_ones() -> None:
    with pytest.raises(NoScheme) as trouble:
        census.scheme("山东21主题", census.schemes(census.read_themes()))
    assert "山东19主题" in trouble.value.sentence("zh")


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("关于做好公共数据资源授权运营价格形成机制贯彻落实工作的通知", "通知"),
        ("《四川省促进大数据发展工作方案的通知》", "方案"),
        ("北京市政务数据开放服务指南（试行）", "指南"),
        ("国务院《促进大数据发展行动纲要》", "规划"),
        ("《贵州省大数据战略行动2019年工作要点》", "计划"),
        ("某某", "其他"),
    ],
)
def test_kinds_follow_the_end_of_the_title(title: str, kind: str) -> None:
    assert policies.kind_of(title) == kind


def test_policies_are_counted_by_year_place_and_kind() -> None:
    frame = policies.described(census.read_policies().frame)
    assert frame.height == 95
    assert policies.by_year(frame).filter(pl.col("year") == 2017)["policies"].to_list() == [0]
    assert policies.by(frame, "kind").row(0) == ("办法", 47, 47 / 95)
    top = policies.title_words(frame).row(0, named=True)
    assert (top["word"], top["count"]) == ("数据", 89)
    assert "山东" not in policies.title_words(frame)["word"].to_list()


def test_words_of_a_cloud_do_not_overlap_and_stay_inside() -> None:
    cloud = census.word_cloud([(f"词语{place}", 100 - place) for place in range(60)])
    assert len(cloud) > 30
    boxes = [
        (each.x - each.size, each.y - each.size / 2, each.x + each.size, each.y + each.size / 2)
        for each in cloud
    ]
    for place, (a, b, c, d) in enumerate(boxes):
        assert a >= 0 and b >= 0 and c <= cloud_size.WIDE and d <= cloud_size.TALL
        assert all(c <= e or g <= a or d <= f or h <= b for e, f, g, h in boxes[:place])
    assert census.word_cloud([]) == []


def test_a_file_of_ones_own_may_have_chinese_heads_in_any_encoding(tmp_path: Path) -> None:
    path = written(
        tmp_path / "own.csv",
        "平台名称,级别,地点,类型,上线年份",
        "甲,地市级,山东省济南市,独立,2019",
        "乙,县区级,山东省济南市历下区,嵌入式,2021",
        encoding="gb18030",
    )
    found = json.loads(run("platforms", str(path), "--json"))
    assert found["levels_total"] is None and found["printed"] == []
    assert [(row["year"], row["total"], row["growth"]) for row in found["growth"]] == [
        (2019, 1, None),
        (2021, 2, 1.0),
    ]
    assert [row["type"] for row in found["types"]] == ["嵌入式", "独立"]
    assert found["published"] == {} and found["addresses"] == []


def test_every_bad_cell_is_named_with_row_and_column(tmp_path: Path) -> None:
    path = written(
        tmp_path / "bad.csv", "platform_name,level,province,year", "甲,乡级,山东,二〇一九", ",省级,火星,2020"
    )
    with pytest.raises(BadCensusFile) as trouble:
        census.read_platforms(path)
    assert {(each.row, each.column) for each in trouble.value.problems} == {
        (2, "level"),
        (2, "year"),
        (3, "platform_name"),
        (3, "province"),
    }
    assert 'row 2, column "level"' in run("platforms", str(path), code=1)
    empty = written(tmp_path / "heads.csv", "文件名称", "某办法")
    with pytest.raises(BadCensusFile) as trouble:
        census.read_policies(empty)
    assert [each.column for each in trouble.value.problems] == ["年份 / year"]
    own = written(tmp_path / "own.csv", "平台名称,级别,省份", "甲,乡级,山东")
    with pytest.raises(BadCensusFile) as trouble:
        census.read_platforms(own)
    assert [each.column for each in trouble.value.problems] == ["级别"], "as the file calls it"


def test_the_terminal_prints_tables_csv_and_reports(tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("themes", "--csv"))))
    assert (rows[0]["theme"], rows[0]["platforms"], len(rows)) == ("公共安全", "85", 338)
    report = tmp_path / "policies.html"
    assert "Census of policies" in run("policies", "--report", str(report))
    assert "Beside what was printed" in report.read_text(encoding="utf-8")
    run("policies", "--report", str(report), code=1)
    made = written(tmp_path / "made.csv", "left,right,decision", "综合政务,其他,together")
    found = json.loads(run("align", "山东19主题", "广西24主题", "--decisions", str(made), "--json"))
    assert {"综合政务": ["其他"]}.items() <= {
        g["left"][0]: g["right"] for g in found["groups"] if g["left"]
    }.items()


def test_user_text_is_escaped_in_reports(tmp_path: Path) -> None:
    path = written(tmp_path / "own.csv", "platform_name,themes", "<b>甲</b>,<script>|交通")
    report = tmp_path / "themes.html"
    run("themes", str(path), "--report", str(report))
    page = report.read_text(encoding="utf-8")
    assert "<script>" not in page and "<b>甲" not in page


def test_english_reports_say_levels_regions_and_columns_in_english() -> None:
    rows = census.read_platforms()
    cells = {
        (table.heads[0], place): {row[place] for row in table.rows}
        for table in census.platforms_document(rows, "en").blocks
        if isinstance(table, Table)
        for place in range(len(table.heads))
    }
    assert cells["Figure", 1] == {
        "—", "provincial", "sub-provincial", "prefectural", "county", "East", "South", "Northeast",
        "embedded", "of their own",
    }  # fmt: skip
    told = " ".join(cells["Row", 3])
    assert "which is prefectural" in told and "in row 129" in told and "in rows 169, 170" in told
    doubts = next(
        table
        for table in census.platforms_document(rows, "zh").blocks
        if isinstance(table, Table) and table.heads[0] == "行"
    )
    assert {row[1] for row in doubts.rows} <= {"级别", "网址", "城市", "区县"}


def test_drawings_are_as_large_as_what_is_drawn() -> None:
    words = census.word_cloud([("数据", 9.0), ("open data", 4.0), ("政策", 1.0)])
    left, top, wide, tall = census.cloud_box(words)
    assert all(left < each.x < left + wide and top < each.y < top + tall for each in words)
    assert wide < 200 and tall < 120
    dots, _lines = census.ring([("公共安全", 3), ("一个很长很长的主题名称", 2), ("教育", 1)], [])
    left, _top, wide, _tall = census.ring_box(dots, 8)
    for each in dots:
        letters = 12 * min(8, len(each.theme))
        ends = {"start": (0, letters), "middle": (letters / 2, letters / 2), "end": (letters, 0)}[each.anchor]
        assert left <= each.text_x - ends[0] and each.text_x + ends[1] <= left + wide


def test_a_list_of_ones_own_is_told_as_it_is(tmp_path: Path) -> None:
    path = written(tmp_path / "own.csv", "文件,年份,地区", "甲办法,2020,山东省", "乙意见,2024,国家")
    rows = census.read_policies(path)
    assert rows.frame["scope"].to_list() == ["省域", "国家"]
    titles = [each.title for each in census.policies_document(rows, "zh").blocks if isinstance(each, Bars)]
    assert titles[0] == "2个年份并列最多，各1份"
    few = written(tmp_path / "few.csv", "平台名称,级别,省份", "甲,省级,山东省")
    charts = census.platforms_document(census.read_platforms(few), "zh").blocks
    (places,) = [each for each in charts if isinstance(each, Bars) and each.title.startswith("山东省")]
    assert [bar.label for bar in places.bars] == ["山东省"], "provinces without a platform are no bars"
