"""Roles are given, ended, handed over, and never lost for all."""

import pytest
from django.core.exceptions import ValidationError

from memberships.people import services
from memberships.people.models import Role, RoleTerm
from memberships.people.selectors import administrators_of, organisations_of
from portal.access.refusal import Refused
from portal.audit.models import Entry
from portal.live.models import Event
from portal.notifications.models import Notification
from portal.registry import announced
from tests.factories import people


def roles_of(person, organisation):
    return next(a.roles for a in organisations_of(people.reread(person)) if a.organisation == organisation)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.DELEGATE, Role.ALTERNATE, Role.SIGNATORY])
def test_administrators_give_and_end_each_role(role, network):
    affiliation = people.affiliation(network.staff, network.alpha)

    services.role_give(network.administrator, affiliation=affiliation, role=role)
    assert roles_of(network.staff, network.alpha) == {role}

    services.role_end(network.administrator, affiliation=affiliation, role=role)
    assert roles_of(network.staff, network.alpha) == frozenset()
    kinds = list(Notification.objects.filter(person=network.staff).order_by("pk").values_list("kind", flat=True))
    assert kinds == ["role.given", "role.ended"]


def test_giving_twice_gives_once(network):
    affiliation = people.affiliation(network.staff, network.alpha)
    for _ in range(2):
        services.role_give(network.administrator, affiliation=affiliation, role=Role.DELEGATE)

    assert RoleTerm.objects.filter(affiliation=affiliation).count() == 1
    assert Entry.objects.filter(verb="role.given", target_id=network.staff.pk).count() == 1


def test_staff_is_never_given(network):
    with pytest.raises(ValueError, match="staff"):
        services.role_give(
            network.administrator, affiliation=people.affiliation(network.staff, network.alpha), role=Role.STAFF
        )


def test_who_has_left_gets_no_role(network):
    affiliation = people.affiliation(network.staff, network.alpha)
    services.affiliation_end(None, affiliation=affiliation)

    with pytest.raises(ValidationError, match="has ended"):
        services.role_give(network.administrator, affiliation=affiliation, role=Role.DELEGATE)


@pytest.mark.parametrize("actor", ["delegate", "staff", "other", "at_risk", "secretariat", "guest", "unaffiliated"])
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.DELEGATE])
def test_others_give_nothing(actor, role, network):
    with pytest.raises(Refused):
        services.role_give(
            getattr(network, actor), affiliation=people.affiliation(network.staff, network.alpha), role=role
        )

    assert roles_of(network.staff, network.alpha) == frozenset()


def test_a_role_may_be_laid_down(network):
    services.role_end(
        network.delegate, affiliation=people.affiliation(network.delegate, network.alpha), role=Role.DELEGATE
    )

    assert roles_of(network.delegate, network.alpha) == frozenset()


def test_the_last_administrator_cannot_lay_the_role_down(network):
    affiliation = people.affiliation(network.administrator, network.alpha)

    with pytest.raises(services.LastAdministrator, match="Hand over"):
        services.role_end(network.administrator, affiliation=affiliation, role=Role.ADMINISTRATOR)


def test_handing_over_makes_one_and_ends_the_other(network):
    services.handover(network.administrator, organisation=network.alpha, to_person=network.staff)

    assert list(administrators_of(network.alpha)) == [network.staff]
    assert roles_of(network.administrator, network.alpha) == frozenset()
    assert Notification.objects.filter(person=network.staff, kind="role.given").count() == 1
    assert Entry.objects.filter(verb="organisation.handed_over", target_id=network.staff.pk).count() == 1
    changed = Event.objects.filter(kind="rights.changed").order_by("-pk")[:2]
    assert {event.topic.name for event in changed} == {
        f"rights:{network.staff.pk}",
        f"rights:{network.administrator.pk}",
    }


@pytest.mark.parametrize("receiver", ["other", "at_risk", "guest", "unaffiliated", "administrator"])
def test_handing_over_needs_a_colleague(receiver, network):
    with pytest.raises(ValidationError, match="colleague"):
        services.handover(network.administrator, organisation=network.alpha, to_person=getattr(network, receiver))

    assert list(administrators_of(network.alpha)) == [network.administrator]


@pytest.mark.parametrize("actor", ["delegate", "staff", "other", "secretariat", "guest"])
def test_others_hand_nothing_over(actor, network):
    with pytest.raises(Refused):
        services.handover(getattr(network, actor), organisation=network.alpha, to_person=network.delegate)


@pytest.mark.parametrize(
    "kind", ["affiliation.started", "affiliation.ended", "role.given", "role.ended", "invitation.accepted"]
)
def test_each_notification_says_a_sentence(kind):
    payload = {"by": "Ada", "organisation": "Alpha", "role": "delegate", "person": "Nora"}

    sentence = str(announced.notification_kinds[kind].sentence(payload))

    assert "Alpha" in sentence
    assert sentence.endswith(".")
    assert "%(" not in sentence
