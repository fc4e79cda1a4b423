"""Digests and quiet hours: each notification reaches its reader once, when they want it, and not if it is past."""

import re
from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.jobs import Job
from pysequoia import Tsk

from portal.accounts.services import preferences_update
from portal.notifications import services
from portal.notifications.models import Digest, MailSettings, Notification
from portal.notifications.services import MailTimes
from portal.notifications.tasks import digest_send, digests_make, mail_send
from portal.registry import Level, MailGate, announced
from portal.tasks.retry import Held, NotYet
from tests.factories.accounts import person
from tests.jobs import queued_jobs, run_jobs
from tests.portal.notifications.places import FACT, MENTION, URGENT
from tests.portal.notifications.test_encrypted import opened, public

DAILY, WEEKLY, AT_ONCE = "daily", "weekly", "at_once"
CLUB, ROOM = "testclub:k1", "testroom:k1.7"
WEDNESDAY = datetime(2026, 6, 10, tzinfo=UTC)  # in summer; Paris is two hours ahead of UTC
SLOT = WEDNESDAY.replace(hour=6)  # 8 o'clock there


@pytest.fixture
def clock(monkeypatch):
    """The moment that the application takes for now. It begins on Tuesday evening."""
    at = SimpleNamespace(now=WEDNESDAY - timedelta(hours=5))
    monkeypatch.setattr("django.utils.timezone.now", lambda: at.now)
    return at


@pytest.fixture
def reader(places, clock):
    rita = person("Rita Reader", email="rita@example.org", time_zone="Europe/Paris")
    places.join(rita)
    choose(rita, pace=DAILY)
    return rita


def choose(reader, pace=AT_ONCE, hour=8, weekday=0, quiet=None):
    services.mail_times_update(reader, times=MailTimes(pace=pace, hour=hour, weekday=weekday, quiet=quiet))


def tell(*people, kind=FACT, scope=CLUB, who="Anna"):
    before = set(Notification.objects.values_list("pk", flat=True))
    services.notify(people, kind=kind, payload={"who": who}, url="/", scope=scope)
    # What the model takes for now was bound before the test's clock was set.
    Notification.objects.exclude(pk__in=before).update(at=timezone.now())


def tick(clock, moment):
    """The worker's clock strikes, and it does all that is to be done."""
    clock.now = moment
    digests_make(timestamp=0)
    return run_jobs()


def subjects(server):
    return [one.message["Subject"] for one in server.taken]


# When


def test_a_digest_comes_at_the_readers_hour_with_all_that_was_told_before(reader, clock, server):
    tell(reader, who="Anna"), tell(reader, who="Béla")
    jobs = queued_jobs()
    tick(clock, SLOT - timedelta(minutes=5))
    before = len(server.taken)

    for minutes in (0, 5, 10):
        tick(clock, SLOT + timedelta(minutes=minutes))
        tell(reader, who="Too late")

    assert jobs == []
    assert before == 0
    (taken,) = server.taken
    assert taken.recipients == ["rita@example.org"]
    assert taken.message["Subject"] == "2 notifications you have not read"
    assert "Anna wrote to you" in taken.text
    assert "Béla wrote to you" in taken.text
    assert "Too late" not in taken.text
    assert Digest.objects.get().slot == SLOT
    tick(clock, SLOT + timedelta(days=1))
    assert "Too late" in server.taken[1].text
    assert "Anna" not in server.taken[1].text


def test_each_goes_into_one_digest(reader, clock, server):
    for day in range(4):
        for number in range(3):
            tell(reader, who=f"Day {day} number {number},")
            tick(clock, SLOT + timedelta(days=day, hours=number))

    text = "\n".join(one.text for one in server.taken)
    said = re.findall(r"Day \d number \d", text)
    assert len(said) == len(set(said)) == 10  # the last two wait for the next morning
    assert len(server.taken) == Digest.objects.count() == 4
    assert Notification.objects.filter(mailed_at__isnull=False, digest__isnull=False).count() == 10
    assert Notification.objects.filter(awaits_digest=True, mailed_at__isnull=True).count() == 2


