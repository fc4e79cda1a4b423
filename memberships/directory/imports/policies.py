"""Who may import organisations, and see what was imported: the Secretariat, which keeps the membership."""

from django.db.models import QuerySet

from memberships.directory.models import Import
from memberships.people.policies import Reader
from portal.access.policies import is_secretariat
from portal.accounts.models import User


def can_import(actor: User | None) -> bool:
    """Whether `actor` may upload, decide, confirm and discard. None is the installation itself: the command line."""
    return actor is None or is_secretariat(actor)


def visible_to(actor: Reader) -> QuerySet[Import]:
    """The imports `actor` may know of."""
    return Import.objects.all() if is_secretariat(actor) else Import.objects.none()


def can_see(actor: Reader, run: Import) -> bool:
    """The other half of `visible_to`."""
    return is_secretariat(actor)
