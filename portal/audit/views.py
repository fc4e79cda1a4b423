"""Reading the record."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.access.guards import SignedInRequest, secretariat_only
from portal.audit.filters import EntryFilter
from portal.audit.policies import visible_to
from portal.registry import announced
from portal.ui.pagination import paginate


@secretariat_only
@require_safe
def entries(request: SignedInRequest) -> HttpResponse:
    """The record, latest first."""
    chosen = EntryFilter(request.GET, queryset=visible_to(request.user))
    page = paginate(request, chosen.qs if chosen.is_valid() else chosen.queryset.none(), per_page=50)
    labels = {verb.name: verb.label for verb in announced.audit_verbs}
    lines = [(entry, labels.get(entry.verb, entry.verb)) for entry in page.object_list]
    return render(request, "portal/audit/entries.html", {"filter": chosen, "page": page, "lines": lines})
