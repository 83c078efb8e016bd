"""What can be wrong with a passport."""

from __future__ import annotations

from kaishu.base.errors import NotFound
from kaishu.base.problems import BadFile
from kaishu.base.problems import Problem as Problem


class BadSystem(BadFile[Problem]):
    """An indicator system cannot be used; every problem is named with its line and key."""

    code = "evaluation.bad-system"
    zh = "指标体系“{file}”有{count}处问题：{summary}"
    en = 'The indicator system "{file}" has {count_en}: {summary}'
    next_zh = "请按行号改正后再试；写法见文档 evaluation，或用 kaishu evaluate --schema 取得 JSON Schema。"
    next_en = (
        "Mend the lines named and try again; the page evaluation tells how it is written, "
        "and kaishu evaluate --schema prints its JSON Schema."
    )


class NoSystem(NotFound):
    """No built-in system of this name, and no file."""

    code = "evaluation.no-system"
    zh = "没有内置的指标体系“{name}”，也没有这个文件。内置的有：{known}"
    en = 'There is no built-in indicator system "{name}", and no such file. Built in are: {known}'
    next_zh = "请检查名称，或给出 YAML 文件的路径；kaishu evaluate --list 列出内置的体系。"
    next_en = (
        "Check the name, or give the path of a YAML file; kaishu evaluate --list names the built-in ones."
    )
