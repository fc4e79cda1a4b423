"""Who may see what of an organisation, and who may change it."""

from django.db.models import Q, QuerySet

from memberships.organisations.models import Organisation
from memberships.people.policies import Reader, belongs_to, is_administrator, is_in_network
from memberships.people.selectors import organisations_of
from portal.access.policies import is_secretariat
from portal.accounts.models import User


def visible_to(actor: Reader) -> QuerySet[Organisation]:
    """The organisations whose existence and name `actor` may know: all, for everyone in the network."""
    return Organisation.objects.all() if is_in_network(actor) else Organisation.objects.none()


def can_see(actor: Reader, organisation: Organisation) -> bool:
    """The other half of `visible_to`."""
    return is_in_network(actor)


def can_see_facts(actor: Reader, organisation: Organisation) -> bool:
    """Whether `actor` may see more than the name; of one at risk only its own people and the Secretariat do."""
    return can_see(actor, organisation) and (
        not organisation.at_risk or is_secretariat(actor) or belongs_to(actor, organisation)
    )


def facts_visible_to(actor: Reader) -> QuerySet[Organisation]:
    """The other half of `can_see_facts`."""
    visible = visible_to(actor)
    if is_secretariat(actor):
        return visible
    own = [acting.organisation.pk for acting in organisations_of(actor)] if isinstance(actor, User) else []
    return visible.filter(Q(at_risk=False) | Q(pk__in=own))


def can_edit(actor: Reader, organisation: Organisation) -> bool:
    """Whether `actor` may change the profile: its administrators, and the Secretariat that keeps the membership."""
    return is_administrator(actor, organisation) or is_secretariat(actor)


def can_see_history(actor: Reader, organisation: Organisation) -> bool:
    """Whether `actor` may see who changed what: the organisation's own people and the Secretariat."""
    return belongs_to(actor, organisation) or is_secretariat(actor)


def can_keep_standing(actor: Reader) -> bool:
    """Whether `actor` may record standings and alliances."""
    return is_secretariat(actor)
