"""Folders: made, renamed and moved, and deleted when nothing is in them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.services import record
from workspaces.files.models import DEEPEST, LONGEST_NAME, MOST_FOLDERS, Folder, GroupFile
from workspaces.files.services.effects import announce, writing
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.participation import taking_part_for
from workspaces.groups.services import next_number


@transaction.atomic
def folder_create(actor: User, *, workspace: Workspace, name: str, parent: Folder | None = None) -> Folder:
    """Make a folder, in another one or at the top. Raises Refused, ValidationError by field."""
    workspace = writing(actor, workspace)
    known = _folders(workspace)
    if len(known) >= MOST_FOLDERS:
        raise ValidationError(_("A group has at most %(n)s folders.") % {"n": MOST_FOLDERS})
    parent = _parent(known, parent)
    if _depth(known, parent) + 1 > DEEPEST:
        raise _too_deep()
    folder = Folder.objects.create(
        workspace=workspace,
        parent=parent,
        number=next_number(workspace, "folder"),
        name=_name(known, name, parent),
        created_by=actor,
    )
    record(actor, verb="files.folder_made", target=folder, acting_for=taking_part_for(actor, workspace))
    announce(workspace)
    return folder


@transaction.atomic
def folder_edit(actor: User, *, folder: Folder, name: str, parent: Folder | None) -> Folder:
    """Rename a folder, or move it with all that is in it. Raises Refused, ValidationError by field."""
    workspace = writing(actor, folder.workspace)
    known = _folders(workspace)
    if folder.pk not in known:
        raise ValidationError(_("This folder has been deleted meanwhile. Choose another one."))
    folder, parent = known[folder.pk], _parent(known, parent)
    if parent is not None and folder.pk in {one.pk for one in _above(known, parent)}:
        raise ValidationError({"parent": _("A folder cannot lie in itself.")})
    if _depth(known, parent) + _height(known, folder) > DEEPEST:
        raise _too_deep()
    wanted = _name(known, name, parent, but=folder)
    parent_id = parent.pk if parent is not None else None
    if (wanted, parent_id) == (folder.name, folder.parent_id):
        return folder
    folder.name, folder.parent = wanted, parent
    folder.save(update_fields=["name", "parent"])
    record(actor, verb="files.folder_changed", target=folder, acting_for=taking_part_for(actor, workspace))
    announce(workspace)
    return folder


@transaction.atomic
def folder_delete(actor: User, *, folder: Folder) -> None:
    """Delete a folder in which nothing is; one that is gone: nothing. Raises Refused, ValidationError if not empty."""
    workspace = writing(actor, folder.workspace)
    found = Folder.objects.filter(workspace=workspace, pk=folder.pk).first()
    if found is None:
        return
    if GroupFile.objects.filter(folder=found).exists() or Folder.objects.filter(parent=found).exists():
        raise ValidationError(_("This folder is not empty. Move or delete what is in it first."))
    record(actor, verb="files.folder_deleted", target=found, acting_for=taking_part_for(actor, workspace))
    found.delete()
    announce(workspace)


def _folders(workspace: Workspace) -> dict[int, Folder]:
    return {folder.pk: folder for folder in Folder.objects.filter(workspace=workspace)}


def _parent(known: dict[int, Folder], parent: Folder | None) -> Folder | None:
    if parent is None:
        return None
    if parent.pk not in known:
        raise ValidationError({"parent": _("This folder has been deleted meanwhile. Choose another one.")})
    return known[parent.pk]


def _above(known: dict[int, Folder], folder: Folder | None) -> list[Folder]:
    """The folder and those around it, from within."""
    path: list[Folder] = []
    while folder is not None:
        path.append(folder)
        folder = known.get(folder.parent_id) if folder.parent_id is not None else None
    return path


def _depth(known: dict[int, Folder], folder: Folder | None) -> int:
    return len(_above(known, folder))


def _height(known: dict[int, Folder], folder: Folder) -> int:
    """How many levels the folder and what is in it take."""
    inside = [one for one in known.values() if one.parent_id == folder.pk]
    return 1 + max((_height(known, one) for one in inside), default=0)


def _name(known: dict[int, Folder], name: str, parent: Folder | None, *, but: Folder | None = None) -> str:
    wanted = " ".join(name.split())[:LONGEST_NAME]
    if not wanted:
        raise ValidationError({"name": _("Say what the folder is called.")})
    parent_id = parent.pk if parent is not None else None
    others = {one.name.lower() for one in known.values() if one.parent_id == parent_id and one != but}
    if wanted.lower() in others:
        raise ValidationError({"name": _("Another folder there is called so already.")})
    return wanted


def _too_deep() -> ValidationError:
    return ValidationError({"parent": _("Folders lie in each other at most %(n)s deep.") % {"n": DEEPEST}})
