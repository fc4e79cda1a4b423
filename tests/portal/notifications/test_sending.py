"""Mail servers that fail (check F10) and mails that are held back: nothing is lost, no page waits, addresses that take
no mail are known. A real SMTP conversation each time.
"""

import logging
import time
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.db import transaction
from django.utils import timezone
from procrastinate.jobs import Job

from portal.accounts import services as accounts
from portal.accounts.models import Lockdown
from portal.accounts.tasks import notice_mail, password_reset_mail
from portal.notifications import services
from portal.notifications.mails import mail_to_person
from portal.notifications.mails.outgoing import ServerRefused
from portal.notifications.models import Notification, ReturnedMail
from portal.notifications.tasks import mail_send
from portal.registry import MailGate, announced
from portal.tasks.retry import HELD_HOURS, Held
from portal.tasks.tasks import ATTEMPTS_AT_MOST
from tests.factories.accounts import person
from tests.factories.people import secretariat
from tests.jobs import queued_jobs, run_jobs
from tests.portal.notifications.conftest import use

KIND = "mail.key_expires"
PATIENCE = 1.0  # seconds that telling somebody may take at most on a busy machine; it takes a hundredth


@pytest.fixture
def reader(db):
    return person("Rita Reader", email="rita@example.org")


@pytest.fixture
def gate(db):
    """Somebody who holds mails back: of the people whose ids are in the set."""
    held = set()
    announced.mail_gates.add(MailGate(name="test", may_mail=lambda person_id: person_id not in held))
    yield held
    announced.mail_gates._items.pop("test")


def tell(*people):
    services.notify(people, kind=KIND)


def retried(error, attempts=0):
    """In how many seconds the queue tries again, None where it gives up."""
    job = Job(id=1, queue="default", lock=None, queueing_lock=None, task_name="x", attempts=attempts)
    decision = mail_send.retry_strategy.get_retry_decision(exception=error, job=job)
    return None if decision is None else round((decision.retry_at - timezone.now()).total_seconds())


# The fact and its mail


@pytest.mark.django_db(transaction=True)
def test_the_mail_is_queued_in_the_transaction_of_the_fact():
    """A process that dies right after the commit has lost nothing: the job is part of what was committed."""
    reader = person()

    with transaction.atomic():
        tell(reader)
        assert len(queued_jobs("notifications.mail_send")) == 1
        transaction.set_rollback(True)

    assert queued_jobs() == []
    assert not Notification.objects.exists()


def test_what_leaves_is_text_and_html_with_what_mail_programs_need(reader, server):
    tell(reader)

    run_jobs()

    (taken,) = server.taken
    message = taken.message
    assert taken.recipients == ["rita@example.org"]
    assert message.get_content_type() == "multipart/alternative"
    assert "Your OpenPGP key expires" in taken.text
    assert "Your OpenPGP key expires" in taken.html
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Unsubscribe"].strip().startswith("<http://localhost:8000/notifications/stop/")
    assert message["Message-ID"].strip().endswith("@localhost>")


def test_the_same_mail_made_twice_has_one_name(reader, server):
    tell(reader)
    notification = Notification.objects.get()
    for _ in range(2):
        Notification.objects.update(mailed_at=None)
        mail_send(notification_id=notification.pk)

    first, second = server.taken
    assert first.message["Message-ID"] == second.message["Message-ID"]


# Servers that fail


@pytest.mark.parametrize("fault", ["slow", "refuses connections", "451", "550"])
def test_no_page_waits_for_the_mail_server(fault, reader, server, settings, monkeypatch):
    server.wait = 1.5 if fault == "slow" else 0
    server.rcpt["*"] = {"451": "451 4.7.1 later", "550": "550 5.1.1 gone"}.get(fault, "")
    if fault == "refuses connections":
        use("smtp://127.0.0.1:1/?timeout=2", settings, monkeypatch)

    began = time.perf_counter()
    tell(reader)
    took = time.perf_counter() - began

    assert took < PATIENCE
    assert server.asked == 0


