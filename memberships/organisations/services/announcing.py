"""What follows from every change of an organisation: the index is brought up to date and open pages are told."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from memberships.organisations.models import Organisation
from memberships.people.models import Affiliation
from memberships.people.services import team_reindex
from portal.live.services import publish
from portal.search.services import reindex

SOURCE = "organisation"
DIRECTORY = "directory"


@dataclass(frozen=True)
class _Change:
    organisation: Organisation
    kind: str
    people_too: bool


_collected: ContextVar[list[_Change] | None] = ContextVar("collected", default=None)


@contextmanager
def announced_together() -> Iterator[None]:
    """Within the block, which is within one transaction, changes are collected; at its end all are announced at once.

    For the import and the like: the index is brought up to date and the directory is told once for all of them.
    """
    changes: list[_Change] = []
    token = _collected.set(changes)
    try:
        yield
    finally:
        _collected.reset(token)
    reindex(SOURCE, sorted({change.organisation.pk for change in changes}))
    for change in {change.organisation.pk: change for change in changes}.values():
        _tell_page(change.organisation, change.kind)
    for change in changes:
        if change.people_too:
            _tell_people(change.organisation)
    if changes:
        publish(DIRECTORY, kind="organisation.updated")


def announce(organisation: Organisation, *, kind: str, people_too: bool = False) -> None:
    """Reindex the organisation and publish `organisation.<kind>` to its page and to the directory.

    In the caller's transaction. `people_too` also tells the pages of its people and brings their index up to date,
    where they may now be hidden or shown, or found by another name. Payloads hold ids only: whoever is told asks
    again, and sees what they may see.
    """
    together = _collected.get()
    if together is not None:
        together.append(_Change(organisation, kind, people_too))
        return
    reindex(SOURCE, [organisation.pk])
    _tell_page(organisation, kind)
    if people_too:
        _tell_people(organisation)
    # Last, for all writers meet here: whoever holds it needs no other lock any more.
    # Of one at risk, everybody hears that something in the directory changed, and not that it was this one.
    told = {} if organisation.at_risk else {"id": organisation.pk}
    publish(DIRECTORY, kind="organisation.updated" if organisation.at_risk else f"organisation.{kind}", payload=told)


def _tell_page(organisation: Organisation, kind: str) -> None:
    publish(f"{SOURCE}:{organisation.pk}", kind=f"organisation.{kind}", payload={"id": organisation.pk})


def _tell_people(organisation: Organisation) -> None:
    current = Affiliation.objects.filter(organisation=organisation, until__isnull=True)
    for person_id in current.order_by("person_id").values_list("person_id", flat=True):
        publish(f"person:{person_id}", kind="person.updated", payload={"id": person_id})
    team_reindex(organisation)
