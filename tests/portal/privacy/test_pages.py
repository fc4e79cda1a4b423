"""What is held about me, taking it along, leaving and returning; the Secretariat's part."""

import io
import json
import re
import time
import zipfile
from datetime import timedelta
from html import unescape

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from memberships.organisations.models import ProfileChange
from memberships.people.models import Affiliation, Profile, Role, RoleTerm
from memberships.people.policies import visible_to
from portal.accounts.models import User
from portal.audit.models import Entry
from portal.audit.services import record
from portal.files.services import store
from portal.notifications.models import MailSettings, Notification
from portal.privacy.models import DAYS_TO_RETURN, ErasureRequest
from portal.privacy.policies import can_erase, can_see_request
from portal.privacy.policies import visible_to as wishes_visible_to
from portal.privacy.selectors.held import categories, fields_of
from portal.privacy.selectors.labels import WORDS
from portal.privacy.services import WishClosed, erasure_ask, erasure_withdraw, erasures_due
from portal.privacy.tasks import erasures
from portal.registry import FileKind, announced
from portal.search.models import Document
from portal.search.services import reindex
from tests.architecture.world import organisation
from tests.bucket import BucketServer, storages
from tests.factories import people
from tests.jobs import run_jobs

HELD, LEAVE, EXPORT = "/privacy/", "/privacy/leave/", "/privacy/export/"


@pytest.fixture(autouse=True)
def _no_limits_from_other_tests():
    cache.clear()


@pytest.fixture
def alpha(db):
    return organisation("Alpha Press Union")


@pytest.fixture
def someone(alpha):
    made = people.person("Ada Person", of=alpha, email="ada@example.org", title="Head of Desk")
    Profile.objects.filter(person=made).update(about="I watch the press.", phone="+32 470 11 22 33")
    Notification.objects.create(person=made, kind="role.given", payload={"by": "Kim"}, url="/")
    return made


@pytest.fixture
def keeper(alpha):
    return people.person("Kim Keeper", of=alpha, roles=[Role.ADMINISTRATOR], email="kim@example.org")


@pytest.fixture
def secretariat(db):
    return people.secretariat("Sekou Retariat")


def signed_in(person: User) -> Client:
    """A browser of somebody who has just signed in."""
    client = Client()
    client.force_login(person)
    session = client.session
    session["proved_at"] = time.time()
    session.save()
    return client


def test_the_page_shows_what_is_held(someone):
    page = signed_in(someone).get(HELD).content.decode()

    for said in ("Ada Person", "ada@example.org", "I watch the press.", "+32 470 11 22 33", "Head of Desk"):
        assert said in page
    for rule in announced.retention_rules:
        assert str(rule.purpose) in page.replace("&#x27;", "'").replace("&quot;", '"'), rule.name


def test_what_is_held_comes_first_and_what_is_not_is_one_list(someone):
    page = signed_in(someone).get(HELD).content.decode()

    headings = [unescape(one) for one in re.findall(r"<h2>(.*?)</h2>", page)]
    main = headings[: headings.index("What is not held about you")]
    listed = re.search(r'<ul class="in-line">(.*?)</ul>', page, re.S)
    nothing = [unescape(one) for one in re.findall(r"<li>(.*?)</li>", listed[1])]
    assert main[0] == "Your account"
    assert "Invitations" in nothing
    assert "Files" in nothing
    assert sorted(main + nothing) == sorted({str(rule.label) for rule in announced.retention_rules})


def test_a_rule_with_nothing_in_its_fields_is_among_what_is_not_held(someone):
    locked = next(rule for rule in announced.retention_rules if rule.name == "accounts.user_locked")

    def part_of_what_is_held() -> str:
        return signed_in(someone).get(HELD).content.decode().split("What is not held about you")[0]

    assert str(locked.purpose) not in part_of_what_is_held()
    User.objects.filter(pk=someone.pk).update(locked_at=timezone.now(), is_active=False)
    found = {held.name for category in categories(User.objects.get(pk=someone.pk)) for held in category.present}
    assert "accounts.user_locked" in found