def test_a_server_that_does_not_answer_loses_nothing(reader, server, settings, monkeypatch):
    tell(reader, other := person())
    use("smtp://127.0.0.1:1/?timeout=2", settings, monkeypatch)
    with pytest.raises(ConnectionRefusedError) as refused:
        run_jobs()

    use(server.url, settings, monkeypatch)
    run_jobs()

    assert sorted(one.recipients[0] for one in server.taken) == sorted([reader.email, other.email])
    assert retried(refused.value) == 4
    assert not ReturnedMail.objects.exists()


@pytest.mark.parametrize(
    "answer",
    [
        "421 4.3.2 shutting down", "450 4.2.1 busy", "451 4.7.1 greylisted", "452 4.2.2 full",
        "550 5.7.1 relaying denied", "554 5.7.1 not from you", "530 5.7.0 sign in first", "554 no",
    ],
)  # fmt: skip
@pytest.mark.parametrize("stage", ["rcpt", "data"])
def test_what_may_pass_is_tried_again(stage, answer, reader, server):
    tell(reader)
    getattr(server, stage)["*"] = answer
    with pytest.raises(Exception) as refused:
        run_jobs()

    getattr(server, stage).clear()
    run_jobs()

    assert len(server.taken) == 1
    assert not ReturnedMail.objects.exists()
    assert retried(refused.value) == 4
    assert reader.email not in str(refused.value)


def test_a_slow_server_is_given_up_for_now(reader, server):
    tell(reader)
    server.wait = 5

    with pytest.raises(OSError, match="timed out"):
        run_jobs()
    server.wait = 0
    run_jobs()

    assert len(server.taken) == 1


def test_the_queue_tries_for_a_day():
    waits = [retried(ConnectionRefusedError(), attempts) for attempts in range(9)]

    assert waits[-1] is None
    assert sum(waits[:-1]) > 24 * 3600
    assert sum(waits[:6]) > 3600  # an hour's silence costs six tries


# Addresses that take no mail


@pytest.mark.parametrize("stage", ["rcpt", "data"])
@pytest.mark.parametrize("answer", ["550 5.1.1 unknown", "550 no such user", "553 not here", "552 5.2.2 mailbox full"])
def test_a_refusal_for_good_is_noted_and_not_repeated(answer, stage, reader, server):
    tell(reader)
    getattr(server, stage)[reader.email] = answer

    run_jobs()
    mail_send(notification_id=Notification.objects.get().pk)

    told, returned = Notification.objects.get(), ReturnedMail.objects.get()
    assert told.refused_at
    assert told.mailed_at is None
    assert answer.startswith(told.refused_code)
    assert (returned.email, returned.person, returned.times) == (reader.email, reader, 1)
    assert server.asked == 1


def test_a_mail_that_arrives_takes_the_address_off_the_list(reader, server):
    server.rcpt[reader.email] = "550 5.1.1 unknown"
    for _ in range(2):
        tell(reader)
        run_jobs()
    times = ReturnedMail.objects.get().times
    server.rcpt.clear()
    password_reset_mail.defer(email=reader.email)

    run_jobs()

    assert times == 2
    assert not ReturnedMail.objects.exists()


def test_the_secretariat_sees_who_cannot_be_reached(reader, client):
    ReturnedMail.objects.create(email=reader.email, person=reader, code="550 5.1.1")
    ReturnedMail.objects.create(email="closed@example.org", person=person(is_active=False), code="550 5.1.1")
    ReturnedMail.objects.create(email="invited@example.org", code="553")
    client.force_login(secretariat())

    page = client.get("/notifications/returned/").content.decode()
    answer = client.post(f"/notifications/returned/{ReturnedMail.objects.get(person=reader).pk}/forget/")

    assert "2 addresses take no mail" in page
    assert "rita@example.org" in page
    assert "invited@example.org" in page
    assert "closed@example.org" not in page
    assert answer.url == "/notifications/returned/"
    assert not ReturnedMail.objects.filter(person=reader).exists()


