"""The files of a group: light folders, and files with versions.

That no two of them are called alike in one folder is seen to by the services and is no constraint: when a person is
erased their name is taken out of names, which may then be the same. Columns have room for that too.
"""

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

LONGEST_NAME: Final = 100
LONGEST_DESCRIPTION: Final = 1_000
LONGEST_NOTE: Final = 300
DEEPEST: Final = 3
"""Folders in folders; deeper nobody finds anything again."""
MOST_FOLDERS: Final = 200
KIND: Final = "group-file"
"""The kind of what is stored: see `portal.registry.FileKind`."""


class Folder(models.Model):
    """A folder of a group. It has no rights of its own: whoever reads in the group reads in it."""

    workspace = models.ForeignKey("groups.Workspace", models.CASCADE, related_name="folders")
    parent = models.ForeignKey("self", models.RESTRICT, null=True, blank=True, related_name="folders")
    number = models.PositiveIntegerField()  # within the group
    name = models.CharField(_("name"), max_length=2 * LONGEST_NAME)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("workspace", Lower("name"))
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["workspace", "number"], name="a_folder_has_its_number"),
            models.CheckConstraint(condition=~Q(name=""), name="a_folder_is_called_something"),
        )

    def __str__(self) -> str:
        return f"folder {self.number} in {self.workspace_id}"  # never the name: logs keep this text

    def get_absolute_url(self) -> str:
        return reverse("group_files:folder", args=[self.workspace.slug, self.number])


class GroupFile(models.Model):
    """One file of a group, whose content is that of its newest version.

    Deleted, it stays as a trace: what it was called, who deleted it and when; its versions' bytes go.
    """

    workspace = models.ForeignKey("groups.Workspace", models.CASCADE, related_name="files")
    folder = models.ForeignKey(Folder, models.RESTRICT, null=True, blank=True, related_name="files")
    number = models.PositiveIntegerField()  # within the group
    name = models.CharField(_("name"), max_length=2 * LONGEST_NAME)
    description = models.TextField(_("description"), max_length=LONGEST_DESCRIPTION, blank=True)
    language = models.CharField(_("language"), max_length=5, blank=True)
    newest = models.OneToOneField("Version", models.SET_NULL, null=True, related_name="+", editable=False)

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_for = models.ForeignKey(
        "organisations.Organisation", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    deleted_for = models.ForeignKey(
        "organisations.Organisation", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("workspace", "number")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["workspace", "number"], name="a_file_has_its_number"),
            models.CheckConstraint(condition=~Q(name=""), name="a_file_is_called_something"),
        )
        indexes = (models.Index(fields=["workspace", "folder"], condition=Q(deleted_at=None), name="files_kept"),)

    def __str__(self) -> str:
        return f"file {self.number} in {self.workspace_id}"  # never the name: logs keep this text

    def get_absolute_url(self) -> str:
        return reverse("group_files:file", args=[self.workspace.slug, self.number])

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None

    @property
    def is_foreign(self) -> bool:
        """Whether it is known to be in another language than the page."""
        return bool(self.language) and self.language != get_language()


class Version(models.Model):
    """What a file held from then on: who put it there, for which organisation, and what they said about it."""

    file = models.ForeignKey(GroupFile, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()  # within the file, from 1
    stored = models.OneToOneField("files.StoredFile", models.RESTRICT, null=True, related_name="+")  # empty: bytes gone
    size = models.PositiveBigIntegerField()  # bytes
    note = models.CharField(_("what has changed"), max_length=2 * LONGEST_NOTE, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_for = models.ForeignKey("organisations.Organisation", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("file", "-number")
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=["file", "number"], name="a_version_has_its_number"),)

    def __str__(self) -> str:
        return f"version {self.number} of {self.file_id}"


class Space(models.Model):
    """How many bytes a group may keep, where the Secretariat has set another figure than the common one."""

    workspace = models.OneToOneField("groups.Workspace", models.CASCADE, related_name="file_space", primary_key=True)
    most_bytes = models.PositiveBigIntegerField()
    set_at = models.DateTimeField(default=timezone.now, editable=False)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"space of {self.workspace_id}"
