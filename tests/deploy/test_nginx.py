"""Through the shipped nginx: headers, cookies, limits, sockets, addresses (checks C1, G3, G4, I3 in short form).

What takes its time (drips, floods of a minute) is the drill `hostility`.
"""

import gzip
import re
import socket
import ssl
import subprocess
import sys
import warnings
from contextlib import closing

import httpx
import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import connection
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from portal.registry import announced
from tests.database import embedded_cluster
from tests.deploy.observatory import score
from tests.deploy.proxy import HOST, NO_NGINX, PROJECT, deployed, nginx
from tests.factories.accounts import person

pytestmark = pytest.mark.skipif(nginx() is None, reason=NO_NGINX)
PASSWORD = "long enough for a password"
OWN = ("strict-transport-security", "content-security-policy", "x-content-type-options", "x-frame-options",
       "referrer-policy", "cross-origin-opener-policy", "cross-origin-embedder-policy",
       "cross-origin-resource-policy")  # fmt: skip


@pytest.fixture(scope="module")
def portal(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock():
        name = connection.settings_dict["NAME"]
    cluster = embedded_cluster()
    if cluster is None:
        pytest.skip("these tests run on the embedded database")
    directory = tmp_path_factory.mktemp("deployed")
    with deployed(directory, {"TESTING": "1", "DATABASE_URL": f"{cluster.url(name)}&max_age=0"}) as running:
        yield running


@pytest.fixture
def browser(portal):
    with httpx.Client(base_url=portal.address, verify=portal.trust, timeout=30) as client:
        yield client


@pytest.fixture
def member(transactional_db):
    owner = person(email="member@example.org")
    owner.set_password(PASSWORD)
    owner.save()
    return owner


def sign_in(browser, address="member@example.org", password=PASSWORD, **headers):
    page = browser.get("/accounts/login/")
    origin = str(browser.base_url).rstrip("/")
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
    return browser.post(
        "/accounts/login/",
        data={**fields, "login": address, "password": password},
        headers={"Referer": f"{origin}/accounts/login/", "Origin": origin, **headers},
    )


def wire(portal, request, *, source=""):
    """The first line of the answer to raw bytes."""
    with closing(portal.connect(source=source)) as opened:
        opened.sendall(request)
        return opened.recv(65536)


def status(found):
    return int(found.split(b" ", 2)[1])


def test_the_score_is_perfect(portal, browser, transactional_db):
    redirect = httpx.get(f"http://127.0.0.1:{portal.http}/accounts/?a=b", headers={"Host": HOST})
    page = browser.get("/accounts/login/")

    assert (redirect.status_code, redirect.headers["location"]) == (301, f"{portal.address}/accounts/?a=b")
    assert page.status_code == 200
    found = score(page.headers, page.headers.get_list("set-cookie"), redirected_to=redirect.headers["location"])
    assert found == 135
    assert "nginx/" not in page.headers["server"]


def test_each_header_is_there_once_on_every_kind_of_answer(portal, browser, transactional_db):
    (portal.directory / "static" / "css" / "base.0123456789ab.css").write_text("a{}")
    answers = {
        "page": browser.get("/accounts/login/"),
        "redirect": browser.get("/"),
        "nowhere": browser.get("/nowhere/"),
        "static": browser.get("/static/css/base.0123456789ab.css"),
        "no static": browser.get("/static/nothing.css"),
        "method": browser.request("PUT", "/"),
        "too large": browser.post("/", content=b"x" * 4_000_000),
    }

    wanted = {"page": 200, "redirect": 302, "nowhere": 404, "static": 200, "no static": 404, "method": 405}
    assert {name: answer.status_code for name, answer in answers.items()} == {**wanted, "too large": 413}
    for name, answer in answers.items():
        for header in OWN:
            assert len(answer.headers.get_list(header)) == 1, (name, header)


def test_static_files_are_kept_for_ever_and_compressed(portal, browser):
    file = portal.directory / "static" / "css" / "some.abcdef012345.css"
    file.write_text("a{}" * 100)
    file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(b"a{}" * 100))

    answer = browser.get("/static/css/some.abcdef012345.css", headers={"Accept-Encoding": "gzip"})

    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"] == "text/css; charset=utf-8"


def test_cookies_belong_to_this_host_alone(browser, member):
    answer = sign_in(browser)
    cookies = answer.headers.get_list("set-cookie") + browser.get("/accounts/login/").headers.get_list("set-cookie")

    assert answer.status_code == 302
    names = {cookie.split("=")[0] for cookie in cookies}
    assert {"__Host-session", "__Host-csrf"} <= names
    for cookie in cookies:
        for flag in ("; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"):
            assert flag in cookie
        assert "domain=" not in cookie.lower()


