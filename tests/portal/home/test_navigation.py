"""The rail: what a reader sees of it, and which line is current."""

import pytest
from django.test import RequestFactory

from portal.home.selectors import rail_and_bell
from tests.architecture.world import ADMINISTRATOR, GUEST, SECRETARIAT, make_world


@pytest.fixture
def world(db):
    return make_world()


def rail(person, path="/"):
    request = RequestFactory().get(path)
    request.user = person
    return [item for group in rail_and_bell(request, person)[0] for item in group]


def urls(person):
    return {item.url for item in rail(person)}


def test_only_the_most_specific_line_is_current(world):
    current = [item.url for item in rail(world.people[SECRETARIAT], "/members/import/7/") if item.current]

    assert current == ["/members/import/"]


def test_home_is_current_on_the_home_page_alone(world):
    assert [item.url for item in rail(world.people[ADMINISTRATOR], "/") if item.current] == ["/"]
    assert "/" not in [item.url for item in rail(world.people[ADMINISTRATOR], "/members/") if item.current]


def test_what_only_the_secretariat_runs_is_shown_to_it_alone(world):
    assert {"/audit/", "/members/import/"} <= urls(world.people[SECRETARIAT])
    assert not {"/audit/", "/members/import/"} & urls(world.people[ADMINISTRATOR])


def test_a_guest_is_offered_neither_members_nor_organisation(world):
    assert not [url for url in urls(world.people[GUEST]) if url.startswith(("/members/", "/organisations/"))]
