"""All that the demonstration network says, without keys and moments, so that two loads of it can be compared."""

import hashlib
import json
from typing import Any

from memberships.organisations.models import AllianceMembership, Contact, Organisation, ProfileChange, Standing
from memberships.people.models import Affiliation, Profile, RoleTerm
from portal.access.models import NetworkUserObjectPermission
from portal.accounts.models import User
from portal.audit.models import Entry

ORGANISATION = [
    field.name
    for field in Organisation._meta.concrete_fields
    if field.name not in {"id", "created_at", "updated_at", "confirmed_at", "confirmed_by", "logo"}
]


def content() -> dict[str, list[Any]]:
    """Rows by kind, each kind in an order of its own."""
    kinds = {
        "organisations": Organisation.objects.values_list(*ORGANISATION, "confirmed_at__date", "confirmed_by__email"),
        "subjects": Organisation.objects.values_list("slug", "subjects__slug"),
        "standings": Standing.objects.values_list("organisation__slug", "kind", "since", "until"),
        "alliances": AllianceMembership.objects.values_list("organisation__slug", "alliance__slug", "since", "until"),
        "contacts": Contact.objects.values_list("organisation__slug", "kind", "value", "audience"),
        "changes": ProfileChange.objects.values_list("organisation__slug", "version", "field", "before", "after"),
        "people": User.objects.values_list("email", "name", "language", "is_active", "presence_visible"),
        "profiles": Profile.objects.values_list("person__email", "languages", "about", "phone", "email_audience"),
        "affiliations": Affiliation.objects.values_list("person__email", "organisation__slug", "title", "since"),
        "roles": RoleTerm.objects.values_list("affiliation__person__email", "affiliation__organisation__slug", "role"),
        "network roles": NetworkUserObjectPermission.objects.values_list("user__email", "permission__codename"),
        "record": Entry.objects.values_list("verb", "actor__email", "acting_for_name", "target_name"),
    }
    return {name: sorted(json.dumps(row, default=str) for row in rows) for name, rows in kinds.items()}


def digest() -> dict[str, str]:
    """A digest of each kind."""
    return {name: hashlib.sha256("\n".join(rows).encode()).hexdigest() for name, rows in content().items()}
