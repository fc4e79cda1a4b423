"""The result page."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from portal.access.guards import SignedInRequest, signed_in
from portal.registry import SearchSource, announced
from portal.search.forms import SearchForm
from portal.search.selectors import found_in, groups, results_of
from portal.ui.pagination import paginate
from portal.ui.render import render_page

FIRST = 5
PER_PAGE = 25


@signed_in
@require_safe
def results(request: SignedInRequest) -> HttpResponse:
    """What was found, by kind of thing; with `?kind=` all results of one kind, page by page."""
    form = SearchForm(request.GET)
    form.is_valid()
    text = form.cleaned_data.get("q", "")
    context = {"form": form, "text": text}
    if source := announced.search_sources.get(request.GET.get("kind", "")):
        return _one_kind(request, source, context)
    context["groups"] = groups(request.user, text, first=FIRST) if text else []
    return render_page(request, "portal/search/results.html", context)


def _one_kind(request: SignedInRequest, source: SearchSource, context: dict) -> HttpResponse:
    page = paginate(request, found_in(source, request.user, context["text"]), per_page=PER_PAGE)
    context |= {"source": source, "page": page, "results": results_of(source, request.user, list(page))}
    return render_page(request, "portal/search/results_of_kind.html", context)
