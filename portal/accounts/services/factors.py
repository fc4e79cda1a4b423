"""Codes of authenticator apps and recovery codes: each is accepted once, whatever else happens at the same moment.

The counter of the last code that was accepted is kept beside the app's secret and read under the row's lock. No cache
is asked: with a cache emptied, or two processes asked at once, a used code stays used.
"""

from __future__ import annotations

import hmac
import logging
import time
from typing import Any, Final

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.db import transaction

from portal.accounts import encryption
from portal.accounts.models import User

log = logging.getLogger(__name__)

STEPS_BACK: Final = 1
"""A code typed in its last second arrives in the next step of thirty seconds, or later on a slow line (RFC 6238, 5.2).
Codes of steps to come are never accepted."""

LAST: Final = "last_counter"


def code_accept(person: User, *, code: str) -> Authenticator | None:
    """The factor of `person` that `code` belongs to, which uses the code up; None where it is wrong or was used.

    Commits by itself where the caller has no transaction, so that the code stays used even if what follows fails.
    `code` is in ASCII digits.
    """
    with transaction.atomic():
        rows = Authenticator.objects.select_for_update().filter(user_id=person.pk).order_by("pk")
        found = {factor.type: factor for factor in rows}
        try:
            app = found.get(Authenticator.Type.TOTP)
            if app is not None and _app_accepts(app, code):
                return app
            codes = found.get(Authenticator.Type.RECOVERY_CODES)
            if codes is not None and codes.wrap().validate_code(code):
                return codes
        except ValueError:
            log.exception("A second factor cannot be opened: is FACTOR_KEY the right one?")
    return None


def _app_accepts(app: Authenticator, code: str) -> bool:
    counter = counter_of(code, secret=decrypt(app.data["secret"]), after=app.data.get(LAST, -1))
    if counter is None:
        return False
    app.data[LAST] = counter
    app.save(update_fields=["data"])
    return True


def counter_of(code: str, *, secret: str, after: int = -1) -> int | None:
    """To which step of time (30 seconds, RFC 6238) `code` belongs, among those that count now; later than `after`."""
    now = int(time.time()) // app_settings.TOTP_PERIOD
    matching = None
    for counter in range(max(now - STEPS_BACK, after + 1), now + 1):
        # All are compared, so that the time taken says nothing.
        if hmac.compare_digest(format_hotp_value(hotp_value(secret, counter)), code):
            matching = counter
    return matching


def factors_rotate() -> int:
    """Close the secrets of all second factors with the current key. Returns how many rows."""
    count = 0
    for pk in list(Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).values_list("pk", flat=True)):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=pk).first()
            if row is not None:
                row.data = {name: _rotated(name, value) for name, value in row.data.items()}
                row.save(update_fields=["data"])
                count += 1
    return count


def _rotated(name: str, value: Any) -> Any:
    if name in {"secret", "seed"}:
        return encryption.rotate(value, purpose=encryption.FACTORS)
    return value
