"""Deleting files: at once for everybody, and their bytes by the worker."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.audit.services import record
from portal.files.services import file_remove
from workspaces.files import policies
from workspaces.files.models import GroupFile, Version
from workspaces.files.services.effects import announce, writing
from workspaces.groups.selectors.participation import taking_part_for


@transaction.atomic
def file_delete(actor: User, *, file: GroupFile) -> GroupFile:
    """Delete a file with all its versions. From now on nobody reads it; what stays is its name, who and when.

    Deleted already: unchanged. Raises Refused.
    """
    workspace = writing(actor, file.workspace)
    file = GroupFile.objects.get(pk=file.pk)
    file.workspace = workspace
    if file.is_deleted:
        return file
    if not policies.can_delete(actor, file):
        raise Refused(_("Only whoever brought this file, and the facilitators of the group, can delete it."))
    organisation = taking_part_for(actor, workspace)
    file.deleted_at, file.deleted_by, file.deleted_for = timezone.now(), actor, organisation
    file.description, file.folder = "", None
    file.save(update_fields=["deleted_at", "deleted_by", "deleted_for", "description", "folder"])
    file.versions.update(note="")
    record(actor, verb="files.deleted", target=file, acting_for=organisation)
    app.configure_task("group_files.bytes_remove").defer(file_id=file.pk)
    announce(workspace, [file])
    return file


@transaction.atomic
def bytes_remove(file_id: int) -> int:
    """Remove what a deleted file held; returns of how many versions. Run again: nothing is left to do."""
    versions = Version.objects.select_for_update(of=["self"]).filter(file_id=file_id, file__deleted_at__isnull=False)
    removed = 0
    for version in versions.filter(stored__isnull=False).select_related("stored"):
        stored, version.stored = version.stored, None
        version.save(update_fields=["stored"])
        if stored is not None:
            file_remove(stored=stored)
        removed += 1
    return removed
