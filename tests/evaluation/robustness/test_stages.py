"""Where the outcome is a stage, robustness speaks of stages and of no rank."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from kaishu import evaluation
from kaishu.cli.root import kaishu
from kaishu.evaluation import Result, robustness
from kaishu.evaluation.robustness import Uncertainty
from kaishu.evaluation.robustness.errors import NothingUncertain
from kaishu.evaluation.robustness.running import Trials
from kaishu.evaluation.robustness.sensitivity import design
from kaishu.reporting import Document
from tests.evaluation.robustness.systems import SYSTEM, values

STAGES = [
    {"stage": "1"},
    {"stage": "2", "all": [{"node": "index", "at-least": 1.5}]},
    {"stage": "3", "all": [{"node": "index", "at-least": 2.5}]},
]


def staged(tree: Any = None) -> Result:
    rest = {key: value for key, value in SYSTEM.items() if key != "grades"}
    return evaluation.evaluate({**rest, "stages": STAGES, "tree": tree or SYSTEM["tree"]}, values())


def places(result: Result) -> list[int]:
    return [int(each) for each in result.stages if each is not None]


def words(document: Document) -> str:
    return "\n".join(str(block) for block in document.blocks)


def test_what_is_taken_away_moves_stages_as_the_system_without_it_would() -> None:
    result = staged()
    found = {each.code: each for each in robustness.removals(result)}
    without = staged(tree=[{**SYSTEM["tree"][0], "weight": "1"}])
    moves = [after - before for before, after in zip(places(result), places(without), strict=True)]
    assert any(moves), "or nothing is shown"
    assert found["D"].of == "stage"
    assert found["D"].moved == np.mean([each != 0 for each in moves])
    assert found["D"].mean_shift == np.mean(np.abs(moves))
    assert abs(found["D"].largest) == max(map(abs, moves))
    assert found["D"].largest in moves and found["D"].unit in result.table.names


def test_sensitivity_is_that_of_the_stages() -> None:
    result = staged()
    opened = Uncertainty(weight_noise=0.9, leave_out=True)
    found = robustness.analyse_sensitivity(result, opened, points=128)
    runs = Trials(evaluation.compile_plan(result.passport, result.table), opened, found.seed).run(
        design(found.sample)
    )
    assert runs.stages is not None
    own = np.array(places(result)) - 1
    assert found.of == "stage"
    assert np.allclose(found.shifts, np.abs(runs.stages - own).mean(axis=1))
    assert found.mean_shift == pytest.approx(found.shifts[:256].mean())
    back = robustness.from_bytes(robustness.as_bytes(found))
    assert back.as_dict() == found.as_dict() and back.as_dict()["of"] == "stage"


def test_choices_that_leave_the_scale_of_the_stages_are_not_drawn_and_this_is_said() -> None:
    result = staged()
    opened = Uncertainty(normalise=("z-score", "percentile"), aggregate=("copeland",), weight_noise=0.5)
    found = robustness.analyse_sensitivity(result, opened, points=64)
    assert found.uncertainty == Uncertainty(normalise=("percentile",), weight_noise=0.5)
    said = "Not drawn, as their scores do not stand on the scale of the stages: z-score, copeland."
    assert found.warnings[0].en == said
    assert str(found.warnings[0]) == "以下选择的得分不在阶段的标尺上，没有模拟：标准分、科普兰。"
    with pytest.raises(NothingUncertain):
        robustness.analyse_sensitivity(result, Uncertainty(normalise=("z-score",)), points=64)


@pytest.mark.parametrize(("language", "rank", "stage"), [("zh", "名次", "阶段"), ("en", "rank", "stage")])
def test_a_report_on_stages_has_no_word_of_ranks(language: str, rank: str, stage: str) -> None:
    result = staged()
    moving = robustness.analyse_sensitivity(result, points=32)
    document = robustness.report_on(
        result,
        robustness.analyse_uncertainty(result, runs=50),
        sensitivity=moving,
        removed=robustness.removals(result),
        language=language,
    )
    told = words(document).lower()
    assert rank not in told and stage in told


def test_where_no_stage_moves_this_is_said() -> None:
    rest = {key: value for key, value in SYSTEM.items() if key != "grades"}
    only = evaluation.evaluate({**rest, "stages": STAGES[:1]}, values())
    found = robustness.analyse_sensitivity(only, Uncertainty(weight_noise=0.5), points=16)
    assert found.warnings[-1].en == "No stage ever changes, so nothing can be sensitive."
    told = " ".join(map(str, robustness.blocks_of_removals(robustness.removals(only), "en")))
    assert told.count("no stage changes") == 1 and "rank" not in told


def test_the_command_tells_of_stages() -> None:
    given = ["robustness", "integration-2018", "--runs", "20", "--sobol", "8", "--removals"]
    told = CliRunner().invoke(kaishu, given)
    assert told.exit_code == 0, told.output
    assert "rank" not in told.output.lower() and "名次" not in told.output
