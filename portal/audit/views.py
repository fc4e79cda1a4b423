"""Reading the record."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from portal.access.guards import SignedInRequest, secretariat_only
from portal.audit import exports
from portal.audit.filters import EntryFilter
from portal.audit.policies import visible_to
from portal.audit.selectors import anchor_state, for_showing, lines
from portal.audit.services import record_export
from portal.ui.formats import number
from portal.ui.pagination import paginate

PER_PAGE = 50


@secretariat_only
@require_safe
def entries(request: SignedInRequest) -> HttpResponse:
    """The record, latest first."""
    chosen = EntryFilter(request.GET, queryset=visible_to(request.user))
    page = paginate(request, for_showing(chosen.found), per_page=PER_PAGE)
    context = {
        "filter": chosen,
        "page": page,
        "lines": lines(page.object_list, whole=True),
        "anchor": anchor_state(),
        "exports": [(form.upper(), _export_address(request, form)) for form in exports.FORMATS],
    }
    return render(request, "portal/audit/entries.html", context)


@secretariat_only
@require_safe
def export(request: SignedInRequest, form: str) -> HttpResponse:
    """Exactly what the address filters, as CSV or XLSX; that it was taken is in the record."""
    if form not in exports.FORMATS:
        raise Http404
    chosen = EntryFilter(request.GET, queryset=visible_to(request.user))
    try:
        file = record_export(request.user, entries=chosen.found, form=form, filters=chosen.told)
    except exports.TooMany:
        sentence = ngettext(
            "A file holds at most %(count)s entry. Choose a shorter time.",
            "A file holds at most %(count)s entries. Choose a shorter time.",
            exports.AT_MOST,
        )
        messages.error(request, sentence % {"count": number(exports.AT_MOST)})
        return redirect(f"{reverse('audit:entries')}?{urlencode(list(request.GET.items()))}")
    answer = HttpResponse(file.content, content_type=file.media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _export_address(request: HttpRequest, form: str) -> str:
    kept = {name: value for name, value in request.GET.items() if name != "page" and value}
    address = reverse("audit:export", args=[form])
    return f"{address}?{urlencode(kept)}" if kept else address
