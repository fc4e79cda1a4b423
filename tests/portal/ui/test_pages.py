"""Error pages, fragments, messages, and input that nothing could read."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation
from django_htmx.middleware import HtmxDetails
from pytest_django import Settings

from portal.access.refusal import Refused
from portal.ui import notices, views
from portal.ui.middleware import ReadableInputMiddleware
from portal.ui.render import render_page


@pytest.fixture
def request_in_french() -> HttpRequest:
    return RequestFactory().get("/somewhere/", headers={"accept-language": "fr"})


@pytest.mark.parametrize(
    ("respond", "status"),
    [
        (lambda request: views.bad_request(request, BadRequest()), 400),
        (lambda request: views.bad_request(request, RequestDataTooBig()), 413),
        (lambda request: views.forbidden(request, PermissionDenied()), 403),
        (lambda request: views.csrf_failure(request, "no cookie"), 403),
        (lambda request: views.not_found(request, Http404("secret group")), 404),
        (views.server_error, 500),
    ],
)
def test_an_error_has_a_page_with_a_way_on(
    respond: Callable[[HttpRequest], HttpResponse], status: int, request_in_french: HttpRequest
) -> None:
    response = respond(request_in_french)
    html = response.content.decode()
    assert response.status_code == status
    assert '<html lang="fr" dir="ltr"' in html
    assert 'href="/"' in html
    assert "secret group" not in html


def test_a_refusal_says_its_sentence(request_in_french: HttpRequest) -> None:
    response = views.forbidden(request_in_french, Refused("Only administrators of <SPU> can change this."))
    assert "Only administrators of &lt;SPU&gt; can change this." in response.content.decode()


def test_an_error_before_the_language_was_chosen_does_not_leak_into_the_next_request() -> None:
    request = RequestFactory().get("/", headers={"accept-language": "es"})
    with translation.override("ar"):
        pages = [
            views.not_found(request, Http404()),
            views.forbidden(request, PermissionDenied()),
            views.server_error(request),
        ]
        left = translation.get_language()

    assert ['<html lang="es"' in page.content.decode() for page in pages] == [True, True, True]
    assert left == "ar"


@pytest.mark.parametrize("address", ["/a%00b/", "/?q=%00", "/?q=a&x=b%00c"])
def test_a_null_character_in_the_address_is_refused(address: str) -> None:
    middleware = ReadableInputMiddleware(lambda request: HttpResponse("reached"))
    with pytest.raises(BadRequest):
        middleware(RequestFactory().get(address))


@pytest.mark.parametrize("address", ["/a%20b/", "/?q=%2500", "/?q=%C3%A9", "/?q=%FF"])
def test_other_characters_pass(address: str) -> None:
    middleware = ReadableInputMiddleware(lambda request: HttpResponse("reached"))
    assert middleware(RequestFactory().get(address)).content == b"reached"


@pytest.mark.django_db
def test_the_whole_site_answers_a_null_character_with_a_page(client: Client) -> None:
    response = client.get("/accounts/login/?next=%00")
    assert response.status_code == 400
    assert "<h1>" in response.content.decode()


def test_a_notice_carries_where_it_can_be_undone() -> None:
    request = RequestFactory().get("/")
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    notices.notice(request, "Role ended", undo="/roles/7/restore/")
    notices.notice(request, "Saved")
    notices.notice(request, "Elsewhere", undo="https://example.org/")
    assert [notices.undo_address(message) for message in request._messages] == ["/roles/7/restore/", "", ""]  # type: ignore[attr-defined]


def test_only_addresses_of_this_site_undo() -> None:
    assert notices.undo_address(Message(constants.SUCCESS, "x", "undo=//example.org/")) == ""


def respond(*, htmx: bool, template: str, waiting: str = "", **headers: str) -> str:
    request = RequestFactory().get("/", headers={"HX-Request": "true", **headers} if htmx else {})
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    if waiting:
        notices.notice(request, waiting)
    response = render_page(request, template, {"errors": True}, fragment="example")
    assert "HX-Request" in response["Vary"]
    return response.content.decode()


@pytest.fixture
def template(tmp_path: Path, settings: Settings) -> str:
    """The name of a template with a partial, in a directory of its own."""
    source = "<h1>Page</h1>{% partialdef example inline %}<p>part</p>{% endpartialdef %}"
    Path(tmp_path, "example.html").write_text(source, encoding="utf-8")
    engine = settings.TEMPLATES[0]
    options = {**engine["OPTIONS"], "context_processors": []}
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], tmp_path], "OPTIONS": options}]
    return "example.html"


def test_a_browser_gets_the_page_and_htmx_the_part(template: str) -> None:
    assert respond(htmx=False, template=template) == "<h1>Page</h1><p>part</p>"
    assert respond(htmx=True, template=template) == "<p>part</p>"


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_boosted_links_and_restored_history_get_the_page(template: str, header: str) -> None:
    assert "<h1>" in respond(htmx=True, template=template, **{header: "true"})


def test_messages_travel_along_with_a_part(template: str) -> None:
    html = respond(htmx=True, template=template, waiting="Role ended")
    assert html.startswith("<p>part</p>")
    assert 'hx-swap-oob="beforeend:#toasts"' in html
    assert "Role ended" in html
