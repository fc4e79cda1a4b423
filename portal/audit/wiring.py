"""What the record announces."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.access.policies import is_secretariat
from portal.audit import telling
from portal.audit.chain import FORGOTTEN, ORIGIN_KEPT
from portal.audit.filters import EntryFilter
from portal.audit.models import Circumstance, Entry
from portal.audit.selectors import PERSON, act_label, in_words, kind_label
from portal.audit.services import REFUSED, circumstances_forget
from portal.registry import AuditVerb, Detail, Erasure, NavigationEntry, NotPersonal, RetentionRule, announced
from portal.ui.formats import number

if TYPE_CHECKING:
    from portal.accounts.models import User

announced.navigation.add(
    NavigationEntry(
        name="audit",
        label=_("Record"),
        icon="history",
        url=lambda _reader: reverse("audit:entries"),
        group="run",
        order=90,
        visible_to=is_secretariat,
    )
)
WAYS = {
    **dict.fromkeys(("GET", "HEAD", "OPTIONS"), _("Opening it")),
    **dict.fromkeys(("POST", "PUT", "PATCH", "DELETE"), _("Sending something to it")),
    "LISTEN": _("Listening to it"),
    "other": _("Something else"),
}
FILTER_CODES = {
    "verb": telling.each(act_label),
    "kind": telling.each(kind_label),
    "since": telling.days,
    "until": telling.days,
}

announced.audit_verbs.add(
    AuditVerb(
        name=REFUSED,
        label=_("Was refused"),
        details=(
            Detail(name="route", label=_("Page")),
            Detail(name="method", label=_("How"), told=telling.words(WAYS)),
            Detail(name="unrecorded_before", label=_("Further refusals before it")),
        ),
    ),
    AuditVerb(
        name="record.exported",
        label=_("Record exported"),
        details=(
            Detail(name="format", label=_("Form of the file"), told=telling.each(str.upper)),
            Detail(name="count", label=_("Number of entries")),
            Detail(
                name="filters",
                label=_("Narrowed by"),
                told=telling.parts(
                    *(
                        Detail(name=name, label=one.label, told=FILTER_CODES.get(name, telling.some_words))
                        for name, one in EntryFilter.base_filters.items()
                    )
                ),
            ),
        ),
    ),
    AuditVerb(
        name=FORGOTTEN,
        label=_("Origins and reasons forgotten"),
        details=(
            Detail(
                name="entries",
                label=_("Number of entries"),
                told=lambda values: [number(len(entries)) for entries in values],
            ),
        ),
    ),
)


def _entries_of(person: User) -> QuerySet[Entry]:
    return Entry.objects.filter(Q(actor_id=person.pk) | Q(target_type=PERSON, target_id=person.pk))


def _circumstances_of(person: User) -> QuerySet[Circumstance]:
    return Circumstance.objects.filter(entry__actor_id=person.pk)


def _origins_due(now: datetime) -> QuerySet[Circumstance]:
    return Circumstance.objects.filter(kind=Circumstance.Kind.ORIGIN, entry__at__lt=now - ORIGIN_KEPT)


def _forget(person: User) -> None:
    circumstances_forget(None, person=person)


announced.retention_rules.add(
    RetentionRule(
        name="audit.entry",
        model="audit.Entry",
        fields=("actor", "at", "verb", "target_type", "target_id", "details"),
        words={
            "verb": lambda entry: act_label(entry.verb),
            "target_type": lambda entry: kind_label(entry.target_type),
            "details": in_words,
        },
        rows=_entries_of,
        label=_("What you did, and what was done for you"),
        purpose=_("To answer who did what, for whom and when, also years later and when it is disputed."),
        audience=_("The Secretariat; of what concerns an organisation, its administrators."),
        rule=_(
            "As long as the network exists. It holds numbers, never names, addresses or contents. "
            "Its entries depend on each other, so that none can be removed without being noticed."
        ),
        erasure=Erasure.KEEP,
        because=_("It holds your number only. Without your account nothing leads from the number to you."),
        order=70,
    ),
    RetentionRule(
        name="audit.circumstance",
        model="audit.Circumstance",
        fields=("entry", "kind", "content"),
        rows=_circumstances_of,
        since="entry__at",
        days=ORIGIN_KEPT.days,
        due=_origins_due,
        carried_out_by="audit.forget_origins",
        label=_("Where you did it from, and why"),
        purpose=_("To see whether somebody else acts in your name, and to know the reason that was given."),
        audience=_("The Secretariat."),
        rule=_(
            "Where from is kept for 90 days: the first half of the network’s address and the kind of device. "
            "A reason is kept with the entry."
        ),
        erasure=Erasure.DELETE,
        erase=_forget,
        order=71,
    ),
)
announced.not_personal.add(
    NotPersonal(
        model="audit.Entry",
        fields=("acting_for_id", "acting_for_name", "target_name"),
        because="names of organisations and the like; names of people are not kept (portal.registry.RecordedThing)",
    ),
    NotPersonal(
        model="audit.Entry",
        fields=("origin_hash", "why_hash"),
        because="salted hashes, from which nothing can be guessed once the circumstance with its salt is gone",
    ),
    NotPersonal(model="audit.Circumstance", fields=("salt",), because="a random number"),
    NotPersonal(model="audit.Link", fields=("*",), because="numbers and hashes of entries"),
)
