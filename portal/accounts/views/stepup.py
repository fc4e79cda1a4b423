"""After a fresh proof: going on with what was about to be done."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.access.guards import signed_in
from portal.access.stepup import forget_kept, kept


@signed_in
@never_cache
@require_safe
def go_on(request: HttpRequest) -> HttpResponse:
    """What was typed before the proof was asked for, in a form that sends it; the home page where nothing waits.

    A form and not a repetition by the portal itself: it passes all that guards a write once more.
    """
    waiting = kept(request)
    if waiting is None:
        return redirect("/")
    path, typed = waiting
    forget_kept(request)
    return render(request, "portal/accounts/go_on.html", {"path": path, "typed": typed})