def test_who_cannot_be_reached_is_told_beside_the_choices(reader, client):
    ReturnedMail.objects.create(email=reader.email, person=reader, code="550 5.1.1")
    client.force_login(reader)

    assert "the address takes none" in client.get("/notifications/preferences/").content.decode()


def test_others_do_not_see_who_cannot_be_reached(reader, client):
    ReturnedMail.objects.create(email="secret.canary@example.org", person=person(), code="550 5.1.1")
    client.force_login(reader)

    answer = client.get("/notifications/returned/")

    assert answer.status_code == 403
    assert "canary" not in answer.content.decode()


# Held back


def test_mails_of_a_locked_person_wait_and_go_when_they_may(reader, server, gate):
    tell(reader)
    password_reset_mail.defer(email=reader.email)
    gate.add(reader.pk)

    for name in ("notifications.mail_send", "accounts.password_reset_mail"):
        with pytest.raises(Held) as held:
            run_jobs(name)
    waiting = len(queued_jobs())
    gate.clear()
    run_jobs()

    assert waiting == 2
    assert len(server.taken) == 2
    assert retried(held.value) == 3600


def test_what_was_held_too_long_is_dropped():
    waits = [retried(Held(), attempts) for attempts in range(len(HELD_HOURS) + 1)]

    assert waits[-1] is None
    assert 3 * 86400 <= sum(waits[:-1]) <= 4 * 86400
    assert len(HELD_HOURS) < ATTEMPTS_AT_MOST  # so that a worker killed meanwhile costs nothing


def test_mails_are_frozen_by_a_lock_down_and_go_when_two_people_undo_it(reader, server):
    officers = [secretariat(), secretariat()]
    tell(reader)
    accounts.account_lock(officers[0], person=reader, why="")
    reader.refresh_from_db()
    tell(reader)  # what happens meanwhile is told too
    notice_mail.defer(
        person_id=reader.pk, email=reader.email, kind="password_changed", at=timezone.now().isoformat(), user_agent=""
    )
    old = Notification.objects.create(person=reader, kind=KIND, at=timezone.now() - timedelta(days=4))
    for name in ("notifications.mail_send", "accounts.notice_mail"):
        with pytest.raises(Held):
            run_jobs(name)
    run_jobs("accounts.lockdown_mail")
    meanwhile = [one.message["Subject"] for one in server.taken if one.recipients == [reader.email]]
    server.taken.clear()

    lockdown = Lockdown.objects.get()
    accounts.unlock_propose(officers[0], lockdown=lockdown, why="x")
    accounts.unlock_confirm(officers[1], lockdown=lockdown, why="y")
    run_jobs()

    subjects = sorted(one.message["Subject"] for one in server.taken if one.recipients == [reader.email])
    assert len(meanwhile) == 1  # that it is locked
    assert subjects.count("Your OpenPGP key expires within two weeks. Give a renewed one in time.") == 2
    assert len(subjects) == 4  # those, the notice that waited, and the way back in
    old.refresh_from_db()
    assert old.mailed_at is None


def test_what_must_be_told_in_any_case_is_told(reader, server, gate):
    gate.add(reader.pk)

    mail_to_person(
        reader, template="email/portal/accounts/notice", context={"subject": "x"}, even_when_held=True
    ).send()

    assert len(server.taken) == 1


def test_a_failed_mail_leaves_no_address_in_the_log(reader, server, caplog):
    server.rcpt["*"] = f"451 4.7.1 <{reader.email}> greylisted"
    tell(reader)

    with caplog.at_level(logging.DEBUG), pytest.raises(ServerRefused) as refused:
        run_jobs()

    ours = [record.getMessage() for record in caplog.records if record.name != "mail.log"]  # that is the server's own
    assert reader.email not in " ".join(ours) + str(refused.value)
    assert refused.value.__suppress_context__
    assert outbox.outbox == []
