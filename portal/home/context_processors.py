"""What the frame of every page needs: navigation, header slots, preferences."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_bidi

from portal.accounts.models import User
from portal.accounts.selectors import awaits_factor
from portal.home.selectors import header_slots, rail_and_bell
from portal.ui.digits import uses_arabic_indic


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Context of `templates/base.html`, the same for every page; lazy where it costs a query: what htmx asks for is a
    part of a page, without all that."""
    reader = getattr(request, "user", None)
    frame: dict[str, Any] = {
        "demonstration": settings.DEMONSTRATION,
        "is_rtl": get_language_bidi(),
        "has_arabic_digits": uses_arabic_indic(),
        "network_name": settings.NETWORK_NAME,
        "appearance": "auto",
        "low_bandwidth": request.headers.get("Save-Data", "").lower() == "on",
        "reader": None,
        "navigation": [],
        "header_slots": [],
        "bell": None,
        "unread_notifications": 0,
        "awaits_factor": False,
    }
    if isinstance(reader, User):
        around = cache(lambda: rail_and_bell(request, reader))
        frame |= {
            "reader": reader,
            "appearance": reader.appearance,
            "low_bandwidth": reader.low_bandwidth or frame["low_bandwidth"],
            "navigation": lambda: around()[0],
            "header_slots": cache(lambda: header_slots(request)),
            "bell": lambda: around()[1],
            "unread_notifications": lambda: around()[1].unread,
            "awaits_factor": cache(lambda: awaits_factor(reader)),
        }
    return frame
