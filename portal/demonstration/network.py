"""The first people of the demonstration: the Secretariat, and a guest. Organisations come with their own apps."""

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from portal.access import roles
from portal.accounts.models import User
from portal.accounts.services import person_create
from portal.demonstration.accounts import PASSWORD, TOTP_SECRET, Account
from portal.secretariat.services import network_role_grant

SECRETARIAT = "secretariat@example.org"
GUEST = "guest@example.org"

ACCOUNTS = (
    Account(name=SECRETARIAT, label=_("Runs the network"), order=10),
    Account(name=GUEST, label=_("A guest from outside the network"), order=90),
)


def secretariat_and_guest() -> None:
    """Create them. The Secretariat signs in with a code of its authenticator app."""
    secretariat = person_create(email=SECRETARIAT, name="Salma Idris")
    network_role_grant(None, person=secretariat, role=roles.SECRETARIAT)
    factor_give(secretariat)
    guest = person_create(email=GUEST, name="Gabriel Visser", language="fr")
    network_role_grant(None, person=guest, role=roles.GUEST)


def factor_give(person: User) -> None:
    """Give someone an authenticator app, for a role counts only with one; the sign-in page shows its codes."""
    TOTP.activate(person, TOTP_SECRET)
    RecoveryCodes.activate(person)


def secretary() -> User:
    """Who acts wherever the demonstration needs the Secretariat."""
    return User.objects.get(email=SECRETARIAT)


def open_accounts(addresses: list[str]) -> None:
    """Give these accounts the demonstration's password; hashed once, for hashing is slow on purpose."""
    User.objects.filter(email__in=addresses).update(password=make_password(PASSWORD))
