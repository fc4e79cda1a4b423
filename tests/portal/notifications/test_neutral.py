"""Mails that say nothing (check I1): whatever kind, one of three bodies, and nobody and nothing named anywhere.

Everything that could be named holds a word that occurs nowhere else. The mails go through the real jobs and a real
SMTP conversation, and are searched as they came over the wire and as they read.
"""

import re
from pathlib import Path

import pytest
from django.conf import settings as project
from django.utils import timezone

from memberships.people.models import Role
from memberships.people.services import invite_colleague
from portal.accounts.notices import NOTICES
from portal.accounts.tasks import confirmation_mail, notice_mail, password_reset_mail
from portal.notifications import services
from portal.notifications.mails import mail_to_person
from portal.notifications.models import MailSettings
from portal.registry import MailDiscretion, announced
from tests.architecture.world import organisation
from tests.architecture.world import person as member
from tests.factories.accounts import person
from tests.jobs import run_jobs

CANARY = "Zanzibarquux"
NO_TEXTS = ("2027-06-10", "2027-06-10T18:00:00+00:00", 3)  # a day, a moment, a number
HEADERS = {
    "subject", "from", "to", "date", "message-id", "auto-submitted", "content-language", "content-type",
    "mime-version", "list-unsubscribe", "list-unsubscribe-post", "x-peer", "x-mailfrom", "x-rcptto",
}  # fmt: skip


class Anything(dict):
    """What a template asks for is the canary, whatever it is called."""

    def __missing__(self, key):
        return CANARY


def payload_of(kind):
    """What the sentence of a kind asks for, each with the canary where any text will do."""
    payload, others = {}, iter(())
    while True:
        try:
            str(kind.sentence(payload))
        except KeyError as asked:
            key = asked.args[0]
            if CANARY in str(key) or key in payload:  # one of a few words was expected: its inbox shows the label
                return payload
            payload[key] = Role.DELEGATE.value if key == "role" else f"{CANARY} {key}"
            others = iter(NO_TEXTS)
        except (ValueError, TypeError):
            try:
                payload[key] = next(others)
            except StopIteration:
                return payload
        else:
            return payload


@pytest.fixture
def reader(db):
    """Rita, who wants mails to say nothing. Her own name is a canary too."""
    rita = person(f"Rita {CANARY}", email="rita@example.org")
    services.discretion_choose(rita, discreet=True)
    return rita


def tell_of_everything(reader):
    """One notification of each announced kind, each mailed."""
    for kind in announced.notification_kinds:
        services.mail_preferences_update(reader, mailed={kind.name: True})
        services.notify([reader], kind=kind.name, payload=payload_of(kind), url=f"/organisations/{CANARY.lower()}/")


def write_about_the_account(reader):
    """Each mail of accounts."""
    for kind in NOTICES:
        notice_mail.defer(
            person_id=reader.pk, email=reader.email, kind=kind, at=timezone.now().isoformat(), user_agent=CANARY
        )
    password_reset_mail.defer(email=reader.email)
    address = reader.emailaddress_set.create(email="rita.new@example.org", verified=False)
    confirmation_mail.defer(address_id=address.pk)
    house = organisation(f"House {CANARY}")
    host = member(f"Host {CANARY}", of=house, role_names=(Role.ADMINISTRATOR,))
    invite_colleague(host, organisation=house, email=reader.email, name=reader.name)


def bodies(taken):
    """What can be told apart but for the addresses of links, which are random."""
    return {re.sub(r"https?://[^\s\"<]+", "LINK", part) for one in taken for part in (one.text,)}


def everything_in(one):
    parts = [part.get_content() for part in one.message.walk() if part.get_content_maintype() == "text"]
    return "\n".join([one.raw.decode("utf-8", "replace"), *map(str, one.message.values()), *parts]).casefold()


def test_whatever_happens_mails_say_only_that_something_awaits(reader, server):
    tell_of_everything(reader)
    write_about_the_account(reader)

    run_jobs()

    to_rita = [one for one in server.taken if one.recipients[0].startswith("rita")]
    assert len(to_rita) >= len(announced.notification_kinds) + len(NOTICES) + 3
    assert len(bodies(to_rita)) <= 3
    assert len({re.sub(r"https?://[^\s\"<]+", "LINK", one.html) for one in to_rita}) <= 3
    assert len({one.message["Subject"] for one in to_rita}) == 1
    assert [one.message["Subject"] for one in to_rita if CANARY.casefold() in everything_in(one)] == []


