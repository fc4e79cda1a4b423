"""The organisation's logo."""

from typing import Final

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from memberships.organisations import policies
from memberships.organisations.models import Organisation
from memberships.organisations.services.announcing import announce
from memberships.organisations.services.profile import bump, keep_history, on_behalf
from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.audit.services import record
from portal.files.models import StoredFile
from portal.files.services import file_remove, picture_store

LOGO_KIND: Final = "organisation-logo"
"""The announced kind of file that logos are."""

LOGO: Final = "logo"
"""The name under which changes of the logo stand in the history."""

_LARGEST_SIDE: Final = 192
"""Pixels: the largest tile (96) on a screen with two to each of its points."""


@transaction.atomic
def logo_set(actor: User, *, organisation: Organisation, upload: "UploadedFile[bytes]") -> Organisation:
    """Check the uploaded picture, rebuild it and show it as the logo; the one before is removed for good.

    Raises Refused, and ValidationError with a sentence for what is not an acceptable picture.
    """
    _check(actor, organisation)
    stored = picture_store(actor, kind=LOGO_KIND, upload=upload, largest_side=_LARGEST_SIDE)
    return _put(actor, organisation, stored)


@transaction.atomic
def logo_remove(actor: User, *, organisation: Organisation) -> Organisation:
    """Show no logo any more and remove its file for good; without a logo nothing changes. Raises Refused."""
    _check(actor, organisation)
    return _put(actor, organisation, None)


def _check(actor: User, organisation: Organisation) -> None:
    if not policies.can_edit(actor, organisation):
        raise Refused(_("Only administrators of this organisation and the Secretariat can change its logo."))


def _put(actor: User, organisation: Organisation, stored: StoredFile | None) -> Organisation:
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    former = locked.logo
    if former is None and stored is None:
        return locked
    bump(locked)
    locked.logo = stored
    locked.save(update_fields=["logo", "version", "updated_at"])
    # Whether there was one and is one; not which, for a removed picture is to be gone.
    keep_history(actor, locked, [(LOGO, former is not None, stored is not None)])
    details = {"fields": [LOGO], "version": locked.version}
    record(actor, verb="organisation.updated", target=locked, acting_for=on_behalf(actor, locked), details=details)
    if former is not None:
        file_remove(stored=former)
    announce(locked, kind="updated")
    return locked
