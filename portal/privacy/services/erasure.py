"""Erasing a person: the thread stays, the person goes, everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from portal.access.policies import secretariat
from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.audit.services import record
from portal.live.services import publish
from portal.privacy.models import ErasureRequest
from portal.privacy.policies import can_erase
from portal.privacy.selectors.declared import blanks_of, field_of, model_of, rows_of
from portal.privacy.words import Words
from portal.registry import Erasure, RetentionRule, announced

BATCH: Final = 500


@transaction.atomic
def erase(actor: User | None, *, person: User, reason: str = "") -> dict[str, int]:
    """Erase `person` now. `actor` None is the installation carrying out a wish whose days of grace are over.

    Their row stays without name, address and way in, so that threads and the record have somebody to lean on; all
    else goes as the retention rules say, and what others wrote of them loses their name, addresses and numbers.
    `reason`, of the Secretariat, goes into the record, without what would name the person. It cannot be undone.

    Returns how many rows were touched by name of the rule; an erased person is left as they are (nothing). Raises
    Refused, also where nobody of the Secretariat would be left.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.erased_at is not None:
        return {}
    if actor is not None and not can_erase(actor, person):
        raise Refused(_("Only the Secretariat can erase somebody else's account."))
    check_network_is_run(without=person)
    words = words_of(person)
    # Found before anything goes: rows of one rule may be found through those of another.
    found = {rule.name: _found(rule, person) for rule in announced.retention_rules}
    language = person.language
    for rule in announced.retention_rules:
        if rule.erase is not None:
            rule.erase(person)
    for follower in announced.erasure_followers:
        if follower.erasing is not None:
            follower.erasing(person)
    _tombstone(person)
    for follower in announced.erasure_followers:
        if follower.erased is not None:
            follower.erased(person)
    counts = {rule.name: _apply(rule, found[rule.name], words) for rule in _in_order()}
    _tombstone(person)  # a follower or a rule may have loaded and saved it
    wishes = ErasureRequest.objects.filter(person=person, withdrawn_at__isnull=True, carried_out_at__isnull=True)
    wishes.update(carried_out_at=timezone.now())
    with translation.override(language):
        why = words.taken_out(reason, _former_member())
    touched = {name: count for name, count in counts.items() if count}
    record(actor, verb="person.erased", target=person, details={"rows": touched}, why=why)
    publish(f"rights:{person.pk}", kind="session.ended")
    return touched


def erasures_due(*, now: datetime | None = None) -> int:
    """Erase everybody whose days of grace are over at `now`, each in a transaction of their own; returns how many."""
    # While an account is locked nobody knows whether the wish is its owner's: it waits.
    due = ErasureRequest.objects.filter(
        due_at__lte=now or timezone.now(),
        withdrawn_at__isnull=True,
        carried_out_at__isnull=True,
        person__locked_at__isnull=True,
    )
    erased = 0
    for wish in due.select_related("person"):
        with transaction.atomic():
            # Locked, for its owner may take it back at this moment.
            if due.select_for_update(of=["self"]).filter(pk=wish.pk).exists():
                erase(None, person=wish.person)
                erased += 1
    return erased


def words_of(person: User) -> Words:
    """What `person` is recognised by in texts of others: name, addresses, and what followers add."""
    addresses = EmailAddress.objects.filter(user_id=person.pk).values_list("email", flat=True)
    more = [
        text
        for follower in announced.erasure_followers
        if follower.words is not None
        for text in follower.words(person)
    ]
    return Words.of([person.name, person.email, *addresses, *more])


def check_network_is_run(*, without: User) -> None:
    """Raise Refused where `without` is the last of the Secretariat: nobody could give the role to anyone any more."""
    staff = secretariat()
    if staff.filter(pk=without.pk).exists() and not staff.exclude(pk=without.pk).exists():
        raise Refused(
            _("You are the last of the Secretariat. Give the role to somebody else first, so that the network is run.")
        )


