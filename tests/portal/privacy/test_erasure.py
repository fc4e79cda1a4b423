"""Erasing a person (check H6): nothing of them is found anywhere, and what they took part in is whole."""

import io
import secrets
from datetime import date

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from django.utils.translation import override

from memberships.directory.imports.services import import_preview
from memberships.organisations import services as organisations
from memberships.organisations.models import Organisation, ProfileChange, Standing
from memberships.people import services as people
from memberships.people.models import Affiliation, Profile, Role, RoleTerm
from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.accounts.services import preferences_update
from portal.accounts.tasks import confirmation_mail, notice_mail, password_reset_mail
from portal.audit.models import Entry
from portal.files.models import StoredFile
from portal.notifications.models import Notification
from portal.privacy.services import erase
from portal.registry import FileKind, announced
from portal.search.services import reindex
from tests.architecture.world import organisation
from tests.factories import people as factory
from tests.factories import pictures
from tests.factories.accounts import with_authenticator_app
from tests.jobs import run_jobs
from tests.portal.privacy.canary import everywhere, rows_in_all, word

PHONE = "+32 470 " + " ".join(f"{secrets.randbelow(90) + 10}" for _ in range(4))


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


class Story:
    """What one person leaves behind everywhere: random words in every field, and quoted by others."""

    def __init__(self) -> None:
        first, last, box, host, title, about = (word() for _ in range(6))
        self.words = [first, last, box, host, title, about, PHONE, PHONE.replace(" ", "")]
        self.name = f"{first.capitalize()} {last.capitalize()}"
        self.email = f"{box}@{host}.example"
        self.alpha, self.beta = organisation("Alpha Press Union"), organisation("Beta Media Watch")
        self.keeper = factory.person("Kim Keeper", of=self.alpha, roles=[Role.ADMINISTRATOR])
        self.secretariat = factory.secretariat("Sekou Retariat")
        _terms, token = factory.invitation(
            self.keeper, organisation=self.alpha, email=self.email, name=self.name, title=title,
            roles=[Role.ADMINISTRATOR],
        )  # fmt: skip
        Client().post(f"/accounts/invitation/{token}/", {})  # a form that is not accepted
        from portal.accounts.services import invitation_accept

        self.person = invitation_accept(token, name=self.name, password="correct horse battery", language="fr")
        with_authenticator_app(self.person)
        self.person = factory.reread(self.person)
        self._tells(about)
        self._acts(title)
        self._is_quoted()
        self._signs_in()
        self._jobs()

    def _tells(self, about: str) -> None:
        people.profile_update(
            self.person, person=self.person, name=self.name, languages=["fr"], about=f"{about} {self.name}",
            phone=PHONE, email_audience=Profile.Audience.NETWORK, phone_audience=Profile.Audience.NETWORK,
        )  # fmt: skip
        preferences_update(self.person, name=self.name, preferences={"time_zone": "Africa/Kinshasa"})

    def _acts(self, title: str) -> None:
        own = Affiliation.objects.get(person=self.person)
        people.affiliation_update(self.keeper, affiliation=own, title=f"{title} {title}")
        people.role_give(self.keeper, affiliation=own, role=Role.DELEGATE)
        colleague = factory.person("Cora League", of=self.alpha, language="ar")
        people.role_give(self.person, affiliation=factory.affiliation(colleague, self.alpha), role=Role.SIGNATORY)
        self.colleague = colleague
        self.sent = people.invite_colleague(
            self.person, organisation=self.alpha, email="else@example.org", name="Else Body"
        )
        organisations.organisation_update(
            self.person, organisation=self.alpha, version=self._version(), changes={"city": "Goma"}
        )
        upload = pictures.upload(pictures.picture(), name=f"{self.name}.png")
        organisations.logo_set(self.person, organisation=self.alpha, upload=upload)

    def _is_quoted(self) -> None:
        for address in (self.email, "desk@example.org"):
            organisations.contacts_save(
                self.keeper, organisation=self.alpha, version=self._version(),
                contacts=[
                    organisations.ContactValues("email", address, "network"),
                    organisations.ContactValues("phone", PHONE, "network"),
                ],
            )  # fmt: skip
        for text in (f"Ask {self.name}, {self.email} or {PHONE}.", "Ask the desk."):
            organisations.organisation_update(
                self.keeper, organisation=self.alpha, version=self._version(), changes={"description_en": text}
            )
        table = f"name,region\nDesk of {self.name},africa\n".encode()
        import_preview(self.secretariat, file_name=f"{self.name}.csv", file=io.BytesIO(table))
        organisations.standing_start(
            self.secretariat, organisation=self.beta, kind=Standing.Kind.SUSPENDED, since=date(2026, 1, 1),
            reason=f"Letter of {self.name}",
        )  # fmt: skip
        Standing.objects.filter(organisation=self.beta, reason__contains=self.name).update(recorded_by=self.person)

    def _signs_in(self) -> None:
        client = Client(headers={"user-agent": f"Mozilla {self.words[0]}"})
        client.force_login(self.person)
        client.get("/")
        client.get("/search/", {"q": self.name})
        client.get("/members/people/", {"q": self.name})
        UserSession.objects.create(
            user=self.person,
            session_key=client.session.session_key,
            ip="192.0.2.7",
            user_agent=f"Mozilla {self.words[0]}",
        )
        EmailAddress.objects.create(user=self.person, email=f"new.{self.email}", verified=False)
        self.client = client

    def _jobs(self) -> None:
        password_reset_mail.defer(email=self.email)
        confirmation_mail.defer(address_id=EmailAddress.objects.get(email=f"new.{self.email}").pk)
        notice_mail.defer(
            person_id=self.person.pk, email=self.email, kind="password_changed", at="2026-11-21T08:00:00+00:00",
            user_agent=f"Mozilla {self.words[0]}",
        )  # fmt: skip
        reindex("person")

    def _version(self) -> int:
        return Organisation.objects.get(pk=self.alpha.pk).version


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


def test_the_last_of_the_secretariat_stays(story):
    with pytest.raises(Refused):
        erase(None, person=story.secretariat)


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
