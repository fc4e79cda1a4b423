"""Adding files to a group, and versions to files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from memberships.organisations.models import Organisation
from portal.accounts.models import User
from portal.audit.services import record
from portal.files.disposition import safe_name
from portal.files.looking.recognising import ending_of
from portal.files.models import StoredFile
from portal.files.services import document_store, file_rename
from portal.ui.formats import size
from workspaces.files.models import KIND, LONGEST_DESCRIPTION, LONGEST_NOTE, Folder, GroupFile, Version
from workspaces.files.selectors.space import space_of
from workspaces.files.services.effects import announce, check_may_speak, check_may_write, tell, writing
from workspaces.groups.models import Workspace
from workspaces.groups.services import next_number

MOST_AT_ONCE: Final = 50


@dataclass
class Added:
    """What became of several uploads: the files that are there now, and of the others name and sentence."""

    files: list[GroupFile] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def most_bytes() -> int:
    """How large one file may be."""
    return int(settings.UPLOAD_MOST_MB) * 1_000_000


@transaction.atomic
def files_add(
    actor: User,
    *,
    workspace: Workspace,
    acting_for: Organisation | None,
    uploads: Sequence[UploadedFile[bytes]],
    folder: Folder | None = None,
    description: str = "",
    language: str = "",
) -> Added:
    """Put uploads into the group, each as a file of its own; those who take part are told once of all of them.

    One that is refused keeps nobody else's out: `Added` says which and why. `language` is the code of one of the
    portal's, or "". Raises Refused; ValidationError where there are too many of them.
    """
    check_may_write(actor, workspace)
    check_may_speak(actor, workspace, acting_for)
    if len(uploads) > MOST_AT_ONCE:
        raise ValidationError(_("Send at most %(n)s files at once.") % {"n": MOST_AT_ONCE})
    added = Added()
    kept: list[StoredFile] = []
    for upload in uploads:
        try:
            kept.append(_kept(actor, workspace, upload, already=kept))
        except ValidationError as error:
            added.refused.append((safe_name(upload.name or ""), " ".join(error.messages)))
    if not kept:
        return added
    workspace = writing(actor, workspace)
    check_may_speak(actor, workspace, acting_for)
    _check_space(workspace, sum(stored.size for stored in kept))
    folder = _folder_now(workspace, folder)
    for stored in kept:
        words = {"description": description.strip(), "language": _language(language)}
        added.files.append(_file(actor, workspace, acting_for, stored, folder, **words))
    first, count = added.files[0], len(added.files)
    url = first.get_absolute_url() if count == 1 else f"{workspace.get_absolute_url()}files/"
    tell(actor, workspace, "files.added", url=url, name=first.name, count=count)
    announce(workspace, added.files)
    return added


@transaction.atomic
def attach(
    actor: User,
    workspace: Workspace,
    acting_for: Organisation | None,
    upload: UploadedFile[bytes],
    description: str = "",
) -> tuple[int, str]:
    """Keep what somebody puts beside a message: see `workspaces.groups.registry.Attachments`. Nobody is told of it,
    for the message tells. Raises Refused, ValidationError."""
    check_may_write(actor, workspace)
    check_may_speak(actor, workspace, acting_for)
    stored = _kept(actor, workspace, upload, already=())
    workspace = writing(actor, workspace)
    check_may_speak(actor, workspace, acting_for)
    _check_space(workspace, stored.size)
    file = _file(
        actor, workspace, acting_for, stored, None, description=description.strip()[:LONGEST_DESCRIPTION], language=""
    )
    announce(workspace, [file])
    return file.number, file.name


@transaction.atomic
def version_add(
    actor: User, *, file: GroupFile, acting_for: Organisation | None, upload: UploadedFile[bytes], note: str = ""
) -> Version:
    """Give a file another content; what it held before stays as the version before. Raises Refused, ValidationError."""
    check_may_write(actor, file.workspace)
    check_may_speak(actor, file.workspace, acting_for)
    stored = _kept(actor, file.workspace, upload, already=())
    workspace = writing(actor, file.workspace)
    check_may_speak(actor, workspace, acting_for)
    file = GroupFile.objects.select_related("newest", "folder").get(pk=file.pk)
    file.workspace = workspace
    if file.is_deleted:
        raise ValidationError(_("This file has been deleted meanwhile."))
    _check_space(workspace, stored.size)
    version = _version(actor, file, acting_for, stored, note=note)
    # It keeps its name, with the ending of what it holds now.
    name = with_ending(file.name, ending_of(stored.name))
    file.name = file.name if name == file.name else free_name(workspace, file.folder, name, but=file)
    file.save(update_fields=["newest", "name"])
    file_rename(stored=stored, name=file.name)
    details = {"version": version.number, "size": version.size}
    record(actor, verb="files.version_added", target=file, acting_for=acting_for, details=details)
    tell(actor, workspace, "files.version_added", url=file.get_absolute_url(), name=file.name)
    announce(workspace, [file])
    return version


def _kept(
    actor: User, workspace: Workspace, upload: UploadedFile[bytes], *, already: Sequence[StoredFile]
) -> StoredFile:
    """The upload, looked at and stored; without a place in the group yet. Raises ValidationError."""
    upload.seek(0, 2)
    # Asked before it is looked at and written, and once more under the lock.
    _check_space(workspace, upload.tell() + sum(stored.size for stored in already))
    with transaction.atomic():
        return document_store(actor, kind=KIND, upload=upload, most_bytes=most_bytes())


def _check_space(workspace: Workspace, more: int) -> None:
    space = space_of(workspace)
    if more > space.left:
        raise ValidationError(
            _("The group has %(left)s left of its %(most)s, and this needs %(more)s. Delete what is no longer needed, "
              "or ask the Secretariat for more space.")
            % {"left": size(max(0, space.left)), "most": size(space.most), "more": size(more)},
            code="space",
        )  # fmt: skip


def _folder_now(workspace: Workspace, folder: Folder | None) -> Folder | None:
    """The folder as it is under the lock; the top where it has gone meanwhile."""
    return None if folder is None else Folder.objects.filter(workspace=workspace, pk=folder.pk).first()


def _file(
    actor: User,
    workspace: Workspace,
    acting_for: Organisation | None,
    stored: StoredFile,
    folder: Folder | None,
    *,
    description: str,
    language: str,
) -> GroupFile:
    file = GroupFile.objects.create(
        workspace=workspace,
        folder=folder,
        number=next_number(workspace, "file"),
        name=free_name(workspace, folder, stored.name),
        description=description,
        language=language,
        created_by=actor,
        created_for=acting_for,
    )
    _version(actor, file, acting_for, stored, note="")
    file.save(update_fields=["newest"])
    if stored.name != file.name:
        file_rename(stored=stored, name=file.name)
    record(actor, verb="files.added", target=file, acting_for=acting_for, details={"size": stored.size})
    return file


def _version(
    actor: User, file: GroupFile, acting_for: Organisation | None, stored: StoredFile, *, note: str
) -> Version:
    last = file.newest.number if file.newest is not None else 0
    file.newest = Version.objects.create(
        file=file,
        number=last + 1,
        stored=stored,
        size=stored.size,
        note=note.strip()[:LONGEST_NOTE],
        at=timezone.now(),
        by=actor,
        by_for=acting_for,
    )
    return file.newest


def _language(code: str) -> str:
    return code if code in Workspace.LANGUAGES else ""


def with_ending(name: str, ending: str) -> str:
    """`name` with this ending (without dot) in place of its own."""
    own = ending_of(name)
    if not ending or own == ending:
        return name
    return f"{name[: -len(own) - 1] if own else name}.{ending}"


def free_name(workspace: Workspace, folder: Folder | None, name: str, *, but: GroupFile | None = None) -> str:
    """`name`, or with a number behind it the next that no other file in the folder has; under the group's lock."""
    others = GroupFile.objects.filter(workspace=workspace, folder=folder, deleted_at__isnull=True)
    if but is not None:
        others = others.exclude(pk=but.pk)
    ending = ending_of(name)
    stem = name[: -len(ending) - 1] if ending else name
    taken = {other.lower() for other in others.filter(name__istartswith=stem).values_list("name", flat=True)}
    tried, number = name, 1
    while tried.lower() in taken:
        number += 1
        tried = f"{stem} ({number}).{ending}" if ending else f"{stem} ({number})"
    return tried
