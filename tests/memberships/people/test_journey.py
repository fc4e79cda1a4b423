"""From the invitation to the invited at work: the mail, its link, the account, the rights; and back to nothing."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from memberships.people import services
from memberships.people.models import Role
from portal.accounts.models import User
from tests.factories import people
from tests.jobs import run_jobs


def invite(client, network, **values):
    client.force_login(network.administrator)
    sent = {
        "email": "ines@example.org",
        "name": "Ines Vited",
        "title": "Editor",
        "roles": ["delegate"],
        "language": "en",
    }
    client.post(reverse("people:invite", args=[network.alpha.slug]), sent | values)
    client.logout()
    run_jobs()


def link():
    return re.search(r"https?://[^/\s]+(/\S+)", mail.outbox[-1].body).group(1)


def accept(client, **values):
    return client.post(
        link(), {"name": "Ines Vited", "password": "correct horse battery staple", "language": "en"} | values
    )


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_the_mail_says_who_invites_to_what(language, network, client):
    invite(client, network, language=language)

    (sent,) = mail.outbox
    assert sent.to == ["Ines Vited <ines@example.org>"] or sent.to == ["ines@example.org"]
    assert "Ada Ministrator" in sent.body
    assert "Alpha Press Union" in sent.body


def test_from_the_mail_to_the_team(network, client):
    invite(client, network)
    assert "Alpha Press Union" in client.get(link()).content.decode()
    assert not User.objects.filter(email="ines@example.org").exists(), "opening the link changes nothing"

    accept(client)

    assert client.get(reverse("people:team", args=[network.alpha.slug])).status_code == 200
    newcomer = User.objects.get(email="ines@example.org")
    assert people.affiliation(newcomer, network.alpha).title == "Editor"
    assert client.get(reverse("people:invite", args=[network.alpha.slug])).status_code == 403


def test_an_invitation_without_backing_says_so_on_its_page(network, client):
    invite(client, network)
    people.person(of=network.alpha, roles=[Role.ADMINISTRATOR])
    services.affiliation_end(None, affiliation=people.affiliation(network.administrator, network.alpha))

    answer = accept(client)

    assert answer.status_code == 200
    assert "can no longer invite to the organisation" in answer.content.decode()
    assert not User.objects.filter(email="ines@example.org").exists()


def test_a_link_forwarded_to_someone_signed_in_does_not_work(network, client):
    invite(client, network, roles=["administrator"])
    client.force_login(network.other)

    accept(client)

    assert not network.other.affiliations.filter(organisation=network.alpha).exists()


def test_notifications_are_mailed(network):
    services.role_give(
        network.administrator, affiliation=people.affiliation(network.staff, network.alpha), role=Role.SIGNATORY
    )
    run_jobs()

    (sent,) = mail.outbox
    assert network.staff.email in sent.to[0]
    assert "Ada Ministrator gave you a role at Alpha Press Union: Signatory." in sent.body