def test_codes_are_said_in_words(someone, alpha):
    RoleTerm.objects.create(affiliation=someone.affiliations.get(), role=Role.DELEGATE)
    Profile.objects.filter(person=someone).update(languages=["ar", "fr"])
    ProfileChange.objects.create(
        organisation=alpha, version=2, field="languages", before=["en"], after=["en", "es"], changed_by=someone
    )
    record(someone, verb="organisation.updated", target=alpha)
    page = unescape(signed_in(someone).get(HELD).content.decode())
    said = re.findall(r"<bdi>(.*?)</bdi>", page)

    wanted = {
        "Arabic and French",  # languages of the profile
        "Alpha Press Union",  # what the role belongs to
        "Delegate",
        "Working languages",  # the field that was changed
        "English and Spanish",
        "Profile changed",  # the act
        "Organisation",  # what it was done to
    }
    assert wanted - set(said) == set()
    assert set(said) & {"organisation.updated", "organisations.organisation", "languages", "role.given"} == set()


def test_every_field_has_a_name_for_people():
    """A field without one would be shown by its programmers' name, in English, to readers of all languages."""
    nameless = [
        f"{rule.name}: {field.name}"
        for rule in announced.retention_rules
        for field in fields_of(rule)
        if not isinstance(field.verbose_name, Promise) and field.name not in WORDS
    ]
    assert nameless == []


def test_the_page_shows_no_secret(someone):
    client = signed_in(someone)
    page = client.get(HELD).content.decode()

    assert client.session.session_key not in page
    assert User.objects.get(pk=someone.pk).password not in page


def test_the_page_speaks_the_readers_language(someone):
    User.objects.filter(pk=someone.pk).update(language="ar")
    page = signed_in(someone).get(HELD)

    assert 'lang="ar" dir="rtl"' in page.content.decode()


def test_the_page_shows_nothing_of_others(someone, keeper):
    other = people.person("Otto Other", email="otto@example.org")
    Profile.objects.filter(person=other).update(about="something else")
    page = signed_in(someone).get(HELD).content.decode()

    assert "otto@example.org" not in page
    assert "something else" not in page


def test_the_page_costs_the_same_for_one_row_and_for_thirty(someone):
    client = signed_in(someone)

    def cost() -> int:
        client.get(HELD)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(HELD).status_code == 200
        return len(captured)

    once = cost()
    Notification.objects.bulk_create(Notification(person=someone, kind="x") for _ in range(30))

    assert cost() == once <= 25 + len(list(announced.retention_rules))


def test_the_export_holds_everything_once_for_programs_and_once_for_people(someone):
    Notification.objects.bulk_create(Notification(person=someone, kind=f"kind{n}") for n in range(30))
    answer = signed_in(someone).post(EXPORT)

    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    data = json.loads(archive.read("data.json"))
    held = {kind["name"]: kind["rows"] for kind in data["held"]}
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert set(held) == {rule.name for rule in announced.retention_rules}
    assert held["accounts.user"][0]["email"] == "ada@example.org"
    assert held["accounts.user"][0]["password"] == {"held": True}
    assert held["people.profile"][0]["about"] == "I watch the press."
    assert len(held["notifications.notification"]) == 31
    page = archive.read("data.html").decode()
    assert "I watch the press." in page
    assert "http" not in re.sub(r'xmlns="[^"]*"', "", page), "nothing is fetched from anywhere"
    assert Entry.objects.get(verb="privacy.exported").actor_id == someone.pk


