"""An invitation is accepted once, by whoever reads mail at its address, and by nobody else."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.access import roles
from portal.access.refusal import Refused
from portal.accounts import services
from portal.accounts.models import Invitation, User
from portal.accounts.tokens import token_hash, token_of
from portal.audit.models import Entry
from portal.registry import InvitationPurpose, announced
from tests.factories.accounts import PASSWORD, person, with_factor
from tests.jobs import queued_jobs, run_jobs
from tests.portal.accounts.conftest import PURPOSE

NEW = {"name": "Ines Vited", "password": PASSWORD, "language": "fr"}


def invite(host, email="ines@example.org", **given):
    given = {"name": "Ines", "purpose": PURPOSE, "language": "en", **given}
    return services.invitation_create(host, email=email, **given)


def page_of(token):
    return reverse("accounts:invitation", args=[token])


@pytest.fixture
def open_invitation(host, joined):
    return invite(host)


def test_creating_one_stores_no_token_and_queues_its_mail(host, joined):
    invitation, token = invite(host, email="  Ines@Example.org ")

    (job,) = queued_jobs("accounts.invitation_mail")
    stored = f"{Invitation.objects.values().get()} {job.arguments}"
    assert len(token) == 43
    assert token not in stored
    assert invitation.token_hash == token_hash(token) == token_hash(token_of(job.arguments["seed"]))
    assert invitation.email == "ines@example.org"
    assert Entry.objects.get(verb="invitation.created").actor == host
    assert "ines@example.org" not in str(Entry.objects.values())


def test_one_without_an_announced_purpose_is_not_made(host):
    with pytest.raises(LookupError):
        invite(host, purpose="nothing")

    assert Invitation.objects.count() == 0


def test_the_mail_carries_a_link_that_works(open_invitation, client):
    run_jobs()

    (sent,) = mail.outbox
    _invitation, token = open_invitation
    assert sent.to == ["ines@example.org"]
    assert page_of(token) in sent.body
    assert page_of(token) in sent.alternatives[0].content
    assert sent.subject == "Hilde Host invites you to Plenary"
    assert client.get(page_of(token)).status_code == 200


def test_the_mail_is_in_the_language_that_was_chosen(host, joined):
    invite(host, language="ar")

    run_jobs()

    html = mail.outbox[0].alternatives[0].content
    assert '<html lang="ar" dir="rtl">' in html
    assert mail.outbox[0].extra_headers["Content-Language"] == "ar"


@pytest.mark.parametrize("verb", ["get", "head"])
def test_opening_the_link_consumes_nothing(verb, open_invitation, client):
    invitation, token = open_invitation

    for _ in range(3):
        answer = getattr(client, verb)(page_of(token))

    invitation.refresh_from_db()
    assert answer.status_code == 200
    assert invitation.is_open
    assert User.objects.filter(email="ines@example.org").count() == 0


def test_the_page_says_who_invites_whom_to_what(open_invitation, client):
    _invitation, token = open_invitation

    page = client.get(page_of(token)).content.decode()

    assert "Gathering of Hilde Host" in page
    assert "ines@example.org" in page


def test_a_stranger_reads_it_in_the_language_of_the_mail(host, joined, client):
    _invitation, token = invite(host, language="ar")

    answer = client.get(page_of(token), headers={"Accept-Language": "en"})

    assert 'lang="ar" dir="rtl"' in answer.content.decode()
    assert answer.headers["Content-Language"] == "ar"


def test_accepting_makes_an_account_and_signs_in(open_invitation, joined, client):
    invitation, token = open_invitation

    answer = client.post(page_of(token), NEW)

    newcomer = User.objects.get(email="ines@example.org")
    invitation.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, "/")
    assert client.session["_auth_user_id"] == str(newcomer.pk)
    assert newcomer.check_password(PASSWORD)
    assert (newcomer.name, newcomer.language) == ("Ines Vited", "fr")
    assert newcomer.emailaddress_set.get().verified
    assert invitation.accepted_by == newcomer
    assert joined == [(invitation, newcomer)]
    assert set(Entry.objects.filter(actor=newcomer).values_list("verb", flat=True)) == {
        "person.signed_up",
        "invitation.accepted",
    }


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "This field is required"),
        ("name", "x" * 10_000, "at most 150 characters"),
        ("name", "Ines\u202egnp.exe", "Remove the invisible characters"),
        ("name", "a\0b", "Null characters are not allowed"),
        ("name", "!!!", "at least one letter"),
        ("password", "short", "too short"),
        ("password", "qwerty123456", "too common"),
        ("password", "ines@example.org", "too similar"),
        ("language", "tlh", "is not one of the available choices"),
    ],
)
def test_what_cannot_be_accepted_is_said_and_what_was_typed_is_kept(field, value, sentence, open_invitation, client):
    invitation, token = open_invitation

    answer = client.post(page_of(token), {**NEW, field: value})

    page = answer.content.decode()
    invitation.refresh_from_db()
    assert answer.status_code == 200
    assert sentence in page
    assert invitation.is_open
    assert field == "name" or 'value="Ines Vited"' in page
    assert User.objects.filter(email="ines@example.org").count() == 0


def test_the_second_use_is_told_so(open_invitation, client, django_user_model):
    _invitation, token = open_invitation
    client.post(page_of(token), NEW)
    client.logout()

    answers = [client.get(page_of(token)), client.post(page_of(token), NEW)]

    assert [answer.status_code for answer in answers] == [410, 410]
    assert "was used already" in answers[0].content.decode()
    assert django_user_model.objects.filter(email="ines@example.org").count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"expires_at": timezone.now() - timedelta(minutes=1)}, "has run out"),
        ({"revoked_at": timezone.now()}, "was withdrawn"),
        ({"purpose": "of an app that is gone"}, "was withdrawn"),
    ],
)
def test_a_closed_one_says_why(change, sentence, open_invitation, client):
    invitation, token = open_invitation
    Invitation.objects.filter(pk=invitation.pk).update(**change)

    answers = [client.get(page_of(token)), client.post(page_of(token), NEW)]

    assert [answer.status_code for answer in answers] == [410, 410]
    assert all(sentence in answer.content.decode() for answer in answers)
    assert User.objects.filter(email="ines@example.org").count() == 0


@pytest.mark.parametrize("token", ["x", "a" * 10_000, "ينس", "%F0%9F%98%80"])
def test_an_unknown_one_is_not_found(token, db, client):
    answer = client.get(page_of(token))

    assert answer.status_code == 404
    assert "There is no such invitation" in answer.content.decode()


def test_a_revoked_one_cannot_be_sent_again(host, open_invitation):
    invitation, _token = open_invitation
    services.invitation_revoke(host, invitation=invitation)
    services.invitation_revoke(host, invitation=invitation)

    with pytest.raises(services.InvitationClosed) as closed:
        services.invitation_resend(host, invitation=invitation)

    assert closed.value.state == "revoked"
    assert Entry.objects.filter(verb="invitation.revoked").count() == 1


def test_sending_again_ends_the_old_link_and_revives_an_expired_one(host, open_invitation, client):
    invitation, old = open_invitation
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))

    new = services.invitation_resend(host, invitation=invitation)
    run_jobs()

    assert client.get(page_of(old)).status_code == 404
    assert client.get(page_of(new)).status_code == 200
    assert [page_of(new) in sent.body for sent in mail.outbox] == [True]  # the first job found its link replaced


def test_a_revoked_one_is_not_mailed(host, open_invitation):
    invitation, _token = open_invitation
    services.invitation_revoke(host, invitation=invitation)

    run_jobs()

    assert mail.outbox == []


def test_an_accepted_one_can_neither_be_revoked_nor_sent_again(host, open_invitation):
    invitation, token = open_invitation
    services.invitation_accept(token, **NEW)

    for act in (services.invitation_revoke, services.invitation_resend):
        with pytest.raises(services.InvitationClosed):
            act(host, invitation=invitation)


def test_whoever_has_an_account_is_asked_to_sign_in_and_comes_back(open_invitation, joined, client):
    _invitation, token = open_invitation
    known = person("Ines Known", email="ines@example.org")
    page = client.get(page_of(token)).content.decode()

    posted = client.post(page_of(token), NEW)
    signed_in = client.post(posted.url, {"login": known.email, "password": PASSWORD})
    accepted = client.post(signed_in.url)

    assert "This address has an account" in page
    assert posted.url == f"{reverse('account_login')}?next={page_of(token)}"
    assert signed_in.url == page_of(token)
    assert accepted.url == "/"
    assert [joining for _invitation, joining in joined] == [known]
    assert known.check_password(PASSWORD)


def test_a_forwarded_one_does_not_work(open_invitation, joined, client):
    _invitation, token = open_invitation
    client.force_login(person("Fritz Forward", email="fritz@example.org"))

    answers = [client.get(page_of(token)), client.post(page_of(token), NEW)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert all("the invitation is for <bdi>ines@example.org</bdi>" in answer.content.decode() for answer in answers)
    assert joined == []
    assert Invitation.objects.get().is_open


def test_an_address_in_other_letters_is_the_same_address(host, joined, client):
    known = person("Ines Known", email="ines@example.org")
    _invitation, token = invite(host, email="INES@example.org")
    client.force_login(known)

    client.post(page_of(token))

    assert [joining for _invitation, joining in joined] == [known]


def test_what_the_purpose_refuses_is_not_accepted(host, client, db):
    def refuse(invitation, joining):
        raise Refused("Whoever sent this can no longer invite.")

    purpose = InvitationPurpose(
        name="test.refusing", label="Test", describe=lambda invitation: "Something", accepted=refuse
    )
    announced.invitation_purposes.add(purpose)
    invitation, token = invite(host, purpose="test.refusing")

    answer = client.post(page_of(token), NEW)
    announced.invitation_purposes._items.pop("test.refusing")

    assert "Whoever sent this can no longer invite." in answer.content.decode()
    assert invitation.is_open
    assert User.objects.filter(email="ines@example.org").count() == 0


def test_those_that_a_locked_account_has_sent_are_withdrawn(host, open_invitation, client):
    """Whoever seized the account may have invited themselves; what was meant well is sent again by a colleague."""
    _invitation, token = open_invitation
    officer = with_factor(person("Olga Officer"))
    roles.grant(roles.SECRETARIAT, officer, roles.network())

    services.account_lock(officer, person=host, why="")
    run_jobs("accounts.invitation_mail")

    assert client.post(page_of(token), NEW).status_code == 410
    assert [sent for sent in mail.outbox if sent.to == ["ines@example.org"]] == []
    assert User.objects.filter(email="ines@example.org").count() == 0


def test_guessing_tokens_is_slowed(db, client):
    statuses = [client.post(page_of(f"guess{number}"), NEW).status_code for number in range(21)]

    assert statuses == [404] * 20 + [429]


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_make_one_account(joined):
    _invitation, token = invite(person("Hilde Host"))
    outcomes = []
    start = threading.Barrier(20)

    def accept():
        start.wait()
        try:
            outcomes.append(services.invitation_accept(token, **NEW).email)
        except services.InvitationClosed as closed:
            outcomes.append(closed.state)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=accept) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["accepted"] * 19 + ["ines@example.org"]
    assert User.objects.filter(email="ines@example.org").count() == 1
    assert len(joined) == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_forms_sent_at_once_make_one_account(joined):
    """From twenty browsers, each with a form of its own, as a link that went round is opened."""
    _invitation, token = invite(person("Hilde Host"))
    clients = [Client(REMOTE_ADDR=f"203.0.113.{number}") for number in range(20)]
    start = threading.Barrier(20)
    statuses = []

    def accept(client):
        start.wait()
        try:
            answer = client.post(page_of(token), NEW)
            statuses.append((answer.status_code, "_auth_user_id" in client.session))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=accept, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(signed_in for _status, signed_in in statuses) == 1
    # The others read that it was used, or that the address has an account by now.
    assert {status for status, signed_in in statuses if not signed_in} <= {302, 410}
    assert len(statuses) == 20
    assert User.objects.filter(email="ines@example.org").count() == 1
    assert len(joined) == 1


@pytest.mark.django_db(transaction=True)
def test_two_invitations_of_one_address_at_once_make_one_account(joined):
    host = person("Hilde Host")
    tokens = [invite(host)[1] for _ in range(6)]
    outcomes = []
    start = threading.Barrier(len(tokens))

    def accept(token):
        start.wait()
        try:
            services.invitation_accept(token, **NEW)
            outcomes.append("made")
        except services.SignInFirst:
            outcomes.append("sign in")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=accept, args=[token]) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["made"] + ["sign in"] * 5
    assert Invitation.objects.filter(accepted_at__isnull=False).count() == 1
    assert connection.needs_rollback is False


@pytest.mark.django_db(transaction=True)
def test_the_mail_of_one_that_was_not_made_is_not_sent(joined):
    host = person("Hilde Host")
    with transaction.atomic():
        invite(host)
        transaction.set_rollback(True)

    assert queued_jobs() == []
