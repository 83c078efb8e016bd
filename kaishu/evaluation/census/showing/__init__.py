"""What a census found, as one report each: figures, charts with tables, what was printed beside ours."""

from kaishu.evaluation.census.showing.alignment import alignment_document
from kaishu.evaluation.census.showing.platforms import platforms_document
from kaishu.evaluation.census.showing.policies import policies_document
from kaishu.evaluation.census.showing.themes import themes_document

__all__ = ["alignment_document", "platforms_document", "policies_document", "themes_document"]
