"""The result page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.access import roles
from portal.registry import announced
from portal.search.services import reindex
from portal.search.views import FIRST
from tests.factories.accounts import person, with_factor
from tests.portal.search.conftest import SHELF

ADDRESS = "/search/"
FRAME = 5  # beside those, one for each source: so the page has more than twelve; what results cost is theirs to pin


@pytest.fixture
def reader(client, db):
    made = person()
    client.force_login(made)
    return made


def page(client, **query):
    answer = client.get(ADDRESS, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_results_are_grouped_by_kind_with_the_number_of_all(client, reader, shelf):
    for number in range(FIRST + 3):
        shelf.add(f"Press House {number}")
    reindex(SHELF)

    text = page(client, q="press")

    assert "Shelf" in text
    assert text.count('href="/things/') == FIRST
    assert f"Show all {FIRST + 3} results" in text


def test_what_the_reader_may_not_see_is_neither_shown_nor_counted(client, reader, shelf):
    shelf.add("Press House")
    shelf.add("Press Canary", hidden=True)
    reindex(SHELF)

    for query in ({"q": "press"}, {"q": "press", "kind": SHELF}):
        text = page(client, **query)
        assert "Press House" in text
        assert "1 result" in text
        assert "Canary" not in text
        assert "2 results" not in text
    assert "Nothing found" in page(client, q="canary")


def test_one_kind_is_paged(client, reader, shelf):
    for number in range(60):
        shelf.add(f"Press House {number:02}")
    reindex(SHELF)

    first, last = page(client, q="press", kind=SHELF), page(client, q="press", kind=SHELF, page=99999)

    assert first.count('href="/things/') == 25
    assert last.count('href="/things/') == 10
    assert "This is the last one." in last
    assert "60 results" in first


def test_nothing_typed_is_no_error(client, reader):
    assert "Nothing found" not in page(client)


def test_the_empty_page_says_what_to_try(client, reader):
    assert "Nothing found for “xyzzy”" in page(client, q="xyzzy")


@pytest.mark.parametrize(
    "query", [{"q": "!!!"}, {"q": "x" * 10_000}, {"q": "a", "kind": "nonsense"}, {"q": "a", "page": "-1"}]
)
def test_nonsense_gets_a_sentence_not_an_error(client, reader, query):
    page(client, **query)


def test_text_is_shown_as_text(client, reader):
    assert "<script>alert" not in page(client, q="<script>alert(1)</script>")


def test_the_page_costs_the_same_queries_whatever_is_found(client, reader, shelf):
    with_factor(reader)
    roles.grant(roles.SECRETARIAT, reader, roles.network())  # who sees something of every source
    costs = []
    for more in (1, 2, 27):
        for count in range(more):
            shelf.add(f"Press House {count}")
        reindex(SHELF)
        page(client, q="press")
        with CaptureQueriesContext(connection) as counted:
            page(client, q="press")
        asked = sum("search_document" in query["sql"] for query in counted.captured_queries)
        costs.append((len(counted), asked))

    sources = len(announced.search_sources)
    assert costs == [(FRAME + sources, sources)] * 3
