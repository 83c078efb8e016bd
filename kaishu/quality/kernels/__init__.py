"""Checks of codes on whole columns: Arrow text in, numpy arrays out, no Python object a cell."""

from kaishu.quality.kernels import (
    bank_card,
    citizen_id,
    control_characters,
    credit_code,
    division,
    email,
    full_width,
    mobile,
    organisation_code,
    person_name,
    phone,
    plate,
    postal_code,
)
from kaishu.quality.kernels.citizen_id import CitizenIds, read_citizen_ids
from kaishu.quality.kernels.position import REASONS as POSITION_REASONS
from kaishu.quality.kernels.position import position_reasons, positions_ok
from kaishu.quality.kernels.reasons import Kernel, Reason

_MODULES = {
    "citizen-id": citizen_id,
    "credit-code": credit_code,
    "organisation-code": organisation_code,
    "division": division,
    "mobile": mobile,
    "phone": phone,
    "bank-card": bank_card,
    "plate": plate,
    "postal-code": postal_code,
    "email": email,
    "person-name": person_name,
    "full-width": full_width,
    "control-characters": control_characters,
}

#: Every kernel by the name that rules call it by.
KERNELS = {name: Kernel(name, module.ok, module.reasons, module.REASONS) for name, module in _MODULES.items()}

__all__ = [
    "KERNELS",
    "POSITION_REASONS",
    "CitizenIds",
    "Kernel",
    "Reason",
    "position_reasons",
    "positions_ok",
    "read_citizen_ids",
]
