"""Renaming, moving, describing, deleting; folders."""

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from portal.access.refusal import Refused
from portal.audit.models import Entry
from portal.files.models import StoredFile
from portal.search.models import Document
from tests.factories.files import file as a_file
from tests.factories.files import folder as a_folder
from tests.factories.files import version as a_version
from tests.factories.groups import group
from tests.jobs import run_jobs
from workspaces.files import policies, services
from workspaces.files.models import Folder, GroupFile
from workspaces.files.selectors.folders import Folders


def edit(club, file, actor=None, **changes):
    file.refresh_from_db()
    values = {name: getattr(file, name) for name in ("name", "description", "language", "folder")}
    return services.file_edit(actor or club.otto, file=file, **{**values, **changes})


def test_a_file_is_renamed_described_and_moved(club):
    file, folder = a_file(club.group, "report.pdf", by=club.sam), a_folder(club.group)

    edit(club, file, name="Annual report", description="Of 2027", language="ar", folder=folder)

    file.refresh_from_db()
    assert (file.name, file.description, file.language, file.folder) == (
        "Annual report.pdf",
        "Of 2027",
        "ar",
        folder,
    )
    assert file.newest.stored.name == "Annual report.pdf"
    entry = Entry.objects.get(verb="files.edited")
    assert entry.details == {"fields": ["description", "folder", "language", "name"]}
    edit(club, file)
    assert Entry.objects.filter(verb="files.edited").count() == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("run.exe", "run.pdf"),
        ("Plan v1.2", "Plan v1.2.pdf"),
        ("Plan.PDF", "Plan.PDF"),
        ("a/b\\c", "c.pdf"),
        ("report.html", "report.pdf"),
        ("  two   words ", "two words.pdf"),
        ("x" * 100, "x" * 96 + ".pdf"),
        ("logo\u202efdp", "logofdp.pdf"),
    ],
)
def test_the_ending_says_what_it_holds_and_stays(given, kept, club):
    assert edit(club, a_file(club.group), name=given).name == kept


def test_a_name_that_is_taken_or_empty_is_refused(club):
    file = a_file(club.group, "a.pdf")
    a_file(club.group, "b.pdf")
    for name in ("B.pdf", "b", " "):
        with pytest.raises(ValidationError) as error:
            edit(club, file, name=name)
        assert set(error.value.message_dict) == {"name"}


def test_it_does_not_move_into_what_is_gone_or_of_another_group(club):
    other = a_folder(group("Other"), "Elsewhere")
    with pytest.raises(ValidationError, match="deleted meanwhile"):
        edit(club, a_file(club.group), folder=other)


@pytest.mark.parametrize("who", ["dela", "ria", "sekou", "una"])
def test_others_change_nothing(who, club):
    file, folder, actor = a_file(club.group), a_folder(club.group), getattr(club, who)

    with pytest.raises(Refused):
        edit(club, file, actor, name="Mine")
    with pytest.raises(Refused):
        services.file_delete(actor, file=file)
    with pytest.raises(Refused):
        services.folder_create(actor, workspace=club.group, name="Mine")
    with pytest.raises(Refused):
        services.folder_edit(actor, folder=folder, name="Mine", parent=None)
    with pytest.raises(Refused):
        services.folder_delete(actor, folder=folder)


# Deleting


