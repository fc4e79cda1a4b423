"""What follows from every change of an organisation: the index is brought up to date and open pages are told."""

from memberships.organisations.models import Organisation
from memberships.people.models import Affiliation
from memberships.people.services import team_reindex
from portal.live.services import publish
from portal.search.services import reindex

SOURCE = "organisation"
DIRECTORY = "directory"


def announce(organisation: Organisation, *, kind: str, people_too: bool = False) -> None:
    """Reindex the organisation and publish `organisation.<kind>` to its page and to the directory.

    In the caller's transaction. `people_too` also tells the pages of its people and brings their index up to date,
    where they may now be hidden or shown, or found by another name. Payloads hold ids only: whoever is told asks
    again, and sees what they may see.
    """
    reindex(SOURCE, [organisation.pk])
    payload = {"id": organisation.pk}
    publish(f"{SOURCE}:{organisation.pk}", kind=f"organisation.{kind}", payload=payload)
    if people_too:
        current = Affiliation.objects.filter(organisation=organisation, until__isnull=True)
        for person_id in current.order_by("person_id").values_list("person_id", flat=True):
            publish(f"person:{person_id}", kind="person.updated", payload={"id": person_id})
        team_reindex(organisation)
    # Last, for all writers meet here: whoever holds it needs no other lock any more.
    publish(DIRECTORY, kind=f"organisation.{kind}", payload=payload)
