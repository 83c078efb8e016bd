"""Checks of codes on whole columns: Arrow text in, numpy arrays out, no Python object a cell."""

from kaishu.quality.kernels import citizen_id
from kaishu.quality.kernels.citizen_id import CitizenIds, read_citizen_ids
from kaishu.quality.kernels.reasons import Kernel, Reason

_MODULES = {
    "citizen-id": citizen_id,
}

#: Every kernel by the name that rules call it by.
KERNELS = {name: Kernel(name, module.ok, module.reasons, module.REASONS) for name, module in _MODULES.items()}

__all__ = ["KERNELS", "CitizenIds", "Kernel", "Reason", "read_citizen_ids"]