def test_a_weekly_digest_comes_on_its_day(reader, clock, server):
    choose(reader, pace=WEEKLY, weekday=4)
    tell(reader)

    for day in range(10):
        tick(clock, SLOT + timedelta(days=day))

    assert [one.slot for one in Digest.objects.all()] == [SLOT + timedelta(days=2)]
    assert len(server.taken) == 1


def test_an_empty_digest_is_not_sent(reader, clock, server):
    tick(clock, SLOT)

    assert server.taken == []
    assert not Digest.objects.exists()


@pytest.mark.parametrize("when", ["before it is made", "before it is sent"])
def test_what_was_read_meanwhile_is_left_out(when, reader, clock, server):
    tell(reader, who="Anna"), tell(reader, who="Béla")
    anna = Notification.objects.get(payload={"who": "Anna"})
    clock.now = SLOT
    if when == "before it is sent":
        digests_make(timestamp=0)
    services.notification_read(reader, notification=anna)

    tick(clock, SLOT)

    (taken,) = server.taken
    assert "Béla wrote" in taken.text
    assert "Anna wrote" not in taken.text
    assert taken.message["Subject"] == "1 notification you have not read"


@pytest.mark.parametrize("when", ["before it is made", "before it is sent"])
def test_who_has_read_everything_gets_none(when, reader, clock, server):
    tell(reader)
    clock.now = SLOT
    if when == "before it is sent":
        digests_make(timestamp=0)
    services.notifications_read_all(reader)

    tick(clock, SLOT)

    assert server.taken == []
    assert not Digest.objects.filter(done_at__isnull=True).exists()
    assert not Notification.objects.filter(awaits_digest=True).exists()


def test_a_worker_that_was_down_makes_up_for_it_once(reader, clock, server):
    tell(reader, who="Anna")
    clock.now = SLOT + timedelta(hours=1)
    tell(reader, who="Béla")

    tick(clock, SLOT + timedelta(days=3, hours=5))
    tick(clock, SLOT + timedelta(days=3, hours=6))

    assert len(server.taken) == 1
    assert "2 notifications" in server.taken[0].message["Subject"]


@pytest.mark.parametrize(
    ("zone", "next_one"),
    [
        ("Europe/London", SLOT + timedelta(days=1, hours=1)),
        ("America/New_York", SLOT + timedelta(days=1, hours=6)),  # not a second one on the same day
        ("Asia/Tokyo", SLOT + timedelta(hours=17)),  # tomorrow there
        ("Pacific/Kiritimati", SLOT + timedelta(hours=12)),
        ("Gone/Zone", SLOT + timedelta(days=1, hours=2)),
    ],
)
def test_who_moves_to_another_zone_has_the_hour_there_and_no_two_mails_close_together(
    zone, next_one, reader, clock, server
):
    tell(reader)
    tick(clock, SLOT)
    preferences_update(reader, name=reader.name, preferences={"time_zone": zone})
    clock.now += timedelta(minutes=1)
    tell(reader)

    while len(server.taken) < 2:
        tick(clock, clock.now.replace(minute=0) + timedelta(hours=1))
        assert clock.now < SLOT + timedelta(days=3)

    assert clock.now == next_one


def test_who_changes_the_hour_waits_for_the_new_one(reader, clock, server):
    tell(reader)
    choose(reader, pace=DAILY, hour=20)

    tick(clock, SLOT)
    before = len(server.taken)
    tick(clock, WEDNESDAY.replace(hour=18))

    assert (before, len(server.taken)) == (0, 1)


# Changing one's mind


def test_who_wants_mails_at_once_again_gets_what_waited(reader, clock, server):
    tell(reader, who="Anna"), tell(reader, who="Béla")
    choose(reader, pace=AT_ONCE)

    run_jobs()
    tick(clock, SLOT)

    assert sorted(subjects(server)) == ["Anna wrote to you", "Béla wrote to you"]


def test_what_was_told_while_they_changed_their_mind_is_not_forgotten(reader, clock, server):
    """A transaction that read the old choice may commit after the new one: its rows wait for a digest of nobody."""
    tell(reader)
    MailSettings.objects.update(pace=AT_ONCE)

    tick(clock, clock.now)

    assert subjects(server) == ["Anna wrote to you"]


