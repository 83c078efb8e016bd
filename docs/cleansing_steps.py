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

## On the platform

A table of a dataset has a cleansing plan, whose text is a file of steps as above. On the desk it is
*Cleansing* of the dataset (`/desk/datasets/{name}/cleansing`):

1. **Draft.** Rules that failed in the newest check stand in a list with the importance of their columns,
   the strategy that the matrix gives and the steps drafted; those ticked are added. A step is also made
   in a form, or the text is written by hand. `reference` names a dataset of the platform, never a file.
   Steps are held against the newest version; what is wrong is told with its line, and what was typed
   stays.
2. **Review.** As with [rules](quality-loop.md#rules-of-a-table), first the business owner
   (`quality:cleansing:approve-business`), then somebody else as technical owner
   (`quality:cleansing:approve-technical`). Only then can the plan be run. The agreed plan is replaced
   when the next one is agreed.
3. **Preview.** Counts of every step on the newest version and a sample of ten changes each, as a task in
   the background. It is marked when plan or table have changed since.
4. **Run** (`quality:cleansing:run`, the steward of the table's office). The task reads the newest version
   and writes the next one. That goes into the dataset's draft and is published after review, as a
   delivery is; what is published stays. If a delivery comes meanwhile, the run begins anew with it. Where
   nothing is to be changed no version is made.
5. **Work orders** that are open or accepted and whose rule looks at what the run changed are claimed as
   mended; the re-check closes them or gives them back with the new counts.
6. **Undo.** The rows as they were come back as another new version, put together from the cleansed one
   and the record alone, as long as no later version has come.

The record of changes (`changes.parquet`) lies in the folder of the version that the run made. One commit
keeps version, record and run; a process that dies before it leaves the old version, and the next start
takes the rest away. A task that died after it is not carried out twice. When the rows of that version are
dropped by [retention](lake.md) the record goes with them, and the counts stay. The page of a run shows
the record with filters by kind, step and column, 50 rows at a time, and gives it as CSV and Parquet to
those who may read failing rows (`quality:failing-rows:read`); everybody else of the desk sees values
masked. The ledger has plan, review, run, undo and each download.

A cleansed version is written whole, and its rows are numbered anew. Columns that steps add have to be in
later deliveries that are appended or merged; deliveries that replace the table bring their own. What
comes later is not cleansed by itself: run the plan again.

```sh
kaishu quality cleansing propose street-divisions --importance name=high
kaishu quality cleansing propose street-divisions --put steps.yaml --submit
kaishu quality cleansing approve street-divisions --account steward-of-the-office
kaishu quality cleansing approve street-divisions --account reviewer
kaishu quality cleansing run street-divisions --preview
kaishu quality cleansing run street-divisions --json
kaishu quality cleansing list street-divisions
kaishu quality cleansing undo street-divisions RUN
```

In the [lineage](lineage.md) a column of a cleansed version comes from the columns of the version before
that the steps looked at, by the steps that changed something, under their names.

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
