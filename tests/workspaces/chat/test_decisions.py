"""Deciding by a message: one position an organisation, and what becomes of it when its time is over."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.access.refusal import Refused
from portal.accounts.services import account_lock
from portal.audit.models import Entry
from portal.notifications.models import Notification
from tests.factories import groups
from tests.factories import people as factory
from tests.factories.rooms import cast
from workspaces.chat import services
from workspaces.chat.models import Decision, Position
from workspaces.chat.tasks import decisions_settle


@pytest.fixture
def group(db):
    return cast()


def soon():
    return timezone.now() + timedelta(days=3)


def propose(group):
    topic = group.topic()
    message = group.say(topic, "Phone is optional.", by=group.ann, decide_until=soon())
    decision = Decision.objects.get(message=message)
    decision.message = message
    return decision


def time_passes():
    past = timezone.now() - timedelta(days=9)
    Decision.objects.update(proposed_at=past, until=timezone.now() - timedelta(minutes=1))


def take(group, decision, stance, by=None, organisation=None, reason="Not yet."):
    actor = factory.reread(by or group.bob)
    return services.position_take(
        actor, decision=decision, organisation=organisation or group.beta, stance=stance, reason=reason
    )


def told(kind):
    return sorted(Notification.objects.filter(kind=kind).values_list("person__name", flat=True))


def test_whoever_proposes_agrees_and_the_others_are_told(group):
    decision = propose(group)

    assert decision.proposed_for == group.alpha
    assert [(one.organisation, one.stance) for one in decision.positions.all()] == [(group.alpha, "agrees")]
    assert told("chat.decision_proposed") == ["Bob Beta", "Kim Keeper"]
    assert Entry.objects.filter(verb="chat.decision_proposed").count() == 1


def test_what_nobody_objects_to_is_recorded_once_and_everyone_hears_of_it(group):
    decision = propose(group)
    take(group, decision, "agrees")
    time_passes()

    decisions_settle(0)
    decisions_settle(0)

    decision.refresh_from_db()
    assert decision.state == Decision.State.RECORDED
    assert told("chat.decision_recorded") == ["Ann Alpha", "Bob Beta", "Kim Keeper"]
    entry = Entry.objects.get(verb="chat.decision_recorded")
    assert entry.details == {"agree": 2, "object": 0}


def test_an_objection_keeps_it_from_being_recorded(group):
    decision = propose(group)
    take(group, decision, "objects")
    time_passes()

    assert services.decisions_settle(group.room) == 1

    decision.refresh_from_db()
    assert decision.state == Decision.State.OBJECTED


def test_the_last_word_of_an_organisation_counts_once(group):
    decision = propose(group)
    take(group, decision, "objects")
    take(group, decision, "agrees", reason="")
    cora = factory.person("Cora Beta", of=group.beta)
    groups.takes_part(group.workspace, cora, of=group.beta)
    take(group, decision, "objects", by=cora)

    assert [(one.stance, one.person) for one in decision.positions.filter(organisation=group.beta)] == [
        ("objects", cora)
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        Position.objects.create(decision=decision, organisation=group.beta, person=group.bob, stance="agrees")


def test_nobody_speaks_for_an_organisation_that_is_not_theirs_or_not_here(group):
    decision = propose(group)

    for organisation in (group.alpha, group.more["gamma"]):
        with pytest.raises(Refused):
            take(group, decision, "agrees", organisation=organisation)
    with pytest.raises(Refused):
        take(group, decision, "agrees", by=group.outsider, organisation=group.more["gamma"])


def test_an_objection_has_its_reason_and_its_time(group):
    decision = propose(group)
    with pytest.raises(ValidationError):
        take(group, decision, "objects", reason=" \0 ")
    with pytest.raises(ValidationError):
        take(group, decision, "abstains")
    time_passes()

    with pytest.raises(Refused):
        take(group, decision, "agrees")


def test_a_message_that_is_decided_on_stays_as_it_is(group):
    decision = propose(group)
    with pytest.raises(Refused):
        services.message_edit(group.ann, message=decision.message, body="Something else")
    with pytest.raises(ValidationError):
        services.decision_propose(group.ann, message=decision.message, until=soon())
    time_passes()
    services.decisions_settle()

    with pytest.raises(Refused):
        services.message_delete(group.keeper, message=decision.message)


def test_deleting_a_proposal_withdraws_it(group):
    decision = propose(group)

    services.message_delete(group.ann, message=decision.message)
    time_passes()
    services.decisions_settle()

    decision.refresh_from_db()
    assert decision.state == Decision.State.WITHDRAWN
    assert not Notification.objects.filter(kind="chat.decision_recorded").exists()


@pytest.mark.parametrize("until", [timedelta(minutes=5), timedelta(days=-1), timedelta(days=500)])
def test_organisations_are_given_time(group, until):
    topic = group.topic()

    with pytest.raises(ValidationError):
        group.say(topic, "Quick.", by=group.ann, decide_until=timezone.now() + until)


def test_guests_propose_nothing(group):
    visitor = factory.guest("Gus Guest")
    groups.guest(group.workspace, visitor)
    topic = group.topic()

    with pytest.raises(Refused):
        group.say(topic, "Decide this.", by=visitor, decide_until=soon())


def test_while_the_account_of_whoever_proposed_it_is_locked_nothing_is_recorded(group):
    decision = propose(group)
    account_lock(factory.secretariat("Sekou Retariat"), person=group.ann, why="Seized.")
    time_passes()

    assert services.decisions_settle() == 0

    decision.refresh_from_db()
    assert (decision.state, decision.is_flagged) == (Decision.State.OPEN, True)
    assert decision.positions.get().is_flagged


def test_what_is_decided_does_not_vanish(group):
    services.retention_set(group.keeper, room=group.topic().room, days=1)
    decision = propose(group)

    decision.message.refresh_from_db()
    assert decision.message.expires_at is None
