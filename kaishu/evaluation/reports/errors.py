"""What keeps a report from being made or sent."""

from __future__ import annotations

from kaishu.base.errors import Terminal
from kaishu.base.problems import BadFile, Problem


class BadTemplate(BadFile[Problem]):
    """A template of a report cannot be used; every problem is named with its line and key."""

    code = "evaluation.bad-template"
    zh = "报告模板“{file}”有{count}处问题：{summary}"
    en = 'The template "{file}" of a report has {count_en}: {summary}'
    next_zh = (
        "请按行号改正后再试；写法见文档 evaluation-reports，kaishu evaluate --template-text 输出自带的模板。"
    )
    next_en = (
        "Mend the lines named and try again; the page evaluation-reports tells how it is written, "
        "and kaishu evaluate --template-text prints the one that is shipped."
    )


class NoAddressee(Terminal):
    """Nobody is known to whom a unit's report could be sent."""

    code = "evaluation.no-addressee"
    zh = "不知道“{unit}”的报告该送给谁：平台上没有名称、代码或标识相同的部门，也没有给出邮箱。"
    en = (
        'Nobody is known to whom the report of "{unit}" could go: no office here has this name, code or '
        "address part, and no mail address was given."
    )
    next_zh = "请给出邮箱（须已设置 SMTP），或在平台上添加该部门。"
    next_en = "Give a mail address (SMTP must be set), or add the office."