def test_where_the_bucket_is_away_there_is_no_export_and_a_sentence(someone, settings):
    with BucketServer() as server:
        settings.STORAGES = storages(server.endpoint, settings.STORAGES["staticfiles"])
        announced.file_kinds.add(FileKind(name="test-own", label="Test", can_see=lambda *_: True, personal=True))
        try:
            store(someone, kind="test-own", content=b"mine", name="a.txt", media_type="text/plain")
            client = signed_in(someone)
            server.kill()
            answer = client.post(EXPORT)
        finally:
            del announced.file_kinds._items["test-own"]

    assert answer.status_code == 503
    assert "Files cannot be reached at the moment" in answer.content.decode()
    assert not Entry.objects.filter(verb="privacy.exported").exists()


def test_the_export_asks_who_it_is_first(someone):
    client = signed_in(someone)
    session = client.session
    session["proved_at"] = time.time() - 3600  # signing in was long ago
    session.save()

    answer = client.post(EXPORT)

    assert answer.status_code == 302
    assert "reauthenticate" in answer.headers["Location"]
    assert not Entry.objects.filter(verb="privacy.exported").exists()


def test_the_notice_is_for_everybody_and_names_nobody(someone):
    page = Client().get("/privacy/notice/").content.decode()

    assert str(announced.retention_rules["people.profile"].label) in page
    assert "Ada Person" not in page


def test_leaving_closes_the_account_and_mails_a_way_back(someone, alpha, keeper):
    reindex("person")
    client, other = signed_in(someone), signed_in(someone)

    answer = client.post(LEAVE, {"address": "ADA@example.org"})
    run_jobs("privacy.erasure_mail")

    wish = ErasureRequest.objects.get()
    assert answer.status_code == 200
    assert timedelta(days=DAYS_TO_RETURN - 1) < wish.due_at - timezone.now() < timedelta(days=DAYS_TO_RETURN)
    assert client.get("/").status_code == other.get("/").status_code == 302
    assert not visible_to(keeper).filter(pk=someone.pk).exists()
    assert not Document.objects.filter(source="person", object_id=someone.pk).exists()
    (sent,) = [message for message in mail.outbox if message.to == ["ada@example.org"]]
    link = re.search(r"/privacy/return/[\w-]+/", str(sent.body)).group()
    assert link.split("/")[-2] not in json.dumps(list(ErasureRequest.objects.values()), default=str)

    visitor = Client()
    assert visitor.get(link).status_code == 200
    assert not User.objects.get(pk=someone.pk).is_active, "opening the link changes nothing"
    assert visitor.post(link).status_code == 302
    assert User.objects.get(pk=someone.pk).is_active
    assert visible_to(people.reread(keeper)).filter(pk=someone.pk).exists()
    assert Document.objects.filter(source="person", object_id=someone.pk).exists()
    assert Affiliation.objects.get(person=someone).title == "Head of Desk"
    assert visitor.get(link).status_code == 410
    assert visitor.post(link).status_code == 410
    assert {"person.erasure_asked", "person.erasure_withdrawn"} <= set(Entry.objects.values_list("verb", flat=True))


@pytest.mark.parametrize("typed", ["", "kim@example.org", "ada@example.org.evil"])
def test_a_slip_of_the_hand_does_not_leave(someone, keeper, typed):
    answer = signed_in(someone).post(LEAVE, {"address": typed})

    assert answer.status_code == 200
    assert not ErasureRequest.objects.exists()
    assert User.objects.get(pk=someone.pk).is_active


def test_the_last_administrator_hands_over_or_leaves_it_to_the_secretariat(keeper, secretariat, alpha):
    client = signed_in(keeper)
    page = client.get(LEAVE).content.decode()
    assert "only administrator of Alpha Press Union" in page
    assert reverse("people:handover", args=[alpha.slug]) in page

    assert client.post(LEAVE, {"address": keeper.email}).status_code == 200
    assert User.objects.get(pk=keeper.pk).is_active

    client.post(LEAVE, {"address": keeper.email, "even_so": "on"})
    assert not User.objects.get(pk=keeper.pk).is_active
    assert Notification.objects.get(kind="privacy.left_alone").person == secretariat
    told = signed_in(secretariat).get("/people/recovery/").content.decode()
    assert "Alpha Press Union" in told


