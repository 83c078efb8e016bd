"""What keeps a census from being taken."""

from __future__ import annotations

from kaishu.base.errors import NotFound
from kaishu.base.problems import BadFile, CellProblem


class BadCensusFile(BadFile[CellProblem]):
    """A file of platforms, themes, policies or decisions cannot be used; every problem has row and column."""

    code = "census.bad-file"
    zh = "“{file}”有{count}处问题：{summary}"
    en = '"{file}" has {count_en}: {summary}'
    next_zh = "请按行和列改正后再试；各列的写法见文档 census。"
    next_en = "Mend the cells named and try again; the page census tells what the columns are."

    shown = 30


class NoScheme(NotFound):
    """No theme scheme, platform or province of this name."""

    code = "census.no-scheme"
    zh = "没有叫“{name}”的主题体系、平台或省份。相近的有：{known}"
    en = 'There is no theme scheme, platform or province "{name}". Near to it: {known}'
    next_zh = "kaishu census schemes 列出全部；也可以给出一个文件，每行一个主题。"
    next_en = "kaishu census schemes lists them all; a file with a theme on each line will do, too."
