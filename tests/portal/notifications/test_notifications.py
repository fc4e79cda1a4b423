"""People are told once, by mail where they want it, exactly if the fact exists; nobody reads what another was told."""

import re
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.db import connection, transaction
from django.template import TemplateDoesNotExist
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.models import User
from portal.live.models import Event
from portal.notifications import services
from portal.notifications.models import Notification, Preference
from portal.notifications.policies import can_see_notification, visible_to
from portal.notifications.selectors import unread_count
from portal.notifications.tasks import mail_send
from portal.registry import NotificationKind, announced
from tests.factories.accounts import person
from tests.jobs import queued_jobs, run_jobs

MAILED, QUIET = "test.mailed", "test.quiet"
INBOX = "/notifications/"


@pytest.fixture(autouse=True)
def kinds():
    """One kind that is mailed unless switched off, one that is not unless switched on."""
    sentence = lambda payload: f"{payload['who']} wrote to you"  # noqa: E731
    announced.notification_kinds.add(
        NotificationKind(name=MAILED, label="Letters", sentence=sentence),
        NotificationKind(name=QUIET, label="Whispers", sentence=sentence, mailed=False),
    )
    yield
    for name in (MAILED, QUIET):
        announced.notification_kinds._items.pop(name)


@pytest.fixture
def reader(db):
    return person("Rita Reader")


@pytest.fixture
def desk(reader, client):
    client.force_login(reader)
    return client


def tell(*people, kind=MAILED, who="Anna", url="/people/1/"):
    services.notify(people, kind=kind, payload={"who": who}, url=url)


def sentences(answer):
    return [str(line.sentence) for day in answer.context["days"] for line in day.lines]


def test_each_person_is_told_once(reader):
    tell(reader, User.objects.get(pk=reader.pk), person(is_active=False))

    told = Notification.objects.get()
    assert (told.person, told.kind, told.payload, told.url) == (reader, MAILED, {"who": "Anna"}, "/people/1/")
    assert unread_count(reader) == 1
    assert [job.arguments for job in queued_jobs()] == [{"notification_id": told.pk}]
    assert Event.objects.get(topic__name=f"inbox:{reader.pk}").payload == {"id": told.pk}


def test_telling_nobody_does_nothing(db):
    tell()

    assert Notification.objects.count() == 0


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example", "/a\nb", "people/1"]
)
def test_only_paths_of_the_portal_can_be_pointed_to(url, reader):
    with pytest.raises(ValueError):
        tell(reader, url=url)


def test_an_unannounced_kind_is_an_error(reader):
    with pytest.raises(LookupError):
        tell(reader, kind="nothing")


def test_telling_many_costs_the_same_queries_for_people_rows_and_jobs(db):
    counts = []
    for number in (1, 5):
        people = [person() for _ in range(number)]
        with CaptureQueriesContext(connection) as queries:
            tell(*people)
        counts.append(
            sum("live_" not in query["sql"] and "SAVEPOINT" not in query["sql"] for query in queries.captured_queries)
        )

    assert counts == [4, 4]


@pytest.mark.parametrize(
    ("kind", "chosen", "mails"),
    [(MAILED, None, 1), (MAILED, False, 0), (MAILED, True, 1), (QUIET, None, 0), (QUIET, True, 1), (QUIET, False, 0)],
)
def test_mail_goes_to_those_who_want_it(kind, chosen, mails, reader):
    if chosen is not None:
        services.mail_preferences_update(reader, mailed={kind: chosen})
    tell(reader, kind=kind)

    run_jobs()

    assert len(mail.outbox) == mails
    assert Notification.objects.count() == 1


def test_only_what_differs_from_the_default_is_kept(reader):
    services.mail_preferences_update(reader, mailed={MAILED: True, QUIET: True})

    assert list(Preference.objects.values_list("kind", "mailed")) == [(QUIET, True)]
    services.mail_preferences_update(reader, mailed={QUIET: False})
    assert not Preference.objects.exists()


def test_the_mail_says_what_and_where(reader):
    tell(reader)

    run_jobs()

    (sent,) = mail.outbox
    notification = Notification.objects.get()
    html = sent.alternatives[0].content
    link = f"http://localhost:8000/notifications/{notification.pk}/"
    assert sent.to == [reader.email]
    assert sent.subject == "Anna wrote to you"
    assert "Hello Rita Reader," in sent.body
    assert link in sent.body
    assert f'href="{link}"' in html
    assert "http://localhost:8000/notifications/preferences/" in sent.body
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    assert not re.search(r"<img|<link|<script|style=|url\(", html)
    assert set(re.findall(r'https?://[^/"\s<]+', sent.body + html)) == {"http://localhost:8000"}


