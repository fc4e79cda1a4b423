"""Erasing a person (check H6): nothing of them is found anywhere, and what they took part in is whole."""

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from django.utils.translation import override

from memberships.organisations.models import ProfileChange
from memberships.people.models import Affiliation, RoleTerm
from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.audit.models import Entry
from portal.files.models import StoredFile
from portal.notifications.models import Notification
from portal.privacy.services import erase
from portal.registry import FileKind, announced
from tests.architecture.world import organisation
from tests.factories import people as factory
from tests.jobs import run_jobs
from tests.portal.privacy.canary import Story, everywhere, rows_in_all


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture
def story(db) -> Story:
    return Story()


def test_the_search_finds_the_person_before(story):
    found = everywhere(story.words)

    assert {
        "accounts_user", "account_emailaddress", "people_profile", "people_affiliation", "search_document",
        "procrastinate_jobs", "organisations_contact", "organisations_profilechange", "directory_import",
        "directory_importrow", "accounts_invitation", "notifications_notification", "usersessions_usersession",
        "organisations_standing",
    } <= set(found), "what is not there cannot prove that it goes"  # fmt: skip


def test_nothing_is_found_of_an_erased_person(story):
    erase(story.secretariat, person=story.person, reason=f"Asked by letter: {story.name}, {story.email}")

    assert everywhere([*story.words, story.name, story.email]) == []


def test_what_they_took_part_in_is_whole(story):
    before, entries, changes = rows_in_all(), Entry.objects.count(), ProfileChange.objects.count()

    erase(story.secretariat, person=story.person)
    after = rows_in_all()

    assert Entry.objects.count() > entries
    assert ProfileChange.objects.count() == changes
    assert Entry.objects.filter(actor=story.person, verb="organisation.updated").exists()
    assert all(after[label] == before[label] for label in (
        "accounts.User", "people.Affiliation", "people.RoleTerm", "organisations.Standing",
        "organisations.Organisation", "directory.Import", "directory.ImportRow", "files.StoredFile",
    ))  # fmt: skip
    term = Affiliation.objects.get(person=story.person)
    assert (term.title, term.until is not None) == ("", True)
    assert not RoleTerm.objects.filter(affiliation=term, until__isnull=True).exists()
    change = ProfileChange.objects.filter(field="description_en").earliest("pk")
    assert change.after == "Ask Former member, Former member or Former member."


def test_pages_speak_of_a_former_member(story):
    erase(story.secretariat, person=story.person)
    client = Client()
    client.force_login(story.keeper)

    history = client.get(f"/organisations/{story.alpha.slug}/history/").content.decode()
    team = client.get(f"/people/organisations/{story.alpha.slug}/").content.decode()

    assert "Former member" in history
    assert "Former member" in team
    assert client.get(f"/people/{story.person.pk}/").status_code == 404
    assert Client().get("/").status_code == 302


def test_the_way_in_is_closed(story):
    erase(story.secretariat, person=story.person)
    tombstone = User.objects.get(pk=story.person.pk)

    assert not tombstone.has_usable_password()
    assert (tombstone.name, tombstone.is_active, tombstone.email) == (
        "", False, f"erased-{tombstone.pk}@erased.invalid",
    )  # fmt: skip
    assert story.client.get("/").status_code == 302
    assert not EmailAddress.objects.filter(user=tombstone).exists()
    run_jobs()
    answer = Client().post("/accounts/login/", {"login": story.email, "password": "correct horse battery"})
    assert answer.status_code == 200, "the form again"


def test_a_name_is_said_in_the_language_of_the_reader(story):
    erase(story.secretariat, person=story.person)
    told = Notification.objects.get(person=story.colleague, kind="role.given")

    with override("ar"):
        assert told.payload["by"] == str(User.objects.get(pk=story.person.pk))


def test_erasing_twice_changes_nothing(story):
    erase(story.secretariat, person=story.person)
    entries = Entry.objects.count()

    assert erase(None, person=story.person) == {}
    assert Entry.objects.count() == entries


def test_only_the_secretariat_erases_others(story):
    for actor in (story.keeper, story.colleague, story.person):
        with pytest.raises(Refused):
            erase(actor, person=story.person)
    assert User.objects.get(pk=story.person.pk).name == story.name


def test_the_last_of_the_secretariat_stays(db):
    last = factory.secretariat("Sekou Retariat")

    with pytest.raises(Refused):
        erase(None, person=last)
    assert User.objects.get(pk=last.pk).name == "Sekou Retariat"


def test_personal_files_go_with_their_bytes(story, django_capture_on_commit_callbacks):
    from portal.files.services import store

    announced.file_kinds.add(
        FileKind(name="test-personal", label="Letters", can_see=lambda person, file: True, personal=True)
    )
    try:
        stored = store(
            story.person, kind="test-personal", content=story.name.encode(), name="letter.txt", media_type="text/plain"
        )
        storage, path = stored.content.storage, stored.content.name
        with django_capture_on_commit_callbacks(execute=True):
            erase(story.secretariat, person=story.person)
    finally:
        announced.file_kinds._items.pop("test-personal")

    assert not storage.exists(path)
    assert not StoredFile.objects.filter(pk=stored.pk).exists()


def test_a_same_name_in_another_word_stays(db):
    person = factory.person("Ada Marie")
    other = organisation("Ada Maries Verlag")
    ProfileChange.objects.create(
        organisation=other, version=2, field="description_en", before="Ada Maries Verlag", after="By Ada Marie."
    )

    erase(None, person=person)

    change = ProfileChange.objects.get()
    assert (change.before, change.after) == ("Ada Maries Verlag", "By Former member.")
