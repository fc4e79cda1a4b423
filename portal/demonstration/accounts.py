"""Who can sign in to the demonstration: one password for all, and the codes of those who have a second factor."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt

from portal.accounts.models import User
from portal.registry import Register, Text

PASSWORD: Final = "plenary-demonstration"
"""Public on purpose, and of all accounts: the demonstration listens on this machine alone."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account to sign in with; `name` is its address, `label` says what its owner is."""

    name: str
    label: Text
    order: int = 50


accounts: Register[Account] = Register("demonstration account")


@dataclass(frozen=True, slots=True)
class AccountShown:
    """An account as the sign-in page shows it; `code` is empty where there is no second factor."""

    person: User
    label: Text
    code: str
    seconds_left: int


def accounts_shown() -> list[AccountShown]:
    """The announced accounts that exist, in their order, with the codes of this moment. Two queries."""
    people = {person.email: person for person in User.objects.filter(email__in=[account.name for account in accounts])}
    codes = _codes([person.pk for person in people.values()])
    left = app_settings.TOTP_PERIOD - int(time.time()) % app_settings.TOTP_PERIOD
    return [
        AccountShown(person, account.label, codes.get(person.pk, ""), left)
        for account in accounts
        if (person := people.get(account.name)) is not None
    ]


def _codes(person_ids: Sequence[int]) -> dict[int, str]:
    (counter,) = yield_hotp_counters_from_time()
    factors = Authenticator.objects.filter(user_id__in=person_ids, type=Authenticator.Type.TOTP)
    return {
        factor.user_id: format_hotp_value(hotp_value(decrypt(factor.data["secret"]), counter)) for factor in factors
    }
