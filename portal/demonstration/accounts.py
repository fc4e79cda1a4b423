"""Who can sign in to the demonstration: one password for all, and the codes of those who have a second factor."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt

from portal.accounts.models import User
from portal.registry import Register, Text

PASSWORD: Final = "plenary-demonstration"
"""Public on purpose, and of all accounts: the demonstration listens on this machine alone."""

TOTP_SECRET: Final = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""As public as the password: the sign-in page shows the codes it makes."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account to sign in with; `name` is its address, `label` says what its owner is."""

    name: str
    label: Text
    order: int = 50


accounts: Register[Account] = Register("demonstration account")


@dataclass(frozen=True, slots=True)
class AccountShown:
    """An account as the sign-in page shows it; the codes are empty where there is no second factor.

    A code is good for thirty seconds, of which `seconds_left` are left to `code`; then `next_code` has its turn.
    """

    person: User
    label: Text
    code: str
    next_code: str
    seconds_left: int


def accounts_shown() -> list[AccountShown]:
    """The announced accounts that exist, in their order, with the codes of this moment. Two queries."""
    people = {person.email: person for person in User.objects.filter(email__in=[account.name for account in accounts])}
    codes = _codes([person.pk for person in people.values()])
    left = app_settings.TOTP_PERIOD - int(time.time()) % app_settings.TOTP_PERIOD
    return [
        AccountShown(person, account.label, *codes.get(person.pk, ("", "")), left)
        for account in accounts
        if (person := people.get(account.name)) is not None
    ]


@dataclass(frozen=True, slots=True)
class CodeShown:
    """The code of one person at this moment; `is_used` where signing in took it already."""

    code: str
    next_code: str
    seconds_left: int
    is_used: bool


def code_of(person: User) -> CodeShown | None:
    """The code that the authenticator app of `person` shows now; None for anybody who is not of the demonstration.

    Only the public secret is ever looked at: who adds an app of their own here keeps its codes for themselves.
    """
    factor = Authenticator.objects.filter(user_id=person.pk, type=Authenticator.Type.TOTP).first()
    if factor is None or decrypt(factor.data["secret"]) != TOTP_SECRET:
        return None
    now, passed = divmod(int(time.time()), app_settings.TOTP_PERIOD)
    code, next_code = (format_hotp_value(hotp_value(TOTP_SECRET, counter)) for counter in (now, now + 1))
    is_used = factor.data.get("last_counter", -1) >= now
    return CodeShown(code, next_code, app_settings.TOTP_PERIOD - passed, is_used)


def _codes(person_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    now = int(time.time()) // app_settings.TOTP_PERIOD
    factors = Authenticator.objects.filter(user_id__in=person_ids, type=Authenticator.Type.TOTP)
    codes = format_hotp_value(hotp_value(TOTP_SECRET, now)), format_hotp_value(hotp_value(TOTP_SECRET, now + 1))
    return {factor.user_id: codes for factor in factors if decrypt(factor.data["secret"]) == TOTP_SECRET}
