"""Lists as files, of exactly what the address filters."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from memberships.directory.exports.organisations import OrganisationExport
from memberships.directory.exports.people import PeopleExport
from memberships.directory.filters import OrganisationFilter, PeopleFilter
from memberships.directory.policies import check_open
from memberships.directory.selectors import directory_for, organisations_found, people_found
from memberships.directory.services import FORMATS, ExportFile, export_make
from portal.access.guards import SignedInRequest, signed_in
from portal.access.stepup import fresh_proof


@signed_in
@require_safe
def organisations(request: SignedInRequest, form: str) -> HttpResponse:
    """The filtered organisations as CSV, XLSX or vCard."""
    _check(request, form)
    directory = directory_for(request.user)
    filters = OrganisationFilter(request.GET, reader=request.user, facets=directory.organisations.facets)
    export = OrganisationExport(directory, organisations_found(directory, filters).exported_ids)
    return _sent(export_make(request.user, export=export, form=form, subject="organisations", filters=filters.told))


@signed_in
@require_safe
@fresh_proof("people.export")
def people(request: SignedInRequest, form: str) -> HttpResponse:
    """The filtered people as CSV, XLSX or vCard."""
    _check(request, form)
    directory = directory_for(request.user)
    filters = PeopleFilter(request.GET, reader=request.user, facets=directory.people.facets)
    export = PeopleExport(directory, people_found(directory, filters).exported_ids)
    return _sent(export_make(request.user, export=export, form=form, subject="people", filters=filters.told))


def _check(request: SignedInRequest, form: str) -> None:
    check_open(request.user)
    if form not in FORMATS:
        raise Http404


def _sent(file: ExportFile) -> HttpResponse:
    answer = HttpResponse(file.content, content_type=file.media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
