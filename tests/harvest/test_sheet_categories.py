"""A sheet may say 类, 项, 目 and 细目 in columns of their own, as the guide's form does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kaishu.catalogue import categories
from kaishu.harvest.kinds import Place, find

HEAD = "类,项,目,细目,信息资源名称,信息资源提供方"
LIST = """
terms:
  - {code: "307", zh: 省及以下政务部门, en: Departments}
  - {code: "307014", zh: 市交通局, en: Transport}
  - {code: "30701402", zh: 公共交通, en: Public transport}
"""


def read(tmp_path: Path, *rows: str) -> list[tuple[Any, list[str]]]:
    path = tmp_path / "目录.csv"
    path.write_bytes("\r\n".join([HEAD, *rows]).encode("gbk"))
    found = [each.read() for each in find("sheet", Place(path=path, name=path.name))]
    return [(each.entry and each.entry.record, [str(note.said) for note in each.notes]) for each in found]


@pytest.mark.parametrize(
    ("cells", "category"),
    [
        ("主题信息资源,城乡建设,,", "209"),
        ("主题信息资源类,09,,", "209"),
        ("部门信息资源,307,,", "307"),
        ("部门信息资源,07,014,03", "30701403"),
        (",健康保障,,", "202"),
        ("主题信息资源,,,", ""),
    ],
)
def test_names_and_digits_make_the_category(home: Path, tmp_path: Path, cells: str, category: str) -> None:
    [(record, said)] = read(tmp_path, f"{cells},学校名录,市教育局")
    assert (record["resource_category"], said) == (category, [])


def test_what_the_list_has_not_is_kept_and_named(home: Path, tmp_path: Path) -> None:
    [(record, said)] = read(tmp_path, "部门信息资源,07,市交通局,公共交通,线路,市交通局")
    assert record["resource_category"] == "307"
    assert record["extras"] == {"目": "市交通局", "细目": "公共交通"}
    assert said[0].startswith("第2行“目”") and "市交通局" in said[0] and len(said) == 2


@pytest.mark.parametrize(
    ("cells", "category", "left"),
    [
        ("部门信息资源,,014,", "", {"目": "014"}),
        ("部门信息资源,07,,12", "307", {"细目": "12"}),
        ("部门信息资源,7,014,", "", {"项": "7", "目": "014"}),
        (",07,,", "", {"项": "07"}),
    ],
)
def test_a_level_without_the_one_above_is_kept_and_refuses_nothing(
    home: Path, tmp_path: Path, cells: str, category: str, left: dict[str, str]
) -> None:
    [(record, _)] = read(tmp_path, f"{cells},线路,市交通局")
    assert (record["resource_category"], record["extras"]) == (category, left)


def test_the_list_of_a_region_is_understood_by_name(home: Path, tmp_path: Path) -> None:
    categories.place().parent.mkdir(parents=True, exist_ok=True)
    categories.place().write_text(LIST, encoding="utf-8")
    [(record, said)] = read(tmp_path, "部门信息资源,省及以下政务部门,市交通局,公共交通,线路,市交通局")
    assert (record["resource_category"], said) == ("30701402", [])


def test_a_category_of_another_class_is_not_taken_and_is_named(home: Path, tmp_path: Path) -> None:
    [(record, said)] = read(tmp_path, "基础信息资源,209,,,线路,市交通局")
    assert record is not None and record["resource_category"] == ""
    assert "“209”" in said[0]
