"""What the home page shows of the directory: how large the network is."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from memberships.directory.policies import can_open
from memberships.directory.selectors.network import directory_for
from portal.accounts.models import User
from portal.registry import Figure
from portal.ui.formats import number


def figures(request: HttpRequest) -> Sequence[Figure]:
    """Organisations, countries and people, as the reader may count them; one query once this version is counted."""
    reader = request.user
    if not isinstance(reader, User) or not can_open(reader):
        return []
    found = directory_for(reader).figures
    full = ngettext("%(count)s full member", "%(count)s full members", found.full_members)
    return [
        Figure(
            number=found.organisations,
            word=ngettext("organisation", "organisations", found.organisations),
            detail=full % {"count": number(found.full_members)},
            url=reverse("directory:organisations"),
        ),
        Figure(
            number=found.countries,
            word=ngettext("country", "countries", found.countries),
            detail=_("where full members work"),
            url=reverse("directory:countries"),
        ),
        Figure(
            number=found.people,
            word=ngettext("person", "people", found.people),
            detail=_("to write to and ask"),
            url=reverse("directory:people"),
        ),
    ]
