"""The directory of groups: who finds which, by what, and that nothing is counted of which one may not know."""

import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from portal.search.services import reindex
from tests.architecture.world import (
    ADMINISTRATOR,
    AT_RISK,
    DELEGATE,
    GUEST,
    OTHER,
    SECRETARIAT,
    STAFF,
    UNAFFILIATED,
)
from tests.factories import organisations as make
from tests.factories.groups import group, takes_part
from workspaces.groups.filters import GroupFilter
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.directory import GroupDirectory, groups_found


@pytest.fixture
def everything(world):
    """All groups of the world."""
    return [world.group, world.open_group, world.secret_group, world.proposed_group, world.dissolved_group]


def asked_for(person, asked):
    directory = GroupDirectory(person)
    return directory, groups_found(
        directory, GroupFilter(QueryDict(urlencode(asked)), reader=person, facets=directory.facets)
    )


def found(person, **asked):
    """Names of the groups that an address gives a reader."""
    directory, groups = asked_for(person, asked)
    names = {one.pk: one.name for one in directory.groups}
    return [names[pk] for pk in groups.ids]


def counts(person, facet, **asked):
    _directory, groups = asked_for(person, asked)
    shown = next(one for one in groups.facets_shown() if one.name == facet)
    return {option.value: option.count for option in shown.first if option.count}


def test_everybody_finds_what_they_may_know_of(world, everything):
    assert found(world.people[STAFF]) == ["Open data", "Safety of journalists"]
    assert found(world.people[AT_RISK]) == ["Night shift", "Open data", "Safety of journalists"]
    assert found(world.people[DELEGATE]) == ["Digital rights", "Open data", "Safety of journalists"]
    assert found(world.people[SECRETARIAT]) == ["Digital rights", "Night shift", "Open data", "Safety of journalists"]
    assert found(world.people[GUEST]) == ["Safety of journalists"]
    assert found(world.people[UNAFFILIATED]) == []


def test_archives_are_listed_where_they_are_asked_for(world, everything):
    assert found(world.people[STAFF], state="dissolved") == ["Tunisia Monitoring Group"]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"mine": "mine"}, ["Safety of journalists"]),
        ({"visibility": "open"}, ["Open data"]),
        ({"kind": "committee"}, []),
        ({"language": "en"}, ["Open data", "Safety of journalists"]),
        ({"language": "ar"}, []),
        ({"region": "africa"}, ["Safety of journalists"]),
        ({"region": "middle-east-north-africa"}, ["Open data", "Safety of journalists"]),
        ({"q": "safety"}, ["Safety of journalists"]),
        ({"q": "each other", "visibility": "open"}, ["Open data"]),
        ({"sort": "-name"}, ["Safety of journalists", "Open data"]),
        ({"sort": "organisations"}, ["Safety of journalists", "Open data"]),
    ],
)
def test_the_facets_narrow(asked, names, world, everything):
    assert found(world.people[STAFF], **asked) == names


def test_the_alliance_of_an_organisation_finds_its_groups(world, everything):
    world.alliance  # noqa: B018 - made when it is asked for

    assert found(world.people[OTHER], alliance="test-alliance") == ["Safety of journalists"]
    assert counts(world.people[OTHER], "alliance") == {"test-alliance": 1}


def test_a_secret_group_is_in_no_count_of_whoever_may_not_know_of_it(world, everything):
    staff, risk = world.people[STAFF], world.people[AT_RISK]

    assert counts(staff, "visibility") == {"open": 1, "closed": 1}
    assert counts(risk, "visibility") == {"open": 1, "closed": 1, "secret": 1}
    assert sum(counts(staff, "kind").values()) == 2
    assert found(staff, q="night") == []


def test_where_an_organisation_at_risk_takes_part_and_comes_from_is_not_counted(world, everything):
    make.alliance_membership(world.hidden, make.alliance("risky", name_en="Risky Alliance"))
    world.hidden.region = "europe-central-asia"
    world.hidden.save()
    takes_part(world.open_group, world.people[AT_RISK], of=world.hidden)
    staff, other = world.people[STAFF], world.people[OTHER]

    def organisations(person):
        directory = GroupDirectory(person)
        return len(directory.organisations[world.open_group.pk])

    # Whoever is in the group knows that it is there, and not where it comes from.
    assert (organisations(staff), organisations(other)) == (1, 2)
    for person in (staff, other):
        assert counts(person, "region") == {"africa": 1, "middle-east-north-africa": 2}
        assert counts(person, "alliance") == {}
    assert counts(world.people[SECRETARIAT], "region")["europe-central-asia"] == 2


def test_the_page_shows_counts_chips_and_forgives_nonsense(world, everything, browser):
    client = browser(STAFF)
    page = client.get("/groups/?kind=working-group&kind=nothing&region=atlantis&page=9&sort=up").content.decode()

    assert re.search(r"<h2>2 groups</h2>", page)
    assert "Remove filter Working group" in page
    assert "are unknown and were left out" in page
    assert "There is only 1 page." in page
    assert "Night shift" not in page
    assert "Digital rights" not in page
    fragment = client.get("/groups/?q=safety", headers={"HX-Request": "true"})
    assert fragment.headers["HX-Push-Url"] == "/groups/?q=safety"
    assert "<html" not in fragment.content.decode()


def test_a_guest_sees_the_list_without_facets(world, everything, browser):
    page = browser(GUEST).get("/groups/").content.decode()

    assert "Safety of journalists" in page
    assert 'class="facets"' not in page


def test_three_groups_cost_as_many_queries_as_one(world, browser, queries):
    world.group  # noqa: B018 - made when it is asked for
    client = browser(ADMINISTRATOR)
    one = queries(client, "/groups/")
    for number in range(3):
        more = group(f"More {number}", visibility=Workspace.Visibility.OPEN)
        takes_part(more, world.people[ADMINISTRATOR], of=world.alpha)
        takes_part(more, world.people[OTHER], of=world.beta)
    reindex("group")

    assert queries(client, "/groups/") == one
    assert own_queries(client, "/groups/") <= 12


def own_queries(client, address):
    """Without those of what lives in groups: chat, files and the like count for themselves."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    others = re.compile(r'SELECT (?:COUNT\(\*\) AS "__count" FROM )?"(?:chat|group_files|group_tasks|group_calendar)_')
    return len([query for query in captured if not others.match(query["sql"])])
