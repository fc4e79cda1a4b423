"""The nightly job on aged data: what is due goes, what is not stays (check H5)."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from memberships.directory.models import Import, ImportRow
from portal.accounts.models import AccountRecovery, Invitation, KnownDevice, Lockdown
from portal.audit.models import Entry
from portal.idempotency.models import Write
from portal.live.models import Event, Topic
from portal.notifications.models import Digest, Notification, ReturnedMail
from portal.privacy.models import ErasureRequest
from portal.privacy.selectors.declared import due_of, is_timed, model_of
from portal.privacy.services.retention import BATCH, retention_run
from portal.privacy.tasks import retention
from portal.registry import Erasure, announced
from tests.factories import groups, people
from workspaces.groups.models import Approach

NOW = timezone.now()


@pytest.fixture
def someone(db):
    return people.person("Ada Aged")


def aged_rows(someone):
    """For each rule with days: how to make a row of that age."""

    def invitation(at):
        return Invitation.objects.create(
            email="x@example.org", purpose="x", token_hash=f"{at.timestamp()}", invited_by=someone, created_at=at,
            expires_at=at,
        )  # fmt: skip

    def confirmation(at):
        address = EmailAddress.objects.get_or_create(user=someone, email="new@example.org")[0]
        return EmailConfirmation.objects.create(email_address=address, key=f"{at.timestamp()}", created=at)

    def event(at):
        topic = Topic.objects.get_or_create(name="directory")[0]
        return Event.objects.create(topic=topic, number=int(at.timestamp()), kind="x", at=at)

    def row(at):
        run = Import.objects.create(file_name="x.csv", sha256="0", uploaded_by=someone, uploaded_at=at)
        return ImportRow.objects.create(
            run=run, number=2, outcome="new", values={"name": "x"}, problems=[{"code": "x"}]
        )

    def recovery(at):
        helper = people.secretariat()
        return AccountRecovery.objects.create(
            person=someone, reason="x", started_by=helper, started_at=at, expires_at=at, cancelled_by=helper,
            cancelled_at=at, cancel_hash=f"{at.timestamp()}",
        )  # fmt: skip

    def lockdown(at):
        one, other = people.secretariat(), people.secretariat()
        return Lockdown.objects.create(
            person=someone, way=Lockdown.Way.CODE, at=at, proposed_by=one, proposed_at=at, undone_by=other, undone_at=at
        )

    def write(at):
        return Write.objects.create(owner=b"o", key=str(at.timestamp()).encode(), fingerprint=b"f", answer=b"a", at=at)

    def device(at):
        return KnownDevice.objects.create(person=someone, token_hash=f"{at.timestamp()}", last_used_at=at)

    def returned(at):
        return ReturnedMail.objects.create(email=f"{at.timestamp()}@example.org", person=someone, code="550", at=at)

    return {
        "accounts.recovery": recovery,
        "groups.approach": lambda at: Approach.objects.create(
            workspace=groups.group(f"Group {at.timestamp()}"), person=someone, side=Approach.Side.ASKED, number=1, at=at
        ),
        "accounts.lockdown": lockdown,
        "accounts.known_device": device,
        "idempotency.write": write,
        "notifications.returned_mail": returned,
        "accounts.invitation": invitation,
        "account.confirmation": confirmation,
        "live.event": event,
        "directory.import_row": row,
        "notifications.notification": lambda at: Notification.objects.create(person=someone, kind="x", at=at),
        "notifications.digest": lambda at: Digest.objects.create(person=someone, slot=at),
        "privacy.request": lambda at: ErasureRequest.objects.create(
            person=someone, asked_by=someone, asked_at=at, due_at=at, withdrawn_at=at, token_hash=f"{at.timestamp()}"
        ),
    }


OURS = (
    "account.confirmation", "accounts.invitation", "accounts.known_device", "accounts.lockdown", "accounts.recovery",
    "directory.import_row", "groups.approach", "idempotency.write", "live.event", "notifications.digest",
    "notifications.notification", "notifications.returned_mail", "privacy.request",
)  # fmt: skip


@pytest.mark.parametrize("name", OURS)
def test_what_is_due_goes_and_the_rest_stays(name, someone):
    rule, make = announced.retention_rules[name], aged_rows(someone)[name]
    due = make(NOW - timedelta(days=rule.days, minutes=1))
    kept = make(NOW - timedelta(days=rule.days, minutes=-1))

    counts = retention_run(now=NOW)

    model = model_of(rule)
    assert counts[name] == 1
    assert model.objects.filter(pk=kept.pk).exists()
    if rule.when_due == Erasure.DELETE:
        assert not model.objects.filter(pk=due.pk).exists()
    else:
        assert model.objects.get(pk=due.pk).values == {}
        assert model.objects.get(pk=kept.pk).values == {"name": "x"}
    assert retention_run(now=NOW)[name] == 0, "what was done is not done again"


def test_each_rule_with_days_has_such_a_row():
    """A new rule with days gets a row of each age above; what another job carries out is tested with that job."""
    timed = {rule.name for rule in announced.retention_rules if is_timed(rule) and not rule.carried_out_by}

    assert timed == set(OURS)


@pytest.mark.parametrize(
    "rule",
    [rule for rule in announced.retention_rules if is_timed(rule) and not rule.carried_out_by and rule.due is None],
    ids=lambda rule: rule.name,
)
def test_the_border_is_where_the_rule_says(rule, db):
    days = int(rule.days)
    sql, values = due_of(rule, NOW).query.sql_with_params()

    assert any(value == NOW - timedelta(days=days) for value in values), sql


def test_it_is_counted_in_the_record_by_numbers_only(someone):
    Notification.objects.create(person=someone, kind="x", at=NOW - timedelta(days=366))

    retention(0)

    entry = Entry.objects.get(verb="privacy.retention_run")
    assert entry.details["rows"]["notifications.notification"] == 1
    assert all(isinstance(value, int) for value in entry.details["rows"].values())
    assert entry.actor is None


def test_many_rows_go_in_batches(someone, monkeypatch):
    monkeypatch.setattr("portal.privacy.services.retention.BATCH", 3)
    old = NOW - timedelta(days=400)
    Notification.objects.bulk_create(Notification(person=someone, kind="x", at=old) for _ in range(8))

    assert retention_run(now=NOW)["notifications.notification"] == 8
    assert BATCH >= 100


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_holds_is_left_to_the_next_night():
    someone = people.person("Ada Aged")
    old = NOW - timedelta(days=400)
    held, free = (Notification.objects.create(person=someone, kind="x", at=old) for _ in range(2))
    other = connection.copy()
    try:
        with transaction.atomic(), other.cursor() as cursor:
            other.set_autocommit(False)
            cursor.execute("SELECT 1 FROM notifications_notification WHERE id = %s FOR UPDATE", [held.pk])
            counts = retention_run(now=NOW)
    finally:
        other.rollback()
        other.close()

    assert counts["notifications.notification"] == 1
    assert list(Notification.objects.values_list("pk", flat=True)) == [held.pk]
    assert not Notification.objects.filter(pk=free.pk).exists()


def test_a_rule_that_fails_does_not_stop_the_others(someone, monkeypatch):
    from django.db import DatabaseError

    from portal.privacy.services import retention as module

    known = module._carry_out

    def broken(rule, now):
        if rule.name == "live.event":
            raise DatabaseError
        return known(rule, now)

    monkeypatch.setattr(module, "_carry_out", broken)
    Notification.objects.create(person=someone, kind="x", at=NOW - timedelta(days=366))

    counts = retention_run(now=NOW)

    assert (counts["live.event"], counts["notifications.notification"]) == (-1, 1)


def test_every_table_can_be_asked(db):
    assert apps.get_models()
    for rule in announced.retention_rules:
        assert due_of(rule, NOW).count() >= 0
