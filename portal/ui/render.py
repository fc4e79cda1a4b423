"""The page for a browser, its named part for htmx."""

from collections.abc import Mapping
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page; not when it restores history or follows a boosted link."""
    htmx = getattr(request, "htmx", None)
    if not htmx:
        return False
    return not htmx.boosted and not htmx.history_restore_request


def render_page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, fragment: str = "", status: int = 200
) -> HttpResponse:
    """`template`, or only its partial `fragment` where htmx asks; messages that wait travel along as toasts."""
    if not fragment or not wants_fragment(request):
        response = render(request, template, dict(context), status=status)
    else:
        response = render(request, f"{template}#{fragment}", dict(context), status=status)
        if waiting := list(get_messages(request)):
            # With the request, for a toast may hold a form: what it undoes.
            toasts = render_to_string("portal/ui/_messages_oob.html", {"messages": waiting}, request)
            response.content += toasts.encode()
    if fragment:
        patch_vary_headers(response, ("HX-Request", "HX-Boosted", "HX-History-Restore-Request"))
    return response
