"""Where else a person is written down, beside their own rows."""

from __future__ import annotations

from django.db.models import QuerySet

from memberships.people.models import AffiliationInvitation, RoleTerm
from portal.accounts.models import User
from portal.accounts.selectors import invitations_to
from portal.search.models import Document


def terms_of_person(person: User) -> QuerySet[AffiliationInvitation]:
    """What invitations to `person` lead or led to."""
    return AffiliationInvitation.objects.filter(invitation__in=invitations_to(person).values("pk"))


def role_terms_of_person(person: User) -> QuerySet[RoleTerm]:
    """The roles they hold and held, with the organisation of each."""
    return RoleTerm.objects.filter(affiliation__person=person).select_related("affiliation__organisation")


def documents_of_person(person: User) -> QuerySet[Document]:
    """Their row in the index."""
    return Document.objects.filter(source="person", object_id=person.pk)
