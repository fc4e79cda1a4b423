"""Addresses in mails: pages of the portal, the name of a mail, and the link by which mails are stopped.

None of them says what a mail is about, not even to who compares two of them.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from portal.registry import announced

ALL: Final = ""  # instead of a kind: whatever there is
_TOKEN: Final = re.compile(r"([0-9]{1,18})-([0-9a-f]{16})-([0-9a-f]{40})")


def address_of(path: str) -> str:
    """The full address of a path within the portal, for use in mails."""
    return settings.PUBLIC_ADDRESS.rstrip("/") + path


def message_id(identity: str = "") -> str:
    """The Message-ID of a mail (RFC 5322): the same for the same `identity`, so that a mail sent twice is known as one.

    Without `identity` no two are the same. It names neither the machine nor anything in the mail.
    """
    local = _keyed("message", identity)[:32] if identity else uuid4().hex
    return f"<{local}@{urlsplit(settings.PUBLIC_ADDRESS).hostname or 'localhost'}>"


def stop_link(person_id: int, kind: str = ALL) -> str:
    """Where mails of `kind` to a person are stopped, by who got one of them, without signing in."""
    return address_of(reverse("notifications:stop", args=[stop_token(person_id, kind)]))


def stop_token(person_id: int, kind: str = ALL) -> str:
    """The secret part of such a link. It is made of the secret key and stored nowhere."""
    about = _about(kind)
    return f"{person_id}-{about}-{_keyed('stop', f'{person_id}-{about}')[:40]}"


def stopped_by(token: str) -> tuple[int, str]:
    """Whose mails, and of which kind (or ALL), a token stops. Raises LookupError for any other text."""
    found = _TOKEN.fullmatch(token)
    if found is None or not constant_time_compare(found[3], _keyed("stop", f"{found[1]}-{found[2]}")[:40]):
        raise LookupError("no such link")
    for kind in (ALL, *(kind.name for kind in announced.notification_kinds)):
        if found[2] == _about(kind):
            return int(found[1]), kind
    raise LookupError("the kind is no longer announced")


def _about(kind: str) -> str:
    return _keyed("kind", kind)[:16]


def _keyed(purpose: str, text: str) -> str:
    return salted_hmac(f"portal.notifications.{purpose}", text, algorithm="sha256").hexdigest()
