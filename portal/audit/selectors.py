"""Reading the record: entries with the names that belong to them now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Model, Prefetch, Q, QuerySet
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.audit import anchor, telling
from portal.audit.chain import hash_at
from portal.audit.models import Circumstance, Entry
from portal.audit.origin import Origin
from portal.registry import Detail, announced

PERSON: Final = settings.AUTH_USER_MODEL.lower()
"""How a person is named as a target."""


@dataclass(frozen=True)
class Line:
    """An entry as it is shown: people by the names they have now, the rest by those of its moment.

    `why`, `network` and `device` are "" where they are not known, forgotten, or not for this reader.
    """

    entry: Entry
    number: int | None
    who: str
    act: str | Promise
    kind: str | Promise
    target: str
    details: Sequence[tuple[str, str]]
    why: str = ""
    network: str = ""
    device: str = ""


@dataclass(frozen=True)
class AnchorState:
    """Whether the record still holds what was noted last outside the database, and when and what that was."""

    fits: bool
    number: int
    at: datetime


def about(thing: Model) -> QuerySet[Entry]:
    """The part of the record that is about `thing` or was done acting for it."""
    itself = Q(target_type=thing._meta.label_lower, target_id=thing.pk)
    return Entry.objects.filter(itself | Q(acting_for_id=thing.pk))


def for_showing(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """`entries` with what `lines` needs of them, in three queries for any number."""
    circumstances = Prefetch("circumstances", Circumstance.objects.order_by("kind"), to_attr="known")
    return entries.select_related("actor", "link").prefetch_related(circumstances)


def lines(entries: Iterable[Entry], *, whole: bool) -> list[Line]:
    """What is shown of `entries` (from `for_showing`); `whole` adds where from and why, for the Secretariat alone."""
    read = list(entries)
    wanted = [entry.target_id for entry in read if entry.target_type == PERSON and entry.target_id is not None]
    people = {person.pk: str(person) for person in get_user_model().objects.filter(pk__in=wanted)} if wanted else {}
    details = _details(read)
    return [_line(entry, people, details[place], whole=whole) for place, entry in enumerate(read)]


def anchor_state() -> AnchorState | None:
    """How the record stands against its anchor; None where this process cannot read one."""
    last = anchor.last(settings.AUDIT_ANCHOR)
    if last is None:
        return None
    return AnchorState(hash_at(last.head.number) == last.head.hash, last.head.number, last.at)


def kind_label(target_type: str) -> str | Promise:
    """What a kind of target is called."""
    announced_as = announced.recorded_things.get(target_type)
    return announced_as.label if announced_as is not None else _model_name(target_type)


def act_label(verb: str) -> str | Promise:
    """What an act is called."""
    announced_as = announced.audit_verbs.get(verb)
    return announced_as.label if announced_as is not None else verb


def in_words(entry: Entry) -> str:
    """The details of one entry."""
    return telling.listed(_details([entry])[0])


def _details(entries: Sequence[Entry]) -> list[list[tuple[str, str]]]:
    """Of each entry what its details are called and what they say; each kind of detail is asked once for all."""
    given = [_given(entry) for entry in entries]
    asked: dict[tuple[str, str], tuple[Detail, list[Any]]] = {}
    for entry, details in zip(entries, given, strict=True):
        for detail in details:
            asked.setdefault((entry.verb, detail.name), (detail, []))[1].append(entry.details[detail.name])
    said = {key: iter(telling.told(detail, values)) for key, (detail, values) in asked.items()}
    return [
        [(str(detail.label), next(said[entry.verb, detail.name])) for detail in details]
        for entry, details in zip(entries, given, strict=True)
    ]


def _given(entry: Entry) -> list[Detail]:
    """The details that an entry has, in the order announced; keys that nobody announced (any more) are called so."""
    verb = announced.audit_verbs.get(entry.verb)
    known = {detail.name: detail for detail in verb.details} if verb is not None else {}
    names = [name for name in (*known, *sorted(entry.details.keys() - known.keys())) if name in entry.details]
    nothing: tuple[Any, ...] = (None, "", [], {})
    return [known.get(name, Detail(name=name, label=name)) for name in names if entry.details[name] not in nothing]


def _line(entry: Entry, people: dict[int, str], details: Sequence[tuple[str, str]], *, whole: bool) -> Line:
    known = {circumstance.kind: circumstance.content for circumstance in entry.known} if whole else {}  # type: ignore[attr-defined]
    came_from = Origin.of_text(known.get(Circumstance.Kind.ORIGIN, ""))
    return Line(
        entry=entry,
        number=entry.link.number if hasattr(entry, "link") else None,
        who=str(entry.actor) if entry.actor is not None else _("The installation"),
        act=act_label(entry.verb),
        kind=kind_label(entry.target_type) if entry.target_type else "",
        target=_target(entry, people),
        details=details,
        why=known.get(Circumstance.Kind.WHY, ""),
        network=came_from.network,
        device=came_from.device,
    )


def _target(entry: Entry, people: dict[int, str]) -> str:
    if not entry.target_type:
        return ""
    if entry.target_type == PERSON and entry.target_id in people:
        return people[entry.target_id]
    if entry.target_name:
        return entry.target_name
    return _("%(kind)s no. %(number)s") % {"kind": kind_label(entry.target_type), "number": entry.target_id}


@cache
def _model(target_type: str) -> type[Model] | None:
    try:
        return apps.get_model(target_type)
    except (LookupError, ValueError):  # of an app that is gone
        return None


def _model_name(target_type: str) -> str:
    model = _model(target_type)
    return capfirst(str(model._meta.verbose_name)) if model is not None else target_type
