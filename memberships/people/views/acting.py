"""For whom the reader acts: the slot in the top bar and the choice made there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from memberships.people.selectors import acting_for_of, organisations_of
from memberships.people.selectors.acting import CHOSEN_KEY, MYSELF
from portal.access.guards import SignedInRequest, signed_in
from portal.accounts.forms.preferences import safe_path
from portal.accounts.models import User


def acting_for_slot(request: HttpRequest) -> Mapping[str, Any] | None:
    """What the slot shows; nothing for who belongs to no organisation."""
    reader = request.user
    affiliations = organisations_of(reader) if isinstance(reader, User) and reader.is_active else ()
    if not affiliations:
        return None
    return {
        "acting": acting_for_of(request),
        "affiliations": affiliations,
        "myself": MYSELF,
        "here": request.get_full_path(),
    }


@signed_in
@require_POST
def choose(request: SignedInRequest) -> HttpResponse:
    """Keeps the choice in the session. It preselects what pages show; what a person says is asked again each time."""
    wanted = request.POST.get("organisation", "")
    organisations = {str(acting.organisation.pk): acting.organisation for acting in organisations_of(request.user)}
    chosen = organisations.get(wanted)
    if wanted != MYSELF and chosen is None:
        raise Http404
    request.session[CHOSEN_KEY] = MYSELF if chosen is None else chosen.pk
    return redirect(safe_path(request.POST.get("next", "")))
