"""Reports of data quality: the same for page and Word, masked by who asks."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from kaishu.base import clock
from kaishu.web.loop_contexts import TableScore
from kaishu.web.measured_tables import dimension_levels, mean_scores
from tests.web.conftest import NASTY
from tests.web.test_quality_loop import RESULT, SignIn, enter, put_in_force

OFFICE = "/quality/data/offices/office/report"


def test_a_report_tells_scores_rules_and_samples_masked_by_who_asks(
    client: TestClient, signed_in: SignIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kaishu.cli.root import kaishu

    put_in_force(client, signed_in)
    enter(client, signed_in, "steward")
    inside = client.get(f"{RESULT}/report.html")
    assert inside.status_code == 200 and NASTY not in inside.text
    for said in ("先整改什么", "总分", "引号", "未办结的工单", "GB/T 36344"):
        assert said in inside.text
    client.cookies.clear()
    public = client.get(f"{RESULT}/report.html").text
    assert "引号" not in public and "•" in public and "未办结的工单" not in public
    english = client.get(f"{RESULT}/report.html", headers={"Accept-Language": "en"}).text
    assert "What to mend first" in english and "Method" in english
    assert f"{RESULT}/report.docx" in client.get(RESULT).text
    assert client.get(f"{RESULT}/report.odt").status_code == 422
    assert client.get("/datasets/none/data-quality/report.pdf").status_code == 404
    enter(client, signed_in, "reviewer")
    assert f"{OFFICE}.pdf" in client.get(OFFICE.removesuffix("/report")).text
    assert "先从这里整改" in client.get(f"{OFFICE}.html").text
    file = tmp_path / "office.html"
    monkeypatch.setattr("kaishu.cli.entrance.prepare", lambda: None)  # the home is made already
    told = CliRunner().invoke(kaishu, ["quality", "report", "--office", "office", "-o", str(file)])
    assert told.exit_code == 0, told.output
    assert "<h1>" in file.read_text(encoding="utf-8")
    docx = pytest.importorskip("docx", reason="needs the extra reports")
    answer = client.get(f"{RESULT}/report.docx")
    assert answer.status_code == 200 and "attachment" in answer.headers["content-disposition"]
    read = docx.Document(BytesIO(answer.content))
    assert read.paragraphs[0].text.startswith("数据质量报告：危险的")
    assert any("引号" in cell.text for table in read.tables for row in table.rows for cell in row.cells)


def test_a_department_is_scored_in_each_dimension_over_the_tables_that_have_it() -> None:
    def table(importance: float, **scores: float) -> TableScore:
        return TableScore(
            dataset="d",
            title="表",
            office="o",
            office_title="局",
            score=scores["total"],
            scores=scores,
            level="",
            failing=0,
            orders=0,
            importance=importance,
            at=clock.now(),
        )

    tables = [table(3, total=90, accuracy=80), table(1, total=50, accuracy=40, completeness=60)]
    assert mean_scores(tables) == {"total": 80, "completeness": 60, "accuracy": 70}
    drawn = dimension_levels(mean_scores(tables))
    assert drawn is not None and drawn.finding == "“完整性”最低，60.0分"
    assert mean_scores([]) == {} and dimension_levels({}) is None
