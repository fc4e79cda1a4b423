"""How allauth is bent to the house: nobody signs up without an invitation."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """E-mail is the identity; accounts are made by accepting an invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
