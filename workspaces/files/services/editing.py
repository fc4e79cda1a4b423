"""What a file is called, what is said about it, and where it lies."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.services import record
from portal.files.disposition import safe_name
from portal.files.looking.recognising import ending_of
from portal.files.services import file_rename
from workspaces.files.models import Folder, GroupFile
from workspaces.files.services.adding import free_name, with_ending
from workspaces.files.services.effects import announce, writing
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.participation import taking_part_for


@transaction.atomic
def file_edit(
    actor: User, *, file: GroupFile, name: str, description: str, language: str, folder: Folder | None
) -> GroupFile:
    """Rename a file, describe it, say in which language it is, move it (None: to the top).

    Its ending says what it holds and stays. Raises Refused, ValidationError by field.
    """
    workspace = writing(actor, file.workspace)
    file = GroupFile.objects.select_related("newest__stored").get(pk=file.pk)
    file.workspace = workspace
    if file.is_deleted:
        raise ValidationError(_("This file has been deleted meanwhile."))
    if folder is not None and not Folder.objects.filter(workspace=workspace, pk=folder.pk).exists():
        raise ValidationError({"folder": _("This folder has been deleted meanwhile. Choose another one.")})
    fields = ("name", "description", "language", "folder_id")
    before = {field: getattr(file, field) for field in fields}
    file.name = _name(file, workspace, name, folder)
    file.description = description.strip()
    file.language = language if language in Workspace.LANGUAGES else ""
    file.folder = folder
    changed = sorted(field.removesuffix("_id") for field, value in before.items() if getattr(file, field) != value)
    if not changed:
        return file
    file.save(update_fields=["name", "description", "language", "folder"])
    if "name" in changed and file.newest is not None and file.newest.stored is not None:
        file_rename(stored=file.newest.stored, name=file.name)
    organisation = taking_part_for(actor, workspace)
    record(actor, verb="files.edited", target=file, acting_for=organisation, details={"fields": changed})
    announce(workspace, [file])
    return file


def _name(file: GroupFile, workspace: Workspace, name: str, folder: Folder | None) -> str:
    if not name.strip():
        raise ValidationError({"name": _("Say what the file is called.")})
    wanted = safe_name(with_ending(safe_name(name), ending_of(file.name)))
    if free_name(workspace, folder, wanted, but=file) != wanted:
        raise ValidationError({"name": _("Another file in that folder is called so already.")})
    return wanted
