"""Pages of the import."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from memberships.directory.imports import policies, services
from memberships.directory.imports.forms import ConfirmForm, DecisionsForm, UploadForm
from memberships.directory.imports.planning import fingerprint
from memberships.directory.imports.selectors import counts, imports, rows_of
from memberships.directory.imports.services import AlreadyDecided, NotWritten, Verdict
from memberships.directory.imports.shown import read_as, rows_shown
from memberships.directory.imports.table import Unreadable
from memberships.directory.models import Import, ImportRow
from memberships.organisations.models import Standing
from portal.access.guards import SignedInRequest, secretariat_only
from portal.access.stepup import fresh_proof
from portal.ui.formats import number
from portal.ui.notices import notice
from portal.ui.pagination import paginate
from portal.ui.render import render_page

Outcome = ImportRow.Outcome
PER_PAGE = 100


@secretariat_only
@require_http_methods(["GET", "HEAD", "POST"])
def import_list(request: SignedInRequest) -> HttpResponse:
    """What was imported before, and the upload of another table."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            return redirect(
                "directory:import", services.import_preview(request.user, file_name=file.name, file=file).pk
            )
        except Unreadable as error:
            form.add_error("file", error)
    page = paginate(request, imports(request.user))
    status = 422 if form.errors else 200
    return render_page(request, "memberships/directory/import_list.html", {"form": form, "page": page}, status=status)


@secretariat_only
@require_http_methods(["GET", "HEAD"])
def import_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """A preview with its questions, or the report of what was imported."""
    run = _run(request, pk)
    return _page(request, run)


@secretariat_only
@require_POST
def import_decide(request: SignedInRequest, pk: int) -> HttpResponse:
    """Save what was decided about the conflicting rows of one page."""
    run = _run(request, pk)
    try:
        decided = _decide(request, run)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        if not decided.refused:
            notice(request, _("Your decisions are saved."))
    return redirect(_back(request, run))


@secretariat_only
@require_POST
@fresh_proof("import.confirm")
def import_confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write all of it or nothing, unless something changed since it was looked at."""
    run = _run(request, pk)
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _page(request, run, form)
    try:
        decided = _decide(request, run)
        if decided.anew:
            messages.warning(request, _("Your decisions are saved. Look at the result, then import."))
        else:
            verdict = services.import_confirm(request.user, run=run, **form.cleaned_data)
            _tell(request, run, verdict)
    except (AlreadyDecided, NotWritten, ValidationError) as error:
        messages.error(request, " ".join(error.messages))
    return redirect("directory:import", run.pk)


@secretariat_only
@require_POST
def import_discard(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put a preview aside."""
    run = _run(request, pk)
    try:
        services.import_discard(request.user, run=run)
    except AlreadyDecided as error:
        messages.error(request, " ".join(error.messages))
        return redirect("directory:import", run.pk)
    notice(request, _("The import was discarded. Nothing was changed."))
    return redirect("directory:imports")


def _run(request: SignedInRequest, pk: int) -> Import:
    return get_object_or_404(policies.visible_to(request.user).select_related("uploaded_by", "decided_by"), pk=pk)


def _decide(request: SignedInRequest, run: Import) -> services.Decided:
    asked = run.rows.filter(outcome=Outcome.CONFLICTING)
    form = DecisionsForm([row for row in asked if f"row-{row.number}" in request.POST], request.POST)
    if not form.is_valid():
        raise ValidationError(_("A decision could not be read. Choose again."))
    decided = services.import_decide(request.user, run=run, decisions=form.decisions())
    for row in decided.refused:
        sentence = _("Row %(row)s was decided to be what another row is already. Decide for one of them.")
        messages.error(request, sentence % {"row": number(row)})
    return decided


def _back(request: SignedInRequest, run: Import) -> str:
    """The page of rows on which the decisions were made."""
    query = urlencode({name: request.POST[name][:20] for name in ("outcome", "page") if request.POST.get(name)})
    return reverse("directory:import", args=[run.pk]) + (f"?{query}" if query else "")


def _tell(request: SignedInRequest, run: Import, verdict: Verdict) -> None:
    if verdict is Verdict.IMPORTED:
        written = run.rows.filter(written=True).count()
        sentence = ngettext("%(count)s organisation was written.", "%(count)s organisations were written.", written)
        notice(request, sentence % {"count": number(written)})
    elif verdict is Verdict.NOTHING_TO_DO:
        notice(request, _("There was nothing to do: the network is already as the table says."))
    else:
        messages.warning(
            request, _("The network changed since you looked. Nothing was imported; this is the preview as of now.")
        )


def _page(request: SignedInRequest, run: Import, form: ConfirmForm | None = None) -> HttpResponse:
    open_ = run.state == Import.State.PREVIEW
    rows = services.stored_rows(run)
    outcome = request.GET.get("outcome", "")
    outcome = outcome if outcome in Outcome.values else ""
    page = paginate(request, rows_of(run, outcome), per_page=PER_PAGE)
    numbers = counts(rows)
    context: dict[str, Any] = {
        "run": run,
        "open": open_,
        "standing": Standing.Kind(run.standing).label if run.standing else "",
        "counts": numbers,
        "figures": [(Outcome(name), count) for name, count in numbers.outcomes.items()],
        "outcome": outcome,
        "page": page,
        "rows": rows_shown(page.object_list, DecisionsForm(page.object_list) if open_ else None),
        "read_as": read_as(run),
        "form": form or ConfirmForm(initial={"seen": fingerprint(rows)}),
    }
    status = 422 if form else 200
    return render_page(request, "memberships/directory/import_detail.html", context, status=status)
