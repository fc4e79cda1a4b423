"""The Secretariat's view of all groups, and the rules that it sets for them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from portal.access.guards import SignedInRequest, secretariat_only
from portal.ui.notices import notice
from portal.ui.pagination import paginate
from portal.ui.render import render_page
from workspaces.groups import services
from workspaces.groups.forms import RulesForm
from workspaces.groups.selectors import overview as reads
from workspaces.groups.services.proposing import at_once

SHOWN = {
    "active": gettext_lazy("Active"),
    "dormant": gettext_lazy("Dormant"),
    "due": gettext_lazy("Dates due"),
    "proposed": gettext_lazy("Proposed"),
    "dissolved": gettext_lazy("Dissolved"),
}
SORTS = {
    "activity": gettext_lazy("Activity"),
    "name": gettext_lazy("A–Z"),
    "organisations": gettext_lazy("Most organisations"),
    "review": gettext_lazy("Next date"),
}


@secretariat_only
@require_safe
def overview(request: SignedInRequest) -> HttpResponse:
    """Groups by activity, dormant ones, dates due, and who takes part; nothing of what is said in them."""
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWN else "active"
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else "activity"
    counts = reads.overview_counts()
    context = {
        "tabs": [(name, label, counts[name], name == shown) for name, label in SHOWN.items()],
        "sorts": [(name, label, name == sort) for name, label in SORTS.items()],
        "shown": shown,
        "page": paginate(request, reads.overview_rows(shown, sort)),
        "regions": reads.regions_taking_part(),
        "organisations": reads.organisations_by_groups()[:10],
        "nowhere": reads.organisations_nowhere(),
        "rules": RulesForm(initial={"activate_at_once": at_once()}),
        "days": reads.COUNTED_DAYS,
        "dormant_days": reads.DORMANT_DAYS,
    }
    return render_page(request, "workspaces/groups/overview.html", context)


@secretariat_only
@require_POST
def rules(request: SignedInRequest) -> HttpResponse:
    """Sets whether proposed groups start without waiting."""
    form = RulesForm(request.POST)
    form.is_valid()
    services.rules_set(request.user, activate_at_once=form.cleaned_data["activate_at_once"])
    notice(request, _("The rules are saved."))
    return redirect("groups:overview")
