"""What a parameter of a rule or of a cleansing step is called above its field in a form."""

from __future__ import annotations

from kaishu.web.words import pick

#: By parameter, or by kind and parameter where one word has to serve two meanings.
WORDS: dict[str | tuple[str, str], tuple[str, str]] = {
    "column": ("列", "Column"),
    "columns": ("多列", "Columns"),
    "min": ("下限", "Lowest"),
    "max": ("上限", "Highest"),
    "values": ("取值", "Values"),
    "pattern": ("格式（正则表达式）", "Pattern"),
    "codes": ("代码集", "Code set"),
    "expression": ("表达式", "Expression"),
    "blank": ("空白文字", "Blank text"),
    "first": ("重复组的第一行", "First row of a group"),
    "except": ("不比较的列", "Columns left out"),
    "anywhere": ("出现在任何位置", "Anywhere in the value"),
    "negated": ("反过来", "The other way round"),
    "exactly": ("正好", "Exactly"),
    "unit": ("按什么计", "Counted in"),
    "allowed": ("允许的字符", "Characters allowed"),
    "forbidden": ("不允许的字符", "Characters not allowed"),
    "exclusive": ("不含两端", "Without the bounds"),
    "reference": ("参照的表", "Table referred to"),
    "reference-column": ("参照表里的列", "Its column"),
    "reference-columns": ("参照表里的几列", "Its columns"),
    "by": ("分组的列", "Grouped by"),
    "total-when": ("合计行的条件", "Which rows are totals"),
    "totals": ("合计所在的表", "Table of totals"),
    "totals-column": ("合计的列", "Column of totals"),
    "tolerance": ("允许的差", "Difference allowed"),
    "days": ("天数", "Days"),
    "measure": ("比什么", "What is compared"),
    ("volatility", "by"): ("变动上限", "May move by"),
    "earlier": ("以往的数", "Earlier numbers"),
    "parts": ("查哪几部分", "Parts checked"),
    "birth": ("出生日期列", "Column of birth dates"),
    "sex": ("性别列", "Column of sex"),
    "longitude": ("经度列", "Column of longitudes"),
    "latitude": ("纬度列", "Column of latitudes"),
    "division": ("区划代码列", "Column of divisions"),
    "to": ("改成", "Turn into"),
    ("spaces", "to"): ("留多少", "How many stay"),
    "of": ("哪些字符", "Which characters"),
    "excel": ("数字是 Excel 日期", "Numbers are Excel dates"),
    "two-digit-years": ("两位年份的界限", "Two-digit years up to"),
    "year-last": ("年份在后时的次序", "Order where the year is last"),
    "time": ("有时刻时", "Where there is a time"),
    "percent": ("百分数", "Percentages"),
    "units": ("去掉的单位", "Units that go"),
    ("map", "values"): ("新旧对照", "Old and new values"),
    "unknown": ("表里没有的值", "Values not in the table"),
    ("fill", "column"): ("要补的列", "Column to fill"),
    "constant": ("固定的值", "One value for all"),
    "from": ("取自哪一列", "Taken from column"),
    "key": ("键列", "Key columns"),
    "reference-key": ("参照表里的键列", "Its key"),
    "value": ("参照表里的值列", "Its column of values"),
    "citizen-id": ("公民身份号码列", "Column of citizen ids"),
    "part": ("取哪一部分", "Which part"),
    "into": ("得出的列", "Into"),
    "separator": ("分隔文字", "Separator"),
    "keep": ("留哪一行", "Row that stays"),
    ("deduplicate", "by"): ("按哪一列比新旧", "Newest by column"),
    "condition": ("条件", "Condition"),
    "failing": ("不合格的检查", "Check that fails"),
}


def parameter_word(kind: str, name: str) -> str:
    """In the language of the page.  Plug-ins bring kinds of their own, whose parameters keep their name."""
    words = WORDS.get((kind, name)) or WORDS.get(name)
    return pick(*words) if words else name
