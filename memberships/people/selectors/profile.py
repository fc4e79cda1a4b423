"""One person's page."""

from __future__ import annotations

from dataclasses import dataclass

from memberships.people import policies
from memberships.people.models import Affiliation, Profile, Role
from portal.accounts.models import User
from portal.accounts.policies import can_keep, can_start_recovery
from portal.live.presence import present
from portal.privacy.policies import can_erase
from portal.ui.names import language_name


@dataclass(frozen=True)
class PersonPage:
    """What one reader may see of one person. `email` and `phone` are empty where they may not read them."""

    person: User
    profile: Profile
    affiliations: list[Affiliation]
    email: str
    phone: str
    is_self: bool
    is_here: bool  # online now, and letting it be seen
    may_lock: bool  # the reader may lock this person's account
    may_recover: bool  # the reader may let them set new second factors, with a second person
    may_erase: bool  # the reader may erase this person

    @property
    def languages(self) -> str:
        """The person's languages in words."""
        return ", ".join(map(language_name, self.profile.languages))


def role_labels(affiliation: Affiliation) -> list[str]:
    """The given roles of an annotated affiliation (`role_names`), in the order of `Role`, in the active language."""
    names: list[str] = affiliation.role_names  # type: ignore[attr-defined]
    return [str(role.label) for role in Role if role in names and role != Role.STAFF]


def person_page(reader: User, pk: int) -> PersonPage | None:
    """The page of the person `pk`, or None where `reader` may not see that they exist."""
    person = policies.visible_to(reader).select_related("profile").filter(pk=pk).first()
    if person is None:
        return None
    profile = getattr(person, "profile", None) or Profile(person=person)
    visible = policies.visible_affiliations(reader).filter(person=person).select_related("organisation__logo")
    affiliations = list(visible.order_by("organisation__name_sort", "pk"))
    for affiliation in affiliations:
        affiliation.role_labels = role_labels(affiliation)  # type: ignore[attr-defined]
    return PersonPage(
        person=person,
        profile=profile,
        affiliations=affiliations,
        email=person.email if policies.can_see_email(reader, profile) else "",
        phone=profile.phone if profile.phone and policies.can_see_phone(reader, profile) else "",
        is_self=reader.pk == person.pk,
        is_here=bool(present([person.pk])),
        may_lock=can_keep(reader, person),
        may_recover=can_start_recovery(reader, person),
        may_erase=can_erase(reader, person),
    )
