"""Adding files and versions: what is kept of them, who hears of it, how much there may be, and nothing half."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from portal.access.refusal import Refused
from portal.audit.models import Entry
from portal.files.models import StoredFile
from portal.files.services import orphans_remove
from portal.live.models import Topic
from portal.notifications.models import Notification
from tests.factories.documents import open_document, packed, pdf
from tests.factories.files import file as a_file
from tests.factories.files import folder as a_folder
from tests.factories.pictures import picture, upload
from tests.portal.files.corpus import HTML
from tests.portal.files.test_documents import no_file_longer_than
from workspaces.files import services
from workspaces.files.models import GroupFile, Version
from workspaces.groups import services as groups
from workspaces.groups.registry import attachments


def add(club, *uploads, actor=None, acting_for="own", **more):
    actor = actor or club.sam
    organisation = club.alpha if acting_for == "own" else acting_for
    return services.files_add(actor, workspace=club.group, acting_for=organisation, uploads=uploads, **more)


def bytes_on_disk():
    return {path for path in Path(default_storage.location).rglob("*") if path.is_file()}


def test_a_file_is_kept_with_who_and_for_whom(club):
    folder = a_folder(club.group)

    added = add(club, upload(pdf(), "Plan.pdf"), folder=folder, description=" The plan. ", language="fr")

    (file,) = added.files
    assert added.refused == []
    assert (file.name, file.number, file.folder, file.description) == ("Plan.pdf", 1, folder, "The plan.")
    assert (file.language, file.created_by, file.created_for) == ("fr", club.sam, club.alpha)
    version = file.newest
    assert (version.number, version.by, version.by_for, version.size) == (1, club.sam, club.alpha, len(pdf()))
    assert (version.stored.kind, version.stored.name) == ("group-file", "Plan.pdf")
    entry = Entry.objects.get(verb="files.added")
    assert (entry.actor, entry.acting_for_name, entry.target_name) == (club.sam, "Alpha Press Union", "")
    assert entry.details == {"size": len(pdf())}


def test_several_are_told_of_once_to_all_but_who_brought_them(club):
    head = Topic.objects.get_or_create(name=club.group.topic)[0].head

    add(club, upload(pdf(), "a.pdf"), upload(b"words", "b.txt"), upload(picture(), "c.png"))

    told = Notification.objects.filter(kind="files.added")
    assert set(told.values_list("person__name", flat=True)) == {"Ada Ministrator", "Otto Other", "Gus Guest"}
    one = told.first()
    assert one.payload == {"by": "Sam Staff", "group": "Safety of journalists", "name": "a.pdf", "count": 3}
    assert (one.url, one.scope) == (f"/groups/{club.group.slug}/files/", club.group.scope)
    assert Topic.objects.get(name=club.group.topic).head == head + 1


def test_what_is_refused_keeps_nobody_elses_out(club):
    added = add(club, upload(HTML, "logo.png"), upload(pdf(), "a.pdf"), upload(b"", "empty.txt"))

    assert [file.name for file in added.files] == ["a.pdf"]
    assert [name for name, _why in added.refused] == ["logo.png", "empty.txt"]
    assert added.refused[0][1].startswith("Web pages, SVG drawings")
    assert StoredFile.objects.count() == 1
    assert Notification.objects.filter(kind="files.added").first().payload["count"] == 1


def test_where_all_are_refused_nothing_happens(club):
    added = add(club, upload(HTML, "logo.png"))

    assert (added.files, len(added.refused)) == ([], 1)
    assert not GroupFile.objects.exists()
    assert not StoredFile.objects.exists()
    assert not Notification.objects.filter(kind="files.added").exists()
    assert not Entry.objects.filter(verb="files.added").exists()
    assert bytes_on_disk() == set()


def test_too_many_at_once(club):
    with pytest.raises(ValidationError, match="at most 50 files"):
        add(club, *[upload(pdf(), f"{n}.pdf") for n in range(51)])


def test_two_of_one_name_get_numbers(club):
    first = add(club, upload(pdf(), "scan.pdf"), upload(pdf(), "Scan.pdf")).files
    elsewhere = add(club, upload(pdf(), "scan.pdf"), folder=a_folder(club.group)).files
    again = add(club, upload(pdf(), "scan.pdf"), upload(b"x", "scan.txt")).files

    assert [file.name for file in first] == ["scan.pdf", "Scan (2).pdf"]
    assert [file.name for file in elsewhere] == ["scan.pdf"]
    assert [file.name for file in again] == ["scan (3).pdf", "scan.txt"]
    assert first[1].newest.stored.name == "Scan (2).pdf"


@pytest.mark.parametrize("who", ["dela", "ria", "sekou", "una"])
def test_who_does_not_take_part_adds_nothing(who, club):
    with pytest.raises(Refused):
        add(club, upload(pdf(), "a.pdf"), actor=getattr(club, who), acting_for=None)
    assert bytes_on_disk() == set()


def test_nobody_acts_for_an_organisation_that_is_not_theirs(club):
    with pytest.raises(Refused, match="cannot act for"):
        add(club, upload(pdf(), "a.pdf"), acting_for=club.beta)
    with pytest.raises(Refused, match="cannot act for"):
        add(club, upload(pdf(), "a.pdf"), acting_for=None)  # named by Alpha, so Sam speaks for it
    assert add(club, upload(pdf(), "a.pdf"), actor=club.gus, acting_for=None).files[0].created_for is None


def test_a_dissolved_group_takes_nothing(club):
    groups.workspace_dissolve(club.ada, workspace=club.group, note="Done.")
    club.group.refresh_from_db()

    with pytest.raises(Refused, match="dissolved"):
        add(club, upload(pdf(), "a.pdf"), actor=club.anew(club.sam))


def test_who_loses_the_place_while_sending_is_refused_under_the_lock(club):
    """The door is asked again when everything has come."""
    groups.participation_end(club.sam, participation=club.place["sam"])

    with pytest.raises(Refused):
        add(club, upload(pdf(), "a.pdf"), actor=club.sam)


# Space


def test_a_group_keeps_as_much_as_it_may_and_no_byte_more(club, settings):
    services.space_set(club.sekou, workspace=club.group, megabytes=1)
    text = b"A line of text.\n"
    assert add(club, upload(text * 50_000, "a.txt")).files

    (refused,) = add(club, upload(text * 12_501, "b.txt")).refused

    assert refused[0] == "b.txt"
    assert refused[1].startswith("The group has 200 kB left of its 1 MB, and this needs 200 kB.")
    assert add(club, upload(text * 12_500, "b.txt")).files
    assert not add(club, upload(b"x", "c.txt")).files


def test_versions_count_too_and_those_of_deleted_files_until_they_have_gone(club):
    services.space_set(club.sekou, workspace=club.group, megabytes=1)
    file = add(club, upload(b"A line.\n" * 75_000, "a.txt")).files[0]
    with pytest.raises(ValidationError, match="left of its 1 MB"):
        new_version(club, file, b"A line.\n" * 60_000)

    services.file_delete(club.sam, file=file)
    assert not add(club, upload(b"A line.\n" * 75_000, "b.txt")).files
    services.bytes_remove(file.pk)

    assert add(club, upload(b"A line.\n" * 75_000, "b.txt")).files


def test_several_at_once_are_counted_together(club):
    services.space_set(club.sekou, workspace=club.group, megabytes=1)

    added = add(club, *[upload(b"A line.\n" * 50_000, f"{n}.txt") for n in range(3)])

    assert (len(added.files), len(added.refused)) == (2, 1)


def test_only_the_secretariat_sets_the_space(club):
    with pytest.raises(Refused):
        services.space_set(club.ada, workspace=club.group, megabytes=5_000)

    services.space_set(club.sekou, workspace=club.group, megabytes=5_000)
    services.space_set(club.sekou, workspace=club.group, megabytes=5_000)
    services.space_set(club.sekou, workspace=club.group, megabytes=None)

    assert [entry.details for entry in Entry.objects.filter(verb="files.space_set").order_by("pk")] == [
        {"megabytes": 5_000},
        {"megabytes": None},
    ]


# Nothing half


@pytest.mark.django_db(transaction=True)
def test_a_disk_that_is_full_leaves_nothing_and_is_said(club, caplog):
    """F8."""
    with no_file_longer_than(100_000):
        added = add(club, upload(b"A line of text.\n" * 20_000, "long.txt"), upload(b"short", "short.txt"))

    assert [file.name for file in added.files] == ["short.txt"]
    assert added.refused[0][1].startswith("The file could not be stored, and nothing of it was kept")
    assert len(bytes_on_disk()) == StoredFile.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_fails_after_the_bytes_were_written_leaves_bytes_that_go_at_night(club):
    with transaction.atomic():
        add(club, upload(pdf(), "a.pdf"))
        transaction.set_rollback(True)

    assert not GroupFile.objects.exists()
    assert len(bytes_on_disk()) == 1
    assert orphans_remove(now=timezone.now() + timedelta(days=2)) == 1
    assert bytes_on_disk() == set()


# Versions


def new_version(club, file, content, name="other.pdf", actor=None, note=""):
    actor = actor or club.otto
    return services.version_add(actor, file=file, acting_for=club.beta, upload=upload(content, name), note=note)


def test_a_version_takes_the_place_and_the_one_before_stays(club):
    file = add(club, upload(pdf("One"), "Plan.pdf")).files[0]

    version = new_version(club, file, pdf("Two"), note=" Second thoughts ")

    file.refresh_from_db()
    assert file.newest == version
    assert (version.number, version.by, version.by_for, version.note) == (2, club.otto, club.beta, "Second thoughts")
    assert (file.name, version.stored.name, file.created_by) == ("Plan.pdf", "Plan.pdf", club.sam)
    with file.versions.get(number=1).stored.content.open("rb") as content:
        assert content.read() == pdf("One")
    told = Notification.objects.filter(kind="files.version_added")
    assert set(told.values_list("person__name", flat=True)) == {"Ada Ministrator", "Sam Staff", "Gus Guest"}


def test_of_another_kind_it_gets_another_ending(club):
    file = add(club, upload(pdf(), "Plan.pdf")).files[0]
    a_file(club.group, "Plan.odt")

    version = new_version(club, file, open_document(), "draft.odt")

    file.refresh_from_db()
    assert (file.name, version.stored.name) == ("Plan (2).odt", "Plan (2).odt")


def test_a_version_that_is_refused_leaves_the_file_as_it_was(club):
    file = add(club, upload(pdf(), "Plan.pdf")).files[0]

    for content, name in ((HTML, "a.pdf"), (b"", "a.pdf"), (packed({"a.exe": b"x"}), "a.zip")):
        with pytest.raises(ValidationError):
            new_version(club, file, content, name)

    file.refresh_from_db()
    assert file.newest.number == 1
    assert Version.objects.count() == StoredFile.objects.count() == 1


def test_a_deleted_file_gets_no_version(club):
    file = add(club, upload(pdf(), "Plan.pdf")).files[0]
    services.file_delete(club.sam, file=file)

    with pytest.raises(ValidationError, match="deleted meanwhile"):
        new_version(club, file, pdf())


# Beside messages


def test_what_stands_beside_a_message_is_a_file_of_the_group_and_told_by_the_message(club):
    keeper = attachments["files"]
    a_file(club.group, "image.webp")

    number, label = keeper.store(club.sam, club.group, club.alpha, upload(picture(), "image.png"), description="A map")

    file = GroupFile.objects.get(workspace=club.group, number=number)
    assert (label, file.name, file.description, file.created_for) == (file.name, "image (2).webp", "A map", club.alpha)
    assert not Notification.objects.filter(kind="files.added").exists()
    shown = keeper.render(club.otto, club.group, [number, 99], "fr")
    assert shown.keys() == {number}
    assert file.newest.stored.get_absolute_url() in shown[number]
    services.file_delete(club.sam, file=file)
    assert keeper.render(None, club.group, [number], "en") == {}


def test_many_attachments_cost_one_query(club, django_assert_num_queries):
    numbers = [a_file(club.group, f"{n}.pdf").number for n in range(4)]

    with django_assert_num_queries(1):
        assert len(attachments["files"].render(None, club.group, numbers, "ar")) == 4


def test_what_nobody_may_send_beside_a_message_is_refused(club):
    with pytest.raises(Refused):
        attachments["files"].store(club.dela, club.group, None, upload(pdf(), "a.pdf"))
    with pytest.raises(ValidationError, match="Programs and scripts"):
        attachments["files"].store(club.sam, club.group, club.alpha, upload(pdf(), "a.exe"))
    assert not StoredFile.objects.exists()
