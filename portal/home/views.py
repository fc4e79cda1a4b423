"""The first page after signing in, and the phone's page of everything else."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.access.guards import SignedInRequest, signed_in
from portal.home.selectors import home_page


@signed_in
@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """What waits for the reader's organisation, what is new, and the figures, as the apps announce them."""
    return render(request, "portal/home/home.html", {"page": home_page(request), "now": timezone.now()})


@signed_in
@require_safe
def more(request: SignedInRequest) -> HttpResponse:
    """The navigation as a page: on phones the bottom bar has room for four entries only."""
    return render(request, "portal/home/more.html")
