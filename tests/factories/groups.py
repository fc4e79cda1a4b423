"""Groups for tests, as the services would have left them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from memberships.organisations.models import Organisation
from portal.access import roles
from portal.accounts.models import User
from portal.search.services import reindex
from workspaces.groups.models import FACILITATE, OrganisationParticipation, Participation, Workspace
from workspaces.groups.selectors.participation import forget_places, today
from workspaces.groups.services.numbering import next_number
from workspaces.groups.services.proposing import address_for


def group(name: str = "Safety of journalists", **fields: Any) -> Workspace:
    """An active, closed working group of organisations; `fields` say what is different."""
    values = {
        "name_en": name,
        "purpose_en": "To keep each other safe.",
        "languages": ["en"],
        "state": Workspace.State.ACTIVE,
        "activated_at": timezone.now(),
        "review_on": today() + timedelta(days=300),
        **fields,
    }
    workspace = Workspace(**values)
    texts = {"name_en": name}
    workspace.slug = address_for(texts, workspace.languages, visibility=workspace.visibility, key=workspace.key)
    workspace.save()
    reindex("group", [workspace.pk])
    return workspace


def takes_part(
    workspace: Workspace, person: User, *, of: Organisation | None = None, keeps: bool = False, **fields: Any
) -> Participation:
    """`person` takes part in the group, for the organisation `of` (which then does too) or for themselves."""
    if of is not None:
        OrganisationParticipation.objects.get_or_create(workspace=workspace, organisation=of, until=None)
    place = Participation.objects.create(
        workspace=workspace,
        person=person,
        organisation=of,
        number=next_number(workspace, "participation"),
        **fields,
    )
    if keeps:
        roles.grant(FACILITATE, person, workspace)
    forget_places(person)
    return place


def guest(workspace: Workspace, person: User, *, days: int = 30) -> Participation:
    """`person`, who belongs to no organisation, is a guest in the group for so many days more."""
    return takes_part(
        workspace, person, is_guest=True, guest_from="Press Institute", ends_on=today() + timedelta(days=days)
    )
