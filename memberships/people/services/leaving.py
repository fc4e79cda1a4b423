"""What a team and the directory do when somebody's account closes, opens again, or is erased."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from memberships.people.models import Affiliation, Profile, Role, RoleTerm
from memberships.people.selectors import administrators_of, forget_rights, organisations_of
from memberships.people.services.effects import lock, publish_change
from portal.accounts.models import User
from portal.audit.services import record
from portal.registry import Concern
from portal.search.services import reindex


@transaction.atomic
def closed(person: User) -> None:
    """Nobody is shown `person` any more: lists, pages, sockets and the index follow at once."""
    forget_rights(person)
    for acting in organisations_of(person):
        publish_change(lock(acting.organisation.pk), [person])
    reindex("person", [person.pk])


def opened(person: User) -> None:
    """`person` is back where they were."""
    closed(person)


@transaction.atomic
def erased(person: User) -> None:
    """End what `person` belongs to, as the installation's own act: it may leave an organisation without a keeper.

    That they belonged, and which roles they held, stays; retention rules take the titles.
    """
    now = timezone.now()
    forget_rights(person)
    for acting in organisations_of(person):
        organisation = lock(acting.organisation.pk)
        Affiliation.objects.filter(pk=acting.affiliation_id).update(until=now)
        RoleTerm.objects.filter(affiliation_id=acting.affiliation_id, until__isnull=True).update(until=now)
        details = {"affiliation": acting.affiliation_id}
        record(None, verb="affiliation.ended", target=person, acting_for=organisation, details=details)
        publish_change(organisation, [person])


def unsettled(person: User) -> list[Concern]:
    """The organisations that nobody would keep without `person`."""
    return [
        Concern(
            sentence=_(
                "You are the only administrator of %(organisation)s. Nobody else could keep its profile and team."
            )
            % {"organisation": acting.organisation.display_name},
            action=_("Hand over"),
            url=reverse("people:handover", args=[acting.organisation.slug]),
        )
        for acting in organisations_of(person)
        if Role.ADMINISTRATOR in acting.roles
        and not administrators_of(acting.organisation).exclude(pk=person.pk).exists()
    ]


def phone_of(person: User) -> list[str]:
    """The telephone number, which others may have written down."""
    return list(Profile.objects.filter(person_id=person.pk).exclude(phone="").values_list("phone", flat=True))
