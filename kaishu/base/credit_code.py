"""统一社会信用代码 as GB 32100-2015 lays it down: 18 characters, the last one a check character."""

from __future__ import annotations

LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18


def check_letter(first: str) -> str:
    """The 18th character for the first 17.  Method: GB 32100-2015, weights 3**i modulo 31.

    Raises ``ValueError`` for a character that the code does not use (I, O, S, V, Z, small letters).
    """
    total = sum(LETTERS.index(letter) * pow(3, place, 31) for place, letter in enumerate(first))
    return LETTERS[-total % 31]


def is_credit_code(text: str) -> bool:
    """Are these 18 characters a credit code whose check character is right?"""
    if len(text) != LENGTH or not set(text) <= set(LETTERS):
        return False
    return check_letter(text[:-1]) == text[-1]
