"""Stopping mails by the link in one: one click of a mail program (RFC 8058), no sign-in, and never by opening it."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from portal.notifications import services
from portal.notifications.mails.links import ALL, stop_link, stop_token, stopped_by
from portal.notifications.models import Notification, Preference
from portal.notifications.selectors import wanting_mail
from portal.registry import MailGate, announced
from tests.factories.accounts import person
from tests.jobs import run_jobs

KIND, OTHER = "mail.key_expires", "mail.key_changed"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def reader(db):
    return person("Rita Reader")


def path_of(person_id, kind=ALL):
    return reverse("notifications:stop", args=[stop_token(person_id, kind)])


def mailed(reader, kind):
    return bool(wanting_mail([reader.pk], kind=announced.notification_kinds[kind]))


def test_one_click_stops_that_kind_from_any_program(reader, server):
    services.notify([reader], kind=KIND)
    run_jobs()
    link = server.taken[0].message["List-Unsubscribe"].strip().strip("<>")
    program = Client(enforce_csrf_checks=True)

    path, keyless = link.removeprefix("http://localhost:8000"), {"Idempotency-Key": ""}
    answers = [program.post(path, ONE_CLICK, headers=keyless) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert not mailed(reader, KIND)
    assert mailed(reader, OTHER)
    assert not program.cookies.get("sessionid")


def test_opening_the_link_changes_nothing(reader, client):
    for method in (client.get, client.head, client.options):
        method(path_of(reader.pk, KIND))

    page = client.get(path_of(reader.pk, KIND)).content.decode()

    assert mailed(reader, KIND)
    assert "Stop mails of this kind" in page
    assert "Rita" not in page
    assert not Notification.objects.exists()


def test_all_mails_can_be_stopped(reader, client):
    client.post(path_of(reader.pk, KIND), {"all": "1"})

    assert not any(mailed(reader, kind.name) for kind in announced.notification_kinds)
    assert list(Preference.objects.values_list("kind", "mailed")) == [(ALL, False)]


def test_the_person_is_told_where_only_they_look(reader, client, server):
    client.post(path_of(reader.pk))
    client.post(path_of(reader.pk))

    run_jobs()

    assert [one.kind for one in Notification.objects.filter(person=reader)] == ["mail.stopped"]
    assert server.taken == []


def test_who_stopped_all_can_have_them_again(reader, client):
    client.post(path_of(reader.pk))
    client.force_login(reader)

    page = client.get("/notifications/preferences/").content.decode()
    client.post("/notifications/preferences/", {"any_mail": "on", f"mailed-{KIND}": "on"})

    assert not re.search(r'name="any_mail"[^>]*checked', page)
    assert mailed(reader, KIND)


def test_the_link_says_nothing_about_the_kind(reader):
    links = {kind.name: stop_link(reader.pk, kind.name) for kind in announced.notification_kinds}

    assert len(set(links.values())) == len(links)
    secret = {name: link.rstrip("/").rpartition("/")[2] for name, link in links.items()}  # the rest is the same in all
    assert not [name for name in secret for word in re.split(r"[._]", name) if word in secret[name]]


def test_links_that_were_made_up_lead_nowhere(reader, client):
    good = stop_token(reader.pk, KIND)
    number, about, sign = good.split("-")
    wrong = [
        f"{reader.pk + 1}-{about}-{sign}", f"{number}-{'0' * 16}-{sign}", f"{number}-{about}-{'0' * 40}",
        good[:-1], good.upper(), f"0{good}", "x", "١-" + good, good + "%0a", f"{number}-{about}",
    ]  # fmt: skip

    answers = [client.post(f"/notifications/stop/{token}/") for token in wrong]

    assert [answer.status_code for answer in answers] == [404] * len(wrong)
    assert stopped_by(good) == (reader.pk, KIND)
    assert mailed(reader, KIND)


@pytest.mark.parametrize("reason", ["locked", "closed", "gone"])
def test_the_link_of_who_is_locked_or_gone_changes_nothing(reason, reader, client):
    token = path_of(reader.pk, KIND)
    gate = MailGate(name="test", may_mail=lambda person_id: reason != "locked")
    announced.mail_gates.add(gate)
    try:
        if reason == "closed":
            type(reader).objects.update(is_active=False)
        if reason == "gone":
            reader.emailaddress_set.all().delete()
            reader.delete()
        answer = client.post(token)
    finally:
        announced.mail_gates._items.pop("test")

    assert answer.status_code == (404 if reason == "locked" else 200)
    assert not Preference.objects.exists()
