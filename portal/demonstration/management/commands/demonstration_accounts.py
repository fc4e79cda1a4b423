"""Saying who can sign in to the demonstration."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.demonstration.accounts import PASSWORD, accounts_shown


class Command(BaseCommand):
    help = "Prints the accounts of the demonstration."

    def handle(self, *args: Any, **options: Any) -> None:
        shown = accounts_shown()
        if not shown:
            self.stdout.write("The demonstration network is not loaded (manage.py demonstration).")
            return
        self.stdout.write(f"Sign in with the password {PASSWORD} as")
        width = max(len(account.person.email) for account in shown)
        for account in shown:
            self.stdout.write(f"  {account.person.email:{width}}  {account.label}")
        self.stdout.write("Whoever holds a role needs a second factor; its code stands on the page that asks for it.")
