"""What the files of groups announce."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.audit import telling
from portal.registry import (
    AuditVerb,
    DemonstrationGenerator,
    Detail,
    Erasure,
    FileKind,
    LargeBody,
    NotificationKind,
    NotPersonal,
    RecordedThing,
    RetentionRule,
    SearchSource,
    Text,
    announced,
)
from portal.ui.formats import number, size
from workspaces.files import policies, services
from workspaces.files.models import KIND, GroupFile
from workspaces.files.selectors import announcing, attached, finding
from workspaces.groups.models import Workspace
from workspaces.groups.registry import Attachments, Section, attachments, sections


def _list(workspace: Workspace) -> str:
    return reverse("group_files:files", args=[workspace.slug])


sections.add(
    Section(
        name="files",
        label=_("Files"),
        icon="file",
        url=_list,
        order=30,
        unread=announcing.unread,
        news=announcing.news,
        side=announcing.side,
        side_template="workspaces/files/_beside.html",
        activity=announcing.activity,
    )
)
attachments.add(Attachments(name="files", store=services.attach, render=attached.render))
announced.file_kinds.add(FileKind(name=KIND, label=_("Files of groups"), can_see=policies.can_download))
# One file, or all that are sent at once, and some room for the rest of the form.
_MOST = settings.UPLOAD_MOST_MB * 1_000_000 + 1_000_000
announced.large_bodies.add(
    LargeBody(name="group_files:upload", most_bytes=_MOST),
    LargeBody(name="group_files:version", most_bytes=_MOST),
)
announced.search_sources.add(
    SearchSource(
        name="file",
        label=_("Files"),
        visible_to=policies.visible_to,
        results=finding.results,
        documents=finding.documents,
        order=42,
    )
)

# Not named: what a file is called may say what its group keeps to itself.
announced.recorded_things.add(
    RecordedThing(name="group_files.groupfile", label=_("File of a group")),
    RecordedThing(name="group_files.folder", label=_("Folder of a group")),
)
_SIZE = Detail(name="size", label=_("Size"), told=telling.each(size))
_VERSION = Detail(name="version", label=_("Version"))
_FIELDS = Detail(name="fields", label=_("What of it"), told=telling.fields(GroupFile, folder=_("Folder")))
_MEGABYTES = Detail(name="megabytes", label=_("Megabytes"), told=telling.each(number))
announced.audit_verbs.add(
    AuditVerb(name="files.added", label=_("File added"), details=[_SIZE]),
    AuditVerb(name="files.version_added", label=_("New version of a file"), details=[_VERSION, _SIZE]),
    AuditVerb(name="files.edited", label=_("File renamed, described or moved"), details=[_FIELDS]),
    AuditVerb(name="files.deleted", label=_("File deleted")),
    AuditVerb(name="files.folder_made", label=_("Folder made")),
    AuditVerb(name="files.folder_changed", label=_("Folder renamed or moved")),
    AuditVerb(name="files.folder_deleted", label=_("Folder deleted")),
    AuditVerb(name="files.space_set", label=_("Space of a group set"), details=[_MEGABYTES]),
)


def _added(payload: Mapping[str, Any]) -> Text:
    count = int(payload["count"])
    if count == 1:
        return _now("%(by)s added a file to %(group)s: %(name)s") % payload
    sentence = ngettext("%(by)s added %(n)s file to %(group)s.", "%(by)s added %(n)s files to %(group)s.", count)
    return sentence % {**payload, "n": number(count)}


announced.notification_kinds.add(
    NotificationKind(name="files.added", label=_("Files are added to a group"), sentence=_added, mailed=False),
    NotificationKind(
        name="files.version_added",
        label=_("A file of a group has a new version"),
        sentence=lambda payload: _now("%(by)s added a new version of %(name)s to %(group)s.") % payload,
        mailed=False,
    ),
)

_IN_IT = _("Those who may read in the group.")
_AS_LONG = _("As long as the group.")


def _did(name: str, model: str, fields: tuple[str, ...], purpose: Text) -> RetentionRule:
    """A rule for who did something with a file: kept as long as the group, leading to a row without a name."""
    return RetentionRule(
        name=f"group_files.{name}",
        model=f"group_files.{model}",
        fields=fields,
        label=_("What you did for others"),
        purpose=purpose,
        audience=_IN_IT,
        rule=_AS_LONG,
        erasure=Erasure.KEEP,
        because=_("The file stays with the group, as its organisation brought it; it leads to a row without a name."),
        order=73,
    )


def _texts(name: str, model: str, fields: tuple[str, ...], of: tuple[str, ...], purpose: Text) -> RetentionRule:
    return RetentionRule(
        name=f"group_files.{name}",
        model=f"group_files.{model}",
        fields=fields,
        of=of,
        label=_("Texts of others"),
        purpose=purpose,
        audience=_IN_IT,
        rule=_("As long as the group; descriptions and notes until the file is deleted."),
        erasure=Erasure.SCRUB,
        order=79,
    )


announced.retention_rules.add(
    _did("created", "GroupFile", ("created_by", "created_at"), _("To know who brought a file.")),
    _did("deleted", "GroupFile", ("deleted_by", "deleted_at"), _("To know who deleted a file, and when.")),
    _did("version", "Version", ("by", "at"), _("To know who brought which version of a file.")),
    _did("folder", "Folder", ("created_by", "created_at"), _("To know who made a folder.")),
    _did("space", "Space", ("set_by", "set_at"), _("To know who gave a group more space.")),
    _texts("words", "GroupFile", ("name", "description"), ("created_by",), _("To say what a file is.")),
    _texts("note", "Version", ("note",), ("by",), _("To say what has changed in a file.")),
    _texts("folder_name", "Folder", ("name",), ("created_by",), _("To say what is in a folder.")),
)
announced.not_personal.add(
    NotPersonal(
        model="group_files.GroupFile",
        fields=("workspace", "folder", "number", "language", "newest", "created_for", "deleted_for"),
        because="where the file lies, and for which organisations it was brought and deleted",
    ),
    NotPersonal(
        model="group_files.Version",
        fields=("file", "number", "stored", "size", "by_for"),
        because="what the version is; who brought it is declared",
    ),
    NotPersonal(model="group_files.Folder", fields=("workspace", "parent", "number"), because="where the folder lies"),
    NotPersonal(model="group_files.Space", fields=("workspace", "most_bytes"), because="a figure of the group"),
)

if settings.DEMONSTRATION:
    from workspaces.files.demonstration import files

    # After the groups and those who take part in them.
    announced.generators.add(DemonstrationGenerator(name="files of groups", generate=files, order=61))
