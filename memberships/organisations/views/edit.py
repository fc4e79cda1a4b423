"""Editing a profile: each part is the profile itself with that part as a form, so in place with and without script."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from memberships.organisations import services
from memberships.organisations.forms import (
    AboutForm,
    FactsForm,
    LogoForm,
    ProfileForm,
    VersionForm,
    VisibilityForm,
    contact_forms,
)  # fmt: skip
from memberships.organisations.models import Organisation
from memberships.organisations.policies import can_edit_membership
from memberships.organisations.selectors import shown
from memberships.organisations.selectors.changes import in_words
from memberships.organisations.selectors.profile import missing_descriptions, profile_page
from memberships.organisations.views.doors import editable_organisation
from memberships.organisations.views.profile import TEMPLATE
from portal.access.guards import SignedInRequest, signed_in
from portal.access.stepup import fresh_proof
from portal.ui.notices import notice
from portal.ui.render import render_page


@dataclass(frozen=True)
class Part:
    """A part of the profile that is edited at once."""

    name: str
    title: str | Promise
    about: str | Promise
    form: type[ProfileForm] | None = None


PARTS: Final[Mapping[str, Part]] = {
    part.name: part
    for part in (
        Part(
            "facts",
            gettext_lazy("Names and facts"),
            gettext_lazy("Names, acronym, place, languages, what it works on, founding year, website."),
            FactsForm,
        ),
        Part("about", gettext_lazy("About"), gettext_lazy("The description in four languages."), AboutForm),
        Part("contacts", gettext_lazy("Contacts"), gettext_lazy("Addresses and social pages, each with its readers.")),
        Part("logo", gettext_lazy("Logo"), gettext_lazy("The picture in the square.")),
        Part(
            "visibility",
            gettext_lazy("What others see"),
            gettext_lazy("Hiding city or country; the switch for organisations at risk."),
            VisibilityForm,
        ),
    )
}


@signed_in
@require_safe
def overview(request: SignedInRequest, slug: str) -> HttpResponse:
    """The parts of the profile, each with a way to edit it."""
    organisation = editable_organisation(request.user, slug)
    context = {
        "organisation": shown(request.user, organisation),
        "parts": PARTS.values(),
        "missing": missing_descriptions(organisation),
    }
    return render_page(request, "memberships/organisations/edit.html", context)


@signed_in
@fresh_proof("at_risk.change", when=lambda _request, part, **_rest: part == "visibility")
def section(request: SignedInRequest, slug: str, part: str) -> HttpResponse:
    """One part of the profile as a form."""
    organisation = editable_organisation(request.user, slug)
    if part not in PARTS:
        raise Http404
    saving = {"contacts": _contacts, "logo": _logo}.get(part, _fields)
    return saving(request, organisation, PARTS[part])


def _fields(request: SignedInRequest, organisation: Organisation, part: Part) -> HttpResponse:
    if part.form is None:
        raise Http404
    keeps_list = can_edit_membership(request.user)
    form = part.form(request.POST or None, organisation=organisation, keeps_list=keeps_list)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            services.organisation_update(request.user, organisation=organisation, version=version, changes=form.changes)
        except services.StaleVersion as stale:
            form = form.catch_up(stale)
        else:
            return _saved(request, organisation)
    return _page(request, organisation, part, {"form": form, "meanwhile": in_words(form.meanwhile)})


def _contacts(request: SignedInRequest, organisation: Organisation, part: Part) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    one_more = posted is not None and "add" in posted
    forms = contact_forms(organisation, posted, one_more=one_more)
    form = VersionForm(posted, initial={"version": forms.version})
    if posted is not None and not one_more and form.is_valid() and forms.is_valid():
        version = form.cleaned_data["version"]
        try:
            services.contacts_save(request.user, organisation=organisation, version=version, contacts=forms.contacts)
        except services.StaleVersion as stale:
            forms.catch_up(stale)
            form = VersionForm(initial={"version": stale.version})
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _saved(request, organisation)
    return _page(request, organisation, part, {"form": form, "forms": forms, "meanwhile": in_words(forms.meanwhile)})


def _logo(request: SignedInRequest, organisation: Organisation, part: Part) -> HttpResponse:
    form = LogoForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        shown=shown(request.user, organisation),
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.logo_set(request.user, organisation=organisation, upload=form.cleaned_data["logo"])
        except ValidationError as error:
            form.add_error("logo", error)
        else:
            return _saved(request, organisation)
    return _page(request, organisation, part, {"form": form})


@signed_in
@require_POST
def logo_remove(request: SignedInRequest, slug: str) -> HttpResponse:
    """Shows no logo any more."""
    organisation = editable_organisation(request.user, slug)
    services.logo_remove(request.user, organisation=organisation)
    notice(request, _("The logo is removed."))
    return redirect("organisations:profile", slug)


def _saved(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    notice(request, _("The profile is saved."))
    return redirect("organisations:profile", organisation.slug)


def _page(request: SignedInRequest, organisation: Organisation, part: Part, context: Mapping[str, Any]) -> HttpResponse:
    page = profile_page(request.user, organisation)
    return render_page(request, TEMPLATE, {"page": page, "editing": part, **context}, fragment="profile")
