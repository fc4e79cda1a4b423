"""A portal, a browser, and visitors: for all tests of this directory, one after the other in one process.

`PLENARY_PORTAL=http://localhost:8000` visits a portal that runs already, while such tests are written;
`PLENARY_SESSIONS` names a file with what browsers keep of those who are signed in there (see the drill `production`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from playwright.sync_api import Browser, sync_playwright

from tests.browser.portal import running
from tests.browser.visitor import Visitor
from tests.database import TEST_PREFIX

ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
    # Nobody else can be reached even by mistake.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
]

Arrive = Callable[..., Visitor]


@pytest.fixture(scope="package")
def database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The address of a migrated database on the server of the tests."""
    settings = connection.settings_dict
    # Named after the run, for several may go on at once; what a killed one leaves is removed by the next.
    name = f"{TEST_PREFIX}{os.environ.get('PLENARY_TEST_RUN', os.getpid())}_browser"
    template = settings["TEST"].get("TEMPLATE")
    quoted = connection.ops.quote_name
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {quoted(name)}" + (f" TEMPLATE {quoted(template)}" if template else ""))
    user, password = quote(settings["USER"] or "", safe=""), quote(settings["PASSWORD"] or "", safe="")
    place = f":{settings['PORT'] or 5432}/{quote(name)}?host={quote(settings['HOST'] or '', safe='/')}"
    yield f"postgresql://{user}{':' if password else ''}{password}@{place}"
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")


@pytest.fixture(scope="package")
def portal(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the portal with the demonstration network."""
    if given := os.environ.get("PLENARY_PORTAL"):
        yield given.rstrip("/")
        return
    with running(request.getfixturevalue("database"), tmp_path_factory.mktemp("portal")) as address:
        yield address


@pytest.fixture(scope="package")
def browser(portal: str, chromium_path: str) -> Iterator[Browser]:
    """Debian's chromium. Ends with the last test here: while it is there, no other event loop can run."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium_path, args=[*ARGUMENTS, *sandbox])
        yield started
        started.close()


@pytest.fixture(scope="package")
def sessions() -> dict[str, Any]:
    """Who signed in before, so that not every test has to."""
    given = os.environ.get("PLENARY_SESSIONS")
    return json.loads(Path(given).read_text(encoding="utf-8")) if given else {}


@pytest.fixture
def arrive(browser: Browser, portal: str, sessions: dict[str, Any]) -> Iterator[Arrive]:
    """Makes visitors, each with a browser of their own: `arrive()`, `arrive(NADIA, width=390, height=844)`."""
    visitors: list[Visitor] = []

    def make(email: str = "", width: int = 1280, height: int = 800, **options: Any) -> Visitor:
        if email and email not in sessions:
            first = Visitor.arrive(browser.new_context(), portal)
            first.sign_in(email)
            sessions[email] = first.context.storage_state()
            first.leave()
        known = {"storage_state": sessions[email]} if email else {}
        given = {"ignore_https_errors": portal.startswith("https:")} | known | options  # its certificate signs itself
        context = browser.new_context(viewport={"width": width, "height": height}, locale="en", **given)
        visitor = Visitor.arrive(context, portal)
        visitors.append(visitor)
        return visitor

    yield make
    for visitor in visitors:
        visitor.leave()


@pytest.fixture
def shots() -> Callable[[Visitor, str], None]:
    """Keeps a picture of a page where `PLENARY_PICTURES` names a directory."""
    directory = os.environ.get("PLENARY_PICTURES")

    def keep(visitor: Visitor, name: str) -> None:
        if directory:
            visitor.page.screenshot(path=Path(directory) / f"{name}.png")

    return keep