def test_the_mail_is_in_the_readers_language_direction_zone_and_digits(db):
    readers = [
        person(language="ar", time_zone="Asia/Kathmandu"),
        person(language="ar", western_digits=True),
        person(language="fr", time_zone="Gone/Zone"),
    ]
    tell(*readers)
    Notification.objects.update(at=datetime(2027, 6, 10, 18, tzinfo=UTC))

    run_jobs()

    pages = [sent.alternatives[0].content for sent in mail.outbox]
    assert [re.search(r'<html lang="(\w+)" dir="(\w+)">', page).groups() for page in pages] == [
        ("ar", "rtl"), ("ar", "rtl"), ("fr", "ltr"),
    ]  # fmt: skip
    assert "٢٣:٤٥" in pages[0]
    assert "18:00" in pages[1]
    assert "18:00" in pages[2]


def test_what_people_are_called_cannot_change_a_mail(reader):
    tell(reader, who="Anna\r\nBcc: all@example.org <b>bold</b>")

    run_jobs()

    (sent,) = mail.outbox
    assert sent.recipients() == [reader.email]
    assert "\n" not in sent.subject
    assert sent.message()["Bcc"] is None
    assert "<b>bold</b>" not in sent.alternatives[0].content
    assert "<b>bold</b>" in sent.body  # plain text says it as it is


def test_a_job_that_runs_twice_mails_once(reader):
    tell(reader)

    for _ in range(2):
        mail_send(notification_id=Notification.objects.get().pk)

    assert len(mail.outbox) == 1


def test_a_mail_server_that_fails_is_tried_again(reader, settings):
    tell(reader)
    settings.EMAIL_BACKEND = "tests.portal.notifications.failing.FailingBackend"

    with pytest.raises(ConnectionRefusedError):
        run_jobs()
    waiting = len(queued_jobs())
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    run_jobs()

    assert waiting == 1
    assert len(mail.outbox) == 1
    assert mail_send.retry_strategy.max_attempts == 8


@pytest.mark.parametrize("meanwhile", ["left", "changed their mind", "deleted", "kind gone"])
def test_everything_is_asked_again_before_mailing(meanwhile, reader):
    tell(reader)
    if meanwhile == "left":
        User.objects.update(is_active=False)
    elif meanwhile == "changed their mind":
        services.mail_preferences_update(reader, mailed={MAILED: False})
    elif meanwhile == "deleted":
        Notification.objects.all().delete()
    else:
        Notification.objects.update(kind="of an app that is gone")

    run_jobs()

    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_nobody_is_told_of_what_did_not_happen():
    reader = person()

    with transaction.atomic():
        tell(reader)
        transaction.set_rollback(True)

    assert queued_jobs() == []
    assert Notification.objects.count() == 0
    assert Event.objects.count() == 0


def test_the_inbox_shows_ones_own_latest_first(reader, desk):
    tell(reader, who="Anna")
    tell(reader, who="Béla", url="")
    tell(person(), who="Somebody else")

    answer = desk.get(INBOX)

    page = answer.content.decode()
    assert sentences(answer) == ["Béla wrote to you", "Anna wrote to you"]
    assert "Somebody else" not in page
    assert "2 notifications you have not read" in page
    assert page.count('class="unread"') == 2


def test_what_an_app_no_longer_understands_does_not_break_the_inbox(reader, desk):
    Notification.objects.create(person=reader, kind="of an app that is gone", payload={})
    Notification.objects.create(person=reader, kind=MAILED, payload={"other": 1})
    Notification.objects.create(person=reader, kind=MAILED, payload=["no mapping"])

    answer = desk.get(INBOX)

    assert answer.status_code == 200
    assert len(sentences(answer)) == 3


def test_the_inbox_has_pages(reader, desk):
    for number in range(51):
        Notification.objects.create(person=reader, kind=MAILED, payload={"who": f"Writer {number}"})

    answers = [desk.get(INBOX, {"page": page}) for page in ("2", "99999", "x", "-1", "")]

    assert [len(sentences(answer)) for answer in answers] == [1, 1, 50, 50, 50]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_inbox_costs_the_same_for_one_and_for_three(rows, reader, desk):
    for _ in range(rows):
        tell(reader)

    with CaptureQueriesContext(connection) as queries:
        desk.get(INBOX)

    own = [query["sql"] for query in queries.captured_queries if 'FROM "notifications_notification"' in query["sql"]]
    assert len(own) == 3  # places, how many unread, one page of them, which are all


