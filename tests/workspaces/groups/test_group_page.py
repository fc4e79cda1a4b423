"""The page of a group: what each circle of readers sees of it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.architecture.world import (
    ADMINISTRATOR,
    AT_RISK,
    DELEGATE,
    GUEST,
    OTHER,
    SECRETARIAT,
    STAFF,
    person,
)
from tests.factories.groups import takes_part
from tests.workspaces.groups.test_directory import own_queries
from workspaces.groups import services
from workspaces.groups.models import Participation


def page(client, workspace):
    answer = client.get(workspace.get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode()


def test_of_a_closed_group_others_see_the_front_page_alone(world, browser):
    shown = page(browser(AT_RISK), world.group)

    assert "To keep each other safe." in shown
    assert "2 organisations. Convened by" in shown
    assert "Beta Media Watch" in shown
    unseen = ("Sam Staff", "Ada Ministrator", "Since you were last here", 'class="tabs"', 'data-live-topic="group:')
    for hidden in unseen:
        assert hidden not in shown
    assert "You asked for" in shown  # its own organisation's request


def test_participants_see_people_tabs_and_what_is_new(world, browser):
    shown = page(browser(STAFF), world.group)

    assert "2 organisations, 4 people." in shown
    assert "Since you were last here" in shown
    assert f'href="{reverse("groups:participants", args=[world.group.slug])}"' in shown
    assert f'data-live-topic="{world.group.topic}"' in shown
    assert reverse("groups:edit", args=[world.group.slug]) not in shown
    assert reverse("groups:edit", args=[world.group.slug]) in page(browser(ADMINISTRATOR), world.group)


def test_an_organisation_at_risk_is_named_to_those_inside_only(world, browser):
    takes_part(world.open_group, world.people[AT_RISK], of=world.hidden)

    outside, inside = page(browser(STAFF), world.open_group), page(browser(OTHER), world.open_group)

    assert ("Hidden Voices" in outside, "Ria Risk" in outside) == (False, False)
    assert "1 organisation, 1 person." in outside
    assert "Hidden Voices" in inside
    assert "2 organisations, 2 people." in inside


def test_whoever_decides_for_an_organisation_inside_is_led_to_its_people(world, browser):
    shown = page(browser(DELEGATE), world.group)
    people = browser(DELEGATE).get(reverse("groups:participants", args=[world.group.slug])).content.decode()

    assert "Your organisation’s people" in shown
    assert "Sam Staff" in people
    assert "Otto Other" not in people


def test_the_secretariat_decides_and_declines_with_a_reason_that_the_page_keeps(world, browser):
    client, proposed = browser(SECRETARIAT), world.proposed_group
    assert "Is this group to start?" in page(client, proposed)

    answer = client.post(reverse("groups:decline", args=[proposed.slug]), {"note": "There is one already."})

    assert answer.status_code == 302
    assert "There is one already." in page(browser(ADMINISTRATOR), proposed)
    assert browser(STAFF).get(proposed.get_absolute_url()).status_code == 404


def test_whoever_proposed_it_can_take_it_back_and_start_it_cannot(world, browser):
    client, address = browser(ADMINISTRATOR), world.proposed_group.get_absolute_url()
    assert "Take the proposal back" in page(client, world.proposed_group)

    assert client.post(f"{address}activate/").status_code == 403
    assert client.post(f"{address}withdraw/").status_code == 302
    assert "Not taken up" in page(client, world.proposed_group)


def test_an_archive_says_what_it_leaves_behind(world, browser):
    shown = page(browser(STAFF), world.dissolved_group)

    assert "There is a free press now." in shown
    assert "Dissolved 20" in shown
    assert "Who took part" in shown
    assert "data-live-when" not in shown


def test_invitations_are_answered_where_they_are_seen(world, browser):
    invited = services.organisation_invite(
        world.people[AT_RISK], workspace=world.secret_group, organisation=world.alpha, words="We need lawyers."
    )
    client = browser(DELEGATE)
    shown = page(client, world.secret_group)
    assert ("We need lawyers." in shown, "Alpha Press Union</bdi> is invited" in shown) == (True, True)

    answer = client.post(
        reverse("groups:approach-answer", args=[world.secret_group.slug, invited.number]), {"answer": "declined"}
    )

    assert answer.url == "/groups/"
    assert client.get(world.secret_group.get_absolute_url()).status_code == 404


def test_a_visit_is_noted_every_half_hour_and_a_page_that_refreshes_itself_is_none(world, browser):
    client, address = browser(STAFF), world.group.get_absolute_url()
    there = Participation.objects.filter(workspace=world.group, person=world.people[STAFF])
    client.get(address, headers={"X-Live": "true"})
    assert there.get().seen_at is None

    client.get(address)
    first = there.get()
    client.get(address)
    again = there.get()
    there.update(seen_at=timezone.now() - timedelta(hours=3))
    client.get(address)

    assert (first.visited_at, again.seen_at) == (None, first.seen_at)
    assert timezone.now() - there.get().visited_at > timedelta(hours=2)


@pytest.mark.parametrize("role", [STAFF, OTHER, GUEST])
def test_many_participants_cost_as_many_queries_as_few(role, world, browser, queries):
    client = browser(role)
    few = queries(client, world.group.get_absolute_url())
    for number in range(3):
        takes_part(world.group, person(f"More {number}", of=world.alpha), of=world.alpha)

    assert queries(client, world.group.get_absolute_url()) == few <= FRONT
    assert own_queries(client, world.group.get_absolute_url()) <= 12


FRONT = 17
"""Five for whoever asks and the group, three for who takes part and who waits, and seven of its sections: each of the
four says what is new, and three have something beside the page. Two are for the rail and the tabs."""


def test_the_page_of_participants_costs_the_same_for_many(world, browser, queries):
    client, address = browser(ADMINISTRATOR), reverse("groups:participants", args=[world.group.slug])
    few = queries(client, address)
    for number in range(3):
        takes_part(world.group, person(f"More {number}", of=world.beta), of=world.beta)

    assert queries(client, address) == few


def test_the_reader_is_offered_the_way_in_once(world, browser):
    shown = page(browser(DELEGATE), world.open_group)

    assert len(re.findall(reverse("groups:join", args=[world.open_group.slug]), shown)) == 1
    assert reverse("groups:join", args=[world.open_group.slug]) not in page(browser(OTHER), world.open_group)
