"""Imports every ``models.py``, so that the metadata is whole."""

from kaishu.access import models as access
from kaishu.casework import models as casework
from kaishu.catalogue import models as catalogue
from kaishu.compilation import models as compilation
from kaishu.db import Model
from kaishu.discovery import models as discovery
from kaishu.elements import models as elements
from kaishu.engagement import models as engagement
from kaishu.evaluation import models as evaluation
from kaishu.harvest import models as harvest
from kaishu.inspection import models as inspection
from kaishu.lake import models as lake
from kaishu.ledger import models as ledger
from kaishu.quality import models as quality
from kaishu.queue import models as queue
from kaishu.source import models as source
from kaishu.standardisation import models as standardisation
from kaishu.usage import models as usage

METADATA = Model.metadata

__all__ = [
    "METADATA",
    "access",
    "casework",
    "catalogue",
    "compilation",
    "discovery",
    "elements",
    "engagement",
    "evaluation",
    "harvest",
    "inspection",
    "lake",
    "ledger",
    "quality",
    "queue",
    "source",
    "standardisation",
    "usage",
]
