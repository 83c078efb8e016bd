"""The standard layer: many registers become one golden record for each person, enterprise, place, licence."""

from typing import TYPE_CHECKING

from kaishu.base.doors import front_door

if TYPE_CHECKING:
    from kaishu.standardisation.entity import TEMPLATES, Entity
    from kaishu.standardisation.explaining import Explanation, explain
    from kaishu.standardisation.fusing import Fused, companions, fuse
    from kaishu.standardisation.mapping import Mapping
    from kaishu.standardisation.parsing import parse_mapping, shipped

__getattr__ = front_door(
    __name__,
    {
        "entity": "TEMPLATES Entity",
        "explaining": "Explanation explain",
        "fusing": "Fused companions fuse",
        "mapping": "Mapping",
        "parsing": "parse_mapping shipped",
    },
)

__all__ = [
    "TEMPLATES",
    "Entity",
    "Explanation",
    "Fused",
    "Mapping",
    "companions",
    "explain",
    "fuse",
    "parse_mapping",
    "shipped",
]
