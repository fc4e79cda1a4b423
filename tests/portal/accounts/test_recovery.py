"""Letting someone back in whose second factors are lost takes two people and time, and never less than the password."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from portal.access import roles
from portal.access.refusal import Refused
from portal.accounts.models import AccountRecovery, KnownDevice, User
from portal.accounts.services.recovery import (
    OBJECTION,
    RecoveryClosed,
    recovery_cancel,
    recovery_confirm,
    recovery_start,
)
from portal.accounts.tasks import recovery_mail
from portal.audit.models import Entry
from portal.notifications.models import Notification
from tests.factories.accounts import PASSWORD, person, recovery_codes, with_authenticator_app, with_factor
from tests.jobs import queued_jobs, run_jobs


def secretariat(name="", *, factor=True):
    """Someone of the Secretariat."""
    made = person(name)
    if factor:
        with_factor(made)
    roles.grant(roles.SECRETARIAT, made, roles.network())
    return User.objects.get(pk=made.pk)


@pytest.fixture
def owner(db):
    return with_authenticator_app(person("Lena Lost"))


@pytest.fixture
def first(db):
    return secretariat("Fatou First")


@pytest.fixture
def second(db):
    return secretariat("Selma Second")


def link_in(letter):
    return re.search(r"http://\S+?(/accounts/recover/\S+)", letter.body)[1]


def job_of_the_link():
    """The one that waits for the time to object."""
    return ProcrastinateJob.objects.get(task_name="accounts.recovery_mail", args__step="open")


def after_the_time_to_object(recovery):
    """A day goes by, and the job that waited for it runs."""
    AccountRecovery.objects.filter(pk=recovery.pk).update(opens_at=timezone.now() - timedelta(seconds=1))
    mail.outbox.clear()
    recovery_mail(**job_of_the_link().args)
    return link_in(mail.outbox[-1])


def confirmed(owner, first, second):
    recovery = recovery_start(first, person=owner, reason="Phone and key were taken")
    run_jobs()
    return recovery_confirm(second, recovery=recovery)


def test_the_whole_way(owner, first, second, client):
    at_home = Client()
    at_home.post("/accounts/login/", {"login": owner.email, "password": PASSWORD})
    at_home.post("/accounts/2fa/authenticate/", {"code": recovery_codes(owner)[0]})
    signed_in = at_home.get("/accounts/security/").status_code
    recovery = confirmed(owner, first, second)
    run_jobs()
    told = [(letter.to, letter.subject) for letter in mail.outbox]
    link = after_the_time_to_object(recovery)

    page = client.get(link)
    untouched = owner.authenticator_set.count()
    wrong = client.post(link, {"password": "wrong"})
    still = owner.authenticator_set.count()
    right = client.post(link, {"password": PASSWORD})
    again = Client().post(link, {"password": PASSWORD})

    assert signed_in == 200
    assert told == [
        ([owner.email], "Somebody of the Secretariat wants to let you in anew"),
        ([owner.email], "The Secretariat lets you set new second factors"),
    ]
    assert page.status_code == 200
    assert (untouched, still) == (2, 2)
    assert "password is not right" in wrong.content.decode()
    assert right.url == "/accounts/2fa/totp/activate/"
    assert client.get(right.url).status_code == 200
    assert owner.authenticator_set.count() == 0
    assert again.status_code == 410
    assert at_home.get("/accounts/security/").status_code == 302
    verbs = list(Entry.objects.filter(verb__startswith="recovery.").order_by("pk").values_list("verb", "actor"))
    assert verbs == [
        ("recovery.started", first.pk), ("recovery.confirmed", second.pk), ("recovery.finished", owner.pk),
    ]  # fmt: skip
    steps = Notification.objects.filter(person=owner, kind="account.recovery").order_by("pk")
    assert [told.payload["step"] for told in steps] == ["started", "confirmed", "finished"]


def test_nobody_does_it_alone(owner, first, second):
    recovery = recovery_start(first, person=owner, reason="x")

    with pytest.raises(Refused):
        recovery_confirm(first, recovery=recovery)
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountRecovery.objects.filter(pk=recovery.pk).update(
            confirmed_by=first, confirmed_at=timezone.now(), opens_at=timezone.now()
        )


def test_nobody_does_it_for_themselves(first, second):
    recovery = recovery_start(first, person=second, reason="x")

    with pytest.raises(Refused):
        recovery_start(first, person=first, reason="x")
    with pytest.raises(Refused):
        recovery_confirm(second, recovery=recovery)


def test_only_the_secretariat_with_a_factor_does_it(owner, first):
    recovery = recovery_start(first, person=owner, reason="x")

    for somebody in (person(), secretariat(factor=False)):
        with pytest.raises(Refused):
            recovery_start(somebody, person=person(), reason="x")
        with pytest.raises(Refused):
            recovery_confirm(somebody, recovery=recovery)


def test_a_week_later_it_cannot_be_confirmed_but_started_anew(owner, first, second):
    recovery = recovery_start(first, person=owner, reason="x")
    AccountRecovery.objects.filter(pk=recovery.pk).update(expires_at=timezone.now() - timedelta(seconds=1))

    with pytest.raises(RecoveryClosed):
        recovery_confirm(second, recovery=recovery)
    assert recovery_start(second, person=owner, reason="y").pk != recovery.pk


def test_two_at_a_time_there_are_not(owner, first, second):
    recovery_start(first, person=owner, reason="x")

    with pytest.raises(Refused, match="runs already"):
        recovery_start(second, person=owner, reason="x")


def test_before_the_time_to_object_is_over_there_is_no_link_and_none_works(owner, first, second, client):
    recovery = confirmed(owner, first, second)
    job = job_of_the_link()
    mail.outbox.clear()

    recovery_mail(**job.args)  # a worker whose clock is wrong

    assert mail.outbox == []
    assert abs(job.scheduled_at - (timezone.now() + OBJECTION)) < timedelta(minutes=5)
    assert AccountRecovery.objects.get(pk=recovery.pk).state == "confirmed"


@pytest.mark.parametrize("who", ["first", "second", "owner", "link"])
def test_it_is_stopped_by_either_of_them_by_its_owner_and_by_whoever_reads_the_mail(who, owner, first, second, client):
    recovery = confirmed(owner, first, second)
    run_jobs()
    stop = link_in(mail.outbox[1])

    if who == "link":
        looked = client.get(stop)
        running = AccountRecovery.objects.get(pk=recovery.pk).state
        answer = client.post(stop, follow=True)
        assert (looked.status_code, running) == (200, "confirmed")
        assert "was stopped" in answer.content.decode()
    else:
        reader = {"first": first, "second": second, "owner": owner}[who]
        client.force_login(reader)
        client.post(f"/accounts/recoveries/{recovery.pk}/cancel/")

    recovery.refresh_from_db()
    assert recovery.state == "cancelled"
    assert Entry.objects.filter(verb="recovery.cancelled").count() == 1
    mail.outbox.clear()
    job = job_of_the_link()
    recovery_mail(**job.args)
    assert mail.outbox == []


def test_a_stopped_one_stays_stopped(owner, first, second):
    recovery = recovery_cancel(first, recovery=recovery_start(first, person=owner, reason="x"))

    with pytest.raises(RecoveryClosed):
        recovery_confirm(second, recovery=recovery)
    with pytest.raises(RecoveryClosed):
        recovery_cancel(second, recovery=recovery)


def test_the_link_of_the_first_mail_no_longer_stops_after_the_second(owner, first, second, client):
    """Each mail has a link of its own; the newest counts, and an old one says so without doing anything."""
    confirmed(owner, first, second)
    run_jobs()

    answer = client.post(link_in(mail.outbox[0]))

    assert answer.status_code == 404
    assert AccountRecovery.objects.get().state == "confirmed"


def test_somebody_elses_password_does_not_open_it(owner, first, second, client):
    recovery = confirmed(owner, first, second)
    link = after_the_time_to_object(recovery)
    other = person(password="another long password")
    client.force_login(other)

    answer = client.post(link, {"password": "another long password"})

    assert answer.status_code == 200
    assert owner.authenticator_set.count() == 2


def test_no_link_that_works_stands_in_the_database(owner, first, second):
    recovery = confirmed(owner, first, second)
    arguments = str([job.arguments for job in queued_jobs()])
    link = after_the_time_to_object(recovery)

    token = link.removeprefix("/accounts/recover/").rstrip("/")
    assert token not in arguments + str(AccountRecovery.objects.values())


def test_the_pages(owner, first, second):
    one, two, told = Client(), Client(), Client()
    for browser, reader in ((one, first), (two, second), (told, owner)):
        browser.force_login(reader)

    started = one.post(f"/accounts/recoveries/new/{owner.pk}/", {"reason": "<b>Phone lost</b>"}, follow=True)
    recovery = AccountRecovery.objects.get()
    own = one.get(f"/accounts/recoveries/{recovery.pk}/confirm/").content.decode()
    home = two.get("/").content.decode()
    look = two.get(f"/accounts/recoveries/{recovery.pk}/confirm/").content.decode()
    two.post(f"/accounts/recoveries/{recovery.pk}/confirm/")

    assert "&lt;b&gt;Phone lost" in started.content.decode()
    assert "Confirm the recovery" not in own
    assert "A recovery of an account waits for a second person" in home
    assert "Confirm the recovery" in look
    recovery.refresh_from_db()
    assert recovery.state == "confirmed"
    assert "letting you set new second factors" in told.get("/accounts/security/").content.decode()


def test_recovery_makes_all_browsers_strangers(owner, first, second, client):
    KnownDevice.objects.create(person=owner, token_hash="0" * 64)
    recovery = confirmed(owner, first, second)

    client.post(after_the_time_to_object(recovery), {"password": PASSWORD})

    assert KnownDevice.objects.filter(person=owner).exclude(token_hash="0" * 64).count() == 1  # the one just used
    assert not KnownDevice.objects.filter(token_hash="0" * 64).exists()


def test_changes_of_an_account_are_told_in_the_inbox_of_the_other_devices(db, client):
    reader = person()
    client.post("/accounts/login/", {"login": reader.email, "password": PASSWORD})
    new = {"oldpassword": PASSWORD, "password1": "another long secret", "password2": "another long secret"}

    client.post("/accounts/password/change/", new)

    (told,) = Notification.objects.filter(person=reader, kind="account.changed")
    assert (told.payload, told.url) == ({"what": "password_changed"}, "/accounts/security/")
