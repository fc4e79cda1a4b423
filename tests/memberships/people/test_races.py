"""Two at once: someone always remains to keep the organisation, and an invitation leads in once.

The control: with `lock` made to lock nothing, the race does happen, so these tests can fail.
"""

import threading

import pytest
from django.db import connection

from memberships.people import services
from memberships.people.models import Affiliation, Role
from memberships.people.selectors import administrators_of
from memberships.people.selectors.team import organisations
from memberships.people.services import affiliations
from portal.access.refusal import Refused
from tests.architecture.world import organisation
from tests.factories import people

ROUNDS = 20
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Run `acts` in threads that start together; what each raised, or None."""
    barrier, raised = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number, act):
        try:
            barrier.wait(timeout=10)
            act()
        except Exception as error:
            raised[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return raised


def pair_of_administrators(number):
    alpha = organisation(f"Alpha {number}")
    return alpha, [people.person(of=alpha, roles=[Role.ADMINISTRATOR]) for _ in range(2)]


def leaving(alpha, who):
    affiliation = people.affiliation(who, alpha)
    return lambda: services.affiliation_end(who, affiliation=affiliation)


def stepping_down(alpha, who):
    affiliation = people.affiliation(who, alpha)
    return lambda: services.role_end(who, affiliation=affiliation, role=Role.ADMINISTRATOR)


def removing(alpha, who, whom):
    affiliation = people.affiliation(whom, alpha)
    return lambda: services.affiliation_end(who, affiliation=affiliation)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_of_two_administrators_leaving_at_once_one_remains(number):
    alpha, (first, second) = pair_of_administrators(number)
    act = (leaving, stepping_down)[number % 2]

    raised = at_once(leaving(alpha, first), act(alpha, second))

    assert administrators_of(alpha).count() == 1
    assert sorted(map(type, raised), key=str) == sorted([type(None), services.LastAdministrator], key=str)


@pytest.mark.parametrize("number", range(5))
def test_two_administrators_who_remove_each_other_leave_one(number):
    alpha, (first, second) = pair_of_administrators(number)

    raised = at_once(removing(alpha, first, second), removing(alpha, second, first))

    assert administrators_of(alpha).count() == 1
    assert sum(isinstance(error, Refused) for error in raised) == 1


def test_control_without_the_lock_nobody_remains(monkeypatch):
    """The proof that the rounds above can turn red: both look first, then both leave."""
    alpha, (first, second) = pair_of_administrators(0)
    looked = threading.Barrier(2)
    check = affiliations.check_someone_remains

    def check_and_wait(*args, **kwargs):
        check(*args, **kwargs)
        looked.wait(timeout=10)

    monkeypatch.setattr(affiliations, "lock", lambda pk, *actors: organisations().get(pk=pk))
    monkeypatch.setattr(affiliations, "check_someone_remains", check_and_wait)

    at_once(leaving(alpha, first), leaving(alpha, second))

    assert administrators_of(alpha).count() == 0


@pytest.mark.parametrize("number", range(5))
def test_the_same_person_added_twice_at_once_belongs_once(number):
    alpha, (first, second) = pair_of_administrators(number)
    newcomer = people.person()

    raised = at_once(
        lambda: services.affiliation_start(first, person=newcomer, organisation=alpha),
        lambda: services.affiliation_start(second, person=newcomer, organisation=alpha),
    )

    assert Affiliation.objects.filter(person=newcomer).count() == 1
    assert sum(error is not None for error in raised) == 1


@pytest.mark.parametrize("number", range(5))
def test_handing_over_in_two_organisations_at_once_does_not_stick(number):
    """Both change the same two people's rights, in opposite order."""
    alpha, beta = organisation(f"Alpha {number}"), organisation(f"Beta {number}")
    one, two = people.person(of=[alpha, beta]), people.person(of=[alpha, beta])
    services.role_give(None, affiliation=people.affiliation(one, alpha), role=Role.ADMINISTRATOR)
    services.role_give(None, affiliation=people.affiliation(two, beta), role=Role.ADMINISTRATOR)

    raised = at_once(
        lambda: services.handover(people.reread(one), organisation=alpha, to_person=two),
        lambda: services.handover(people.reread(two), organisation=beta, to_person=one),
    )

    assert raised == [None, None]
    assert list(administrators_of(alpha)) == [two]
    assert list(administrators_of(beta)) == [one]
