"""What keeps a method of evaluation from being computed."""

from __future__ import annotations

from collections.abc import Sequence

from kaishu.base.errors import Said, Terminal


class UnsuitableValues(Terminal):
    """A method is not defined for some values; ``rows`` and ``columns`` (from 0) say where they stand."""

    code = "evaluation.unsuitable-values"
    zh = "“{method_zh}”不能用于这些数值：{reason_zh}。"
    en = "{method_en} cannot be computed of these values: {reason_en}."
    next_zh = "请改正数值，或者换一种方法。"
    next_en = "Mend the values, or choose another method."

    def __init__(
        self, method: Said, reason: Said, rows: Sequence[int] = (), columns: Sequence[int] = ()
    ) -> None:
        super().__init__(
            method_zh=str(method),
            method_en=method.en,
            reason_zh=str(reason),
            reason_en=reason.en,
            rows=list(rows),
            columns=list(columns),
        )


class BadChoice(Terminal):
    """A setting of a method is out of its range or contradicts another."""

    code = "evaluation.bad-choice"
    zh = "“{method_zh}”的设置不对：{reason_zh}。"
    en = "{method_en} is set up wrongly: {reason_en}."
    next_zh = "请按方法说明改正设置，见文档 evaluation-methods。"
    next_en = "Mend the setting; the page evaluation-methods says what each may be."

    def __init__(self, method: Said, reason: Said) -> None:
        super().__init__(
            method_zh=str(method), method_en=method.en, reason_zh=str(reason), reason_en=reason.en
        )
