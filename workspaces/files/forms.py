"""The forms of a group's files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from memberships.organisations.models import Organisation
from portal.accounts.forms.preferences import language_choices
from portal.accounts.models import User
from portal.ui.widgets import ActingFor
from workspaces.files.models import LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_NOTE, Folder, GroupFile
from workspaces.files.selectors.folders import Folders
from workspaces.groups import policies as groups
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.participation import taking_part_for

MYSELF = "myself"


class FilesInput(forms.ClearableFileInput):
    """Several files at once, without a script."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """One file or several; the cleaned value is a list. What they hold is looked at by the service."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in given or [None]]


class FolderField(forms.ChoiceField):
    """A folder of the group, or its top. The cleaned value is the `Folder`, or None. The values are their numbers."""

    def __init__(self, *, folders: Folders, but: Folder | None = None, **options: Any) -> None:
        self.folders = folders
        top = pgettext_lazy("a folder", "None: at the top")
        sentence = {"invalid_choice": _("This folder has been deleted meanwhile. Choose another one.")}
        choices = [("", top), *folders.choices(but=but)]
        super().__init__(choices=choices, required=False, error_messages=sentence, **options)

    def clean(self, value: Any) -> Folder | None:
        number = super().clean(value)
        return self.folders.numbered(int(number)) if number else None


class _Speaking(forms.Form):
    """For which organisation something is brought: asked where there is a choice."""

    organisation: Organisation | None
    can_speak: bool

    def __init__(self, *args: Any, actor: User, workspace: Workspace, **options: Any) -> None:
        super().__init__(*args, **options)
        speaking, alone = groups.speaks_for(actor, workspace)
        self._organisations: dict[str, Organisation | None] = {str(one.pk): one for one in speaking}
        if alone:
            self._organisations[MYSELF] = None
        self.can_speak = bool(self._organisations)
        own = taking_part_for(actor, workspace)
        usual = str(own.pk) if own is not None and own in speaking else next(iter(self._organisations), MYSELF)
        self.organisation = self._organisations.get(usual)
        if len(self._organisations) > 1:
            names = [
                (key, one.display_name if one is not None else _now("Myself"))
                for key, one in self._organisations.items()
            ]
            self.fields["acting_for"] = forms.ChoiceField(
                label=_("Acting for"), choices=names, initial=usual, widget=ActingFor
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "acting_for" in cleaned:
            self.organisation = self._organisations[cleaned.pop("acting_for")]
        return cleaned


class UploadForm(_Speaking):
    """Files to be added to a group."""

    uploads = FilesField(
        label=_("Files"), allow_empty_file=True, error_messages={"required": _("Choose one or more files.")}
    )
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=LONGEST_DESCRIPTION,
        widget=forms.Textarea(attrs={"dir": "auto", "rows": 2}),
        help_text=_("What they are and what they are for. It is found by the search."),
    )
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(
        self, *args: Any, actor: User, workspace: Workspace, folders: Folders, folder: Folder | None = None, **more: Any
    ) -> None:
        super().__init__(*args, actor=actor, workspace=workspace, **more)
        self.fields["folder"] = FolderField(label=_("Folder"), folders=folders)
        self.initial["folder"] = str(folder.number) if folder is not None else ""
        _languages(self.fields["language"])
        self.order_fields(["uploads", "folder", "description", "language", "acting_for"])


class VersionForm(_Speaking):
    """Another content for a file."""

    file = forms.FileField(label=_("File"), allow_empty_file=True, error_messages={"required": _("Choose a file.")})
    note = forms.CharField(
        label=_("What has changed"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )


class FileForm(forms.Form):
    """What a file is called, what it is, and where it lies."""

    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        error_messages={"required": _("Say what the file is called.")},
    )
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=LONGEST_DESCRIPTION,
        widget=forms.Textarea(attrs={"dir": "auto", "rows": 3}),
    )
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, file: GroupFile, folders: Folders, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["folder"] = FolderField(label=_("Folder"), folders=folders)
        _languages(self.fields["language"])
        self.initial = {
            "name": file.name,
            "description": file.description,
            "language": file.language,
            "folder": str(file.folder.number) if file.folder is not None else "",
        }


class FolderForm(forms.Form):
    """A folder, new or `folder`."""

    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        error_messages={"required": _("Say what the folder is called.")},
    )

    def __init__(
        self, *args: Any, folders: Folders, folder: Folder | None = None, parent: Folder | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["parent"] = FolderField(label=_("In the folder"), folders=folders, but=folder)
        self.initial["parent"] = str(parent.number) if parent is not None else ""
        if folder is not None:
            self.initial["name"] = folder.name


class SpaceForm(forms.Form):
    """How much a group may keep."""

    megabytes = forms.IntegerField(
        label=_("Space in megabytes"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=_("Empty: as much as other groups. What is there stays, also where it is more."),
    )


def _languages(field: forms.Field) -> None:
    assert isinstance(field, forms.ChoiceField)
    choices: Sequence[tuple[str, Any]] = [("", pgettext_lazy("a language", "Not said")), *language_choices()]
    field.choices = choices
