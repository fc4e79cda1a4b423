"""What of it is mailed, and how."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from django.db.models import Q, QuerySet

from portal.notifications.models import MailKey, MailSettings, Preference, ReturnedMail
from portal.registry import NotificationKind, announced

if TYPE_CHECKING:
    from portal.accounts.models import User


ALL: Final = ""
"""The kind under which a person's choice about all kinds is kept."""


def wanting_mail(person_ids: Sequence[int], *, kind: NotificationKind) -> set[int]:
    """Those of the people to whom `kind` is mailed: by their own choice, else by the kind's default. One query."""
    chosen = Preference.objects.filter(person_id__in=person_ids, kind__in=(kind.name, ALL))
    choices = {
        (person_id, name): mailed for person_id, name, mailed in chosen.values_list("person_id", "kind", "mailed")
    }
    return {
        person_id
        for person_id in person_ids
        if choices.get((person_id, ALL), True) and choices.get((person_id, kind.name), kind.mailed)
    }


def mailed_kinds(person: User) -> dict[str, bool]:
    """For every announced kind, whether it is mailed to `person`, and under ALL whether any is."""
    choices = dict(Preference.objects.filter(person_id=person.pk).values_list("kind", "mailed"))
    kinds = {kind.name: choices.get(kind.name, kind.mailed) for kind in announced.notification_kinds}
    return {ALL: choices.get(ALL, True), **kinds}


def is_discreet(person: User) -> bool:
    """Whether mails to `person` say only that something awaits: as they chose, else as somebody advises for them."""
    chosen = MailSettings.objects.filter(person_id=person.pk).values_list("discreet", flat=True).first()
    return is_discretion_advised(person) if chosen is None else chosen


def is_discretion_advised(person: User) -> bool:
    """Whether some app knows a reason why mails to `person` had better say nothing."""
    return any(discretion.advised(person) for discretion in announced.mail_discretions)


def is_held(person_id: int) -> bool:
    """Whether some app holds that person's mails back now, because their account is locked for example."""
    return not all(gate.may_mail(person_id) for gate in announced.mail_gates)


def mail_key_of(person: User) -> MailKey | None:
    """The key that mails to `person` are encrypted to, usable or not."""
    return MailKey.objects.filter(person_id=person.pk).first()


def returned_mails() -> QuerySet[ReturnedMail]:
    """Addresses that take no mail, latest first: those still in use, and those of people who were invited."""
    in_use = Q(person__isnull=True) | Q(person__is_active=True)
    return ReturnedMail.objects.filter(in_use).select_related("person")


def returned_to(person: User) -> ReturnedMail | None:
    """What is known of mails to the present address of `person` that came back."""
    return ReturnedMail.objects.filter(email=person.email.lower()).first()
