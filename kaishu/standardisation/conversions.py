"""How values of each kind are cleaned, as SQL: NULL for nothing, and what cannot be read is NULL too."""

from __future__ import annotations

from collections.abc import Mapping

_WIDE = "".join(chr(code + 0xFEE0) for code in range(0x21, 0x7F)) + "\u3000\u00a0"
_NARROW = "".join(chr(code) for code in range(0x21, 0x7F)) + "  "
_BLANK = r"[\s\x00-\x1f]+"
_DATES = ("%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def written(column: str) -> str:
    """A column as trimmed text, letters of ASCII narrow; NULL if nothing is left."""
    text = f"CAST({column} AS VARCHAR)"
    # A translation costs ten times the test for what there is to translate.
    narrow = f"translate({text}, {literal(_WIDE)}, {literal(_NARROW)})"
    tidy = f"nullif(trim(regexp_replace({narrow}, '{_BLANK}', ' ', 'g')), '')"
    untidy = f"regexp_matches({text}, '[\\s\\x00-\\x1f！-～\u3000\u00a0]')"
    return f"CASE WHEN {untidy} THEN {tidy} ELSE nullif({text}, '') END"


def converted(text: str, kind: str) -> str:
    """The clean value of a kind from ``written`` text."""
    tight = f"replace({text}, ' ', '')"
    if kind == "name":
        # Between Latin letters a blank divides words, beside Chinese ones it is a slip.
        spaced = f"regexp_matches({text}, '[A-Za-z] [A-Za-z]')"
        return f"CASE WHEN {spaced} THEN {text} ELSE replace(replace({tight}, '•', '·'), '・', '·') END"
    if kind == "citizen-id":
        return f"_citizen_id(upper({tight}))"
    if kind in ("code", "credit-code"):
        return f"upper({tight})"
    if kind == "address":
        return tight
    if kind == "date":
        forms = ", ".join(literal(form) for form in _DATES)
        day = f"try_strptime({tight}, [{forms}])"
        return f"CAST(CAST(coalesce({day}, try_cast({text} AS TIMESTAMP)) AS DATE) AS VARCHAR)"
    if kind == "number":
        number = f"try_cast(replace({tight}, ',', '') AS DOUBLE)"
        return f"CASE WHEN isfinite({number}) THEN CAST({number} AS VARCHAR) END"
    return text


def recoded(text: str, values: Mapping[str, str]) -> str:
    """The text with codes put for other words."""
    if not values:
        return text
    cases = " ".join(f"WHEN {literal(old)} THEN {literal(new)}" for old, new in values.items())
    return f"CASE {text} {cases} ELSE {text} END"


def moment(column: str) -> str:
    """Microseconds of a time as it is written; NULL if it cannot be read."""
    text = written(column)
    forms = ", ".join(literal(form) for form in _DATES)
    return f"epoch_us(coalesce(try_cast({text} AS TIMESTAMP), try_strptime({text}, [{forms}])))"


def trusted(value: str, kind: str) -> str:
    """The value if it may name an entity: numbers with a check digit only if it is right."""
    if kind == "citizen-id":
        return f"CASE WHEN _citizen_id_right({value}) THEN {value} END"
    if kind == "credit-code":
        return f"CASE WHEN _credit_code_right({value}) THEN {value} END"
    return value


def macros() -> list[str]:
    """Statements that make the functions used above."""
    weights = [2 ** (17 - place) % 11 for place in range(17)]
    total = " + ".join(f"{weight} * (digits // {10 ** (16 - n)} % 10)" for n, weight in enumerate(weights))
    powers = [3**place % 31 for place in range(17)]
    sum31 = " + ".join(f"{power} * (instr('{_CREDIT}', code[{n}]) - 1)" for n, power in enumerate(powers, 1))
    right31 = f"'{_CREDIT}'[(31 - ({sum31}) % 31) % 31 + 1]"
    old = "concat(id[1:6], '19', id[7:15])"
    return [
        # The check character of the first 17 digits, taken as one number.
        f"CREATE MACRO _citizen_check(digits) AS substr('10X98765432', ({total}) % 11 + 1, 1)",
        # GB 11643-1999: a number of 15 digits becomes one of 18.
        rf"CREATE MACRO _citizen_id(id) AS CASE WHEN regexp_full_match(id, '\d{{15}}') "
        rf"THEN concat({old}, _citizen_check(CAST({old} AS BIGINT))) ELSE id END",
        r"CREATE MACRO _citizen_id_right(id) AS coalesce(regexp_full_match(id, '[1-9]\d{16}[\dX]') "
        r"AND try_strptime(id[7:14], '%Y%m%d') IS NOT NULL "
        r"AND _citizen_check(try_cast(id[1:17] AS BIGINT)) = id[18], false)",
        rf"CREATE MACRO _credit_code_right(code) AS coalesce(regexp_full_match(code, '[{_CREDIT}]{{18}}') "
        rf"AND {right31} = code[18], false)",
    ]
