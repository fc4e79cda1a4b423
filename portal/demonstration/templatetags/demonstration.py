"""The tag by which the sign-in page shows the demonstration's accounts."""

from django import template

from portal.accounts.models import User
from portal.demonstration.accounts import PASSWORD, AccountShown, CodeShown, accounts_shown, code_of

register = template.Library()


@register.simple_tag
def demonstration_accounts() -> list[AccountShown]:
    """Who can sign in."""
    return accounts_shown()


@register.simple_tag
def demonstration_code(person: User | None) -> CodeShown | None:
    """What their authenticator app shows."""
    return code_of(person) if person else None


@register.simple_tag
def demonstration_password() -> str:
    """The password of all of them."""
    return PASSWORD
