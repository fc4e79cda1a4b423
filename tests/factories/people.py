"""People and their places."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress

from memberships.organisations.models import Organisation
from memberships.people import services
from memberships.people.models import Affiliation, AffiliationInvitation, Profile, Role, RoleTerm
from portal.access import roles as network
from portal.accounts.models import Invitation, User
from portal.accounts.tokens import new_seed, token_hash, token_of
from portal.search.folding import sort_key
from tests.factories.accounts import with_factor

PASSWORD = "a password for tests only"
_numbers = count(1)


def person(
    name: str = "", *, of: Organisation | Sequence[Organisation] = (), roles: Sequence[Role] = (), **fields: Any
) -> User:
    """A person with a verified address who belongs to `of`, with `roles` in each; `title` goes to the affiliation.

    Whoever belongs somewhere has a second factor, for without one no role counts; `factor` False leaves it out.

    The rows are those the services leave, written directly: there are thousands of them in a run. What else a service
    does (record, notifications, live events, index) has not happened.
    """
    number = next(_numbers)
    title = fields.pop("title", "Programme lead")
    factor = fields.pop("factor", bool(of))
    name = name or f"Person {number}"
    made = User.objects.create_user(fields.pop("email", f"person{number}@example.org"), name, PASSWORD, **fields)
    EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    Profile.objects.create(person=made, name_sort=sort_key(name))
    if factor:
        with_factor(made)
    places = [of] if isinstance(of, Organisation) else of
    began = Affiliation.objects.bulk_create(
        Affiliation(person=made, organisation=place, title=title) for place in places
    )
    RoleTerm.objects.bulk_create(
        RoleTerm(affiliation=place, role=role, since=place.since)
        for place in began
        for role in roles
        if role != Role.STAFF
    )
    return reread(made)


def secretariat(name: str = "", *, factor: bool = True) -> User:
    """Someone of the Secretariat, with a second factor unless `factor` is False."""
    made = person(name, factor=factor)
    network.grant(network.SECRETARIAT, made, network.network())
    return reread(made)


def guest(name: str = "") -> User:
    """A guest of the network."""
    made = person(name)
    network.grant(network.GUEST, made, network.network())
    return reread(made)


def affiliation(who: User, organisation: Organisation) -> Affiliation:
    """The person's current affiliation there."""
    current = Affiliation.objects.select_related("person", "organisation")
    return current.get(person=who, organisation=organisation, until__isnull=True)


def reread(who: User) -> User:
    """The same person as the next request would load them: nothing known of their rights."""
    return User.objects.get(pk=who.pk)


def invitation(by: User, *, organisation: Organisation, **values: Any) -> tuple[AffiliationInvitation, str]:
    """An invitation sent by the service, with a token that opens it."""
    values = {"email": f"invited{next(_numbers)}@example.org", "name": "Ines Vited", **values}
    terms = services.invite_colleague(by, organisation=organisation, **values)
    return terms, token_for(terms)


def token_for(terms: AffiliationInvitation) -> str:
    """A token that opens the invitation in place of the mailed one, which is stored nowhere."""
    token = token_of(new_seed())
    Invitation.objects.filter(pk=terms.invitation_id).update(token_hash=token_hash(token))
    return token
