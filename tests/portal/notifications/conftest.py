"""What the tests of notifications share."""

from collections.abc import Iterator
from typing import Any

import pytest

from portal import environment
from tests.portal.notifications.places import Places, announced_places
from tests.portal.notifications.smtp import MailServer


@pytest.fixture
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A real mail server, named to the portal by EMAIL_URL."""
    with MailServer() as running:
        use(running.url, settings, monkeypatch)
        yield running


def use(url: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Send mails where EMAIL_URL says."""
    monkeypatch.setenv("EMAIL_URL", url)
    for name, value in environment.mail("EMAIL_URL").items():
        setattr(settings, name, value)


@pytest.fixture
def places(db: None) -> Iterator[Places]:
    """Clubs and rooms that notifications come from."""
    with announced_places() as found:
        yield found
