"""Checklists: the stages of 2018, and the assessment of Guiyang."""

from __future__ import annotations

from collections.abc import Iterator

from kaishu.base.errors import Said
from kaishu.evaluation.building.result import Result
from kaishu.evaluation.systems.rows import Compared, figure, word
from kaishu.evaluation.systems.sources import table

ABOUT_STAGES = Said(
    "各省的28项答案没有公布；自带数据由公布的阶段标准还原，所以阶段一致只说明规则能把四个阶段分开，"
    "不是独立验证。有内容的是另一类对照：报告点名设有专门机构的省份，"
    "与它所属阶段“未明确常设职能部门”的标准是否相合。",
    "The provinces' answers to the 28 indicators are not printed; the data shipped restore what the "
    "criteria of the printed stage say, so that stages agree only shows that the rules tell the four "
    "apart. What tells something is the other kind of row: provinces that the report names as having a "
    "body for it, against the "
    'criterion "no standing department" of their stage.',
)
ABOUT_GUIYANG = Said(
    "报告只公布了指标名称，没有权重、得分和名次；只能对照指标的个数。",
    "The report prints the names of the indicators only, no weights, scores or ranks; their numbers compare.",
)
_CONTRADICTS = Said(
    "报告同时点名该省设有专门机构，与所属阶段的标准“未明确常设职能部门”不合。",
    "The report also names a body of this province, against the criterion of its stage that there is none.",
)
_NAMED, _UNNAMED = Said("明确", "named"), Said("未明确", "not named")
_TWICE = Said("所列省份去重后的个数。", "The number of provinces listed, each once.")


def stage_rows(result: Result) -> Iterator[Compared]:
    """Stages of 32 provinces, their bodies against the criteria of the stage, counts in the text."""
    stages = table("integration-2018/province_stages")
    what = Said("阶段", "stage")
    for row in stages:
        yield word(what, row["province"], row["stage"], result.unit(row["province"]).stage)
    named = {row["province"] for row in table("integration-2018/agencies")}
    body = Said("常设职能部门（按所属阶段的标准）", "standing department (by the criteria of the stage)")
    for row in stages:
        if row["province"] in named:
            told = _UNNAMED if row["stage"] == "Ⅳ级" else _NAMED
            yield word(body, row["province"], told, _NAMED, _CONTRADICTS)
    quoted = {
        (row["subject"], row["category"]): row["value"] for row in table("integration-2018/quoted_figures")
    }
    agencies = table("integration-2018/agencies")
    count = Said("设立专门机构的省份", "provinces with a body for it")
    yield figure(count, "", quoted["专门机构", "设立的省份"], float(len(named)), _TWICE)
    for kind in ("大数据", "政务服务"):
        own = {row["province"] for row in agencies if row["agency_kind"] == kind}
        words = Said(f"设立“{kind}”相关机构的省份", "provinces with a body of this kind")
        yield figure(words, kind, quoted[f"{kind}相关机构", "省份数"], float(len(own)), _TWICE)
    surveyed = Said("调查对象", "surveyed")
    yield figure(surveyed, "", quoted["调查对象", "省（区、市）和兵团"], float(len(result.table)))


def guiyang_rows(result: Result) -> Iterator[Compared]:
    """Numbers of indicators."""
    printed = table("development-2021/assessment_indicators")
    first = {row["level_1"] for row in printed}
    yield figure(
        Said("一级指标", "first-level indicators"), "", str(len(first)), float(len(result.passport.tree))
    )
    yield figure(
        Said("二级指标", "second-level indicators"),
        "",
        str(len(printed)),
        float(len(result.passport.leaves())),
    )
