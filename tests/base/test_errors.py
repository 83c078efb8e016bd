"""An error says the same in two languages, and lists as each of them does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kaishu.base.errors import KaishuError, Said, several


class Missing(KaishuError):
    """A column that is not there, for this test only."""

    code = "base.test-missing"
    zh = "没有这一列；有：{present}。{why}"
    en = "There is no such column; there are: {present}. {why}"
    next_zh = "可用：{present}"
    next_en = "Use {present}"


def test_lists_and_sentences_among_the_facts_are_told_in_the_language_asked_for() -> None:
    error = Missing(present=several(["甲", "乙"]), why=Said("表头不同。", "The head differs."))
    assert error.sentence("zh") == "没有这一列；有：甲、乙。表头不同。"
    assert error.sentence("en") == "There is no such column; there are: 甲, 乙. The head differs."
    assert (error.advice("zh"), error.advice("en")) == ("可用：甲、乙", "Use 甲, 乙")


@given(st.lists(st.text("甲乙a{}", min_size=1), max_size=8), st.integers(0, 5))
def test_at_most_so_many_are_listed_and_braces_are_letters(names: list[str], most: int) -> None:
    listed = several(names, most)
    shown = names[:most] if most else names
    assert listed.en.removesuffix("…") == ", ".join(shown)
    assert listed.endswith("…") == (len(shown) < len(names))
    assert str(listed) in Missing(present=listed, why="").sentence("zh")
