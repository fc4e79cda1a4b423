"""The headers of every answer (check C1): strict policy on pages, errors, files and redirects alike."""

from contextlib import closing

import pytest
from django.urls import reverse

from tests.architecture.table import ROWS
from tests.architecture.world import ADMINISTRATOR, make_world
from tests.deploy.observatory import score


@pytest.fixture
def world(db):
    return make_world()


def wrong_headers(answer):
    policy = answer.headers.get("Content-Security-Policy", "")
    directives = {part.split()[0]: part.split()[1:] for part in policy.split(";") if part.strip()}
    loose = [source for sources in directives.values() for source in sources if source not in {"'self'", "'none'"}]
    wanted = {
        "default-src": directives.get("default-src") == ["'none'"],
        "no loose source": loose == [] or directives.keys() == {"default-src", "sandbox"},
        "nosniff": answer.headers.get("X-Content-Type-Options") == "nosniff",
        "frames": answer.headers.get("X-Frame-Options") == "DENY",
        "referrer": answer.headers.get("Referrer-Policy") == "same-origin",
        "opener": answer.headers.get("Cross-Origin-Opener-Policy") == "same-origin",
        "resource": answer.headers.get("Cross-Origin-Resource-Policy") == "same-origin",
        "embedder": answer.headers.get("Cross-Origin-Embedder-Policy") == "require-corp",
        "permissions": "geolocation=()" in answer.headers.get("Permissions-Policy", ""),
    }
    return [name for name, right in wanted.items() if not right]


@pytest.mark.parametrize("name", sorted(ROWS))
def test_every_route_answers_with_the_headers(name, world, client):
    client.force_login(world.people[ADMINISTRATOR])

    answer = client.get(reverse(name, kwargs=ROWS[name].arguments(world)))

    assert wrong_headers(answer) == []
    assert "no-store" in answer.headers["Cache-Control"] or name == "files:download"
    assert b"style=" not in answer.getvalue()
    assert b"onclick=" not in answer.getvalue()


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
