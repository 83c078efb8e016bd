"""Every kind of check by the name that rules call it by: a kind a file, ours as anybody's."""

from kaishu.quality.checks.all_of import AllAcross, AllOf
from kaishu.quality.checks.any_of import AnyOf
from kaishu.quality.checks.bank_card import BankCard
from kaishu.quality.checks.characters import Characters
from kaishu.quality.checks.check import (
    DIMENSION_WORDS,
    DIMENSIONS,
    Check,
    Memory,
    Outcome,
    RowCheck,
    Rows,
    Setting,
    TableCheck,
    Tally,
    Verdict,
    as_text,
)
from kaishu.quality.checks.citizen_id import CitizenId
from kaishu.quality.checks.credit_code import CreditCode
from kaishu.quality.checks.division import Division
from kaishu.quality.checks.email import Email
from kaishu.quality.checks.exists import Exists
from kaishu.quality.checks.expression import Holds, condition_problems
from kaishu.quality.checks.freshness import Freshness
from kaishu.quality.checks.given import Given, Wrong, share_or_number
from kaishu.quality.checks.length import Length
from kaishu.quality.checks.membership import In
from kaishu.quality.checks.mobile import Mobile
from kaishu.quality.checks.not_null import NotNull
from kaishu.quality.checks.organisation_code import OrganisationCode
from kaishu.quality.checks.pattern import Pattern
from kaishu.quality.checks.person_name import PersonName
from kaishu.quality.checks.phone import Phone
from kaishu.quality.checks.plate import Plate
from kaishu.quality.checks.postal_code import PostalCode
from kaishu.quality.checks.row_count import RowCount
from kaishu.quality.checks.sums import Sums
from kaishu.quality.checks.unique import Unique
from kaishu.quality.checks.unique_row import UniqueRow
from kaishu.quality.checks.value_range import Range
from kaishu.quality.checks.volatility import Volatility
from kaishu.quality.checks.within_division import WithinDivision

#: Kind to class, in the order of the documentation.
CHECKS: dict[str, type[Check]] = {}


def register(kind: type[Check]) -> type[Check]:
    """Let rules use a kind of check; a name can be taken once."""
    if kind.kind in CHECKS:
        raise ValueError(f"there is a check {kind.kind} already")
    CHECKS[kind.kind] = kind
    return kind


for _kind in (
    NotNull,
    Unique,
    UniqueRow,
    Pattern,
    Length,
    Characters,
    Range,
    In,
    Exists,
    Holds,
    Sums,
    Freshness,
    Volatility,
    RowCount,
    CitizenId,
    CreditCode,
    OrganisationCode,
    Division,
    Mobile,
    Phone,
    BankCard,
    Plate,
    PostalCode,
    Email,
    PersonName,
    WithinDivision,
    AllOf,
    AnyOf,
):
    register(_kind)

__all__ = [
    "CHECKS",
    "DIMENSIONS",
    "DIMENSION_WORDS",
    "AllAcross",
    "Check",
    "Given",
    "Memory",
    "Outcome",
    "RowCheck",
    "Rows",
    "Setting",
    "TableCheck",
    "Tally",
    "Verdict",
    "Wrong",
    "as_text",
    "condition_problems",
    "register",
    "share_or_number",
]
