"""Words for verdicts that differ from those a list gives: read beside the list, never used to change one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from kaishu.base.errors import Said
from kaishu.base.problems import CellProblem
from kaishu.evaluation.auditing.errors import BadStatements
from kaishu.evaluation.auditing.statements import Statement


def read_explanations(path: Path, statements: Sequence[Statement]) -> dict[int, Said]:
    """Line of a statement to its explanation; ``path`` need not exist.

    The file is a list of ``{statement, place, zh, en}``; ``place`` only where the words stand twice.  Raises
    ``BadStatements`` with the number of the entry.
    """
    if not path.exists():
        return {}
    try:
        given: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        raise BadStatements(path.name, [CellProblem(line, "", Said("不是 YAML", "not YAML"))]) from error
    found: dict[int, Said] = {}
    problems: list[CellProblem] = []
    for at, entry in enumerate(given if isinstance(given, list) else [given], 1):
        if not isinstance(entry, dict) or not {"statement", "zh", "en"} <= set(entry) <= {
            "statement",
            "place",
            "zh",
            "en",
        }:
            words = Said("每项应有 statement、zh、en", "an entry has statement, zh and en")
            problems.append(CellProblem(at, "", words))
            continue
        meant = [each for each in statements if _meant(each, entry)]
        if len(meant) != 1:
            words = Said(f"清单里有{len(meant)}条这样的陈述", f"the list has {len(meant)} such statements")
            problems.append(CellProblem(at, "statement", words))
            continue
        found[meant[0].line] = Said(str(entry["zh"]), str(entry["en"]))
    if problems:
        raise BadStatements(path.name, problems)
    return found


def _meant(statement: Statement, entry: dict[str, Any]) -> bool:
    return statement.text == entry["statement"] and entry.get("place") in (None, statement.place)