def test_the_control_the_same_mails_in_clear_are_full_of_names(reader, server):
    services.discretion_choose(reader, discreet=False)
    tell_of_everything(reader)

    run_jobs()

    assert any(CANARY in one.text for one in server.taken)
    assert len(bodies(server.taken)) > 3


def test_no_header_says_what_a_mail_is_about(reader, server):
    tell_of_everything(reader)

    run_jobs()

    assert {name.lower() for one in server.taken for name in one.message.keys()} <= HEADERS  # noqa: SIM118
    # The link that stops mails is the same in all of them, and mails are not threaded.
    assert len({one.message["List-Unsubscribe"] for one in server.taken}) == 1
    assert len({one.message["Message-ID"] for one in server.taken}) == len(server.taken)
    for one in server.taken:
        assert re.fullmatch(r"<[0-9a-f]{32}@localhost>", one.message["Message-ID"].strip())


def test_nothing_remote_and_no_link_but_to_the_inbox(reader, server):
    tell_of_everything(reader)

    run_jobs()

    for one in server.taken:
        assert set(re.findall(r"https?://[^\s\"<]+", one.text + one.html)) == {"http://localhost:8000/notifications/"}
        assert not re.search(r"<img|<link|<script|style=|url\(|src=", one.html)


def all_templates():
    root = Path(project.BASE_DIR) / "templates"
    names = {str(path.relative_to(root)).removesuffix("_subject.txt") for path in root.glob("email/**/*_subject.txt")}
    return sorted(names)


@pytest.mark.parametrize("template", all_templates())
def test_no_template_is_forgotten(template, reader, settings):
    """Also one that came after this test: who calls it need not think of it."""
    settings.PUBLIC_ADDRESS = "https://portal.example.org"

    mail = mail_to_person(reader, template=template, context=Anything(link=f"https://x/{CANARY}"))

    assert CANARY not in mail.subject + mail.body + mail.alternatives[0].content + str(mail.extra_headers)
    assert "https://portal.example.org/notifications/" in mail.body


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_it_is_in_the_readers_language_and_direction(language, reader, server):
    reader.language = language
    reader.save()
    services.notify([reader], kind="mail.key_expires")

    run_jobs()

    (one,) = server.taken
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in one.html
    assert one.message["Content-Language"] == language
    assert [part.get_content_type() for part in one.message.walk()] == [
        "multipart/alternative", "text/plain", "text/html",
    ]  # fmt: skip


def test_who_did_not_choose_follows_advice(db):
    careful, careless, chooser = person(), person(), person()
    asked = []
    services.discretion_choose(chooser, discreet=False)
    advice = MailDiscretion(name="test", advised=lambda one: asked.append(one.pk) or one.pk != careless.pk)
    announced.mail_discretions.add(advice)
    try:
        mails = [
            mail_to_person(one, template="email/portal/accounts/confirmation", context={"link": "https://x/"})
            for one in (careful, careless, chooser)
        ]
    finally:
        announced.mail_discretions._items.pop("test")

    assert [mail.subject.startswith("Something awaits you") for mail in mails] == [True, False, False]
    assert asked == [careful.pk, careless.pk]


def test_people_of_organisations_at_risk_are_advised(db):
    hidden = member("Ria Risk", of=organisation("Hidden Voices", at_risk=True))
    open_ = member("Otto Open", of=organisation("Open Voices"))

    subjects = [
        mail_to_person(one, template="email/portal/accounts/confirmation", context={"link": "https://x/"}).subject
        for one in (hidden, open_)
    ]

    assert [subject.startswith("Something awaits you") for subject in subjects] == [True, False]


def test_it_is_chosen_on_the_page_and_leaving_it_alone_chooses_nothing(client, db):
    hidden = member("Ria Risk", of=organisation("Hidden Voices", at_risk=True))
    client.force_login(hidden)

    page = client.get("/notifications/preferences/").content.decode()
    client.post("/notifications/preferences/", {"discreet": "on", "any_mail": "on"})
    left = MailSettings.objects.filter(person=hidden).exists()
    client.post("/notifications/preferences/", {"any_mail": "on"})

    assert re.search(r'name="discreet"[^>]*checked', page)
    assert not left
    assert MailSettings.objects.get(person=hidden).discreet is False
