"""What of a profile is a person's own: contacts at their address or number."""

from __future__ import annotations

import re
from typing import Final

from allauth.account.models import EmailAddress
from django.db.models import CharField, F, Func, Q, QuerySet, Value

from memberships.organisations.models import Contact
from memberships.people.models import Profile
from portal.accounts.models import User

FEWEST_DIGITS: Final = 6


def contacts_of_person(person: User) -> QuerySet[Contact]:
    """Contacts of any organisation that are an address of `person`, or their telephone number however it is spaced."""
    known = EmailAddress.objects.filter(user_id=person.pk).values_list("email", flat=True)
    own = Q()
    for address in {person.email.lower(), *(address.lower() for address in known)}:
        own |= Q(value__iexact=address)
    phone = Profile.objects.filter(person_id=person.pk).values_list("phone", flat=True).first()
    digits = re.sub(r"\D", "", phone or "")
    contacts = Contact.objects.all()
    if len(digits) >= FEWEST_DIGITS:
        bare = Func(
            F("value"), Value(r"\D"), Value(""), Value("g"), function="REGEXP_REPLACE", output_field=CharField()
        )
        contacts = contacts.alias(digits=bare)
        own |= Q(digits=digits) & ~Q(value__contains="@")
    return contacts.filter(own)
