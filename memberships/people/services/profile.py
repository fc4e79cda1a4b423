"""What a person tells the network about themselves."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from memberships.people import policies
from memberships.people.models import Profile
from memberships.people.services.effects import ensure_profile
from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.audit.services import record
from portal.live.services import publish
from portal.search.folding import sort_key
from portal.search.services import reindex


@transaction.atomic
def profile_update(
    actor: User,
    *,
    person: User,
    name: str,
    languages: Collection[str],
    about: str,
    phone: str,
    email_audience: Profile.Audience | str,
    phone_audience: Profile.Audience | str,
) -> Profile:
    """Change name and profile of `person`, which only they may. The record keeps which fields changed, not the texts.

    `languages` are ISO 639-1 codes, in the order in which they are shown. Raises Refused.
    """
    if not policies.can_edit_profile(actor, person):
        raise Refused(_("Only the person themselves can change this."))
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)  # what only refers to them need not wait
    profile = Profile.objects.select_for_update().get(pk=ensure_profile(person).pk)
    wanted = {
        "languages": list(languages),
        "about": about,
        "phone": phone,
        "email_audience": str(email_audience),
        "phone_audience": str(phone_audience),
    }
    changed = [field for field, value in wanted.items() if getattr(profile, field) != value]
    for field in changed:
        setattr(profile, field, wanted[field])
    if person.name != name:
        changed.append("name")
        person.name, profile.name_sort = name, sort_key(name)
        person.save(update_fields=["name"])
    if not changed:
        return profile
    profile.save()
    record(actor, verb="person.updated", target=person, details={"fields": sorted(changed)})
    _publish(person)
    return profile


@transaction.atomic
def name_follow(person: User) -> None:
    """Bring what is made of the name of `person` up to date after it was changed elsewhere (in the preferences)."""
    profile = ensure_profile(person)
    profile.name_sort = sort_key(person.name)
    profile.save(update_fields=["name_sort"])
    _publish(person)


def _publish(person: User) -> None:
    publish(f"person:{person.pk}", kind="person.updated")
    reindex("person", [person.pk])
    publish("directory", kind="people.changed")