def test_a_mail_that_is_queued_is_left_to_the_digest_of_who_wants_those_by_now(reader, clock, server):
    choose(reader, pace=AT_ONCE)
    tell(reader)
    choose(reader, pace=DAILY)

    run_jobs()
    before = len(server.taken)
    tick(clock, SLOT)

    assert (before, len(server.taken)) == (0, 1)
    assert Notification.objects.get().digest == Digest.objects.get()


def test_a_job_that_runs_again_after_it_left_its_mail_to_a_digest_does_nothing(reader, clock, server):
    tell(reader)

    mail_send(notification_id=Notification.objects.get().pk)
    tick(clock, SLOT)
    mail_send(notification_id=Notification.objects.get().pk)

    assert len(server.taken) == 1


# Never what may not be heard or is not wanted


@pytest.mark.parametrize("when", ["before it is made", "before it is sent"])
@pytest.mark.parametrize("way", ["left", "may not hear", "wants nothing", "wants mentions", "kind off", "all off"])
def test_what_is_no_longer_wanted_is_not_in_a_digest(way, when, reader, clock, server, places):
    tell(reader, who="A secret"), tell(reader, who="Béla", scope="testclub:k2"), tell(reader, who="Chen", scope="")
    if when == "before it is sent":
        clock.now = SLOT
        digests_make(timestamp=0)
    if way == "left":
        places.leave(reader)
        services.scope_forget(reader, scope=CLUB)
    elif way == "may not hear":
        places.leave(reader)
    elif way.startswith("wants"):
        services.scope_level_set(reader, scope=CLUB, level=Level(way.removeprefix("wants ")))
    else:
        services.mail_preferences_update(reader, mailed={FACT if way == "kind off" else "": False})

    tick(clock, SLOT)

    assert all("A secret" not in one.text + one.html for one in server.taken)
    assert len(server.taken) == (0 if way.endswith("off") else 1)
    assert not Digest.objects.filter(done_at__isnull=True).exists()


def test_nothing_is_sent_where_nothing_is_left(reader, clock, server, places):
    tell(reader)
    clock.now = SLOT
    digests_make(timestamp=0)
    places.leave(reader)

    tick(clock, SLOT)

    assert server.taken == []
    assert Digest.objects.get().done_at


# What waits for nothing


@pytest.mark.parametrize("pace", [DAILY, WEEKLY])
def test_what_is_urgent_is_mailed_at_once_even_in_quiet_hours_and_when_read(pace, reader, clock, server):
    choose(reader, pace=pace, quiet=(time(20), time(7)))
    tell(reader, kind=URGENT, scope="")
    services.notifications_read_all(reader)

    run_jobs()

    assert subjects(server) == ["Anna wrote to you"]


def test_what_concerns_security_is_urgent():
    floor = {"account", "lockdown", "mail", "privacy"}
    urgent = {kind.name for kind in announced.notification_kinds if kind.urgent}

    assert {name for name in urgent if name.partition(".")[0] in floor} == {
        "account.changed", "account.recovery", "lockdown.begun", "lockdown.proposed", "lockdown.undone",
        "mail.key_changed", "mail.stopped",
    }  # fmt: skip


# Quiet hours


def test_mails_wait_for_the_end_of_quiet_hours(reader, clock, server):
    choose(reader, quiet=(time(20), time(7)))
    tell(reader)  # at nine in the evening

    with pytest.raises(NotYet) as waits:
        run_jobs()
    clock.now = WEDNESDAY.replace(hour=5)
    run_jobs()

    job = Job(id=1, queue="default", lock=None, queueing_lock=None, task_name="x", attempts=7)
    decision = mail_send.retry_strategy.get_retry_decision(exception=waits.value, job=job)
    assert decision.retry_at == WEDNESDAY.replace(hour=5)
    assert len(server.taken) == 1


def test_what_was_read_before_quiet_hours_ended_is_not_mailed(reader, clock, server):
    choose(reader, quiet=(time(20), time(7)))
    tell(reader)
    services.notifications_read_all(reader)

    clock.now = WEDNESDAY.replace(hour=5)
    run_jobs()

    assert server.taken == []


