"""Templates of reports in the browser: kept by name, mistakes told by line, chosen to read and to send."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from starlette.testclient import TestClient

from kaishu import evaluation, jobs
from kaishu.access import TERMINAL, Call
from kaishu.base import clock, ids
from kaishu.db import session_scope
from kaishu.evaluation import DataChoice
from tests.api.test_evaluation_reports import SHORT
from tests.web.conftest import NASTY
from tests.web.test_report_sending import SYSTEM, an_office, kept

SignIn = Callable[[str], str]
HERE = "/desk/evaluation/templates"


def added(client: TestClient, csrf: str, name: str, text: str = SHORT) -> str:
    answer = client.post(HERE, data={"csrf": csrf, "name": name, "text": text})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_a_template_is_written_read_from_a_file_changed_and_removed(
    client: TestClient, signed_in: SignIn
) -> None:
    csrf = signed_in("steward")
    assert "template: standard" in client.get(HERE).text
    bad = client.post(
        HERE, data={"csrf": csrf, "name": NASTY, "text": SHORT.replace("{units} units", "{unitz}")}
    )
    assert bad.status_code == 422 and "第6行" in bad.text and "unitz" in bad.text
    assert NASTY not in bad.text and html.escape(NASTY) in bad.text
    place = added(client, csrf, f"{NASTY}简报")
    page = client.get(place).text
    assert NASTY not in page and "{units}个对象。" in page and "{fingerprint}" in page
    twice = client.post(HERE, data={"csrf": csrf, "name": f"{NASTY}简报", "text": SHORT})
    assert twice.status_code == 422 and "已有这个名称的模板" in twice.text
    file = {"file": ("t.yaml", SHORT.replace("个对象。", "个单位。").encode())}
    answer = client.post(place, data={"csrf": csrf, "name": "新简报", "text": "x"}, files=file)
    assert answer.status_code == 303 and "{units}个单位。" in client.get(place).text
    wrong = client.post(place, data={"csrf": csrf, "name": "新简报", "text": "template: x"})
    assert wrong.status_code == 422 and "没有保存" in wrong.text
    assert "{units}个单位。" in client.get(place).text
    client.cookies.clear()
    other = signed_in("stranger")
    assert "删除这个模板" not in client.get(place).text
    assert client.post(place, data={"csrf": other, "name": "我的", "text": SHORT}).status_code == 403
    client.cookies.clear()
    csrf = signed_in("steward")
    assert client.post(place, data={"csrf": csrf, "act": "remove"}).headers["location"] == HERE
    assert client.get(place).status_code == 404


def test_a_report_takes_a_template_and_an_earlier_result(client: TestClient, signed_in: SignIn) -> None:
    csrf = signed_in("boss")
    earlier, run = kept(an_office()), kept(an_office())
    place = added(client, csrf, "看报告用")
    id = place.rsplit("/", 1)[1]
    here = f"/evaluation/results/{run}/report"
    plain = client.get(f"{here}.html").text
    assert f'value="{id}"' in plain and f'value="{earlier}"' in plain and "<h2>变化</h2>" not in plain
    page = client.get(f"{here}.html", params={"template": id, "earlier": earlier}).text
    assert "2个对象。" in page and "<h2>变化</h2>" in page and "<h2>方法</h2>" not in page
    word = client.get(f"{here}.docx", params={"template": id, "earlier": earlier, "unit": an_office()})
    assert word.content.startswith(b"PK") and "attachment" in word.headers["content-disposition"]
    gone = client.get(f"{here}.html", params={"template": "gone"})
    assert gone.status_code == 404 and "自带的模板" in gone.text
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        row = evaluation.add_system(call, SYSTEM)
        data = DataChoice(columns={"office": ["y", "z"], "a": [1, 2], "b": [1, 2]})
        loaded = evaluation.load_evaluation(call, row.id, data)
        strangers = evaluation.keep_evaluation(call, loaded, evaluation.compute(loaded)).id
    apart = client.get(f"{here}.html", params={"earlier": strangers})
    assert apart.status_code == 422 and "没有共同的评估对象" in apart.text


def test_reports_are_sent_by_a_kept_template(client: TestClient, signed_in: SignIn) -> None:
    csrf = signed_in("boss")
    id = added(client, csrf, "送报告用").rsplit("/", 1)[1]
    here = f"/evaluation/results/{kept(an_office())}/send"
    assert f'value="{id}"' in client.get(here).text
    given = {"csrf": csrf, "unit": an_office(), "language": "zh", "form": "html", "chosen": id}
    sent = client.post(here, data=given)
    assert sent.status_code == 303
    jobs.run_waiting()
    assert "已送出1份。" in client.get(sent.headers["location"]).text
    letter = re.findall(r'href="(/desk/letters/\w+)"', client.get("/desk/letters").text)[0]
    assert "!</title>" in client.get(f"{letter}/file").text