@pytest.mark.django_db(transaction=True)
def test_deleted_it_is_gone_at_once_and_its_bytes_by_the_job(club):
    file = a_file(club.group, "secret.pdf", by=club.sam, description="Who said what", folder=a_folder(club.group))
    a_version(file, by=club.otto, note="More names")
    paths = [Path(one.content.path) for one in StoredFile.objects.filter(kind="group-file")]

    services.file_delete(club.sam, file=file)

    file.refresh_from_db()
    assert (file.deleted_by, file.deleted_for, file.description, file.name) == (
        club.sam,
        club.alpha,
        "",
        "secret.pdf",
    )
    assert not policies.can_see(club.sam, file)
    assert not policies.can_download(club.sam, file.newest.stored)
    assert set(file.versions.values_list("note", flat=True)) == {""}
    assert not Document.objects.filter(source="file", object_id=file.pk).exists()
    assert all(path.exists() for path in paths)
    assert ProcrastinateJob.objects.filter(task_name="group_files.bytes_remove").count() == 1

    run_jobs()

    assert not any(path.exists() for path in paths)
    assert not StoredFile.objects.filter(kind="group-file").exists()
    assert [version.stored for version in file.versions.all()] == [None, None]
    assert services.bytes_remove(file.pk) == 0


def test_who_brought_it_and_who_keeps_the_group_delete_it(club):
    file = a_file(club.group, by=club.sam)
    with pytest.raises(Refused, match="whoever brought"):
        services.file_delete(club.otto, file=file)

    services.file_delete(club.ada, file=file)
    services.file_delete(club.ada, file=file)

    assert Entry.objects.filter(verb="files.deleted").count() == 1


def test_the_bytes_of_what_is_not_deleted_stay(club):
    file = a_file(club.group)

    assert services.bytes_remove(file.pk) == 0
    assert StoredFile.objects.filter(kind="group-file").exists()


# Folders


def make(club, name="Letters", parent=None):
    return services.folder_create(club.sam, workspace=club.group, name=name, parent=parent)


def test_folders_lie_in_each_other_three_deep(club):
    first = make(club, "  Letters   to ministries ")
    second = make(club, "2027", first)
    third = make(club, "June", second)

    assert first.name == "Letters to ministries"
    with pytest.raises(ValidationError, match="at most 3 deep"):
        make(club, "10", third)
    assert [one.name for one in Folders(club.group).path(third)] == ["Letters to ministries", "2027", "June"]
    assert Folders(club.group).choices() == [
        ("1", "Letters to ministries"),
        ("2", "Letters to ministries / 2027"),
        ("3", "Letters to ministries / 2027 / June"),
    ]


def test_a_folder_moves_with_what_is_in_it_and_never_into_itself(club):
    first, other = make(club), make(club, "Other")
    second = make(club, "2027", first)
    make(club, "June", second)

    for parent in (first, second):
        with pytest.raises(ValidationError, match="cannot lie in itself"):
            services.folder_edit(club.sam, folder=first, name="Letters", parent=parent)
    with pytest.raises(ValidationError, match="at most 3 deep"):
        services.folder_edit(club.sam, folder=first, name="Letters", parent=other)
    moved = services.folder_edit(club.sam, folder=second, name="Of 2027", parent=other)

    assert (moved.name, moved.parent) == ("Of 2027", other)


def test_names_of_folders(club):
    make(club)
    for name in ("letters", "", " "):
        with pytest.raises(ValidationError) as error:
            make(club, name)
        assert set(error.value.message_dict) == {"name"}
    assert make(club, "Letters", make(club, "Other")).name == "Letters"


def test_only_an_empty_folder_is_deleted(club):
    folder = make(club)
    file = a_file(club.group, folder=folder, by=club.sam)
    with pytest.raises(ValidationError, match="not empty"):
        services.folder_delete(club.sam, folder=folder)
    inner = make(club, "Inner", folder)
    services.file_delete(club.sam, file=file)
    with pytest.raises(ValidationError, match="not empty"):
        services.folder_delete(club.sam, folder=folder)
    services.folder_delete(club.sam, folder=inner)

    services.folder_delete(club.sam, folder=folder)
    services.folder_delete(club.sam, folder=folder)

    assert not Folder.objects.exists()
    assert GroupFile.objects.get().deleted_at <= timezone.now()


def test_a_group_has_so_many_folders(club):
    for number in range(200):
        Folder.objects.create(workspace=club.group, number=number + 1000, name=str(number))

    with pytest.raises(ValidationError, match="at most 200 folders"):
        make(club)
