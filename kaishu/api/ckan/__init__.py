"""CKAN's Action API, version 3, as harvesters and clients know it."""

from kaishu.api.ckan.envelope import failure
from kaishu.api.ckan.routes import routes

__all__ = ["failure", "routes"]