# Once, and none lost


@pytest.mark.django_db(transaction=True)
def test_what_went_in_is_marked_in_the_transaction_that_makes_the_digest(reader, clock):
    tell(reader)

    with transaction.atomic():
        services.digest_make(reader.pk, slot=SLOT)
        assert len(queued_jobs("notifications.digest_send")) == 1
        transaction.set_rollback(True)

    assert queued_jobs() == []
    assert not Digest.objects.exists()
    assert Notification.objects.get().awaits_digest


def test_the_database_keeps_one_digest_for_a_slot(reader):
    Digest.objects.create(person=reader, slot=SLOT)

    with pytest.raises(IntegrityError), transaction.atomic():
        Digest.objects.create(person=reader, slot=SLOT)


def test_made_twice_it_is_made_once(reader, clock, server):
    tell(reader)
    clock.now = SLOT
    for _ in range(3):
        digests_make(timestamp=0)
        services.digest_make(reader.pk, slot=SLOT)

    assert len(queued_jobs("notifications.digest_send")) == 1


def test_a_worker_killed_before_it_noted_what_it_sent_sends_the_same_mail_again(reader, clock, server):
    tell(reader)
    tick(clock, SLOT)
    Digest.objects.update(done_at=None)

    digest_send(digest_id=Digest.objects.get().pk)
    digest_send(digest_id=Digest.objects.get().pk)

    first, second = server.taken
    assert first.message["Message-ID"] == second.message["Message-ID"]


def test_one_that_fails_keeps_nobody_elses_back(reader, clock, server):
    other = person("Otto", time_zone="Europe/Paris")
    choose(other, pace=DAILY)
    tell(reader, scope=""), tell(other, scope="")
    server.rcpt[reader.email] = "451 4.7.1 greylisted"
    clock.now = SLOT
    digests_make(timestamp=0)

    first, second = queued_jobs("notifications.digest_send")
    with pytest.raises(Exception, match="451"):
        digest_send(**first.arguments)
    digest_send(**second.arguments)
    server.rcpt.clear()
    digest_send(**first.arguments)

    assert sorted(one.recipients[0] for one in server.taken) == sorted([reader.email, other.email])


def test_a_refusal_for_good_is_noted_and_not_repeated(reader, clock, server):
    tell(reader), tell(reader)
    server.rcpt[reader.email] = "550 5.1.1 unknown"

    tick(clock, SLOT)
    digest_send(digest_id=Digest.objects.get().pk)

    assert [one.refused_code for one in Notification.objects.all()] == ["550 5.1.1"] * 2
    assert server.asked == 1


def test_of_a_locked_account_digests_wait_and_go_when_it_is_open(reader, clock, server):
    held = {reader.pk}
    tell(reader)
    clock.now = SLOT
    digests_make(timestamp=0)
    announced.mail_gates.add(MailGate(name="test", may_mail=lambda person_id: person_id not in held))
    try:
        with pytest.raises(Held):
            run_jobs()
        held.clear()
        services.mails_let_go(reader)
        run_jobs()
    finally:
        announced.mail_gates._items.pop("test")

    assert len(server.taken) == 1


def test_for_closed_accounts_none_is_made(reader, clock, server):
    tell(reader)
    reader.is_active = False
    reader.save()

    tick(clock, SLOT)

    assert server.taken == []
    assert not Digest.objects.exists()


def test_finding_who_is_due_costs_the_same_for_one_and_for_three(places, clock):
    counts = []
    for number in (1, 3):
        for one in [person(time_zone="Europe/Paris") for _ in range(number)]:
            choose(one, pace=DAILY)
            tell(one, scope="")
        with CaptureQueriesContext(connection) as queries:
            digests_make(timestamp=0)
        counts.append(len(queries))

    assert counts == [2, 2]