def _tombstone(person: User) -> None:
    fields: dict[str, Any] = {
        "erased_at": person.erased_at or timezone.now(),
        "email": f"erased-{person.pk}@erased.invalid",  # RFC 2606: no mail ever reaches it
        "name": "",
        "is_active": False,
        "is_superuser": False,
        "last_login": None,
        "created_at": (person.erased_at or timezone.now()),
    }
    for preference in ("language", "time_zone", "appearance", "low_bandwidth", "western_digits", "presence_visible"):
        fields[preference] = field_of(User, preference).get_default()
    for name, value in fields.items():
        setattr(person, name, value)
    person.set_unusable_password()
    person.save(update_fields=[*fields, "password"])


def _in_order() -> Iterator[RetentionRule]:
    """Texts of others first, then what is emptied, then what goes: rows are still there when they are looked for."""
    ranks = {Erasure.SCRUB: 0, Erasure.KEEP: 1, Erasure.BLANK: 2, Erasure.DELETE: 3}
    return iter(sorted(announced.retention_rules, key=lambda rule: (ranks[rule.erasure], rule.order)))


def _found(rule: RetentionRule, person: User) -> list[Any]:
    if rule.erase is not None or rule.erasure not in (Erasure.BLANK, Erasure.DELETE):
        return []  # its own way, or nothing to find
    return list(rows_of(rule, person).values_list("pk", flat=True))


def _apply(rule: RetentionRule, pks: list[Any], words: Words) -> int:
    if rule.erasure == Erasure.SCRUB:
        return _scrub(rule, words)
    if not pks:
        return 0
    rows = model_of(rule)._default_manager.filter(pk__in=pks)
    if rule.erasure == Erasure.BLANK:
        return rows.update(**blanks_of(rule))
    if rule.erasure == Erasure.DELETE:
        rows.delete()
        return len(pks)
    return 0


def _scrub(rule: RetentionRule, words: Words) -> int:
    """Take the person out of the texts of `rule`; returns how many rows changed."""
    if not words:
        return 0
    texts = [name for name in rule.fields if field_of(model_of(rule), name).related_model is None]
    changed = 0
    for row in _quoting(rule, words, texts):
        language = _readers_language(rule, row)
        with translation.override(language):
            after = {name: words.taken_out(getattr(row, name), _former_member()) for name in texts}
        after = {name: value for name, value in after.items() if value != getattr(row, name)}
        if after:
            changed += model_of(rule)._default_manager.filter(pk=row.pk).update(**after)
    return changed


def _quoting(rule: RetentionRule, words: Words, texts: list[str]) -> Iterator[Any]:
    rows: QuerySet[Any] = model_of(rule)._default_manager.all()
    if "__" in rule.readers_language:
        rows = rows.select_related(rule.readers_language.rpartition("__")[0])
    quotes = Q()
    for name in texts:
        rows = rows.annotate(**{f"text_of_{name}": Cast(name, TextField())})
        quotes |= Q(**{f"text_of_{name}__iregex": words.database_pattern})
    return rows.filter(quotes).order_by("pk").iterator(chunk_size=BATCH)


def _readers_language(rule: RetentionRule, row: Any) -> str:
    value: Any = row
    for step in filter(None, rule.readers_language.split("__")):
        value = getattr(value, step)
    return value if isinstance(value, str) else "en"


def _former_member() -> str:
    return pgettext("a person", "Former member")


def jobs_forget(person: User) -> None:
    """Take the jobs that are about `person` out of the queue; one that runs at this moment forgets what it was given.

    Raw SQL, for the queue's models are read-only.
    """
    known = EmailAddress.objects.filter(user_id=person.pk).values_list("email", flat=True)
    addresses = [address.lower() for address in (person.email, *known)]
    about = "(args ->> 'person_id' = %s OR lower(args ->> 'email') = ANY(%s))"
    values: tuple[str, list[str]] = (str(person.pk), addresses)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM procrastinate_jobs WHERE status <> 'doing' AND {about}", values)  # noqa: S608
        cursor.execute(f"UPDATE procrastinate_jobs SET args = '{{}}' WHERE {about}", values)  # noqa: S608
