"""Calls about the site itself."""

from __future__ import annotations

import inspect
from typing import Any

from kaishu.api.ckan.arguments import Asked
from kaishu.api.ckan.registry import ACTIONS, action
from kaishu.base import settings
from kaishu.base.errors import NotFound

SPOKEN = "2.11.0"  # the CKAN whose interface this is; clients compare it


@action("site_read")
def site_read(asked: Asked) -> bool:
    """May the site be read?  Yes."""
    return True


@action("status_show")
def status_show(asked: Asked) -> dict[str, Any]:
    """What the site is and speaks."""
    return {
        "ckan_version": SPOKEN,
        "site_url": asked.site,
        "site_title": settings.text("site_title"),
        "site_description": settings.text("site_title_en"),
        "error_emails_to": None,
        "locale_default": "zh_Hans_CN",
        "extensions": ["datastore"],
    }


@action("help_show")
def help_show(asked: Asked) -> str:
    """What an action does; ``name`` is the action's."""
    name = asked.needed("name")
    if name not in ACTIONS:
        raise NotFound(kind="动作 action", name=name)
    return inspect.getdoc(ACTIONS[name].function) or ""
