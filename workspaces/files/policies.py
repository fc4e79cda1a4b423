"""Who may read, add, change and delete the files of a group. A file follows its group and has no grants of its own.

Whoever reads in the group reads its files, whoever takes part adds and changes them; what is deleted, only whoever
brought it or keeps the group deletes.
"""

from __future__ import annotations

from django.db.models import Model, QuerySet

from memberships.organisations.models import Organisation
from memberships.people.policies import Reader
from portal.access.policies import is_secretariat
from portal.accounts.models import User
from workspaces.files.models import GroupFile, Version
from workspaces.groups import policies as groups
from workspaces.groups.models import Workspace


def can_see(actor: Reader, file: GroupFile) -> bool:
    """Whether `actor` may read the file; half of `visible_to`. What is deleted nobody reads."""
    return not file.is_deleted and groups.can_read(actor, file.workspace)


def visible_to(actor: Reader) -> QuerySet[GroupFile]:
    """The other half of `can_see`."""
    return GroupFile.objects.filter(workspace__in=groups.readable_by(actor), deleted_at__isnull=True)


def can_download(actor: User, stored: Model) -> bool:
    """Whether `actor` may have the bytes: the question of the floor at each download."""
    version = Version.objects.select_related("file__workspace").filter(stored_id=stored.pk).first()
    return version is not None and can_see(actor, version.file)


def can_write(actor: Reader, workspace: Workspace) -> bool:
    """Whether `actor` may add files, versions and folders to the group, and rename and move what is there."""
    return groups.can_take_part(actor, workspace)


def can_delete(actor: Reader, file: GroupFile) -> bool:
    """Whether `actor` may delete the file: whoever brought it, while they take part, and facilitators."""
    if file.is_deleted or not isinstance(actor, User) or not can_write(actor, file.workspace):
        return False
    return file.created_by_id == actor.pk or groups.can_facilitate(actor, file.workspace)


def can_speak_for(actor: User, workspace: Workspace, organisation: Organisation | None) -> bool:
    """Whether `actor` may bring files for `organisation`, or for themselves (None)."""
    speaking, alone = groups.speaks_for(actor, workspace)
    return alone if organisation is None else organisation.pk in {one.pk for one in speaking}


def can_set_space(actor: Reader) -> bool:
    """Whether `actor` may say how much a group keeps: the Secretariat, which need not read in it for that."""
    return is_secretariat(actor)
