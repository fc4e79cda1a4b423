"""The tag by which the sign-in page shows the demonstration's accounts."""

from django import template

from portal.demonstration.accounts import PASSWORD, AccountShown, accounts_shown

register = template.Library()


@register.simple_tag
def demonstration_accounts() -> list[AccountShown]:
    """Who can sign in."""
    return accounts_shown()


@register.simple_tag
def demonstration_password() -> str:
    """The password of all of them."""
    return PASSWORD
