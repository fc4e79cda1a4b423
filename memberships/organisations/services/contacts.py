"""Writing how an organisation can be reached."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from memberships.organisations import policies
from memberships.organisations.models import Audience, Contact, Organisation
from memberships.organisations.services.announcing import announce
from memberships.organisations.services.fields import line, web_address
from memberships.organisations.services.profile import bump, keep_history, lock_for_change, on_behalf
from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.audit.services import record

CONTACT: Final = "contact"
"""The name under which changes of contacts stand in the history."""

MOST_CONTACTS: Final = 30
LONGEST_CONTACT: Final = 500

# On which hosts the pages of a social network are. Mastodon has thousands.
_HOSTS: Final[Mapping[str, tuple[str, ...]]] = {
    Contact.Kind.BLUESKY: ("bsky.app",),
    Contact.Kind.FACEBOOK: ("facebook.com", "fb.com"),
    Contact.Kind.INSTAGRAM: ("instagram.com",),
    Contact.Kind.LINKEDIN: ("linkedin.com",),
    Contact.Kind.TELEGRAM: ("t.me", "telegram.me"),
    Contact.Kind.X: ("x.com", "twitter.com"),
    Contact.Kind.YOUTUBE: ("youtube.com", "youtu.be"),
}
_PHONE: Final = re.compile(r"\+?[\d\s().\-/]{4,40}(?:\s?(?:x|ext\.?)\s?\d{1,6})?")
_FINGERPRINT: Final = re.compile(r"[0-9A-F]{40}|[0-9A-F]{64}")


@dataclass(frozen=True, order=True)
class ContactValues:
    """One contact as it is to be: a kind, what was typed, and who may read it."""

    kind: str
    value: str
    audience: str

    def as_json(self) -> dict[str, str]:
        """As it is kept in the history."""
        return {"kind": self.kind, "value": self.value, "audience": self.audience}


def contact_clean(kind: str, value: Any, audience: str) -> ContactValues:
    """The clean form of one contact. Raises ValidationError with a sentence."""
    if kind not in Contact.Kind.values:
        raise ValidationError({"kind": _("Choose one of the kinds.")})
    if audience not in Audience.values:
        raise ValidationError({"audience": _("Choose who may read it.")})
    try:
        return ContactValues(kind, _CLEANERS.get(kind, _social)(kind, value), audience)
    except ValidationError as error:
        raise ValidationError({"value": error}) from error


@transaction.atomic
def contacts_save(
    actor: User, *, organisation: Organisation, version: int, contacts: Iterable[ContactValues]
) -> Organisation:
    """Make `contacts` the organisation's contacts; each that came, went or changed is kept in the history.

    Returns the organisation as it is now. Raises Refused, ValidationError, and StaleVersion where its contacts were
    changed after `version`.
    """
    if not policies.can_edit(actor, organisation):
        raise Refused(
            gettext_lazy("Only administrators of this organisation and the Secretariat can change its contacts.")
        )
    locked = lock_for_change(organisation, version=version, fields=[CONTACT])
    wanted = {(item.kind, item.value): contact_clean(item.kind, item.value, item.audience) for item in contacts}
    if len(wanted) > MOST_CONTACTS:
        raise ValidationError(_("An organisation may have at most %(limit)s contacts.") % {"limit": MOST_CONTACTS})
    present = {(row.kind, row.value): row for row in locked.contacts.all()}
    before = {key: ContactValues(row.kind, row.value, row.audience) for key, row in present.items()}
    moves = _moves(before, wanted)
    if not moves:
        return locked
    bump(locked)
    locked.save(update_fields=["version", "updated_at"])
    Contact.objects.filter(pk__in=[present[key].pk for key in present if wanted.get(key) != before[key]]).delete()
    Contact.objects.bulk_create(
        Contact(organisation=locked, **item.as_json()) for key, item in wanted.items() if item != before.get(key)
    )
    json = [(old.as_json() if old else None, new.as_json() if new else None) for old, new in moves]
    keep_history(actor, locked, [(CONTACT, old, new) for old, new in json])
    details = {"fields": [CONTACT], "version": locked.version}
    record(actor, verb="organisation.updated", target=locked, acting_for=on_behalf(actor, locked), details=details)
    announce(locked, kind="updated")
    return locked


Key = tuple[str, str]
Move = tuple[ContactValues | None, ContactValues | None]


def _moves(before: Mapping[Key, ContactValues], after: Mapping[Key, ContactValues]) -> list[Move]:
    """What came, went and changed; of one kind, what went and what came at once counts as a change."""
    gone: dict[str, list[ContactValues]] = defaultdict(list)
    new: dict[str, list[ContactValues]] = defaultdict(list)
    for key in sorted(before.keys() | after.keys()):
        if before.get(key) != after.get(key):
            if key in before:
                gone[key[0]].append(before[key])
            if key in after:
                new[key[0]].append(after[key])
    moves: list[Move] = []
    for kind in sorted(gone.keys() | new.keys()):
        pairs = max(len(gone[kind]), len(new[kind]))
        moves += zip(_padded(gone[kind], pairs), _padded(new[kind], pairs), strict=True)
    return moves


def _padded(items: list[ContactValues], length: int) -> list[ContactValues | None]:
    return [*items, *[None] * (length - len(items))]


def _required(text: str) -> str:
    if not text:
        raise ValidationError(_("Give the address or the number, or leave the whole line empty."), code="required")
    return text


def _email(_kind: str, value: Any) -> str:
    text = _required(line(value, 254))
    try:
        validate_email(text)
    except ValidationError as error:
        raise ValidationError(_("Give an e-mail address, for example office@example.org."), code="invalid") from error
    return text


def _phone(_kind: str, value: Any) -> str:
    text = _required(line(value, 60))
    if not _PHONE.fullmatch(text) or sum(char.isdecimal() for char in text) < 4:
        raise ValidationError(_("Give a telephone number with its country code, for example +243 81 000 0000."))
    return text


def _signal(_kind: str, value: Any) -> str:
    text = _required(line(value, 60))
    name = re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{2,31}\.\d{2,9}", text)
    if not name and not (_PHONE.fullmatch(text) and sum(char.isdecimal() for char in text) >= 4):
        raise ValidationError(_("Give a Signal user name, for example office.01, or a telephone number."))
    return text


def _pgp(_kind: str, value: Any) -> str:
    digits = re.sub(r"[\s:]|^0[xX]", "", _required(line(value, 120))).upper()
    if not _FINGERPRINT.fullmatch(digits):
        raise ValidationError(_("Give the fingerprint of the key: 40 digits and letters from A to F."))
    return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))


def _address(_kind: str, value: Any) -> str:
    text = (
        value if not isinstance(value, str) else ", ".join(row.strip(" ,") for row in value.splitlines() if row.strip())
    )
    return _required(line(text, LONGEST_CONTACT))


def _social(kind: str, value: Any) -> str:
    address = _required(web_address(value))
    host = (urlsplit(address).hostname or "").lower()
    hosts = _HOSTS.get(kind)
    if hosts and not any(host == known or host.endswith(f".{known}") for known in hosts):
        raise ValidationError(_("Give the address of the page on %(host)s.") % {"host": hosts[0]}, code="invalid")
    return address


_CLEANERS: Final[Mapping[str, Callable[[str, Any], str]]] = {
    Contact.Kind.EMAIL: _email,
    Contact.Kind.PHONE: _phone,
    Contact.Kind.SIGNAL: _signal,
    Contact.Kind.PGP: _pgp,
    Contact.Kind.ADDRESS: _address,
}