def test_the_real_address_arrives_and_cannot_be_forged(browser, member):
    forged = {"X-Forwarded-For": "203.0.113.66", "X-Real-IP": "203.0.113.66", "Forwarded": "for=203.0.113.66"}
    sign_in(browser, **forged, **{"X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example"})
    browser.get("/", headers=forged)

    assert UserSession.objects.get(user=member).ip.startswith("127.0.0.")  # kept by network


def test_a_prefix_for_daphne_is_dropped(browser, transactional_db):
    page = browser.get("/accounts/login/", headers={"Daphne-Root-Path": "/evil"})

    assert "/evil" not in page.text


def test_300_megabytes_are_refused_at_once(portal):
    head = b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 300000000\r\n\r\n"

    assert status(wire(portal, head)) == 413


def test_a_chunked_body_is_cut_by_the_portal_behind(portal):
    """2.9 MB pass nginx's limit; the portal takes 64 kB from strangers."""
    with closing(portal.connect()) as opened:
        opened.sendall(b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            for _ in range(40):
                opened.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
        except OSError:
            pass
        found = opened.recv(65536)

    assert status(found) == 413


def test_64_kilobytes_of_headers_are_refused(portal):
    found = wire(portal, b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * 65_536 + b"\r\n\r\n")

    assert status(found) == 431
    assert b"default-src 'none'" in found


def test_other_names_get_nothing(portal):
    with closing(socket.create_connection(("127.0.0.1", portal.http), timeout=10)) as opened:
        opened.sendall(b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")
        assert opened.recv(100) == b""
    with socket.create_connection(("127.0.0.1", portal.https), timeout=10) as plain, pytest.raises(ssl.SSLError):
        portal.trust.wrap_socket(plain, server_hostname="evil.example")


def test_old_tls_is_refused(portal):
    old = portal.trust
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that is the point
        old.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    plain = socket.create_connection(("127.0.0.1", portal.https), timeout=10)
    with plain, pytest.raises((ssl.SSLError, OSError)):
        old.wrap_socket(plain, server_hostname=HOST)


def test_sockets_pass_and_only_from_our_own_pages(portal, browser, member):
    sign_in(browser)
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    address = f"wss://{HOST}:{portal.https}/live/"

    with connect(address, ssl=portal.trust, origin=portal.address, additional_headers={"Cookie": cookies}) as opened:
        opened.send('{"do": "subscribe", "topic": "nothing:1"}')
        assert "gone" in opened.recv(timeout=10)
    with pytest.raises(InvalidStatus) as refused:
        connect(address, ssl=portal.trust, origin="https://evil.example", additional_headers={"Cookie": cookies})
    assert refused.value.response.status_code == 403


def test_signing_in_is_limited_by_address(portal, transactional_db):
    """From an address of its own, so that the other tests are not."""
    request = b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\na=b"

    found = [status(wire(portal, request, source="127.0.0.9")) for _ in range(75)]

    assert set(found[:50]) == {400}  # no form of ours
    assert 429 in found[60:]
    assert status(wire(portal, b"GET /accounts/login/ HTTP/1.1\r\nHost: localhost\r\n\r\n", source="127.0.0.9")) == 200


def test_the_log_holds_neither_addresses_nor_tokens(portal, browser, transactional_db):
    browser.get("/accounts/invitation/a-secret-token/?q=a-secret-word")

    log = portal.access_log
    assert " GET /accounts/ " in log
    for secret in ("127.0.0.1", "a-secret", "?"):
        assert secret not in log


def test_the_pages_that_take_files_are_those_the_portal_announces():
    given = ["--host", HOST, "--certificate", "c", "--key", "k", "--upload", str(settings.UPLOAD_MOST_MB)]
    written = subprocess.run(
        [sys.executable, PROJECT / "deploy" / "nginx.py", *given], capture_output=True, text=True, check=True
    )
    found = re.findall(r'location ~ "([^"]+)" \{[^}]*client_max_body_size (\d+)m', written.stdout)
    samples = {
        "directory:imports": "/members/import/",
        "organisations:edit-section": "/organisations/some-one/edit/logo/",
        "group_files:upload": "/groups/safety-of-journalists/files/upload/",
        "group_files:version": "/groups/k7f3mpq2w9xd/files/12/version/",
        "chat:send": "/groups/safety-of-journalists/chat/7/send/",
        "chat:topic-new": "/groups/k7f3mpq2w9xd/chat/new/",
    }

    assert samples.keys() == {item.name for item in announced.large_bodies}
    for item in announced.large_bodies:
        (most,) = [int(most) for pattern, most in found if re.search(pattern, samples[item.name])]
        assert item.most_bytes < most * 1_000_000 < item.most_bytes + 3_000_000
    for other in ("/organisations/some-one/edit/", "/groups/some-one/files/", "/groups/some-one/files/12/edit/"):
        assert not [pattern for pattern, _most in found if re.search(pattern, other)]
