"""The mails of the demonstration, for everyone on this machine, and the sheet of components.

Invitations are read before anybody is signed in, so the mails are open to all.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.access.guards import public, signed_in
from portal.demonstration import mail as outbox
from portal.ui.component_sheet import sheet_context
from portal.ui.pagination import paginate
from portal.ui.render import render_page


@public
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """All mails, latest first."""
    page = paginate(request, outbox.names(), per_page=25)
    shown = [outbox.mail(name) for name in page.object_list]
    return render_page(request, "portal/demonstration/mails.html", {"page": page, "mails": shown})


@public
@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail as text, with links that work."""
    try:
        shown = outbox.mail(name)
    except LookupError as error:
        raise Http404 from error
    return render_page(request, "portal/demonstration/mail.html", {"mail": shown})


@signed_in
def components(request: HttpRequest) -> HttpResponse:
    """Every component of the interface in every state."""
    return render(request, "portal/ui/component_sheet.html", sheet_context(request))
