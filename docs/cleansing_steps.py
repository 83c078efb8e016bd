"""Writes the page of cleansing: how steps are written, every kind with its parameters, the matrix."""

from __future__ import annotations

from kaishu.quality import MATRIX, STRATEGIES, TREATMENTS

INTRO = """# Cleansing

A file of steps says how the cells of a table are mended and which rows are set apart. It is YAML like
[quality rules](quality-rules.md), and used by a terminal without server or set-up:

```sh
kaishu clean citizens.csv --steps steps.yaml --preview                    # what would change
kaishu clean citizens.csv --steps steps.yaml -o clean.parquet --changes changes.parquet
kaishu clean clean.parquet --undo changes.parquet -o citizens-again.csv   # and back
kaishu clean citizens.csv --propose rules.yaml -o draft.yaml              # a draft from failed rules
```

```yaml
table: citizens             # a name, for people
key: 编号                   # columns that name a row in the record of changes
steps:                      # run in this order
  - step: trim              # no column named: every column of text
  - id: birth
    step: dates
    column: 出生日期
    two-digit-years: 30
  - step: map
    column: 性别
    codes: gb-t-2261-1
    when: 性别 is not null
  - step: deduplicate
    column: 身份证号
    keep: newest
    by: 登记时间
```

Each step has

| key | meaning |
|---|---|
| `step` | the kind, one of those below; its parameters stand beside it |
| `id` | how the record names it; letters, digits and `. - : _`; its place and kind if left out |
| `when` | a condition as in [rules](quality-rules.md#expressions): only rows where it is true are touched |
| `strategy` | `complete`, `filter` or `tolerate`; by the kind if left out |
| `title`, `note` | for people |

A mistake in the file is told with its line and key, all mistakes at once, before any row is read.

## What is promised

- **Nothing is lost.** A cell that a step cannot treat stays as it was, is counted and listed with the
  reason; it is never made null. What can be read in two ways is not guessed.
- **Everything is on record.** Each changed cell is a row of the record: kind, step, row (from 1, of the
  table before), key, column, old, new, reason, time. Rows taken out are kept whole in it. Cells of a column
  that the steps add are counted only. A step never changes the type of a column.
- **Everything can be undone.** `--undo` with the record gives the rows as they were, in their order. The
  table must be as cleansing left it. A file of text does not tell empty text from a missing value in every
  case; Parquet does.
- **Memory does not grow with the table**, but for duplicates (eight bytes a row, and the rows that are
  repeated) and for reference files. Duplicates are told by their values, not by a hash alone.
- Nothing is masked here: the record and the report hold the values as they are.

OUT is written by its ending: `.csv`, `.tsv`, `.parquet`, `.ndjson`, `.json` or `.xlsx`. The exit code is 0 if
every cell was treated, 1 if some could not be, 2 if the file or the steps cannot be used. `--json` prints
`{"rows", "left", "steps": [{"id", "step", "strategy", "changed", "added", "removed", "refused", "tolerated",
"sample", "refusals"}], "columns"}`.

## Strategies

| id | 中文 | |
|---|---|---|
"""
MATRIX_INTRO = """
Which of them a failed rule asks for follows from how important its field is and how severe the defect, that
is the level that the rule reached. `--propose` takes every field for medium. The draft is for a person: steps
where the kind of the rule tells how, remarks where only a person can. Duplicates are mended by taking all but
one out; findings about the whole table are left to people.

| importance | critical | error | warning |
|---|---|---|---|
"""


def page() -> str:
    """docs/cleansing.md"""
    parts = [INTRO]
    parts += [f"| `{name}` | {zh} | {en} |\n" for name, (zh, en) in STRATEGIES.items()]
    parts.append(MATRIX_INTRO)
    for importance, row in MATRIX.items():
        cells = " | ".join(STRATEGIES[row[severity]][0] for severity in ("critical", "error", "warning"))
        parts.append(f"| {importance} | {cells} |\n")
    parts.append("\n## Kinds\n")
    for name, kind in TREATMENTS.items():
        about = " ".join((kind.__doc__ or "").split())
        strategy = STRATEGIES[kind.strategy][0]
        parts.append(f"\n### {name}\n\n{kind.zh} · {kind.en}. {about} Strategy: {strategy}.\n\n")
        parts.append("| parameter | 中文 | English |\n|---|---|---|\n")
        parts += [f"| `{each}` | {zh} | {en} |\n" for each, (zh, en) in kind.parameters.items()]
    return "".join(parts)
