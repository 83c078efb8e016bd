"""Writes the page of quality rules: how they are written, every kind with its parameters, every function."""

from __future__ import annotations

from kaishu.quality import CHECKS, DIMENSION_WORDS
from kaishu.quality.expressions import FUNCTIONS

INTRO = """# Quality rules

A rule file says what the rows of a table have to be. It is YAML, and it is used as it is by a terminal
without server or set-up:

```sh
kaishu check citizens.parquet --rules citizens.yaml --failed failed.parquet --report report.html
```

```yaml
table: citizens                     # a name, for people
key: 公民身份号码                   # columns that name a row in reports
levels: {warning: 0, error: 0.1%}   # for rules that say nothing themselves
weights: {accuracy: 2}              # of dimensions in the total score; 1 if left out
rules:
  - id: id-unique
    check: unique
    column: 公民身份号码
    level: critical
  - id: married-has-age
    title: 已婚者应满20岁
    title-en: The married are at least 20
    check: expression
    expression: years(登记日期, 出生日期) >= 20
    when: 婚姻状况代码 = '20'
```

Each rule has

| key | meaning |
|---|---|
| `check` | the kind, one of those below; its parameters stand beside it |
| `id` | how results name it; letters, digits and `. - : _`; its place and kind if left out |
| `level` | `warning`, `error` or `critical`: reached by any failing row; `error` if left out |
| `levels` | instead: reached when more fail than the limit, a share (`1%`, `0.01`) or rows (`500`) |
| `when` | a condition: only rows for which it is true are checked |
| `dimension` | one of GB/T 36344's six; by the kind if left out |
| `weight` | in the score of its dimension; 1 if left out |
| `title`, `title-en`, `note`, `owner` | for people; `title-en` stands on English pages, where there is one |

Null never fails a check but `not-null` (and `unique-row`, where two nulls are the same): a row without a
value is not counted as checked. NaN is null. Values are compared as they are written: `values: [01, 02]` are
the codes 01 and 02. Patterns have RE2's syntax, which always ends in time that grows with the text alone;
look-ahead, look-behind and back references do not exist in it.

A mistake in the file is told with its line and key, all mistakes at once, before any row is read; so is a
column that the table does not have.

The exit code is 0 if no rule reached level error, 1 if one did, 2 if the file or the rules cannot be used.
`--json` prints `{"rows", "rules": [{"id", "dimension", "level", "checked", "failed", "sample"}], "scores"}`:
`level` is the gravest level reached, null if none is; `sample` holds `{row, key, value}` of the first failing
rows, counted from 1 without the header. `--failed` writes all of them as Parquet: `rule`, `row`, `key`,
`value`; several columns are written `a=1; b=2`. What is not about single rows has no row number.

A rule scores the share of what it checked that did not fail, 0 to 100; a dimension the weighted mean of its
rules; the total the weighted mean of the dimensions.

Texts are compared across rows by a hash of 64 bits, numbers and dates by their value: among ten million
different texts the chance that any two are taken for one is about one in 370,000.

## Dimensions

"""
EXPRESSIONS = """## Expressions

`expression` and `when` are conditions between the columns of a row. Columns are written as they are, or in
`` ` `` or `"` where they hold blanks or signs or begin with a digit; texts in `'`, a `'` inside doubled.

- `=` `!=` `<` `<=` `>` `>=`, `between 1 and 5`, `in (1, 2)`, `matches 'pattern'`, `is null`, `is not null`,
  each with `not` before or, for `in`, `between` and `matches`, inside;
- `+` `-` `*` `/` `%`; two dates subtracted are days, a date plus a number is a date;
- `and`, `or`, `not`, brackets, `true`, `false`, `null`.

A date is written as text beside a date: `登记日期 >= '2020-01-01'`. Text beside a number or a date is read as
one. What is unknown because of a null stays unknown, and the row is not checked; `null or true` is true. A
row in which something is divided by zero, and is not decided otherwise, fails, and the result says how many.

| function | arguments | gives | |
|---|---|---|---|
"""


def page() -> str:
    """docs/quality-rules.md"""
    parts = [INTRO, "| id | 中文 |\n|---|---|\n"]
    parts += [f"| `{name}` | {zh} |\n" for name, (zh, _) in DIMENSION_WORDS.items()]
    parts.append("\n## Kinds\n")
    for name, kind in CHECKS.items():
        about = " ".join((kind.__doc__ or "").split())
        parts.append(f"\n### {name}\n\n{kind.zh} · {kind.en}. {about} Dimension: {kind.dimension}.\n\n")
        parts.append("| parameter | 中文 | English |\n|---|---|---|\n")
        parts += [f"| `{each}` | {zh} | {en} |\n" for each, (zh, en) in kind.parameters.items()]
    parts.append("\n" + EXPRESSIONS)
    for name, function in FUNCTIONS.items():
        takes = ", ".join(function.takes) or "none"
        parts.append(f"| `{name}` | {takes} | {function.gives} | {function.zh} · {function.en} |\n")
    return "".join(parts)
