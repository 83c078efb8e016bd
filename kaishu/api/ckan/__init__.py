"""CKAN's Action API, version 3, as harvesters and clients know it."""

from kaishu.api.ckan.envelope import failure
from kaishu.api.ckan.routes import routes
from kaishu.api.ckan.stocking import start_stocking

__all__ = ["failure", "routes", "start_stocking"]
