"""At most eight queries a page of the directory, at any size, with any filters."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.memberships.directory.conftest import add, settle

BUDGET = 8
FRAME = 5  # session, person with roles, affiliations, groups, notifications


@pytest.mark.parametrize(
    ("query", "own"),
    [
        ("", 2),  # version, rows
        ("view=table&sort=-country", 2),
        ("view=map", 2),
        ("region=africa&language=fr&subject=monitoring", 2),
        ("q=watch", 3),  # and the text
        ("q=watch&region=africa&language=fr&sort=joined&page=2", 3),
        ("colour=blue&region=nonsense", 2),
    ],
)
@pytest.mark.parametrize("reader", ["member", "secretariat", "at_risk"])
def test_the_list_of_organisations(network, client, query, own, reader):
    client.force_login(getattr(network, reader))
    costs = []
    for more in (1, 2, 27):
        for number in range(more):
            add(
                f"Watch {len(costs)} {number}", country="FR", city="Paris", languages=["fr"], alliances=["afex"],
                subjects=["monitoring", "press-freedom"],
            )  # fmt: skip
        settle()
        client.get(f"/members/?{query}")
        with CaptureQueriesContext(connection) as counted:
            client.get(f"/members/?{query}")
        costs.append(len(counted))

    assert costs == [FRAME + own] * 3
    assert FRAME + own <= BUDGET


@pytest.mark.parametrize("path", ["countries/", "alliances/"])
def test_the_other_pages(network, client, path, django_assert_num_queries):
    client.force_login(network.member)
    client.get(f"/members/{path}")

    with django_assert_num_queries(FRAME + 1):
        client.get(f"/members/{path}")


def test_counting_anew_after_a_change_costs_the_same_at_any_size(network, client):
    client.force_login(network.member)
    costs = []
    for more in (1, 30):
        for number in range(more):
            add(f"Watch {len(costs)} {number}", subjects=["monitoring"])
        settle()
        with CaptureQueriesContext(connection) as counted:
            client.get("/members/")
        costs.append(len(counted))

    assert len(set(costs)) == 1
    assert costs[0] <= FRAME + 2 + 6
