"""Loading the demonstration network."""

from collections.abc import Callable
from typing import Final

from django.apps import apps
from django.conf import settings
from django.db import transaction

from portal.accounts.models import User
from portal.demonstration.accounts import accounts
from portal.demonstration.network import open_accounts
from portal.registry import announced

# Named, not imported: the floor knows no organisation. A database that has one is somebody's.
ORGANISATION: Final = ("organisations", "Organisation")


class NotLoadedError(Exception):
    """The demonstration network was not loaded; the message says why."""


@transaction.atomic
def load(say: Callable[[str], None]) -> None:
    """Run every app's generator, in order; all of them or none. `say` is told the name of each.

    Raises NotLoadedError outside the demonstration, and for a database that already holds organisations or people.
    """
    if not settings.DEMONSTRATION:
        raise NotLoadedError("This is not a demonstration (DEMONSTRATION is off), so nothing is made up here.")
    if apps.get_model(*ORGANISATION)._default_manager.exists() or User.objects.exists():
        raise NotLoadedError(
            "The database already holds organisations or people. The demonstration needs an empty one."
        )
    for generator in announced.generators:
        say(generator.name)
        generator.generate()
    open_accounts([account.name for account in accounts])
