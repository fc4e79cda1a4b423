"""No address breaks the directory (check D3): 1,000 query strings, a tenth of them through the whole site."""

import os
import random
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from memberships.directory.filters import OrganisationFilter, PeopleFilter
from memberships.directory.selectors import directory_for, organisations_found, people_found
from memberships.directory.views.frame import frame
from tests.architecture.test_fuzz import encodable, words

INPUTS = int(os.environ.get("FUZZ", "1000"))
ADDRESSES = (
    "/members/", "/members/people/", "/members/countries/", "/members/export.csv", "/members/export.xlsx",
    "/members/export.vcf", "/members/people/export.csv", "/search/",
)  # fmt: skip
KNOWN = (
    "q", "page", "sort", "view", "region", "country", "language", "subject", "alliance", "standing", "joined", "role",
    "kind",
)  # fmt: skip
GOOD = (
    "africa",
    "FR",
    "fr",
    "press-freedom",
    "afex",
    "former",
    "1990",
    "administrator",
    "-joined",
    "table",
    "map",
    "2",
)


def query(dice):
    """A query string of one to six parameters, some of them right, some doubled, some noise."""
    pairs = [
        (
            dice.choice(KNOWN) if dice.random() < 0.8 else words(dice)[:50].replace("\0", ""),
            dice.choice(GOOD) if dice.random() < 0.4 else words(dice).replace("\0", ""),
        )
        for _ in range(dice.randrange(1, 7))
    ]
    return urlencode([(encodable(name), encodable(value)) for name, value in pairs])


@pytest.mark.parametrize("reader", ["member", "secretariat"])
def test_no_query_string_breaks_the_filters(network, reader, rf):
    dice = random.Random(f"filters {reader}")
    directory = directory_for(getattr(network, reader))

    for _ in range(INPUTS // 2):
        request = rf.get("/members/", QUERY_STRING=query(dice))
        for filter_class, facets, find in (
            (OrganisationFilter, directory.organisations.facets, organisations_found),
            (PeopleFilter, directory.people.facets, people_found),
        ):
            filters = filter_class(QueryDict(request.META["QUERY_STRING"]), reader=directory.reader, facets=facets)
            found = find(directory, filters)
            assert len(found.ids) == found.total
            frame(request, filters, found, directory.organisations)


@pytest.mark.parametrize("reader", ["member", "secretariat"])
def test_no_query_string_breaks_a_page(network, client, reader):
    dice = random.Random(f"pages {reader}")
    client.force_login(getattr(network, reader))
    client.raise_request_exception = False

    for _ in range(INPUTS // 20):
        address, query_string = dice.choice(ADDRESSES), query(dice)
        headers = {"HX-Request": "true"} if dice.random() < 0.3 else {}
        answer = client.get(address, QUERY_STRING=query_string, headers=headers)
        assert answer.status_code == 200, (address, query_string)