def test_following_one_reads_it_and_leads_there(reader, desk):
    tell(reader)
    notification = Notification.objects.get()

    asked = desk.head(reverse("notifications:open", args=[notification.pk]))
    before = unread_count(reader)
    answer = desk.get(reverse("notifications:open", args=[notification.pk]))

    assert (asked.status_code, before) == (302, 1)
    assert (answer.status_code, answer.url) == (302, "/people/1/")
    assert unread_count(reader) == 0
    assert [event.kind for event in Event.objects.all()] == ["notification.created", "notification.read"]


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example", ""]
)
def test_following_one_never_leads_elsewhere(url, reader, desk):
    notification = Notification.objects.create(person=reader, kind=MAILED, payload={"who": "x"}, url=url)

    answer = desk.get(reverse("notifications:open", args=[notification.pk]))

    assert answer.url == INBOX


def test_one_is_marked_as_read(reader, desk):
    tell(reader), tell(reader)
    notification = Notification.objects.first()

    answers = [desk.post(reverse("notifications:read", args=[notification.pk])) for _ in range(2)]

    assert [answer.url for answer in answers] == [INBOX] * 2
    assert unread_count(reader) == 1
    assert Event.objects.filter(kind="notification.read").count() == 1


def test_all_are_marked_as_read_but_only_ones_own(reader, desk):
    other = person()
    tell(reader, other), tell(reader)

    desk.post(reverse("notifications:read-all"))

    assert (unread_count(reader), unread_count(other)) == (0, 1)
    assert "You have read all notifications" in desk.get(INBOX).content.decode()


def test_another_persons_notification_does_not_exist(reader, desk):
    other = person()
    tell(other, who="A secret")
    notification = Notification.objects.get()

    answers = [
        desk.get(reverse("notifications:open", args=[notification.pk])),
        desk.post(reverse("notifications:read", args=[notification.pk])),
        desk.get(reverse("notifications:open", args=[notification.pk + 1])),
    ]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert "A secret" not in desk.get(INBOX).content.decode()
    assert unread_count(other) == 1


def test_the_halves_of_the_policy_agree(db):
    people = [person() for _ in range(4)] + [person(is_active=False)]
    for reader in people:
        Notification.objects.create(person=reader, kind=MAILED)

    for actor in people:
        visible = set(visible_to(actor))
        assert visible == {one for one in Notification.objects.all() if can_see_notification(actor, one)}


def test_only_the_owner_may_listen_to_an_inbox(reader):
    topic = announced.live_topics["inbox"]

    assert topic.may_subscribe(reader, str(reader.pk))
    for key in ("", str(reader.pk + 1), f"{reader.pk} ", "x", "all"):
        assert not topic.may_subscribe(reader, key)


def test_what_is_mailed_is_chosen_on_a_page(reader, desk):
    page = desk.get("/notifications/preferences/").content.decode()

    answer = desk.post("/notifications/preferences/", {f"mailed-{QUIET}": "on", "mailed-nothing": "on"}, follow=True)

    assert "Letters" in page
    assert "Whispers" in page
    assert {"kind": MAILED, "mailed": False} in Preference.objects.values("kind", "mailed")
    assert {"kind": QUIET, "mailed": True} in Preference.objects.values("kind", "mailed")
    assert not Preference.objects.filter(kind="nothing").exists()
    assert "Saved." in answer.content.decode()


@pytest.mark.parametrize("path", ["", "preferences/", "1/"])
def test_strangers_are_sent_to_sign_in(path, db, client):
    assert client.get(INBOX + path).url.startswith("/accounts/login/")


def test_every_announced_kind_has_its_mail(reader):
    """A kind whose templates are missing would fail only when it is mailed."""
    missing = []
    for kind in announced.notification_kinds:
        Notification.objects.all().delete()
        made = Notification.objects.create(person=reader, kind=kind.name, payload={"who": "Anna"})
        services.mail_preferences_update(reader, mailed={kind.name: True})
        try:
            mail_send(notification_id=made.pk)
        except TemplateDoesNotExist as error:
            missing.append(str(error))

    assert missing == []
