"""People and what they sign in with."""

import itertools

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time

from portal.accounts.models import User

PASSWORD = "correct horse battery"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

_numbers = itertools.count(1)


def person(name: str = "", *, email: str = "", verified: bool = True, **fields: object) -> User:
    """A person with an address of their own and the password `PASSWORD`."""
    number = next(_numbers)
    name = name or f"Person {number}"
    created = User.objects.create_user(
        email or f"person{number}@example.org", name, fields.pop("password", PASSWORD), **fields
    )
    EmailAddress.objects.create(user=created, email=created.email, verified=verified, primary=True)
    return created


def with_factor(owner: User) -> User:
    """Give `owner` an authenticator app with `TOTP_SECRET` and nothing else: whoever holds a role needs a factor."""
    TOTP.activate(owner, TOTP_SECRET)
    return owner


def with_authenticator_app(owner: User) -> User:
    """Give `owner` an authenticator app with `TOTP_SECRET`, and recovery codes."""
    TOTP.activate(owner, TOTP_SECRET)
    RecoveryCodes.activate(owner)
    return owner


def current_code() -> str:
    """What the authenticator app shows now."""
    (counter,) = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(TOTP_SECRET, counter))


def recovery_codes(owner: User) -> list[str]:
    """The unused recovery codes of `owner`."""
    codes = owner.authenticator_set.get(type="recovery_codes")
    return list(codes.wrap().get_unused_codes())
