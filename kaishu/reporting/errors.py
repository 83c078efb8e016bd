"""What keeps a report from being written."""

from __future__ import annotations

from kaishu.base.errors import Terminal


class ReportsMissing(Terminal):
    """The extra that writes Word and PDF is not installed."""

    code = "reporting.extra-missing"
    zh = "没有安装 {library}，写不了{kind}报告（需要附加组件 reports）。"
    en = "{library} is not installed, so no report can be written as {kind} (it needs the extra reports)."
    next_zh = '运行 pip install "kaishu[reports]"，然后重新启动；网页报告不需要它。'
    next_en = 'Run pip install "kaishu[reports]", and start again; the report as a web page does without.'


class NoChineseFont(Terminal):
    """A PDF would have boxes in place of Chinese characters."""

    code = "reporting.no-chinese-font"
    zh = "这台机器上没有中文字体，PDF 里的汉字会变成方框，所以没有生成。"
    en = "This machine has no Chinese font; the PDF would show boxes, so it was not made."
    next_zh = "安装一种中文字体，例如 apt-get install fonts-noto-cjk；或改用 Word 或网页报告。"
    next_en = "Install one, such as apt-get install fonts-noto-cjk; or take the report as Word or web page."


class FormatUnknown(Terminal):
    """A report was asked for in a format that there is none of."""

    code = "reporting.format-unknown"
    zh = "报告没有“{given}”格式。"
    en = 'There are no reports of the format "{given}".'
    next_zh = "可用的格式：html、docx、pdf。"
    next_en = "The formats are html, docx and pdf."
