"""Where a column comes from and where it goes: computed from what acts have recorded, kept nowhere itself."""

from kaishu.lineage.exporting import events
from kaishu.lineage.graph import Act, Edge, Graph, Node, downstream, path_of, ranks, upstream
from kaishu.lineage.impact import Impact, Use, impact_of
from kaishu.lineage.openlineage import events_of
from kaishu.lineage.tracing import Lineage, column_of, lineage_of

__all__ = [
    "Act",
    "Edge",
    "Graph",
    "Impact",
    "Lineage",
    "Node",
    "Use",
    "column_of",
    "downstream",
    "events",
    "events_of",
    "impact_of",
    "lineage_of",
    "path_of",
    "ranks",
    "upstream",
]