def test_the_clock_erases_when_the_days_are_over_and_not_before(someone, keeper):
    wish, _token = erasure_ask(someone)

    assert erasures_due(now=wish.due_at - timedelta(seconds=1)) == 0
    assert User.objects.get(pk=someone.pk).name == "Ada Person"

    ErasureRequest.objects.filter(pk=wish.pk).update(due_at=timezone.now())
    erasures(0)
    erasures(0)

    gone = User.objects.get(pk=someone.pk)
    assert (gone.name, str(gone)) == ("", "Former member")
    assert not EmailAddress.objects.filter(user=gone).exists()
    assert ErasureRequest.objects.get().carried_out_at is not None
    with pytest.raises(WishClosed):
        erasure_withdraw(None, wish=wish)
    assert Entry.objects.filter(verb="person.erased").count() == 1


def test_two_wishes_are_one(someone, keeper):
    from portal.access.refusal import Refused

    erasure_ask(someone)
    with pytest.raises(Refused):
        erasure_ask(User.objects.get(pk=someone.pk))
    assert ErasureRequest.objects.count() == 1


def test_the_secretariat_opens_an_account_again(someone, keeper, secretariat):
    wish, _token = erasure_ask(someone)
    client = signed_in(secretariat)
    assert "Ada Person" in client.get("/privacy/erasures/").content.decode()

    client.post(f"/privacy/erasures/{wish.pk}/withdraw/")

    assert User.objects.get(pk=someone.pk).is_active
    assert (
        "Ada Person"
        not in client.get("/privacy/erasures/").content.decode().partition("<main")[2].partition("</h1>")[2]
    )
    assert client.post(f"/privacy/erasures/{wish.pk}/withdraw/").status_code == 404


def test_the_secretariat_erases_at_once_with_a_reason(someone, keeper, secretariat):
    client = signed_in(secretariat)
    address = f"/privacy/people/{someone.pk}/erase/"

    assert client.post(address, {"address": someone.email, "reason": ""}).status_code == 200
    assert client.post(address, {"address": "x@example.org", "reason": "Letter"}).status_code == 200
    assert User.objects.get(pk=someone.pk).name == "Ada Person"

    assert client.post(address, {"address": someone.email, "reason": "Asked by letter"}).status_code == 302
    assert User.objects.get(pk=someone.pk).erased_at is not None
    assert client.get(address).status_code == 404
    assert client.get(f"/privacy/people/{secretariat.pk}/erase/").status_code == 403


def test_the_halves_of_the_policies_agree(someone, keeper, secretariat):
    wish, _token = erasure_ask(someone)
    for actor in (someone, keeper, secretariat):
        seen = list(wishes_visible_to(actor))
        assert (wish in seen) == can_see_request(actor, wish) == (actor == secretariat)
        assert can_erase(actor, keeper) == (actor == secretariat)


def test_to_people_who_want_mails_to_say_nothing_the_way_back_says_nothing(someone, keeper):
    MailSettings.objects.create(person=someone, discreet=True)
    _wish, token = erasure_ask(someone)

    run_jobs("privacy.erasure_mail")

    (sent,) = mail.outbox
    assert f"/privacy/return/{token}/" in str(sent.body), "or nobody could return"
    assert "erase" not in str(sent.subject).lower() + str(sent.body).lower().replace("/privacy/", "")


def test_whoever_is_locked_down_is_not_erased_meanwhile(someone, keeper):
    """A wish to be erased may be that of whoever seized the account."""
    wish, _token = erasure_ask(someone)
    User.objects.filter(pk=someone.pk).update(locked_at=timezone.now(), is_active=False)

    assert erasures_due(now=wish.due_at + timedelta(days=1)) == 0
    assert User.objects.get(pk=someone.pk).name == "Ada Person"
