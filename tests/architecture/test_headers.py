"""The headers of every answer (check C1): strict policy on errors, files and redirects alike. Those of every route,
for every role, are looked at by test_routes.py."""

from contextlib import closing

import pytest
from django.urls import reverse

from tests.architecture.headers import wrong_headers
from tests.architecture.world import ADMINISTRATOR, make_world
from tests.deploy.observatory import score


@pytest.fixture
def world(db):
    return make_world()


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/nowhere/", 404),
        ("/?a=%00", 400),
        ("/organisations/nobody/", 302),
        ("/static/nothing.css", 404),
        ("/static/css/base.css", 200),
    ],
)
def test_what_is_answered_before_any_view_has_the_headers(address, status, db, client):
    with closing(client.get(address)) as answer:  # that of a static file holds the file open
        found = wrong_headers(answer)

    assert (answer.status_code, found) == (status, [])


def test_pages_of_signed_in_people_are_not_kept_by_caches(world, client):
    client.force_login(world.people[ADMINISTRATOR])

    assert "no-store" in client.get("/").headers["Cache-Control"]


def test_the_observatory_gives_full_marks(db, client, settings):
    """As in production; tests/deploy measures the same through the proxy."""
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 63_072_000, True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True

    page = client.get(reverse("account_login"), secure=True)
    headers = {name.lower(): value for name, value in page.headers.items()}

    cookies = [morsel.OutputString() for morsel in page.cookies.values()]
    assert score(headers, cookies, redirected_to="https://testserver/") == 135
