"""What all tests share: the database, and what is said where there is no browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from django.conf import settings
from django.utils import translation
from xdist.remote import Producer

from tests import database
from tests.deploy.proxy import NO_NGINX
from tests.keys import send_keys
from tests.redis import NO_REDIS
from tests.scheduling import BROWSER, Together

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_BROWSER = "no chromium on this machine (apt install chromium, or CHROMIUM=/path/to/it)"


def pytest_configure(config: pytest.Config) -> None:
    """Start the embedded test cluster in the process that outlives all workers; let test clients send keys."""
    send_keys()
    if config.option.collectonly or config.option.help or config.option.version:
        return
    cluster = database.embedded_cluster()
    if cluster is None:
        return
    cluster.attach()
    if not is_worker(config):
        os.environ["PLENARY_TEST_RUN"] = str(os.getpid())
        database.remove_left_over_databases(cluster)
        remove_left_over_files()


def pytest_unconfigure() -> None:
    """Let go of the cluster, which stops with the last process that uses it, and of what tests uploaded."""
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
    cluster = database.embedded_cluster()
    if cluster is not None:
        cluster.release()


def remove_left_over_files() -> None:
    """Remove what tests of runs that were killed had uploaded."""
    for directory in Path(settings.MEDIA_ROOT).parent.glob("*"):
        if directory.name.isdigit() and not psutil.pid_exists(int(directory.name)):
            shutil.rmtree(directory, ignore_errors=True)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together | None:
    """A hook of pytest-xdist's: who runs what, under `--dist loadfile`."""
    return Together(config, log) if config.getvalue("dist") == "loadfile" else None


def is_worker(config: pytest.Config) -> bool:
    """Whether this is one of pytest-xdist's processes."""
    return hasattr(config, "workerinput")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    django_db_blocker: pytest.FixtureRequest,
    worker_id: str,
) -> None:
    """A hook of pytest-django's: what the test database is made from."""
    cluster = database.embedded_cluster()
    if cluster is not None:
        with django_db_blocker.unblock():
            database.use_migrated_copy(cluster, worker_id)
    database.empty_quickly()


@pytest.fixture(autouse=True)
def _language_does_not_outlive_its_test() -> Iterator[None]:
    """A language that stays active would answer whoever the thread serves next."""
    yield
    left = translation.get_language()
    translation.deactivate()
    assert left == settings.LANGUAGE_CODE, f"the language {left} was left active"


def chromium() -> str | None:
    """The path of the browser for browser tests; None where there is none."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser that Playwright is to start."""
    path = chromium()
    assert path is not None, "browser tests are skipped where there is no browser"
    return path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come first, for they stay together and last longest; they are skipped where there is no browser."""
    items.sort(key=lambda item: not item.nodeid.startswith(BROWSER))
    if chromium() is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for all tests that were skipped for want of the same program."""
    for what, reason in (("browser", NO_BROWSER), ("proxy", NO_NGINX), ("Redis", NO_REDIS)):
        skipped = [report for report in terminalreporter.getreports("skipped") if reason in str(report.longrepr)]
        if skipped:
            terminalreporter.write_line(f"{len(skipped)} {what} tests skipped: {reason}", yellow=True)
