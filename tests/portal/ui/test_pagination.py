"""Pages of a list that forgive every page number."""

import pytest
from django.http import HttpRequest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from portal.accounts.models import User
from portal.ui.pagination import Page, paginate
from tests.factories.accounts import person


def page_of(query: str, *, length: int = 120, per_page: int = 50, **headers: str) -> Page:
    with translation.override("en"):
        return paginate(RequestFactory().get(f"/?{query}", headers=headers), range(length), per_page)


def test_without_a_number_it_is_the_first_page() -> None:
    page = page_of("")
    assert (page.number, list(page), page.correction) == (1, list(range(50)), "")


def test_a_page_that_exists_is_given_without_a_word() -> None:
    page = page_of("page=3")
    assert (page.number, list(page), page.correction) == (3, list(range(100, 120)), "")


@pytest.mark.parametrize("query", ["page=99999", "page=4", "page=" + "9" * 5000])
def test_beyond_the_end_it_is_the_last_page_and_says_so(query: str) -> None:
    page = page_of(query)
    assert (page.number, page.correction) == (3, "There are only 3 pages. This is the last one.")


@pytest.mark.parametrize("query", ["page=0", "page=-1", "page=abc", "page=", "page=1.5", "page=%27%3B--", "page=٣٣x"])
def test_nonsense_gives_the_first_page_and_says_so(query: str) -> None:
    page = page_of(query)
    assert (page.number, page.correction) == (1, "There is no such page. This is the first one.")


def test_digits_of_another_script_are_digits() -> None:
    assert page_of("page=٣").number == 3


def test_an_empty_list_has_one_page() -> None:
    page = page_of("page=7", length=0)
    assert (page.number, list(page), page.correction) == (1, [], "There is only 1 page.")


def test_a_page_is_short_in_low_bandwidth() -> None:
    assert len(list(page_of("", **{"save-data": "on"}))) == 20
    assert len(list(page_of("", per_page=10, **{"save-data": "on"}))) == 10


def test_a_known_count_is_not_counted_again() -> None:
    class Uncountable(list[int]):
        def __len__(self) -> int:
            raise AssertionError("counted")

    page = paginate(RequestFactory().get("/"), Uncountable(range(60)), 50, count=60)
    assert page.paginator.num_pages == 2


def test_numbers_are_elided_in_long_lists() -> None:
    assert page_of("page=12", length=1234).numbers == [1, None, 11, 12, 13, None, 25]


def test_links_keep_the_rest_of_the_address() -> None:
    request = RequestFactory().get("/?region=africa&page=2&q=a%26b")
    with translation.override("en"):
        page = paginate(request, range(120), 50)
        html = links(request, page)
    assert "?region=africa&amp;page=3&amp;q=a%26b" in html
    assert 'aria-current="page"' in html
    assert "51 to 100 of 120" in html


def links(request: HttpRequest, page: Page) -> str:
    context = Context({"page": page})
    context.request = request  # as RequestContext has it, without the page frame's queries
    return Template('{% include "portal/ui/_pagination.html" %}').render(context)


@pytest.mark.parametrize(("address", "rows", "queries"), [("/", 1, 1), ("/", 3, 1), ("/", 4, 2), ("/?page=2", 4, 2)])
def test_rows_that_fit_on_one_page_are_one_query(address, rows, queries, db, django_assert_num_queries) -> None:
    for _ in range(rows):
        person()
    everybody = User.objects.order_by("pk")

    with django_assert_num_queries(queries):
        page = paginate(RequestFactory().get(address), everybody, 3)
        shown, count = list(page), page.paginator.count

    assert count == rows
    assert shown == list(everybody)[(page.number - 1) * 3 : page.number * 3]