def test_a_digest_of_many_costs_the_same_queries_as_one_of_few(reader, clock, server, places):
    counts = []
    for number in (1, 12):
        for club in range(number):
            places.join(reader, club=f"m{club}")
            tell(reader, scope=f"testclub:m{club}"), tell(reader, scope=f"testroom:m{club}.1", kind=MENTION)
        clock.now = SLOT if number == 1 else SLOT + timedelta(days=1)
        digests_make(timestamp=0)
        (job,) = queued_jobs("notifications.digest_send")
        with CaptureQueriesContext(connection) as queries:
            digest_send(**job.arguments)
        run_jobs()
        counts.append(len(queries))

    assert counts[0] == counts[1]


# How it looks


def test_it_is_sorted_by_place_newest_first(reader, clock, server, places):
    places.join(reader, club="k2")
    for minute, (who, scope) in enumerate(
        [("Anna", CLUB), ("Chen", "testclub:k2"), ("Dina", CLUB), ("Emil", "testclub:k2"), ("Béla", ""), ("Fay", CLUB)]
    ):
        clock.now = WEDNESDAY + timedelta(minutes=minute)
        tell(reader, who=who, scope=scope)

    tick(clock, SLOT)

    (taken,) = server.taken
    found = re.findall(r"(Club \w+|Everything else|\w+ wrote)", taken.text)
    assert found == [
        "Club k1", "Fay wrote", "Dina wrote", "Anna wrote", "Club k2", "Emil wrote", "Chen wrote", "Everything else",
        "Béla wrote",
    ]  # fmt: skip
    assert re.findall(r"(?:<h2>|<bdi>)(Club \w+|Everything else|\w+ wrote)", taken.html) == found
    assert "Wed 10 June 2026, 02:05 UTC+2" in taken.text
    assert not re.search(r"<img|<link|<script|style=|url\(|src=", taken.html)


def test_one_click_stops_all_of_them(reader, clock, server, client):
    tell(reader)
    tick(clock, SLOT)
    (taken,) = server.taken
    link = taken.message["List-Unsubscribe"].strip()[1:-1]

    answer = client.post(link.removeprefix("http://localhost:8000"), {"List-Unsubscribe": "One-Click"})
    tell(reader)
    tick(clock, SLOT + timedelta(days=1))

    assert taken.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in taken.text
    assert answer.status_code == 200
    assert len(server.taken) == 1


def test_it_is_in_the_readers_language_direction_and_digits(reader, clock, server):
    preferences_update(reader, name=reader.name, preferences={"language": "ar"})
    tell(reader), tell(reader), tell(reader)

    tick(clock, SLOT)

    (taken,) = server.taken
    assert '<html lang="ar" dir="rtl">' in taken.html
    assert "٢١:٠٠" in taken.html  # it was told at seven in the evening, UTC
    assert taken.message["Content-Language"] == "ar"


def test_who_wants_mails_to_say_nothing_gets_one_that_says_nothing(reader, clock, server):
    services.discretion_choose(reader, discreet=True)
    tell(reader, who="Zanzibar"), tell(reader, who="Zanzibar")

    tick(clock, SLOT)

    (taken,) = server.taken
    assert taken.message["Subject"] == "Something awaits you in Plenary"
    assert "Zanzibar" not in taken.text + taken.html + str(taken.message.items())
    assert "k1" not in taken.text + taken.html


def test_who_has_a_key_gets_it_encrypted(reader, clock, server):
    clock.now = datetime.now(UTC)  # when the key is made
    key = Tsk.generate(user_id="Rita <rita@example.org>")
    services.mail_key_set(reader, content=public(key).encode())
    run_jobs()
    server.taken.clear()
    tell(reader, who="Zanzibar")

    tick(clock, clock.now + timedelta(days=1))

    (taken,) = server.taken
    inner = opened(taken, key)
    assert b"Zanzibar" not in taken.raw
    assert "Zanzibar wrote to you" in inner.get_body(("plain",)).get_content()
    assert inner["Subject"] == "1 notification you have not read"


def test_very_many_are_counted_and_not_all_listed(reader, clock, server):
    for _ in range(103):
        tell(reader, scope="")

    tick(clock, SLOT)

    (taken,) = server.taken
    assert taken.text.count("Anna wrote to you") == 100
    assert "And 3 more" in taken.text
    assert "And 3 more" in taken.html
    assert Notification.objects.filter(mailed_at__isnull=False).count() == 103
