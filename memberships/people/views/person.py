"""A person's page, and one's own to edit."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from memberships.people import services
from memberships.people.forms import ProfileForm
from memberships.people.models import Profile
from memberships.people.selectors.profile import person_page
from portal.access.guards import SignedInRequest, signed_in
from portal.live.selectors import head
from portal.registry import announced
from portal.ui.notices import notice
from portal.ui.render import render_page


@signed_in
@require_safe
def person(request: SignedInRequest, pk: int) -> HttpResponse:
    """What the reader may see of a person: who they are, for whom they act, how to reach them."""
    page = person_page(request.user, pk)
    if page is None:
        raise Http404
    offered = [(action, action.url(request.user, page.person)) for action in announced.person_actions]
    actions = [{"action": action, "url": url} for action, url in offered if url is not None]
    context = {"page": page, "actions": actions, "live_number": head(f"person:{pk}")}
    return render_page(request, "memberships/people/person.html", context, fragment="person")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest) -> HttpResponse:
    """One's own name and profile."""
    reader = request.user
    profile = Profile.objects.filter(person_id=reader.pk).first() or Profile(person_id=reader.pk)
    profile.person = reader
    form = ProfileForm(request.POST or None, profile=profile)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        services.profile_update(
            reader,
            person=reader,
            name=given["name"],
            languages=form.all_languages,
            about=given["about"],
            phone=given["phone"],
            email_audience=given["email_audience"],
            phone_audience=given["phone_audience"],
        )
        notice(request, _("Your profile is saved."))
        return redirect("people:person", reader.pk)
    return render_page(request, "memberships/people/profile_edit.html", {"form": form})
