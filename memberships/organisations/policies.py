"""Who may see what of an organisation, and who may change it."""

from typing import Final, TypeGuard

from django.db.models import Q, QuerySet

from memberships.organisations.models import Audience, Contact, Organisation, Standing
from memberships.people.models import Role
from memberships.people.policies import Reader, belongs_to, is_administrator, is_in_network
from memberships.people.selectors import organisations_of
from portal.access.policies import is_secretariat
from portal.accounts.models import User

STANDINGS_SHOWN_TO_ALL: Final = frozenset(Standing.Kind) - {Standing.Kind.SUSPENDED}
"""A suspension is between the organisation and the Secretariat; every other standing is known in the network."""


def visible_to(actor: Reader) -> QuerySet[Organisation]:
    """The organisations whose existence and name `actor` may know: all, for everyone in the network."""
    return Organisation.objects.all() if is_in_network(actor) else Organisation.objects.none()


def can_see(actor: Reader, organisation: Organisation) -> bool:
    """The other half of `visible_to`."""
    return is_in_network(actor)


def can_see_hidden(actor: Reader, organisation: Organisation) -> bool:
    """Whether `actor` may see what the organisation hides from the network: its own people and the Secretariat."""
    return is_secretariat(actor) or belongs_to(actor, organisation)


def hidden_visible_to(actor: Reader) -> QuerySet[Organisation]:
    """The other half of `can_see_hidden`."""
    if is_secretariat(actor):
        return Organisation.objects.all()
    return Organisation.objects.filter(pk__in=own_ids(actor))


def can_see_facts(actor: Reader, organisation: Organisation) -> bool:
    """Whether `actor` may see more than the name; of one at risk only its own people and the Secretariat do."""
    return can_see(actor, organisation) and (not organisation.at_risk or can_see_hidden(actor, organisation))


def facts_visible_to(actor: Reader) -> QuerySet[Organisation]:
    """The other half of `can_see_facts`."""
    visible = visible_to(actor)
    if is_secretariat(actor):
        return visible
    return visible.filter(Q(at_risk=False) | Q(pk__in=own_ids(actor)))


def can_see_contact(actor: Reader, contact: Contact) -> bool:
    """Whether `actor` may read that contact.

    One for the Secretariat only is read by the Secretariat and by those who keep it, the administrators.
    """
    if contact.audience == Audience.NETWORK:
        return can_see_facts(actor, contact.organisation)
    return can_edit(actor, contact.organisation)


def contacts_visible_to(actor: Reader) -> QuerySet[Contact]:
    """The other half of `can_see_contact`."""
    if is_secretariat(actor):
        return Contact.objects.all()
    shared = Q(audience=Audience.NETWORK, organisation__in=facts_visible_to(actor).values("pk"))
    return Contact.objects.filter(shared | Q(organisation__in=administered_ids(actor)))


def can_see_standing(actor: Reader, standing: Standing) -> bool:
    """Whether `actor` may know of that term."""
    organisation = standing.organisation
    if standing.kind not in STANDINGS_SHOWN_TO_ALL:
        return can_see(actor, organisation) and can_see_hidden(actor, organisation)
    return can_see_facts(actor, organisation)


def standings_visible_to(actor: Reader) -> QuerySet[Standing]:
    """The other half of `can_see_standing`."""
    visible = Standing.objects.filter(organisation__in=facts_visible_to(actor).values("pk"))
    if is_secretariat(actor):
        return visible
    return visible.filter(Q(kind__in=sorted(STANDINGS_SHOWN_TO_ALL)) | Q(organisation__in=own_ids(actor)))


def can_edit(actor: Reader, organisation: Organisation) -> bool:
    """Whether `actor` may change the profile: its administrators, and the Secretariat that keeps the membership."""
    return is_administrator(actor, organisation) or is_secretariat(actor)


def can_edit_membership(actor: Reader) -> bool:
    """Whether `actor` may change what the membership list is kept by: region and year of joining."""
    return is_secretariat(actor)


def can_confirm(actor: Reader, organisation: Organisation) -> bool:
    """Whether `actor` may say that the profile is still right: only those who keep it from inside can know."""
    return is_administrator(actor, organisation)


def can_see_history(actor: Reader, organisation: Organisation) -> bool:
    """Whether `actor` may see who changed what: the organisation's own people and the Secretariat."""
    return belongs_to(actor, organisation) or is_secretariat(actor)


def can_read_record(actor: Reader, organisation: Organisation) -> bool:
    """Whether `actor` may read the organisation's part of the record of acts: its administrators, the Secretariat."""
    return is_administrator(actor, organisation) or is_secretariat(actor)


def record_readable_by(actor: Reader) -> QuerySet[Organisation]:
    """The other half of `can_read_record`."""
    if is_secretariat(actor):
        return Organisation.objects.all()
    return Organisation.objects.filter(pk__in=administered_ids(actor))


def can_create(actor: Reader) -> bool:
    """Whether `actor` may add an organisation."""
    return is_secretariat(actor)


def can_keep_standing(actor: Reader) -> bool:
    """Whether `actor` may record standings and alliances."""
    return is_secretariat(actor)


def own_ids(actor: Reader) -> list[int]:
    """The organisations whose own people `actor` belongs to now."""
    return [acting.organisation.pk for acting in organisations_of(actor)] if _active(actor) else []


def administered_ids(actor: Reader) -> list[int]:
    """The organisations that `actor` administers now."""
    held = organisations_of(actor) if _active(actor) else ()
    return [acting.organisation.pk for acting in held if acting.holds(Role.ADMINISTRATOR)]


def _active(actor: Reader) -> TypeGuard[User]:
    return isinstance(actor, User) and actor.is_active
