"""The four rights, by a licence's code or read from its text."""

from __future__ import annotations

import pytest

from kaishu.evaluation import rights_of

ALL, NO = (True,) * 4, False


@pytest.mark.parametrize(
    ("code", "text", "use", "adapt", "distribute", "commercial"),
    [
        ("cc-by-4.0", "", *ALL),
        ("cc-by-nc-4.0", "", True, True, True, NO),
        ("cc-by-nd-4.0", "", True, NO, True, True),
        ("local-terms-conditional", "", None, None, None, None),
        ("", "", None, None, None, None),
        ("unspecified", "", None, None, None, None),
        ("", "https://opendatacommons.org/licenses/odbl/1.0/", *ALL),
        ("", "CC BY-NC", True, True, True, NO),
        ("", "用户可以自由使用、传播和修改本站数据，也可用于商业目的。", *ALL),
        ("", "可免费使用本站数据，但不得用于商业用途，禁止转载。", True, None, NO, NO),
        ("", "You may use, adapt and share the data for non-commercial purposes.", True, True, True, NO),
        ("", "数据归本局所有", None, None, None, None),
    ],
)
def test_rights_are_granted_withheld_or_not_said(
    code: str,
    text: str,
    use: bool | None,
    adapt: bool | None,
    distribute: bool | None,
    commercial: bool | None,
) -> None:
    found = rights_of(code, text)
    asked = [use, adapt, distribute, commercial]
    assert [found.use, found.adapt, found.distribute, found.commercial] == asked
    assert found.granted == asked.count(True)
